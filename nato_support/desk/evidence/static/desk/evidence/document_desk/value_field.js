// The input that fits a value: a choice, a record found by name, a relation with its parties, or text as people write it.

import { Chooser } from "./choose.js";

let lists = 0;

/**
 * Makes the input for a field. `input` describes it (see value_inputs.py), `value` and `label` are what it starts with, `names`
 * maps slugs to names. Returns its element, `read()` for the value to send, and `focus()`.
 */
export function makeValueField(input, { value = "", label = value, name, names = {}, findRecords, onChange = () => {} }) {
    const makers = { choice: makeChoice, record: makeRecord, relation: makeRelation };
    return (makers[input?.type] ?? makeText)(input ?? {}, { value, label, name, names, findRecords, onChange });
}

function makeText({ placeholder = "" }, { value, label, name }) {
    const element = Object.assign(document.createElement("input"), { value: label || value, ariaLabel: name, placeholder, className: "value", spellcheck: false });
    // What was not touched is sent exactly as it was proposed.
    return { element, read: () => (element.value === label ? value : element.value), focus: () => element.focus() };
}

function makeChoice({ choices }, { value, name }) {
    const element = Object.assign(document.createElement("select"), { ariaLabel: name, className: "value" });
    element.append(new Option("choose", "", true, !value));
    for (const [key, label] of choices) {
        element.append(new Option(label, key, false, key === value));
    }
    return { element, read: () => element.value, focus: () => element.focus() };
}

function makeRecord({ kinds }, { value, label, name, findRecords, onChange }) {
    const element = Object.assign(document.createElement("span"), { className: "chooser record-chooser" });
    const list = Object.assign(document.createElement("ul"), { className: "choices", role: "listbox", ariaLabel: name, hidden: true });
    lists += 1;
    list.id = `records-${lists}`;
    const input = Object.assign(document.createElement("input"), { value: label || value, role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false", ariaLabel: name, placeholder: "name of a record", className: "value", spellcheck: false });
    input.setAttribute("aria-controls", list.id);
    element.append(input, list);
    let chosen = value;
    if (value) {
        input.dataset.chosen = value;
    }
    new Chooser(input, {
        list,
        search: (words) => findRecords(kinds, words),
        choose: (record) => {
            chosen = record.slug;
            input.value = record.name;
            input.dataset.chosen = record.slug;
            onChange();
        },
        show: (record) => [record.name, " ", Object.assign(document.createElement("small"), { textContent: record.kind })],
    });
    return { element, read: () => (input.dataset.chosen ? chosen : input.value.trim()), focus: () => input.focus() };
}

function makeRelation({ types, modalities }, { value, name, names, findRecords, onChange }) {
    const [, modality = "", subject = "", type = "", object = ""] = value.match(/^(\w*): (\S+) (\S+) (\S+)$/) ?? [];
    const element = Object.assign(document.createElement("span"), { className: "relation-value", role: "group", ariaLabel: name });
    const parts = {
        modality: makeChoice({ choices: modalities }, { value: modality, name: "How far it holds" }),
        subject: makeRecord({ kinds: [] }, { value: subject, label: names[subject], name: "First party", findRecords, onChange }),
        type: makeChoice({ choices: types }, { value: type, name: "Type of relation" }),
        object: makeRecord({ kinds: [] }, { value: object, label: names[object], name: "Second party", findRecords, onChange }),
    };
    element.append(...Object.values(parts).map((part) => part.element));
    return {
        element,
        read: () => `${parts.modality.read()}: ${parts.subject.read()} ${parts.type.read()} ${parts.object.read()}`,
        focus: () => (Object.values(parts).find((part) => !part.read()) ?? parts.modality).focus(),
    };
}
