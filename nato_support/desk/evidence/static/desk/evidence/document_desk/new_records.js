// Records that are added together with a quote: what the passage states of each is filled in and can be corrected.

import { makeFactRow } from "./fact_row.js";

const NAMED_KINDS = ["person", "organisation", "facility", "event"];
const capitalise = (words) => words.charAt(0).toUpperCase() + words.slice(1);

export class NewRecords {
    /** `place` takes the blocks; `words(text)` returns words of the passage, `findRecords(kinds, words)` records by name. */
    constructor(desk, place, { words, findRecords, onChange }) {
        Object.assign(this, { desk, place, words, findRecords, onChange });
        this.blocks = [];
        this.added = 0;
    }

    clear() {
        this.blocks = [];
        this.place.replaceChildren();
    }

    /** Entries of the list of facts that add a record: what the passage tells of first, then one for each kind. */
    entries(proposals, unknownNames = []) {
        const named = proposals.map((proposal) => ({ ...proposal, isNew: true, label: `New ${this.kind(proposal.kind)?.label}`, title: proposal.name || proposal.facts[0]?.valueLabel || "" }));
        const [unknown = ""] = unknownNames;
        const empty = this.desk.newKinds.map(({ kind, label }) => {
            const name = NAMED_KINDS.includes(kind) ? unknown : "";
            const facts = name && kind !== "event" ? [{ field: "name", value: name, valueLabel: name, asStated: name }] : [];
            return { kind, isNew: true, name, label: `New ${label}`, title: name, columns: {}, facts, reason: "" };
        });
        return [...named, ...empty];
    }

    kind(kind) {
        return this.desk.newKinds.find((entry) => entry.kind === kind);
    }

    /** Adds a block for a record, after those of the records that it requires, and returns it; `proposal` holds what is known of it. */
    add(proposal) {
        proposal = this.withRequired(proposal);
        const kind = this.kind(proposal.kind);
        const block = { ref: `new:${this.added}`, kind: proposal.kind, facts: [], columns: {} };
        this.added += 1;
        const element = Object.assign(document.createElement("fieldset"), { className: "new-record" });
        const legend = Object.assign(document.createElement("legend"), { textContent: `New ${kind.label}` });
        const removal = Object.assign(document.createElement("button"), { type: "button", textContent: "Remove", ariaLabel: `Remove the new ${kind.label}` });
        removal.addEventListener("click", () => {
            this.blocks = this.blocks.filter((other) => other !== block);
            element.remove();
            this.onChange();
        });
        legend.append(" ", removal);
        element.append(legend);
        if (proposal.kind !== "relation") {
            element.append(this.nameField(block, proposal));
        }
        for (const column of kind.fields.filter(({ required, name }) => required || proposal.columns?.[name])) {
            element.append(this.choiceField(block, column, proposal.columns?.[column.name] ?? ""));
        }
        block.list = Object.assign(document.createElement("ul"), { className: "form-facts" });
        element.append(block.list);
        block.element = element;
        for (const fact of proposal.facts ?? []) {
            this.addFact(block, { ...fact, fieldLabel: this.desk.inputs[block.kind][fact.field]?.label ?? fact.field }, proposal.names);
        }
        // What no record of the kind can be without is asked for where the passage does not state it.
        const needed = proposal.kind === "relation" ? ["relation"] : kind.needed;
        for (const field of needed.filter((name) => !block.facts.some((fact) => fact.field === name))) {
            this.addFact(block, { field, fieldLabel: this.desk.inputs[block.kind][field].label, value: "" });
        }
        element.append(this.fieldPicker(block));
        block.namedAt = proposal.namedAt ?? proposal.named_at ?? null;
        if (block.namedAt) {
            element.append(this.namingField(block));
        }
        this.place.append(element);
        this.blocks.push(block);
        return block;
    }

    /** Adds the records that a proposal requires, unless the form has them already, and returns it with their references. */
    withRequired(proposal) {
        const references = Object.entries(proposal.requires ?? {}).map(([reference, required]) => {
            const block = this.blocks.find((other) => other.kind === required.kind && other.columns.name.value === required.name) ?? this.add(required);
            return [reference, block.ref];
        });
        const inForm = Object.fromEntries(references);
        const names = Object.fromEntries(Object.entries(proposal.names ?? {}).map(([slug, name]) => [inForm[slug] ?? slug, name]));
        const facts = (proposal.facts ?? []).map((fact) => ({ ...fact, value: inForm[fact.value] ?? fact.value }));
        return { ...proposal, names, facts };
    }

    nameField(block, proposal) {
        const label = Object.assign(document.createElement("label"), { textContent: ["commitment", "event"].includes(block.kind) ? "Name, in our own words" : "Name" });
        const input = Object.assign(document.createElement("input"), { value: proposal.columns?.name ?? proposal.name ?? "", maxLength: 300 });
        label.append(input);
        block.columns.name = input;
        return label;
    }

