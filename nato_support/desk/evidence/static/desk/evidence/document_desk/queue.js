// The suggestions for a text, in order of place: each with accept, edit and reject. The list stays as it is during a visit.

import { Refusal, ask, tell } from "./server.js";
import { highlight, sentenceAt, show } from "./text.js";
import { shorten } from "./form.js";

const LABELS = { quotation: "Quotation", amount: "Amount", date: "Date", name: "New name", mention: "Known name" };
const STORE = "register.desk.kinds";
// Known names are many and seldom news: whoever wants them shows them.
const LEFT_OUT = ["mention"];

export class Queue {
    /** `edit(suggestion)` opens the form for one; `saved(answer)` shows what an accepted one changed. */
    constructor(desk, { edit, saved, said, confirm }) {
        Object.assign(this, { desk, edit, saved, said, confirm });
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
            const what = event.target.closest("button")?.dataset.decide;
            if (row) {
                this.choose(this.all.find((one) => one.key === row.dataset.key), false);
                if (what) {
                    this[what]();
                }
            }
        });
    }

    async load() {
        try {
            const { suggestions } = await ask(this.desk.addresses.suggestions, { at: this.desk.section.start });
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
        return this.all.filter((one) => !this.hiddenKinds.has(one.kind));
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
            const number = this.all.filter((one) => one.kind === kind).length;
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
            this.list.replaceChildren(Object.assign(document.createElement("li"), { className: "queue-wait", textContent: "Nothing is left to decide." }));
        }
        document.querySelector("[data-command=reject-all]").hidden = shown.length < 2;
        highlight("desk-suggestion", shown);
        this.mark();
    }

    card(group) {
        const card = document.createElement("li");
        card.className = "queue-card";
        const list = document.createElement("ol");
        list.append(...group.map((one) => this.row(one)));
        card.append(list);
        return card;
    }

    row(one) {
        const row = document.createElement("li");
        row.dataset.key = one.key;
        row.dataset.kind = one.kind;
        row.tabIndex = -1;
        const kind = Object.assign(document.createElement("span"), { className: `tag tag-${one.kind}`, textContent: LABELS[one.kind] });
        const words = Object.assign(document.createElement("q"), { textContent: shorten(one.exact.replace(/\s+/g, " "), 110) });
        const told = Object.assign(document.createElement("span"), { className: "told", textContent: told_(one) });
        told.title = one.reason;
        const keys = document.createElement("span");
        keys.className = "decide";
        for (const [what, label, key] of [["accept", "Accept", "A"], ["edit_", "Edit", "↵"], ["reject", "Reject", "R"]]) {
            const button = Object.assign(document.createElement("button"), { type: "button", tabIndex: -1 });
            button.dataset.decide = what;
            button.append(`${label} `, Object.assign(document.createElement("kbd"), { textContent: key }));
            keys.append(button);
        }
        row.append(kind, " ", words, told, keys);
        return row;
    }

    mark() {
        this.marked?.removeAttribute("aria-current");
        this.marked = this.current ? this.list.querySelector(`li[data-key="${this.current.key}"]`) : null;
        this.marked?.setAttribute("aria-current", "true");
        // One row and its buttons are stops of the Tab key, not hundreds: the current one, else the first.
        setTabStops(this.stops, -1);
        this.stops = this.marked ?? this.list.querySelector("li[data-key]");
        setTabStops(this.stops, 0);
        highlight("desk-current", this.current ? [this.current] : []);
    }

    choose(one, focus = true) {
        this.current = one ?? null;
        this.mark();
        if (one) {
            this.marked?.scrollIntoView({ block: "nearest" });
            show(one.start, one.end);
            if (focus) {
                this.marked?.focus({ preventScroll: true });
            }
            this.said(`${LABELS[one.kind]}: ${shorten(one.exact, 160)}. ${told_(one)}`);
        }
    }

    /** To the next or previous suggestion from here, or from a place of the text. */
    move(by, from) {
        const shown = this.shown;
        if (!shown.length) {
            this.said("No suggestion is left.");
            return;
        }
        let at = shown.indexOf(this.current);
        if (at < 0) {
            at = by > 0 ? shown.findIndex((one) => one.start >= (from ?? 0)) : shown.findLastIndex((one) => one.start < (from ?? 0));
            at = at < 0 ? 0 : at;
        } else {
            at = (at + by + shown.length) % shown.length;
        }
        this.choose(shown[at]);
    }

    async accept(more = {}) {
        const one = this.current;
        if (!one) {
            return;
        }
        try {
            const answer = await tell(this.desk.addresses.decide, { keys: [one.key], outcome: "accepted", at: one.start, ...more });
            this.drop([one]);
            this.saved(answer, one);
            if (one.kind === "name") {
                // What the register knows by now may tell who spoke elsewhere.
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
                this.choose(this.all.find((other) => other.kind === one.kind && other.start === one.start) ?? null);
                this.said(error.message, true);
            } else if (error.errors.kind) {
                this.said(error.message);
                this.name(one);
            } else if (error.errors.fact) {
                this.said(error.message);
                this.edit(one);
            } else {
                this.said(error.message, true);
            }
        }
    }

    edit_() {
        if (this.current?.kind === "name") {
            this.name(this.current);
        } else if (this.current) {
            this.edit(this.current);
        }
    }

    /** Asks what a new name is, and lets it be put right: the words of a text may hold more than the name. */
    name(one) {
        const dialog = document.getElementById("desk-name");
        const [name, kind] = [document.getElementById("name-name"), document.getElementById("name-kind")];
        name.value = one.proposal.name;
        kind.value = one.proposal.entity_kind || "organisation";
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
            const keys = several.flatMap((one) => [one.key, ...(one.others ?? []).map((other) => other.key)]);
            const answer = await tell(this.desk.addresses.decide, { keys, outcome: "rejected", at: several[0].start });
            this.drop(several);
            this.saved(answer, several[0]);
        } catch (error) {
            if (!(error instanceof Refusal)) {
                throw error;
            }
            this.said(error.message, true);
        }
    }

    async rejectAll() {
        const shown = this.shown;
        const samples = shown.slice(0, 3).map((one) => `“${shorten(one.exact, 60)}”`).join(", ");
        if (await this.confirm(`Reject ${shown.length} suggestions?`, `${samples}${shown.length > 3 ? " …" : ""} They will not be offered again; one undo brings them all back.`)) {
            await this.reject(shown);
        }
    }

    /** Takes decided ones from the list and goes on to the one after them. */
    drop(several) {
        const shown = this.shown;
        const at = shown.indexOf(several[0]);
        const next = shown.slice(at + 1).find((one) => !several.includes(one)) ?? null;
        this.all = this.all.filter((one) => !several.includes(one));
        this.current = null;
        this.showKinds();
        this.render();
        this.choose(next);
    }
}

