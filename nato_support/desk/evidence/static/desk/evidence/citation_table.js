// In the table of citations, the input that fits the chosen field takes the place of the text of its value, which stays what is sent.

import { makeValueField } from "./document_desk/value_field.js";

const known = new WeakMap();
const shared = document.getElementById("citation-pickers");
const pickers = shared ? JSON.parse(shared.textContent) : null;

async function findRecords(kinds, words) {
    const response = await fetch(`${pickers.records}?${new URLSearchParams({ kinds: kinds.join(","), words })}`, { headers: { Accept: "application/json" } });
    const records = response.ok ? (await response.json()).results : [];
    records.forEach((record) => (pickers.names[record.slug] = record.name));
    return records;
}

/** Returns the description of the values of `field`; of a measure or milestone that of every one. */
function inputOf(kind, field) {
    const [stem, key] = field.split(".");
    return pickers.inputs[kind]?.[key ? `${stem}.+` : field];
}

function upgrade(text) {
    const field = text.form?.elements[text.name.replace(/-value$/, "-field")];
    const kind = text.dataset.kind;
    if (!field || !kind || text.readOnly || text.name.includes("__prefix__")) {
        return;
    }
    // What was stored, and the words for it: sent back unchanged where the same is chosen again.
    const shown = { field: field.value, value: text.dataset.value, words: text.defaultValue };
    const place = Object.assign(document.createElement("span"), { className: "value-picker" });
    text.before(place);
    const show = () => {
        const input = inputOf(kind, field.value);
        const same = shown.value !== undefined && field.value === shown.field && text.value === shown.words;
        place.replaceChildren();
        place.hidden = !["choice", "record", "relation"].includes(input?.type);
        if (place.hidden) {
            text.placeholder = input?.placeholder ?? "";
            return;
        }
        const picker = makeValueField(input, { value: same ? shown.value : keyOf(input, text.value), label: pickers.names[text.value] ?? text.value, name: "Value", names: pickers.names, findRecords, onChange: take });
        function take() {
            const value = picker.read();
            text.value = field.value === shown.field && value === shown.value ? shown.words : value;
            text.dispatchEvent(new Event("input", { bubbles: true }));
        }
        for (const name of ["change", "input"]) {
            picker.element.addEventListener(name, (event) => {
                event.stopPropagation();
                take();
            });
        }
        place.replaceChildren(picker.element);
    };
    field.addEventListener("change", () => {
        text.value = field.value === shown.field ? shown.words : "";
        show();
    });
    known.set(text, place);
    show();
}

/** Returns the key of a choice whose label was typed; other text as it is. */
function keyOf(input, words) {
    return input.choices?.find(([key, label]) => [key, label].includes(words))?.[0] ?? words;
}

// Unfold copies rows as text when one is added or removed, with what this script made, but without its listeners.
function upgradeAll() {
    for (const text of document.querySelectorAll(".row-table input[name$='-value']")) {
        if (!known.has(text)) {
            text.parentElement.querySelectorAll(":scope > .value-picker").forEach((place) => place.remove());
            upgrade(text);
        }
    }
}

if (pickers) {
    upgradeAll();
    for (const name of ["formset:added", "formset:removed", "htmx:afterSettle"]) {
        document.addEventListener(name, () => upgradeAll());
    }
}
