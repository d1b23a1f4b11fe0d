// A field with a list of entries to choose from: filter by typing, arrows and Enter, or a digit while it is empty.

import { letterOf } from "./keys.js";

const PAUSE = 140;

export class Chooser {
    /** `look(words)` gives the entries for what was typed; `choose(entry)` takes one; `show(entry)` makes its row. */
    constructor(input, { look, choose, show, digits = false, start = () => [] }) {
        Object.assign(this, { input, look, choose, show, digits, start });
        this.list = document.getElementById(input.getAttribute("aria-controls"));
        this.entries = [];
        this.current = -1;
        this.asked = 0;
        input.addEventListener("focus", () => this.open());
        input.addEventListener("click", () => this.open());
        input.addEventListener("input", () => this.typed());
        input.addEventListener("keydown", (event) => this.pressed(event));
        input.addEventListener("blur", () => setTimeout(() => this.close(), 120));
        this.list.addEventListener("mousedown", (event) => {
            event.preventDefault();
            const row = event.target.closest("li");
            if (row) {
                this.take(Number(row.dataset.index));
            }
        });
    }

    get isOpen() {
        return !this.list.hidden;
    }

    open() {
        if (!this.input.value.trim() || this.input.dataset.chosen) {
            this.fill(this.start(), false);
        }
    }

    close() {
        this.list.hidden = true;
        this.input.setAttribute("aria-expanded", "false");
        this.input.removeAttribute("aria-activedescendant");
    }

    fill(entries, preselect) {
        this.entries = entries;
        this.current = preselect && entries.length ? 0 : -1;
        this.list.replaceChildren(...entries.map((entry, index) => this.row(entry, index)));
        this.list.hidden = !entries.length;
        this.input.setAttribute("aria-expanded", String(entries.length > 0));
        // As much of the list as there is room for below its field.
        this.list.scrollIntoView({ block: "nearest" });
        this.input.scrollIntoView({ block: "nearest" });
        this.mark();
    }

    row(entry, index) {
        const row = document.createElement("li");
        row.id = `${this.list.id}-${index}`;
        row.role = "option";
        row.dataset.index = index;
        if (this.digits && index < 9 && !this.input.value.trim()) {
            const key = document.createElement("kbd");
            key.textContent = index + 1;
            row.append(key, " ");
        }
        row.append(...this.show(entry));
        return row;
    }

    mark() {
        [...this.list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === this.current)));
        if (this.current >= 0) {
            const row = this.list.children[this.current];
            this.input.setAttribute("aria-activedescendant", row.id);
            row.scrollIntoView({ block: "nearest" });
        } else {
            this.input.removeAttribute("aria-activedescendant");
        }
    }

    typed() {
        delete this.input.dataset.chosen;
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => this.refresh(), PAUSE);
    }

    async refresh() {
        clearTimeout(this.waiting);
        this.waiting = undefined;
        const words = this.input.value.trim();
        this.asked += 1;
        const mine = this.asked;
        const entries = words ? await this.look(words) : this.start();
        // A slower answer to fewer letters must not replace a newer one.
        if (mine === this.asked && document.activeElement === this.input) {
            this.fill(entries, Boolean(words));
        }
    }

    async pressed(event) {
        const { key } = event;
        if (this.digits && !this.input.value && !event.ctrlKey && !event.altKey && !event.metaKey && /^[1-9]$/.test(letterOf(event))) {
            const index = Number(letterOf(event)) - 1;
            if (index < this.entries.length) {
                event.preventDefault();
                this.take(index);
            }
        } else if (key === "ArrowDown" || key === "ArrowUp") {
            event.preventDefault();
            if (!this.isOpen) {
                this.open();
            } else if (this.entries.length) {
                const by = key === "ArrowDown" ? 1 : -1;
                this.current = (this.current + by + this.entries.length) % this.entries.length;
                this.mark();
            }
        } else if (key === "Enter" && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            const words = this.input.value;
            if (words.trim() && !this.input.dataset.chosen && !this.answered()) {
                await this.refresh();
            }
            const later = this.input.value;
            if (this.isOpen && this.entries.length) {
                this.take(Math.max(this.current, 0));
                // Whoever types faster than the server answers has begun the next one.
                if (later !== words) {
                    this.input.value = later;
                    this.input.focus();
                    this.typed();
                }
            }
        } else if (key === "Escape" && this.isOpen) {
            // One layer at a time: this closes the list, the next one the form.
            event.preventDefault();
            event.stopPropagation();
            this.close();
        }
    }

    answered() {
        return this.isOpen && this.current >= 0 && this.waiting === undefined;
    }

    take(index) {
        const entry = this.entries[index];
        this.close();
        if (entry) {
            this.choose(entry);
        }
    }
}
