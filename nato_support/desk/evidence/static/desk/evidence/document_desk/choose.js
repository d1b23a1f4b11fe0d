// A combobox: typing filters the list, arrows and Enter choose, and so does a digit while the field is empty.

import { letterOf } from "./keys.js";

const PAUSE = 140;

export class Chooser {
    /** `search(words)` finds entries, `suggest()` gives those shown before typing, `choose(entry)` takes one, `show(entry)` makes its row. */
    constructor(input, { search, choose, show, digits = false, suggest = () => [], list = document.getElementById(input.getAttribute("aria-controls")) }) {
        Object.assign(this, { input, search, choose, show, digits, suggest, list });
        this.entries = [];
        this.current = -1;
        this.searches = 0;
        input.addEventListener("focus", () => this.open());
        input.addEventListener("click", () => this.open());
        input.addEventListener("input", () => this.searchSoon());
        input.addEventListener("keydown", (event) => this.handleKey(event));
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
            this.fill(this.suggest(), false);
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
        // Show as much of the list as fits below the field.
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

    searchSoon() {
        delete this.input.dataset.chosen;
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => this.refresh(), PAUSE);
    }

    async refresh() {
        clearTimeout(this.waiting);
        this.waiting = undefined;
        const words = this.input.value.trim();
        this.searches += 1;
        const thisSearch = this.searches;
        const entries = words ? await this.search(words) : this.suggest();
        // A late answer to an earlier search must not replace a newer one.
        if (thisSearch === this.searches && document.activeElement === this.input) {
            this.fill(entries, Boolean(words));
        }
    }

    async handleKey(event) {
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
            if (words.trim() && !this.input.dataset.chosen && !this.isUpToDate()) {
                await this.refresh();
            }
            const later = this.input.value;
            if (this.isOpen && this.entries.length) {
                this.take(Math.max(this.current, 0));
                // Keep what was typed for the next entry while the server was answering.
                if (later !== words) {
                    this.input.value = later;
                    this.input.focus();
                    this.searchSoon();
                }
            }
        } else if (key === "Escape" && this.isOpen) {
            // The first Escape closes the list, the next one the form.
            event.preventDefault();
            event.stopPropagation();
            this.close();
        }
    }

    isUpToDate() {
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
