// The panel beside the text, in which a quote is captured or revised and linked to facts.

import { Chooser } from "./choose.js";
import { makeFactRow } from "./fact_row.js";
import { NewRecords, describeNewRecord } from "./new_records.js";
import { Refusal, getJson, postJson } from "./server.js";
import { codePoints, scrollIntoSight } from "./text.js";

const field = (name) => document.getElementById(`form-${name}`);

export class Form {
    /** `desk` is the state of the page; `onSaved(answer, outcome, place)` follows a change, `onClosed(place)` closing without one. */
    constructor(desk, { onSaved, onClosed }) {
        Object.assign(this, { desk, onSaved, onClosed });
        this.element = document.getElementById("desk-form");
        this.idle = document.getElementById("desk-idle");
        this.draftKey = `register.desk.draft.${desk.document}`;
        this.persons = [];
        this.candidates = [];
        this.facts = [];
        this.speakers = [];
        this.newRecords = new NewRecords(desk, field("records"), {
            words: (words) => this.wordsInPassage(words),
            findRecords: (kinds, words) => this.findRecords(kinds, words),
            onChange: () => {
                this.dropRemovedSpeakers();
                this.keepDraft();
            },
        });
        this.makeRecordChooser("speakers", "persons", () => this.personEntries());
        this.makeRecordChooser("occasion", "events", () => []);
        this.fact = new Chooser(field("fact"), {
            digits: true,
            suggest: () => this.candidates,
            search: (words) => this.searchFacts(words),
            choose: (entry) => this.addFact(entry),
            show: showFact,
        });
        this.element.addEventListener("submit", (event) => {
            event.preventDefault();
            this.save();
        });
        this.element.addEventListener("input", () => this.keepDraft());
        this.element.addEventListener("keydown", (event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                this.save();
            } else if (event.key === "Backspace" && event.target === field("speakers") && !event.target.value && this.speakers.length) {
                this.removeSpeaker(this.speakers.at(-1));
            } else if (event.key === "Enter" && event.target.tagName === "INPUT") {
                // Enter chooses an entry of a list; it never submits a half-filled form.
                event.preventDefault();
            }
        });
        this.element.querySelector("[data-command=remove]").addEventListener("click", () => this.remove());
    }

    get isOpen() {
        return !this.element.hidden;
    }

    makeRecordChooser(name, endpoint, suggest) {
        const input = field(name);
        return new Chooser(input, {
            suggest,
            search: async (words) => {
                const { results } = await getJson(this.desk.addresses[endpoint], { words });
                return name === "speakers" ? [...results, { attribute: words }] : results;
            },
            choose: (entry) => {
                if (entry.attribute) {
                    field("attribution").value = entry.attribute;
                    field("speakers").value = "";
                    field("speakers-why").textContent = "Not a person in the register: described in the source's words below.";
                } else if (entry.proposal) {
                    this.addNewSpeaker(entry.proposal);
                } else if (name === "speakers") {
                    this.setSpeakers([...this.speakers.filter((person) => person.pk !== entry.pk), entry]);
                    field("speakers-why").replaceChildren();
                } else {
                    this.setRecord(name, entry);
                }
                this.keepDraft();
                (name === "speakers" ? field("said") : field("attribution")).focus();
            },
            show: (entry) => [entry.attribute ? `Attribute to “${entry.attribute}”` : entry.name],
        });
    }

    setRecord(name, record) {
        const input = field(name);
        input.value = record?.name ?? "";
        if (record) {
            input.dataset.chosen = record.pk;
        } else {
            delete input.dataset.chosen;
        }
    }

    /** Shows the chosen speakers below the field, each with a button that removes it; with the keyboard, Backspace removes the last. */
    setSpeakers(persons) {
        this.speakers = persons.map(({ pk, name }) => ({ pk, name }));
        field("speakers").value = "";
        field("speakers-chosen").replaceChildren(...this.speakers.map((person) => {
            const row = Object.assign(document.createElement("li"), { textContent: person.name });
            const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×", tabIndex: -1, ariaLabel: `Remove speaker ${person.name}` });
            button.addEventListener("click", () => {
                this.removeSpeaker(person);
                field("speakers").focus();
            });
            row.append(button);
            return row;
        }));
    }

    removeSpeaker(person) {
        if (isNew(person)) {
            this.newRecords.remove(person.pk);
            this.dropRemovedSpeakers();
        } else {
            this.setSpeakers(this.speakers.filter((other) => other.pk !== person.pk));
        }
        this.keepDraft();
    }

    /** Fills in a speaker whom the register does not know: a person who is added with the quote. */
    addNewSpeaker(proposal) {
        const { ref } = this.newRecords.add(proposal);
        this.candidates = this.candidates.filter((candidate) => !(candidate.isNew && candidate.kind === "person" && candidate.name === proposal.name));
        this.setSpeakers([{ pk: ref, name: `${proposal.name} (new)` }]);
        field("attribution").value = proposal.role;
        field("speakers-why").textContent = `${this.guess.reason}; not in the register yet: added below with this quote.`;
    }

    /** Takes those out of the speakers whose new record was removed; what the source calls them is then their description. */
    dropRemovedSpeakers() {
        const refs = this.newRecords.refs();
        const left = this.speakers.filter((person) => !isNew(person) || refs.includes(person.pk));
        if (left.length < this.speakers.length) {
            this.setSpeakers(left);
            if (!left.length && this.guess) {
                field("attribution").value = this.guess.attribution;
                field("speakers-why").textContent = this.guess.reason;
            }
        }
    }

    personEntries() {
        // Once a speaker is chosen nothing is proposed, so that Enter adds nobody by accident; further ones are found by typing.
        if (this.speakers.length) {
            return [];
        }
        const unknown = this.guess?.newSpeaker ? [{ proposal: this.guess.newSpeaker, name: `${this.guess.newSpeaker.name} (new)` }] : [];
        const described = this.guess?.speakerText && !this.guess.speaker ? [{ attribute: this.guess.speakerText }] : [];
        return [...unknown, ...this.persons, ...described];
    }

    /** Offers facts and new records: what the passage fits first, then the records that it may tell of, then the rest. */
    offer(passage, facts) {
        this.proposals = passage.records ?? [];
        this.unknownNames = passage.unknownNames ?? [];
        const fitting = facts.filter((fact) => fact.reason && !fact.isTaken);
        const others = facts.filter((fact) => !fitting.includes(fact));
        const told = this.newRecords.entries(this.proposals, this.unknownNames);
        this.candidates = [...fitting, ...told.slice(0, this.proposals.length), ...others, ...told.slice(this.proposals.length)];
    }

    async searchFacts(words) {
        const { start, end } = this.place;
        const onlyNew = words.startsWith("+");
        const typed = words.replace(/^\+/, "").trim().toLowerCase().split(/\s+/);
        const added = this.newRecords.entries(this.proposals, this.unknownNames).filter((entry) => typed.every((word) => describeNewRecord(entry).toLowerCase().includes(word)));
        if (onlyNew) {
            return added;
        }
        const { facts } = await getJson(this.desk.addresses.look, { start, end, words });
        return [...facts, ...added];
    }

    /** Opens the panel for a passage; `preset` holds what a suggestion or draft adds to the guess. */
    async capture(place, words, preset = {}) {
        this.reset(place, words, "capture");
        field("title").textContent = "New quote";
        const passage = await getJson(this.desk.addresses.look, { start: place.start, end: place.end });
        if (passage.same && !preset.draft) {
            const { quote } = await getJson(this.quoteAddress(passage.same));
            this.open(quote, passage);
            field("place").textContent = "This passage is already a quote: link it to more facts.";
            field("fact").focus();
            return;
        }
        this.guess = passage.guess;
        this.persons = passage.persons;
        this.offer(passage, passage.facts);
        this.suggestion = preset.suggestion ?? null;
        const speaker = passage.persons.find((person) => person.slug === passage.guess.speaker) ?? null;
        field("kind").value = passage.guess.kind;
        field("fidelity").value = passage.guess.fidelity;
        this.setSpeakers(speaker ? [speaker] : []);
        field("speakers-why").textContent = passage.guess.reason;
        field("attribution").value = passage.guess.attribution;
        field("said").value = passage.guess.saidOn;
        field("said-why").textContent = passage.guess.saidOnReason
            || (this.desk.publishedOn
                ? `${this.desk.languageIsRead ? "No date was found here" : "Dates are not read in this language"}; the document was published on ${this.desk.publishedOn}.`
                : "");
        if (passage.guess.newSpeaker && !preset.draft) {
            this.addNewSpeaker(passage.guess.newSpeaker);
        } else if (!speaker && !passage.guess.attribution && passage.guess.kind !== "narration") {
            this.proposePreviousSpeakers();
        }
        this.showOverlapping(passage);
        for (const fact of preset.facts ?? []) {
            this.addFact(fact, true);
        }
        if (preset.draft) {
            this.restore(preset.draft);
        }
        this.show();
        if (preset.newRecord) {
            const entries = this.newRecords.entries(this.proposals, this.unknownNames);
            this.addRecord(this.proposals.length ? entries[0] : entries.find((entry) => entry.kind === "commitment") ?? entries[0]);
            return;
        }
        const first = preset.focus === "fact" || passage.guess.kind === "narration" ? field("fact") : field("speakers");
        first.focus();
        first.select();
    }

    proposePreviousSpeakers() {
        let previous = null;
        try {
            previous = JSON.parse(sessionStorage.getItem(`register.desk.speakers.${this.desk.document}`));
        } catch {
            return;
        }
        if (previous) {
            this.setSpeakers(previous);
            field("speakers-why").textContent = "Same as in the previous quote; the text does not name the speaker here.";
        }
    }

    showOverlapping(passage) {
        const known = field("known");
        const others = passage.quotes.filter((quote) => quote.pk !== this.quote?.pk);
        known.replaceChildren(...others.map((quote) => {
            const row = document.createElement("li");
            const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Open" });
            button.addEventListener("click", () => this.openByKey(quote.pk));
            row.append(`Overlaps with the quote “${shorten(quote.exact)}” `, button);
            return row;
        }));
        known.hidden = !others.length;
        field("place").textContent = passage.elsewhere > 0
            ? `These words occur ${passage.elsewhere + 1} times in the text; the quote is of this place.`
            : "";
    }

    async openByKey(key, focus, suggestion = null) {
        const { quote } = await getJson(this.quoteAddress(key));
        const passage = await getJson(this.desk.addresses.look, { start: quote.start, end: quote.end });
        this.open(quote, passage);
        this.suggestion = suggestion;
        field(focus ?? "speakers").focus();
    }

    /** Opens the panel for an existing quote. */
    open(quote, passage) {
        this.reset({ start: quote.start, end: quote.end }, quote.exact, "revise");
        this.quote = quote;
        this.persons = passage.persons;
        this.offer(passage, passage.facts.filter((candidate) => !quote.facts.some((fact) => fact.target === candidate.target && fact.field === candidate.field && fact.value === candidate.value)));
        field("title").textContent = quote.slug;
        field("kind").value = quote.kind;
        field("fidelity").value = quote.fidelity;
        this.setSpeakers(quote.speakers);
        this.setRecord("occasion", quote.occasion);
        field("attribution").value = quote.attribution;
        field("reported").value = quote.reportedBy;
        field("utterance").value = quote.utterance;
        field("note").value = quote.note;
        field("said").value = quote.saidOn;
        this.showOverlapping(passage);
        field("page").href = quote.page;
        field("page").hidden = false;
        this.element.querySelector("[data-command=remove]").hidden = !this.desk.mayRemove || ["published", "withdrawn"].includes(quote.status);
        field("facts").replaceChildren(...quote.facts.map((fact) => this.linkedFactRow(fact)));
        this.show();
    }

    linkedFactRow(fact) {
        const row = document.createElement("li");
        row.className = "linked";
        const link = Object.assign(document.createElement("a"), { href: fact.page, textContent: fact.name });
        const value = Object.assign(document.createElement("b"), { textContent: fact.valueLabel });
        row.append(`${fact.polarity === "denies" ? fact.polarityLabel : fact.stanceLabel} `, link, ` ${fact.fieldLabel}: `, value, " ");
        if (fact.contested) {
            row.append(Object.assign(document.createElement("a"), { href: fact.resolve, textContent: "contested", className: "tag tag-contested" }), " ");
        }
        if (!this.desk.mayUnlink) {
            return row;
        }
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Unlink", ariaLabel: `Unlink ${fact.name}, ${fact.fieldLabel}` });
        button.addEventListener("click", () => this.saveOrShowErrors(async () => {
            const answer = await postJson(this.desk.addresses.quote.replace(/quotes\/0\/$/, `citations/${fact.pk}/unlink/`), { value: fact.value, polarity: fact.polarity });
            this.onSaved(answer, "unlink");
            await this.openByKey(this.quote.pk, "fact");
        }));
        row.append(button);
        return row;
    }

    addFact(entry, quietly) {
        if (entry.isNew) {
            this.addRecord(entry);
            return;
        }
        const input = this.desk.inputs[entry.kind]?.[entry.field] ?? { type: { measures: "amount", milestones: "step" }[entry.field.split(".")[0]] };
        const { row, inputs, focus, read } = makeFactRow(entry, {
            heading: entry.name,
            input,
            polarities: this.desk.polarities,
            words: (words) => this.wordsInPassage(words),
            names: entry.names,
            findRecords: (kinds, words) => this.findRecords(kinds, words),
            onChange: () => this.keepDraft(),
            onRemove: () => {
                this.facts = this.facts.filter((linked) => linked !== fact);
                this.keepDraft();
                field("fact").focus();
            },
        });
        const fact = { inputs, name: entry.name, fieldLabel: entry.fieldLabel, read: () => ({ ...read(), target: entry.target, kind: entry.kind, fills: true, name: entry.name, fieldLabel: entry.fieldLabel }) };
        field("facts").append(row);
        this.facts.push(fact);
        this.candidates = this.candidates.filter((candidate) => candidate !== entry);
        field("fact").value = "";
        if (!quietly) {
            (entry.value ? field("fact") : { focus }).focus();
        }
        this.keepDraft();
    }

    /** Adds a record to the form; the cursor goes to what is missing in it, or else to the list of facts. */
    addRecord(entry) {
        const block = this.newRecords.add(entry);
        this.candidates = this.candidates.filter((candidate) => candidate !== entry);
        field("fact").value = "";
        if (!this.newRecords.focusFirstGap(block)) {
            field("fact").focus();
            this.fact.close();
        }
        block.element.scrollIntoView({ block: "nearest" });
        this.keepDraft();
    }

    async findRecords(kinds, words) {
        const { results } = await getJson(this.desk.addresses.records, { kinds: kinds.join(","), words });
        return results;
    }

    /** The words with single spaces if the passage contains them, else nothing. */
    wordsInPassage(words) {
        const normalised = words?.replace(/\s+/g, " ");
        return normalised && this.words.replace(/\s+/g, " ").includes(normalised) ? normalised : "";
    }

    read() {
        return {
            ...this.place,
            exact: this.words,
            kind: field("kind").value,
            fidelity: field("fidelity").value,
            speakers: this.speakers.map((person) => person.pk),
            attribution: field("attribution").value,
            reported_by: field("reported").value,
            said_on: field("said").value,
            occasion: field("occasion").dataset.chosen ? Number(field("occasion").dataset.chosen) : null,
            utterance: field("utterance").value,
            note: field("note").value,
            facts: this.facts.map((fact) => fact.read()),
            records: this.newRecords.read(),
        };
    }

    async save() {
        for (const name of ["speakers", "occasion"]) {
            if (field(name).value.trim() && !field(name).dataset.chosen) {
                const isPerson = name === "speakers";
                this.showErrors({ [name]: [`“${field(name).value}” is not ${isPerson ? "a person" : "an event"} in the register: choose one from the list${isPerson ? ", or attribute the quote to these words" : ""}.`] });
                field(name).focus();
                return;
            }
        }
        await this.saveOrShowErrors(async () => {
            const values = this.read();
            let answer;
            if (this.mode === "capture") {
                answer = await postJson(this.desk.addresses.capture, { ...values, suggestion: this.suggestion });
            } else if (this.isChanged(values)) {
                answer = await postJson(`${this.quoteAddress(this.quote.pk)}revise/`, { ...values, version: this.quote.version, suggestion: this.suggestion });
            } else {
                answer = await postJson(`${this.quoteAddress(this.quote.pk)}link/`, { ...values, suggestion: this.suggestion });
            }
            const known = this.speakers.filter((person) => !isNew(person));
            if (known.length) {
                sessionStorage.setItem(`register.desk.speakers.${this.desk.document}`, JSON.stringify(known));
            }
            const place = this.place;
            this.discardDraft();
            this.hide();
            this.onSaved(answer, "saved", place);
        });
    }

    isChanged(values) {
        const { quote } = this;
        return values.kind !== quote.kind || values.fidelity !== quote.fidelity || String(values.speakers) !== String(quote.speakers.map((person) => person.pk))
            || values.attribution !== quote.attribution || values.reported_by !== quote.reportedBy || values.said_on !== quote.saidOn
            || values.occasion !== (quote.occasion?.pk ?? null) || values.utterance !== quote.utterance || values.note !== quote.note
            || values.start !== quote.start || values.end !== quote.end;
    }

    remove() {
        return this.saveOrShowErrors(async () => {
            const { version, facts } = this.quote;
            const answer = await postJson(`${this.quoteAddress(this.quote.pk)}remove/`, { version, cited: facts.map((fact) => fact.pk) });
            const place = this.place;
            this.discardDraft();
            this.hide();
            this.onSaved(answer, "removed", place);
        });
    }

    async saveOrShowErrors(operation) {
        field("state").textContent = "Saving …";
        this.showErrors({});
        try {
            await operation();
            field("state").textContent = "";
        } catch (error) {
            if (!(error instanceof Refusal)) {
                throw error;
            }
            field("state").textContent = "Not saved";
            this.showErrors(error.errors);
            this.element.querySelector("[aria-invalid]")?.focus();
        }
    }

    showErrors(errors) {
        const inputNames = { said_on: "said", reported_by: "reported" };
        for (const input of this.element.querySelectorAll("[aria-invalid]")) {
            input.removeAttribute("aria-invalid");
        }
        const rows = Object.entries(errors).flatMap(([name, sentences]) => sentences.map((sentence) => {
            const [, number, part] = name.match(/^facts\.(\d+)\.(\w*)$/) ?? [];
            const fact = number === undefined ? null : this.facts[Number(number)]?.read();
            const ofRecord = this.newRecords.placeOfError(name);
            const input = ofRecord.input ?? (number === undefined ? field(inputNames[name] ?? name) : this.facts[Number(number)]?.inputs[part] ?? this.facts[Number(number)]?.inputs.value);
            if (input) {
                input.hidden = false;
            }
            input?.setAttribute("aria-invalid", "true");
            const label = fact ? `${fact.name}, ${fact.fieldLabel}: ` : ofRecord.label ?? "";
            return Object.assign(document.createElement("p"), { textContent: label + sentence });
        }));
        field("errors").replaceChildren(...rows);
    }

    quoteAddress(key) {
        return this.desk.addresses.quote.replace(/0\/$/, `${key}/`);
    }

    reset(place, words, mode) {
        Object.assign(this, { place, words, mode, quote: null, suggestion: null, guess: null, facts: [], candidates: [], persons: [] });
        this.newRecords.clear();
        this.proposals = [];
        this.unknownNames = [];
        field("words").textContent = words;
        this.setSpeakers([]);
        this.setRecord("occasion", null);
        for (const name of ["fact", "said", "attribution", "reported", "utterance", "note"]) {
            field(name).value = "";
        }
        for (const name of ["facts", "errors", "speakers-why", "said-why", "place", "state"]) {
            field(name).replaceChildren();
        }
        field("page").hidden = true;
        this.element.querySelector("[data-command=remove]").hidden = true;
    }

    show() {
        this.idle.hidden = true;
        this.element.hidden = false;
        this.element.parentElement.classList.add("is-open");
        this.element.parentElement.scrollTop = 0;
        scrollIntoSight(this.place.start);
    }

    hide() {
        this.element.hidden = true;
        this.idle.hidden = false;
        this.element.parentElement.classList.remove("is-open");
        this.showDraft();
    }

    close() {
        this.hide();
        this.onClosed(this.place);
    }

    // Unsaved input is kept as a draft in the browser.

    keepDraft() {
        if (!this.isOpen || this.mode !== "capture") {
            return;
        }
        const draft = { ...this.read(), chosenSpeakers: this.speakers, occasionName: field("occasion").value, suggestion: this.suggestion };
        try {
            localStorage.setItem(this.draftKey, JSON.stringify(draft));
        } catch {
            // Without storage the input lasts as long as the page.
        }
    }

    draft() {
        try {
            const draft = JSON.parse(localStorage.getItem(this.draftKey));
            // A draft whose length does not match its offsets is not usable.
            return draft && codePoints(draft.exact) === draft.end - draft.start ? draft : null;
        } catch {
            return null;
        }
    }

    restore(draft) {
        field("kind").value = draft.kind;
        field("fidelity").value = draft.fidelity;
        const refs = this.newRecords.restore(draft.records?.map((record) => ({ ...record, facts: record.facts.map((fact) => ({ ...fact, asStated: fact.as_stated })) })));
        this.setSpeakers((draft.chosenSpeakers ?? []).map((person) => ({ ...person, pk: refs.get(person.pk) ?? person.pk })));
        this.setRecord("occasion", draft.occasion ? { pk: draft.occasion, name: draft.occasionName } : null);
        field("attribution").value = draft.attribution;
        field("reported").value = draft.reported_by ?? "";
        field("said").value = draft.said_on;
        field("utterance").value = draft.utterance ?? "";
        field("note").value = draft.note ?? "";
        this.suggestion = draft.suggestion ?? null;
        for (const fact of draft.facts) {
            this.addFact({ fieldLabel: fact.field, ...fact, asStated: fact.as_stated }, true);
        }
    }

    discardDraft() {
        try {
            localStorage.removeItem(this.draftKey);
        } catch {
            // Without storage there is no draft.
        }
        this.showDraft();
    }

    showDraft() {
        document.getElementById("desk-draft").hidden = !this.draft();
    }
}

/** Whether a speaker is a new record of the form, which has a reference in place of a key. */
function isNew(person) {
    return typeof person.pk === "string";
}

function showFact(entry) {
    if (entry.isNew) {
        const reason = Object.assign(document.createElement("small"), { textContent: entry.reason ? `what the passage states is filled in: ${entry.reason}` : "" });
        return [Object.assign(document.createElement("strong"), { textContent: describeNewRecord(entry) }), reason];
    }
    const name = Object.assign(document.createElement("strong"), { textContent: entry.name });
    const label = Object.assign(document.createElement("span"), { className: "field", textContent: ` ${entry.fieldLabel} ` });
    const value = Object.assign(document.createElement("b"), { textContent: entry.valueLabel || "(empty)" });
    const why = Object.assign(document.createElement("small"), {
        textContent: [entry.isTaken && "already cited from this document", entry.currentValue && entry.currentValue !== entry.value ? `current value: ${entry.currentLabel}` : "", entry.reason].filter(Boolean).join("; "),
    });
    return [name, label, value, why];
}

export function shorten(words, most = 70) {
    return words.length <= most ? words : `${words.slice(0, most).replace(/\s\S*$/, "")} …`;
}
