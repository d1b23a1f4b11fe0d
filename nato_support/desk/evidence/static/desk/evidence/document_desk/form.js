// The panel beside the text: a new quote, a quote that is there, more facts for it.

import { Chooser } from "./choose.js";
import { Refusal, ask, tell } from "./server.js";
import { codePoints, show } from "./text.js";

const field = (name) => document.getElementById(`form-${name}`);
const STANCES = "stances";

export class Form {
    /** `desk`: the state of the page; `saved(answer, mode)` and `closed()` are called when it is done. */
    constructor(desk, { saved, closed, said }) {
        Object.assign(this, { desk, saved, closed, said });
        this.element = document.getElementById("desk-form");
        this.idle = document.getElementById("desk-idle");
        this.draftKey = `register.desk.draft.${desk.document}`;
        this.persons = [];
        this.offers = [];
        this.facts = [];
        this.speaker = this.chooseRecord("speaker", "persons", () => this.personEntries());
        this.occasion = this.chooseRecord("occasion", "events", () => []);
        this.fact = new Chooser(field("fact"), {
            digits: true,
            start: () => this.offers,
            look: (words) => this.lookForFacts(words),
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
            } else if (event.key === "Enter" && event.target.tagName === "INPUT") {
                // Enter takes an entry of a list; it never sends a form that is half filled in.
                event.preventDefault();
            }
        });
        this.element.querySelector("[data-command=remove]").addEventListener("click", () => this.remove());
    }

    get isOpen() {
        return !this.element.hidden;
    }

    chooseRecord(name, where, start) {
        const input = field(name);
        return new Chooser(input, {
            start,
            look: async (words) => {
                const { results } = await ask(this.desk.addresses[where], { words });
                const entries = results.map((one) => ({ ...one }));
                return name === "speaker" ? [...entries, { attribute: words }] : entries;
            },
            choose: (entry) => {
                if (entry.attribute) {
                    field("attribution").value = entry.attribute;
                    this.setRecord(name, null);
                    field("speaker-why").textContent = "No person of the register: described in the source's words below.";
                } else {
                    this.setRecord(name, entry);
                    field(`${name}-why`)?.replaceChildren();
                }
                this.keepDraft();
                (name === "speaker" ? field("said") : field("attribution")).focus();
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

    personEntries() {
        const described = this.guess?.speakerText && !this.guess.speaker ? [{ attribute: this.guess.speakerText }] : [];
        return [...this.persons, ...described];
    }

    async lookForFacts(words) {
        const { start, end } = this.place;
        const found = await ask(this.desk.addresses.look, { start, end, words });
        return found.facts;
    }

    /** Opens the panel for a passage; `preset` is what a suggestion or a draft knows better than the guess. */
    async capture(place, words, preset = {}) {
        this.reset(place, words, "capture");
        field("title").textContent = "New quote";
        const looked = await ask(this.desk.addresses.look, { start: place.start, end: place.end });
        if (looked.same && !preset.draft) {
            const { quote } = await ask(this.quoteAddress(looked.same));
            this.open(quote, looked);
            field("place").textContent = "These words are a quote already: link it to more facts.";
            field("fact").focus();
            return;
        }
        this.guess = looked.guess;
        this.persons = looked.persons;
        this.offers = looked.facts;
        this.suggestion = preset.suggestion ?? null;
        const speaker = looked.persons.find((one) => one.slug === looked.guess.speaker) ?? null;
        field("kind").value = looked.guess.kind;
        field("fidelity").value = looked.guess.fidelity;
        this.setRecord("speaker", speaker);
        field("speaker-why").textContent = looked.guess.reason;
        field("attribution").value = looked.guess.attribution;
        field("said").value = looked.guess.saidOn;
        field("said-why").textContent = looked.guess.saidOnReason
            || (this.desk.publishedOn ? `The text names no day here; it was published on ${this.desk.publishedOn}.` : "");
        if (!speaker && !looked.guess.attribution && looked.guess.kind !== "narration") {
            this.asBefore();
        }
        this.showKnown(looked);
        for (const fact of preset.facts ?? []) {
            this.addFact(fact, true);
        }
        if (preset.draft) {
            this.restore(preset.draft);
        }
        this.show();
        const first = preset.focus === "fact" || looked.guess.kind === "narration" ? field("fact") : field("speaker");
        first.focus();
        first.select();
    }

    asBefore() {
        let before = null;
        try {
            before = JSON.parse(sessionStorage.getItem(`register.desk.speaker.${this.desk.document}`));
        } catch {
            return;
        }
        if (before) {
            this.setRecord("speaker", before);
            field("speaker-why").textContent = "As in the quote before; the text does not name the speaker here.";
        }
    }

    showKnown(looked) {
        const known = field("known");
        const others = looked.quotes.filter((quote) => quote.pk !== this.quote?.pk);
        known.replaceChildren(...others.map((quote) => {
            const row = document.createElement("li");
            const button = Object.assign(document.createElement("button"), { type: "button", textContent: "open it" });
            button.addEventListener("click", () => this.openByKey(quote.pk));
            row.append(`Part of this is quoted already: “${shorten(quote.exact)}” `, button);
            return row;
        }));
        known.hidden = !others.length;
        field("place").textContent = looked.elsewhere > 0
            ? `These words stand ${looked.elsewhere + 1} times in the text; the quote is for this place.`
            : "";
    }

    async openByKey(key, focus, suggestion = null) {
        const { quote } = await ask(this.quoteAddress(key));
        const looked = await ask(this.desk.addresses.look, { start: quote.start, end: quote.end });
        this.open(quote, looked);
        this.suggestion = suggestion;
        field(focus ?? "speaker").focus();
    }

    /** Opens the panel for a quote that is there. */
    open(quote, looked) {
        this.reset({ start: quote.start, end: quote.end }, quote.exact, "revise");
        this.quote = quote;
        this.persons = looked.persons;
        this.offers = looked.facts.filter((one) => !quote.facts.some((f) => f.target === one.target && f.field === one.field && f.value === one.value));
        field("title").textContent = quote.slug;
        field("kind").value = quote.kind;
        field("fidelity").value = quote.fidelity;
        this.setRecord("speaker", quote.speaker);
        this.setRecord("occasion", quote.occasion);
        field("attribution").value = quote.attribution;
        field("said").value = quote.saidOn;
        this.showKnown(looked);
        field("page").href = quote.page;
        field("page").hidden = false;
        this.element.querySelector("[data-command=remove]").hidden = !this.desk.mayRemove || ["published", "withdrawn"].includes(quote.status);
        field("facts").replaceChildren(...quote.facts.map((fact) => this.linkedRow(fact)));
        this.show();
    }

    linkedRow(fact) {
        const row = document.createElement("li");
        row.className = "linked";
        const link = Object.assign(document.createElement("a"), { href: fact.page, textContent: fact.name });
        const value = Object.assign(document.createElement("b"), { textContent: fact.value });
        row.append(`${fact.stance} `, link, ` ${fact.field}: `, value, " ");
        if (fact.contested) {
            row.append(Object.assign(document.createElement("a"), { href: fact.settle, textContent: "contested", className: "tag tag-contested" }), " ");
        }
        if (!this.desk.mayUnlink) {
            return row;
        }
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Unlink", ariaLabel: `Unlink ${fact.name}, ${fact.field}` });
        button.addEventListener("click", () => this.run(async () => {
            const answer = await tell(this.desk.addresses.quote.replace(/quotes\/0\/$/, `citations/${fact.pk}/unlink/`), { value: fact.value, stance: fact.stance });
            this.saved(answer, "unlink");
            await this.openByKey(this.quote.pk, "fact");
        }));
        row.append(button);
        return row;
    }

    addFact(entry, quietly) {
        const row = document.createElement("li");
        row.className = "new-fact";
        const name = Object.assign(document.createElement("strong"), { textContent: entry.name });
        const what = Object.assign(document.createElement("span"), { className: "field", textContent: entry.field });
        const value = Object.assign(document.createElement("input"), { value: entry.value, ariaLabel: `Value of ${entry.field}`, className: "value" });
        const stance = Object.assign(document.createElement("select"), { ariaLabel: "Stance" });
        for (const [key, label] of this.desk[STANCES]) {
            stance.append(new Option(label, key, false, key === (entry.stance ?? "supports")));
        }
        const stated = Object.assign(document.createElement("input"), { value: this.standsThere(entry.asStated), ariaLabel: "The source's own words for it", placeholder: "as stated" });
        const gone = Object.assign(document.createElement("button"), { type: "button", textContent: "×", ariaLabel: `Leave out ${entry.name}, ${entry.field}` });
        const fact = { row, read: () => ({ target: entry.target, field: entry.field, value: value.value, stance: stance.value, as_stated: stated.value, name: entry.name }) };
        gone.addEventListener("click", () => {
            this.facts = this.facts.filter((one) => one !== fact);
            row.remove();
            this.keepDraft();
            field("fact").focus();
        });
        const head = document.createElement("div");
        head.append(name, " ", what, gone);
        const body = document.createElement("div");
        body.className = "fact-body";
        body.append(value, stance, stated);
        row.append(head, body);
        if (entry.held && entry.held !== entry.value) {
            row.append(Object.assign(document.createElement("p"), { className: "hint", textContent: `The register holds ${entry.held}.` }));
        }
        field("facts").append(row);
        this.facts.push(fact);
        this.offers = this.offers.filter((one) => one !== entry);
        field("fact").value = "";
        if (!quietly) {
            (entry.value ? field("fact") : value).focus();
        }
        this.keepDraft();
    }

    /** Words that a suggestion states stand in the evidence only if they stand in the passage. */
    standsThere(words) {
        return words && this.words.replace(/\s+/g, " ").includes(words.replace(/\s+/g, " ")) ? words.replace(/\s+/g, " ") : "";
    }

    read() {
        const key = (name) => (field(name).dataset.chosen ? Number(field(name).dataset.chosen) : null);
        return {
            ...this.place,
            exact: this.words,
            kind: field("kind").value,
            fidelity: field("fidelity").value,
            speaker: key("speaker"),
            attribution: field("attribution").value,
            said_on: field("said").value,
            occasion: key("occasion"),
            facts: this.facts.map((fact) => fact.read()),
        };
    }

    async save() {
        for (const name of ["speaker", "occasion"]) {
            if (field(name).value.trim() && !field(name).dataset.chosen) {
                const what = name === "speaker" ? "person" : "event";
                this.complain({ [name]: [`“${field(name).value}” is no ${what} of the register: choose one from the list${name === "speaker" ? ", or attribute to these words" : ""}.`] });
                field(name).focus();
                return;
            }
        }
        await this.run(async () => {
            const given = this.read();
            let answer;
            if (this.mode === "capture") {
                answer = await tell(this.desk.addresses.capture, { ...given, suggestion: this.suggestion });
            } else if (this.changed(given)) {
                answer = await tell(`${this.quoteAddress(this.quote.pk)}revise/`, { ...given, version: this.quote.version, suggestion: this.suggestion });
            } else {
                answer = await tell(`${this.quoteAddress(this.quote.pk)}link/`, { ...given, suggestion: this.suggestion });
            }
            const chosen = field("speaker").dataset.chosen;
            if (chosen) {
                sessionStorage.setItem(`register.desk.speaker.${this.desk.document}`, JSON.stringify({ pk: Number(chosen), name: field("speaker").value }));
            }
            const place = this.place;
            this.forget();
            this.hide();
            this.saved(answer, "saved", place);
        });
    }

    changed(given) {
        const { quote } = this;
        return given.kind !== quote.kind || given.fidelity !== quote.fidelity || given.speaker !== (quote.speaker?.pk ?? null)
            || given.attribution !== quote.attribution || given.said_on !== quote.saidOn || given.occasion !== (quote.occasion?.pk ?? null)
            || given.start !== quote.start || given.end !== quote.end;
    }

    remove() {
        return this.run(async () => {
            const { version, facts } = this.quote;
            const answer = await tell(`${this.quoteAddress(this.quote.pk)}remove/`, { version, cited: facts.map((fact) => fact.pk) });
            const place = this.place;
            this.forget();
            this.hide();
            this.saved(answer, "removed", place);
        });
    }

    async run(operation) {
        field("state").textContent = "Saving …";
        this.complain({});
        try {
            await operation();
            field("state").textContent = "";
        } catch (error) {
            if (!(error instanceof Refusal)) {
                throw error;
            }
            field("state").textContent = "Not saved";
            this.complain(error.errors);
        }
    }

    complain(errors) {
        const where = { said_on: "said" };
        for (const input of this.element.querySelectorAll("[aria-invalid]")) {
            input.removeAttribute("aria-invalid");
        }
        const rows = Object.entries(errors).flatMap(([name, said]) => said.map((sentence) => {
            const [, number, part] = name.match(/^facts\.(\d+)\.(\w*)$/) ?? [];
            const fact = number === undefined ? null : this.facts[Number(number)]?.read();
            const input = number === undefined ? field(where[name] ?? name) : this.facts[Number(number)]?.row.querySelector(part === "as_stated" ? "input:not(.value)" : ".value");
            input?.setAttribute("aria-invalid", "true");
            const label = fact ? `${fact.name}, ${fact.field}: ` : "";
            return Object.assign(document.createElement("p"), { textContent: label + sentence });
        }));
        field("errors").replaceChildren(...rows);
    }

    quoteAddress(key) {
        return this.desk.addresses.quote.replace(/0\/$/, `${key}/`);
    }

    reset(place, words, mode) {
        Object.assign(this, { place, words, mode, quote: null, suggestion: null, guess: null, facts: [], offers: [], persons: [] });
        field("words").textContent = words;
        for (const name of ["speaker", "occasion"]) {
            this.setRecord(name, null);
        }
        for (const name of ["fact", "said", "attribution"]) {
            field(name).value = "";
        }
        for (const name of ["facts", "errors", "speaker-why", "said-why", "place", "state"]) {
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
        show(this.place.start);
    }

    hide() {
        this.element.hidden = true;
        this.idle.hidden = false;
        this.element.parentElement.classList.remove("is-open");
        this.showDraft();
    }

    close() {
        this.hide();
        this.closed(this.place);
    }

    // What was typed and not saved outlives the page.

    keepDraft() {
        if (!this.isOpen || this.mode !== "capture") {
            return;
        }
        const draft = { ...this.read(), speakerName: field("speaker").value, occasionName: field("occasion").value, suggestion: this.suggestion };
        try {
            localStorage.setItem(this.draftKey, JSON.stringify(draft));
        } catch {
            // A browser that stores nothing keeps it as long as the page is open.
        }
    }

    draft() {
        try {
            const draft = JSON.parse(localStorage.getItem(this.draftKey));
            // Of another text these offsets mean nothing: the words must stand there still.
            return draft && codePoints(draft.exact) === draft.end - draft.start ? draft : null;
        } catch {
            return null;
        }
    }

    restore(draft) {
        field("kind").value = draft.kind;
        field("fidelity").value = draft.fidelity;
        this.setRecord("speaker", draft.speaker ? { pk: draft.speaker, name: draft.speakerName } : null);
        this.setRecord("occasion", draft.occasion ? { pk: draft.occasion, name: draft.occasionName } : null);
        field("attribution").value = draft.attribution;
        field("said").value = draft.said_on;
        this.suggestion = draft.suggestion ?? null;
        for (const fact of draft.facts) {
            this.addFact({ ...fact, asStated: fact.as_stated }, true);
        }
    }

    forget() {
        try {
            localStorage.removeItem(this.draftKey);
        } catch {
            // Nothing was stored.
        }
        this.showDraft();
    }

    showDraft() {
        document.getElementById("desk-draft").hidden = !this.draft();
    }
}

function showFact(entry) {
    const name = Object.assign(document.createElement("strong"), { textContent: entry.name });
    const what = Object.assign(document.createElement("span"), { className: "field", textContent: ` ${entry.field} ` });
    const value = Object.assign(document.createElement("b"), { textContent: entry.value || "(empty)" });
    const why = Object.assign(document.createElement("small"), {
        textContent: [entry.held && entry.held !== entry.value ? `the register holds ${entry.held}` : "", entry.why].filter(Boolean).join("; "),
    });
    return [name, what, value, why];
}

export function shorten(words, most = 70) {
    return words.length <= most ? words : `${words.slice(0, most).replace(/\s\S*$/, "")} …`;
}