    /** Offers to cite the passage that has the full name, which the captured one does not have. */
    namingField(block) {
        const label = Object.assign(document.createElement("label"), { className: "naming" });
        block.isNamingCited = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
        const words = Object.assign(document.createElement("q"), { textContent: block.namedAt.exact, dir: "auto" });
        label.append(block.isNamingCited, " Cite for the full name, too: ", words);
        return label;
    }

    choiceField(block, column, value) {
        const label = Object.assign(document.createElement("label"), { textContent: column.label });
        const select = document.createElement("select");
        select.append(new Option("choose", "", true, !value));
        for (const [key, words] of column.choices) {
            select.append(new Option(words, key, false, key === value));
        }
        label.append(select);
        block.columns[column.name] = select;
        return label;
    }

    fieldPicker(block) {
        const select = Object.assign(document.createElement("select"), { className: "quiet", ariaLabel: "State one more field of this record" });
        select.append(new Option("Add a field …", ""));
        for (const [field, { label }] of Object.entries(this.desk.inputs[block.kind])) {
            select.append(new Option(label, field));
        }
        select.addEventListener("change", () => {
            if (select.value) {
                const entry = { field: select.value, fieldLabel: this.desk.inputs[block.kind][select.value].label, value: "" };
                select.value = "";
                this.addFact(block, entry).focus();
                this.onChange();
            }
        });
        return select;
    }

    addFact(block, entry, names = {}) {
        const fact = makeFactRow(entry, {
            heading: "",
            input: this.desk.inputs[block.kind][entry.field],
            polarities: this.desk.polarities,
            words: this.words,
            names,
            findRecords: (kinds, words) => this.recordsNamed(block, kinds, words),
            onChange: this.onChange,
            onRemove: () => {
                block.facts = block.facts.filter((other) => other !== fact);
                this.onChange();
            },
        });
        block.list.append(fact.row);
        block.facts.push(fact);
        return fact;
    }

    /** Records of the register by name, and those that are added with this one before it. */
    async recordsNamed(block, kinds, words) {
        const plain = words.toLowerCase();
        const earlier = this.blocks.slice(0, this.blocks.indexOf(block) < 0 ? undefined : this.blocks.indexOf(block));
        const added = earlier.filter((other) => other.kind !== "relation" && (!kinds.length || kinds.includes(other.kind)) && other.columns.name.value.toLowerCase().includes(plain));
        return [...added.map((other) => ({ slug: other.ref, name: other.columns.name.value, kind: `new ${this.kind(other.kind).label}` })), ...await this.findRecords(kinds, words)];
    }

    /** Puts the cursor where something is still to be said of a record, and returns whether anything is. */
    focusFirstGap(block) {
        const column = Object.values(block.columns).find((input) => !input.value);
        const fact = block.facts.find((row) => row.isEmpty());
        (column ?? fact)?.focus();
        return Boolean(column ?? fact);
    }

    read() {
        return this.blocks.map((block) => ({
            ref: block.ref,
            kind: block.kind,
            columns: Object.fromEntries(Object.entries(block.columns).map(([name, input]) => [name, input.value])),
            facts: block.facts.map((fact) => fact.read()),
            named_at: block.isNamingCited?.checked ? block.namedAt : null,
        }));
    }

    /** The input and the label of an error such as records.0.name or records.0.facts.1.value. */
    placeOfError(address) {
        const [, number, rest] = address.match(/^records\.(\d+)\.(.*)$/) ?? [];
        const block = this.blocks[Number(number)];
        if (!block) {
            return {};
        }
        const [, row, part] = rest.match(/^facts\.(\d+)\.(\w*)$/) ?? [];
        const fact = block.facts[Number(row)] ?? block.facts.find((other) => other.read().field === rest);
        const columnLabel = rest === "name" ? "Name" : this.kind(block.kind).fields.find(({ name }) => name === rest)?.label;
        const fieldLabel = columnLabel ?? this.desk.inputs[block.kind][fact?.field ?? rest]?.label;
        const label = `New ${[this.kind(block.kind).label, fieldLabel].filter(Boolean).join(", ")}: `;
        return { input: block.columns[rest] ?? fact?.inputs[part] ?? fact?.inputs.value, label };
    }

    refs() {
        return this.blocks.map((block) => block.ref);
    }

    remove(ref) {
        this.blocks.find((block) => block.ref === ref)?.element.remove();
        this.blocks = this.blocks.filter((block) => block.ref !== ref);
    }

    /** Adds the records of a draft; returns the reference of each by the one that it had. */
    restore(records) {
        return new Map((records ?? []).map((record) => [record.ref, this.add(record).ref]));
    }
}

export function describeNewRecord(entry) {
    return [entry.label, entry.title && `: ${capitalise(entry.title)}`].filter(Boolean).join("");
}