/** Of many mentions of one record the first stands for all. */
function foldMentions(suggestions) {
    const first = new Map();
    return suggestions.filter((one) => {
        if (one.kind !== "mention") {
            return true;
        }
        const known = first.get(one.proposal.entity);
        if (known) {
            known.others.push(one);
            return false;
        }
        one.others = [];
        first.set(one.proposal.entity, one);
        return true;
    });
}

function told_(one) {
    const { proposal } = one;
    switch (one.kind) {
        case "quotation": {
            const who = one.speaker || proposal.attribution || proposal.speaker_text;
            return [who ? `by ${who}` : "speaker not resolved", proposal.said_on].filter(Boolean).join(", ");
        }
        case "amount":
            return proposal.converts === null || proposal.converts === undefined ? proposal.typed : `${proposal.typed}, a conversion`;
        case "date":
            return [proposal.end ? `${proposal.date} to ${proposal.end}` : proposal.date, proposal.reasoning].filter(Boolean).join(": ");
        case "name":
            return [proposal.entity_kind || "kind not known", proposal.role].filter(Boolean).join(", ");
        default:
            return `${proposal.entity_kind} ${proposal.name}${one.others?.length ? `, named ${one.others.length + 1} times` : ""}`;
    }
}

function setTabStops(row, tabIndex) {
    for (const stop of row ? [row, ...row.querySelectorAll("button")] : []) {
        stop.tabIndex = tabIndex;
    }
}

const sentenceOf = (one) => sentenceAt(one.start)?.dataset.start ?? one.start;

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
        return JSON.parse(localStorage.getItem(STORE)) ?? LEFT_OUT;
    } catch {
        return LEFT_OUT;
    }
}
