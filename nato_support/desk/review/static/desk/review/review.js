// The review pages: sets the focus, steps through differences and submits each form only once.

document.querySelector(".review [data-focus]")?.focus();

// Steps from difference to difference.
const places = [...document.querySelectorAll(".review .changes .change-table tbody tr")];
let current = -1;

for (const button of document.querySelectorAll(".review [data-step]")) {
    button.addEventListener("click", () => {
        current = Math.min(Math.max(current + Number(button.dataset.step), 0), places.length - 1);
        const place = places[current];
        if (place) {
            for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) {
                fold.open = true;
            }
            place.tabIndex = -1;
            place.focus();
            place.scrollIntoView({ block: "center" });
        }
    });
}

// The text of the sources beside the changes: shows the passages of the line in focus.
const pane = document.getElementById("texts");
if (pane) {
    const choice = pane.querySelector("[data-text-choice]");
    const showText = (id) => {
        for (const section of choice ? pane.querySelectorAll("section") : []) {
            section.hidden = section.id !== id;
        }
        if (choice) {
            choice.value = id;
        }
    };
    if (choice) {
        choice.closest("label").hidden = false;
        choice.addEventListener("change", () => {
            showText(choice.value);
            pane.scrollTop = 0;
        });
        showText(choice.value);
    }
    const keysOf = (element) => (element.dataset.passages ?? "").split(" ").filter(Boolean);
    /** Marks the passages of a line or of one of its citations, with the words that state the value, and scrolls to the first. */
    const show = (line, source) => {
        const keys = keysOf(source ?? line);
        const citations = (source ? [source] : [...line.querySelectorAll("[data-citation]")]).map((item) => item.dataset.citation);
        const isOf = (values, wanted) => values.split(" ").some((value) => wanted.includes(value));
        const marks = [...pane.querySelectorAll("[data-passages]")];
        marks.forEach((mark) => mark.classList.toggle("is-current", isOf(mark.dataset.passages, keys)));
        pane.querySelectorAll("[data-citations]").forEach((words) => words.classList.toggle("is-current", isOf(words.dataset.citations, citations)));
        document.querySelectorAll(".review .change-table tr.is-current").forEach((row) => row.classList.remove("is-current"));
        line.classList.add("is-current");
        const first = marks.find((mark) => isOf(mark.dataset.passages, keys.slice(0, 1))) ?? document.getElementById(`passage-${keys[0]}`);
        if (first) {
            showText(first.closest("section").id);
            const top = first.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
            pane.scrollTo({ top: top - pane.clientHeight / 3, behavior: "smooth" });
        }
        return first;
    };
    const linesWithPassages = ".change-table tr[data-passages]:not([data-passages=''])";
    for (const event of ["focusin", "click"]) {
        document.querySelector(".review .changes")?.addEventListener(event, ({ target }) => {
            const line = target.closest(linesWithPassages);
            if (line) {
                show(line, target.closest("[data-citation]"));
            }
        });
    }
    document.querySelector(".review .changes")?.addEventListener("click", (event) => {
        const link = event.target.closest("[data-to-passage]");
        // Where the pane is below the changes, the link goes there as any link does.
        if (link && getComputedStyle(pane).position === "sticky") {
            event.preventDefault();
        }
    });
    for (const button of pane.querySelectorAll("[data-whole-text]")) {
        button.addEventListener("click", () => {
            const folds = [...button.closest("section").querySelectorAll(".text details")];
            const open = folds.some((fold) => !fold.open);
            folds.forEach((fold) => { fold.open = open; });
            button.textContent = open ? "Show passages only" : "Show whole text";
        });
    }
}

for (const form of document.querySelectorAll(".review form")) {
    let sent = false;
    form.addEventListener("submit", (event) => {
        if (sent) {
            event.preventDefault();
        }
        sent = true;
    });
}

// A page restored from the back/forward cache would show an old state: reload it.
addEventListener("pageshow", (event) => {
    if (event.persisted) {
        location.reload();
    }
});
