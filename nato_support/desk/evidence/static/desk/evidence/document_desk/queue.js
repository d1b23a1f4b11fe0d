// The list of suggestions in the order of the text, each with buttons to accept, edit and reject it.

import { Refusal, getJson, postJson } from "./server.js";
import { highlight, scrollIntoSight, sentenceAt } from "./text.js";
import { shorten } from "./form.js";

const LABELS = { quotation: "Quotation", amount: "Amount", date: "Date", name: "New name", mention: "Known name" };
const STORE = "register.desk.kinds";
// Known names are many and rarely new information: hidden until an editor ticks them.
const HIDDEN_AT_FIRST = ["mention"];

export class Queue {
    /** `edit(suggestion)` opens the form; `onSaved(answer)` shows what a decision changed; `announce(text)` reports to the editor. */
    constructor(desk, { edit, onSaved, announce, confirm }) {
        Object.assign(this, { desk, edit, onSaved, announce, confirm });
        this.list = document.getElementById("queue");
        this.all = [];
        this.current = null;
        this.hiddenKinds = new Set(readKinds());
        this.list.addEventListener("keydown", (event) => {
            if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                event.preventDefault();
                this.move(event.key === "ArrowDown" ? 1 : -1);
            }
        });
        this.list.addEventListener("click", (event) => {
            const row = event.target.closest("li[data-key]");
            const decision = event.target.closest("button")?.dataset.decide;
            if (row) {
                this.choose(this.all.find((suggestion) => suggestion.key === row.dataset.key), false);
                if (decision) {
                    this[decision]();
                }
            }
        });
    }

    async load() {
        try {
            const { suggestions } = await getJson(this.desk.addresses.suggestions, { at: this.desk.section.start });
            this.all = foldMentions(suggestions);
        } catch (error) {
            if (!(error instanceof Refusal)) {
                throw error;
            }
            this.list.replaceChildren(Object.assign(document.createElement("li"), { className: "queue-wait", textContent: error.message }));
            return;
        }
        this.showKinds();
        this.render();
    }

    get shown() {
        return this.all.filter((suggestion) => !this.hiddenKinds.has(suggestion.kind));
    }

    showKinds() {
        const box = document.getElementById("queue-kinds");
        const boxes = Object.entries(LABELS).map(([kind, label]) => {
            const input = Object.assign(document.createElement("input"), { type: "checkbox", checked: !this.hiddenKinds.has(kind) });
            input.addEventListener("change", () => {
                this.hiddenKinds[input.checked ? "delete" : "add"](kind);
                try {
                    localStorage.setItem(STORE, JSON.stringify([...this.hiddenKinds]));
                } catch {
                    // Remembered for this page only.
                }
                this.render();
            });
            const row = document.createElement("label");
            const number = this.all.filter((suggestion) => suggestion.kind === kind).length;
            row.append(input, ` ${label} `, Object.assign(document.createElement("span"), { className: "count", textContent: number }));
            return row;
        });
        box.replaceChildren(box.querySelector("legend"), ...boxes);
    }

    render() {
        const shown = this.shown;
        document.getElementById("queue-count").textContent = shown.length;
        const groups = Map.groupBy ? Map.groupBy(shown, sentenceOf) : groupBy(shown, sentenceOf);
        this.list.replaceChildren(...[...groups.values()].map((group) => this.card(group)));
        if (!shown.length) {
            this.list.replaceChildren(Object.assign(document.createElement("li"), { className: "queue-wait", textContent: "No suggestions left." }));
        }
        document.querySelector("[data-command=reject-all]").hidden = shown.length < 2;
        highlight("desk-suggestion", shown);
        this.mark();
    }

    card(group) {
        const card = document.createElement("li");
        card.className = "queue-card";
        const list = document.createElement("ol");
        list.append(...group.map((suggestion) => this.row(suggestion)));
        card.append(list);
        return card;
    }

    row(suggestion) {
        const row = document.createElement("li");
        row.dataset.key = suggestion.key;
        row.dataset.kind = suggestion.kind;
        row.tabIndex = -1;
        const kind = Object.assign(document.createElement("span"), { className: `tag tag-${suggestion.kind}`, textContent: LABELS[suggestion.kind] });
        const words = Object.assign(document.createElement("q"), { textContent: shorten(suggestion.exact.replace(/\s+/g, " "), 110) });
        const details = Object.assign(document.createElement("span"), { className: "details", textContent: describe(suggestion), title: suggestion.reason });
        const keys = document.createElement("span");
        keys.className = "decide";
        for (const [decision, label, key] of [["accept", "Accept", "A"], ["editCurrent", "Edit", "↵"], ["reject", "Reject", "R"]]) {
            const button = Object.assign(document.createElement("button"), { type: "button", tabIndex: -1 });
            button.dataset.decide = decision;
            button.append(`${label} `, Object.assign(document.createElement("kbd"), { textContent: key }));
            keys.append(button);
        }
        row.append(kind, " ", words, details, keys);
        return row;
    }

    mark() {
        this.marked?.removeAttribute("aria-current");
        this.marked = this.current ? this.list.querySelector(`li[data-key="${this.current.key}"]`) : null;
        this.marked?.setAttribute("aria-current", "true");
        // Only one row and its buttons are Tab stops: the current one, or else the first.
        setTabStops(this.stops, -1);
        this.stops = this.marked ?? this.list.querySelector("li[data-key]");
        setTabStops(this.stops, 0);
        highlight("desk-current", this.current ? [this.current] : []);
    }

    choose(suggestion, focus = true) {
        this.current = suggestion ?? null;
        this.mark();
        if (suggestion) {
            this.marked?.scrollIntoView({ block: "nearest" });
            scrollIntoSight(suggestion.start, suggestion.end);
            if (focus) {
                this.marked?.focus({ preventScroll: true });
            }
            this.announce(`${LABELS[suggestion.kind]}: ${shorten(suggestion.exact, 160)}. ${describe(suggestion)}`);
        }
    }

    /** Goes to the next or previous suggestion from the current one, or from an offset of the text. */
    move(by, from) {
        const shown = this.shown;
        if (!shown.length) {
            this.announce("No suggestions left.");
            return;
        }
        let at = shown.indexOf(this.current);
        if (at < 0) {
            at = by > 0 ? shown.findIndex((suggestion) => suggestion.start >= (from ?? 0)) : shown.findLastIndex((suggestion) => suggestion.start < (from ?? 0));
            at = at < 0 ? 0 : at;
        } else {
            at = (at + by + shown.length) % shown.length;
        }
        this.choose(shown[at]);
    }

    async accept(more = {}) {
        const suggestion = this.current;
        if (!suggestion) {
            return;
        }
        try {
            const answer = await postJson(this.desk.addresses.decide, { keys: [suggestion.key], outcome: "accepted", at: suggestion.start, ...more });
            this.drop([suggestion]);
            this.onSaved(answer, suggestion);
            if (suggestion.kind === "name") {
                // The new record may identify speakers elsewhere in the text.
                const next = this.current;
                await this.load();
                this.choose(this.all.find((other) => other.kind === next?.kind && other.start === next.start) ?? null);
            }
        } catch (error) {
            if (!(error instanceof Refusal)) {
                throw error;
            }
            if (error.errors.stale) {
                await this.load();
                this.choose(this.all.find((other) => other.kind === suggestion.kind && other.start === suggestion.start) ?? null);
                this.announce(error.message, true);
            } else if (error.errors.kind) {
                this.announce(error.message);
                this.askForName(suggestion);
            } else if (error.errors.fact) {
                this.announce(error.message);
                this.edit(suggestion);
            } else {
                this.announce(error.message, true);
            }
        }
    }

    editCurrent() {
        if (this.current?.kind === "name") {
            this.askForName(this.current);
        } else if (this.current) {
            this.edit(this.current);
        }
    }

    /** Asks for the type of a new name, and lets it be corrected: the words of the text may contain more than the name. */
    askForName(suggestion) {
        const dialog = document.getElementById("desk-name");
        const [name, kind] = [document.getElementById("name-name"), document.getElementById("name-kind")];
        name.value = suggestion.proposal.name;
        kind.value = suggestion.proposal.entity_kind || "organisation";
        dialog.returnValue = "no";
        dialog.showModal();
        kind.focus();
        dialog.addEventListener("close", () => {
            if (dialog.returnValue === "yes") {
                this.accept({ kind: kind.value, name: name.value });
            }
        }, { once: true });
    }

    async reject(several = this.current ? [this.current] : []) {
        if (!several.length) {
            return;
        }
        try {
            const keys = several.flatMap((suggestion) => [suggestion.key, ...(suggestion.others ?? []).map((other) => other.key)]);
            const answer = await postJson(this.desk.addresses.decide, { keys, outcome: "rejected", at: several[0].start });
            this.drop(several);
            this.onSaved(answer, several[0]);
        } catch (error) {
            if (!(error instanceof Refusal)) {
                throw error;
            }
            this.announce(error.message, true);
        }
    }

    async rejectAll() {
        const shown = this.shown;
        const samples = shown.slice(0, 3).map((suggestion) => `“${shorten(suggestion.exact, 60)}”`).join(", ");
        if (await this.confirm(`Reject ${shown.length} suggestions?`, `${samples}${shown.length > 3 ? " …" : ""} They will not be suggested again. You can undo this.`)) {
            await this.reject(shown);
        }
    }

    /** Removes decided suggestions from the list and goes on to the next one. */
    drop(several) {
        const shown = this.shown;
        const at = shown.indexOf(several[0]);
        const next = shown.slice(at + 1).find((suggestion) => !several.includes(suggestion)) ?? null;
        this.all = this.all.filter((suggestion) => !several.includes(suggestion));
        this.current = null;
        this.showKinds();
        this.render();
        this.choose(next);
    }
}

