// A fact that a passage states: its value, whether the passage affirms or denies it, the source's words, and a note.

import { makeValueField } from "./value_field.js";

/** Characters that a field of half the width of the form shows. */
const LONGEST_IN_HALF = 15;

/**
 * Makes the row of a fact. `entry` names its field and proposes its value, `input` describes the value. Returns the row, the
 * input of each part for its errors, and `read()` for what is sent.
 */
export function makeFactRow(entry, { heading, input, polarities, words, names, findRecords, onRemove, onChange }) {
    const row = Object.assign(document.createElement("li"), { className: "new-fact" });
    const about = [heading, entry.fieldLabel].filter(Boolean).join(", ");
    const value = makeValueField(input, { value: entry.value, label: entry.valueLabel, name: `Value of ${about}`, names, findRecords, onChange });
    const polarity = Object.assign(document.createElement("select"), { ariaLabel: `Affirms or denies ${about}`, className: "polarity" });
    for (const [key, label] of polarities) {
        polarity.append(new Option(label, key, false, key === (entry.polarity || "affirms")));
    }
    const stated = Object.assign(document.createElement("input"), { value: words(entry.asStated), ariaLabel: `${about} in the source's words`, placeholder: "in the source's words", className: "stated", spellcheck: false });
    const note = Object.assign(document.createElement("input"), { value: entry.note ?? "", ariaLabel: `Note on ${about}`, placeholder: "why the passage shows it, if that is not obvious", className: "fact-note", hidden: !entry.note });
    const noting = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: "Note", ariaLabel: `Note on ${about}` });
    noting.addEventListener("click", () => {
        note.hidden = false;
        note.focus();
    });
    const removal = Object.assign(document.createElement("button"), { type: "button", textContent: "×", ariaLabel: `Remove ${about}` });
    removal.addEventListener("click", () => {
        row.remove();
        onRemove();
    });
    const head = document.createElement("div");
    if (heading) {
        head.append(Object.assign(document.createElement("strong"), { textContent: heading }), " ");
    }
    head.append(Object.assign(document.createElement("span"), { className: "field", textContent: entry.fieldLabel }), polarity, noting, removal);
    // Side by side only where both can be read whole.
    const isLong = [entry.valueLabel ?? "", stated.value].some((text) => text.length > LONGEST_IN_HALF);
    const body = Object.assign(document.createElement("div"), { className: `fact-body fact-${isLong ? "text" : input?.type ?? "text"}` });
    body.append(value.element, stated, note);
    row.append(head, body);
    if (entry.currentValue && entry.currentValue !== entry.value) {
        row.append(Object.assign(document.createElement("p"), { className: "hint", textContent: `Current value: ${entry.currentLabel}` }));
    }
    return {
        row,
        field: entry.field,
        inputs: { value: value.element.matches("input, select") ? value.element : value.element.querySelector("input, select"), as_stated: stated, note },
        focus: () => value.focus(),
        isEmpty: () => !value.read(),
        read: () => ({ field: entry.field, value: value.read(), polarity: polarity.value, as_stated: stated.value, note: note.value }),
    };
}
