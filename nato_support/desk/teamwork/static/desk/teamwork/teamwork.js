// Comments on a record: markers beside the fields of its form, and suggestions of people after an @.

const bar = document.getElementById("teamwork");

function openComments() {
    const target = /^#comment-\d+$|^#comments$/.test(location.hash) && document.querySelector(location.hash);
    if (target) {
        target.closest("details.comments")?.setAttribute("open", "");
        target.scrollIntoView({ block: "center" });
        target.focus?.({ preventScroll: true });
    }
}

// A row of the form is found by its key, a field by its name; read-only fields have a class alone.
function placeOf(marker) {
    if (marker.field) {
        const id = CSS.escape(`id_${marker.field}`);
        return document.querySelector(`label[for="${id}"], .field-${CSS.escape(marker.field)} label`);
    }
    const keys = document.querySelectorAll(`input[type="hidden"][name^="${CSS.escape(marker.prefix)}-"]`);
    const key = [...keys].find((input) => /-(id|pk)$|_ptr$/.test(input.name) && input.value === marker.row);
    const row = key?.closest("tr, .form-row, .inline-related, [data-inline-formset] > *") ?? key?.parentElement;
    return row?.querySelector("label, td, h3, .original") ?? row;
}

function showMarkers() {
    for (const marker of JSON.parse(document.getElementById("comment-markers").textContent)) {
        const place = placeOf(marker);
        if (place) {
            const link = document.createElement("a");
            link.className = "comment-marker";
            link.href = `#${marker.thread}`;
            link.textContent = `${marker.count} comment${marker.count === 1 ? "" : "s"}`;
            // Inside a label the link would be part of the field's name.
            place.matches("label") ? place.after(link) : place.append(link);
        }
    }
}

// Suggestions of people: the word after an @ that stands before the cursor.

class PeopleList {
    constructor(field, address, number) {
        this.field = field;
        this.address = address;
        this.chosen = 0;
        this.people = [];
        this.list = Object.assign(document.createElement("ul"), { className: "people-found", id: `people-found-${number}`, hidden: true });
        this.list.setAttribute("role", "listbox");
        this.list.setAttribute("aria-label", "People");
        field.after(this.list);
        field.setAttribute("aria-controls", this.list.id);
        field.setAttribute("aria-autocomplete", "list");
        field.addEventListener("input", () => this.search());
        field.addEventListener("keydown", (event) => this.press(event));
        field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    }

    term() {
        return /(?:^|[^\w@.+-])@([\w@.+-]{0,60})$/u.exec(this.field.value.slice(0, this.field.selectionStart))?.[1];
    }

    async search() {
        const term = this.term();
        if (term === undefined) {
            this.close();
            return;
        }
        const answer = await fetch(`${this.address}?term=${encodeURIComponent(term)}`, { headers: { Accept: "application/json" } });
        if (answer.ok && term === this.term()) {
            this.people = (await answer.json()).people;
            this.chosen = 0;
            this.draw();
        }
    }

    draw() {
        this.list.replaceChildren(...this.people.map((person, at) => {
            const item = document.createElement("li");
            item.id = `${this.list.id}-${at}`;
            item.setAttribute("role", "option");
            item.setAttribute("aria-selected", String(at === this.chosen));
            item.textContent = person.full_name ? `${person.name} (${person.full_name})` : person.name;
            item.addEventListener("mousedown", (event) => {
                event.preventDefault();
                this.take(at);
            });
            return item;
        }));
        this.list.hidden = !this.people.length;
        if (this.people.length) {
            this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.chosen}`);
        } else {
            this.field.removeAttribute("aria-activedescendant");
        }
    }

    press(event) {
        if (this.list.hidden) {
            return;
        }
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) {
            this.chosen = (this.chosen + step + this.people.length) % this.people.length;
            this.draw();
        } else if (event.key === "Enter" || event.key === "Tab") {
            this.take(this.chosen);
        } else if (event.key === "Escape") {
            this.close();
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    }

    take(at) {
        const cursor = this.field.selectionStart;
        const start = cursor - (this.term() ?? "").length;
        this.field.setRangeText(`${this.people[at].name} `, start, cursor, "end");
        this.field.focus();
        this.close();
    }

    close() {
        this.people = [];
        this.draw();
    }
}

if (bar) {
    showMarkers();
    openComments();
    addEventListener("hashchange", openComments);
    [...bar.querySelectorAll("[data-names-people]")].forEach((field, number) => new PeopleList(field, bar.dataset.people, number));
}