/** Keeps the first mention of each record, which stands for the others too. */
function foldMentions(suggestions) {
    const first = new Map();
    return suggestions.filter((suggestion) => {
        if (suggestion.kind !== "mention") {
            return true;
        }
        const known = first.get(suggestion.proposal.entity);
        if (known) {
            known.others.push(suggestion);
            return false;
        }
        suggestion.others = [];
        first.set(suggestion.proposal.entity, suggestion);
        return true;
    });
}

function describe(suggestion) {
    const { proposal } = suggestion;
    switch (suggestion.kind) {
        case "quotation": {
            const who = suggestion.speaker || proposal.attribution || proposal.speaker_text;
            return [who ? `by ${who}` : "Speaker not identified", suggestion.saidOnLabel].filter(Boolean).join(", ");
        }
        case "amount":
            return proposal.converts === null || proposal.converts === undefined ? suggestion.amountLabel : `${suggestion.amountLabel}, converted`;
        case "date":
            return [suggestion.endLabel ? `${suggestion.dateLabel} to ${suggestion.endLabel}` : suggestion.dateLabel, proposal.reasoning].filter(Boolean).join(": ");
        case "name":
            return [proposal.entity_kind || "Type unknown", proposal.role].filter(Boolean).join(", ");
        default:
            return `${proposal.entity_kind} ${proposal.name}${suggestion.others?.length ? `, mentioned ${suggestion.others.length + 1} times` : ""}`;
    }
}

function setTabStops(row, tabIndex) {
    for (const stop of row ? [row, ...row.querySelectorAll("button")] : []) {
        stop.tabIndex = tabIndex;
    }
}

const sentenceOf = (suggestion) => sentenceAt(suggestion.start)?.dataset.start ?? suggestion.start;

function groupBy(items, keyOf) {
    const groups = new Map();
    for (const item of items) {
        const key = keyOf(item);
        groups.set(key, [...(groups.get(key) ?? []), item]);
    }
    return groups;
}

function readKinds() {
    try {
        return JSON.parse(localStorage.getItem(STORE)) ?? HIDDEN_AT_FIRST;
    } catch {
        return HIDDEN_AT_FIRST;
    }
}
