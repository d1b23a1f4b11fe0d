// Command palette: finds pages, commands of this page, new records, saved views, recent pages and all records as one types.
// Its entries come from the server, for this user, or are buttons of the page.

const AT_MOST = 8;
const RECENT = 12;
const WAIT = 120;

const dialog = () => document.getElementById("palette");
const words = () => document.getElementById("palette-words");
const list = () => document.getElementById("palette-list");
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

let offered = null;
let found = [];
let asked = 0;
let timer = 0;
let current = 0;

/** Recently visited pages, newest first; kept in this browser until the user logs out. */
function recent() {
    try {
        return JSON.parse(localStorage.getItem(`register.recent.${dialog().dataset.owner}`)) ?? [];
    } catch {
        return [];
    }
}

function remember() {
    const title = document.title.split(" | ")[0].trim();
    const address = location.pathname + location.search;
    const pages = [{ title, address }, ...recent().filter((page) => page.address !== address && page.title !== title)];
    try {
        localStorage.setItem(`register.recent.${dialog().dataset.owner}`, JSON.stringify(pages.slice(0, RECENT)));
    } catch {
        // A browser that stores nothing has no recent pages.
    }
}

/** Commands of this page: elements with `data-palette`, the buttons above the record, and those that save it. */
function verbs() {
    const buttons = document.querySelectorAll("[data-palette], #release-bar :is(a[href], button), #submit-row button[type=submit]");
    const all = [...buttons].filter((button) => !button.disabled && !button.closest("dialog") && button.checkVisibility());
    return all.map((button) => ({
        title: button.dataset.palette || button.ariaLabel || button.textContent.trim().replace(/\s+/g, " "),
        key: button.dataset.key ?? (button.name === "_continue" ? "Ctrl S" : ""),
        press: button,
    }));
}

/** Rank of `title` for `typed`, 0 for no match: its beginning, then other words, then parts of words, then initials. */
function fit(title, typed) {
    const text = fold(title);
    let score = 0;
    for (const word of fold(typed).split(/\s+/).filter(Boolean)) {
        const at = text.indexOf(word);
        if (at === 0) {
            score += 4;
        } else if (at > 0) {
            score += /[\p{L}\p{N}]/u.test(text[at - 1]) ? 2 : 3;
        } else if (word.length > 1 && initials(text).includes(word)) {
            score += 1;
        } else {
            return 0;
        }
    }
    return score - text.length / 1000;
}

/** The first letters of the words: "fq" of "Failing quotes". */
function initials(text) {
    return (text.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word[0]).join("");
}

function groups() {
    const typed = words().value.trim();
    const known = [
        ["On this page", verbs()],
        ["Saved views", offered?.filters ?? []],
        ["Go to", offered?.pages ?? []],
        ["New", offered?.new ?? []],
        ["Recent", recent().filter((page) => page.address !== location.pathname + location.search)],
    ];
    if (!typed) {
        return known.filter(([, entries]) => entries.length);
    }
    const fitting = known.map(([title, entries]) => [
        title,
        entries
            .map((entry) => [fit(title === "New" ? `New ${entry.title}` : entry.title, typed), entry])
            .filter(([score]) => score > 0)
            .sort((one, other) => other[0] - one[0])
            .slice(0, AT_MOST)
            .map(([, entry]) => entry),
    ]);
    const everything = [];
    if (typed.length > 1) {
        everything.push({ title: `Search everything for “${typed}”`, address: `${dialog().dataset.all}?q=${encodeURIComponent(typed)}` });
    }
    return [...fitting, ["Records", [...found, ...everything]]].filter(([, entries]) => entries.length);
}

function show() {
    const shown = groups();
    let number = 0;
    list().replaceChildren(
        ...shown.map(([title, entries]) => {
            const group = document.createElement("div");
            const heading = document.createElement("div");
            group.role = "group";
            group.ariaLabel = title;
            heading.textContent = title;
            heading.className = "palette-group";
            heading.ariaHidden = "true";
            group.append(heading, ...entries.map((entry) => option(entry, number++)));
            return group;
        }),
    );
    const counted = (amount, one, several) => `${amount} ${amount === 1 ? one : several}.`;
    const count = found.length ? ` ${counted(found.length, "record", "records")}` : "";
    document.getElementById("palette-status").textContent = number ? `${counted(number, "entry", "entries")}${count}` : "No results.";
    mark(Math.min(current, number - 1));
}

function option(entry, number) {
    const made = document.createElement(entry.address ? "a" : "div");
    made.id = `palette-${number}`;
    made.role = "option";
    made.tabIndex = -1;
    made.entry = entry;
    if (entry.address) {
        made.href = entry.address;
    }
    const title = document.createElement("span");
    title.className = "palette-title";
    title.textContent = entry.title;
    title.dir = "auto";
    made.append(title);
    for (const [name, text] of [["palette-about", entry.about], ["palette-kind", entry.kind], ["palette-status", entry.status]]) {
        if (text) {
            made.append(Object.assign(document.createElement("span"), { className: name, textContent: text }));
        }
    }
    if (entry.key) {
        made.append(Object.assign(document.createElement("kbd"), { textContent: entry.key }));
    }
    return made;
}

const options = () => [...list().querySelectorAll("[role=option]")];

function mark(number) {
    const all = options();
    current = all.length ? (number + all.length) % all.length : 0;
    all.forEach((one, at) => one.setAttribute("aria-selected", String(at === current)));
    const one = all[current];
    words().setAttribute("aria-activedescendant", one?.id ?? "");
    one?.scrollIntoView({ block: "nearest" });
}

function choose(one, event) {
    if (!one) {
        return;
    }
    const { press, address } = one.entry;
    if (press) {
        // The dialog returns the focus first, then the button takes it.
        dialog().close();
        press.focus();
        press.click();
    } else if (event.ctrlKey || event.metaKey) {
        window.open(address, "_blank", "noopener");
    } else {
        location.assign(address);
    }
}

async function find() {
    const typed = words().value.trim();
    const turn = ++asked;
    if (typed.length < 2) {
        found = [];
        return;
    }
    const answer = await fetch(`${dialog().dataset.find}?q=${encodeURIComponent(typed)}`).catch(() => null);
    const results = answer?.ok ? (await answer.json()).results : null;
    // A slower response to earlier input is dropped.
    if (turn !== asked || !dialog().open) {
        return;
    }
    found = results ?? [];
    show();
    if (!results) {
        document.getElementById("palette-status").textContent = "Search failed: no answer from the server.";
    }
}

// Not `open`: in a script that is not a module this would replace `window.open`, which opens pop-ups.
async function openPalette() {
    if (dialog().open || document.querySelector("dialog[open]")) {
        return;
    }
    words().value = "";
    found = [];
    current = 0;
    asked += 1;
    dialog().showModal();
    words().focus();
    show();
    if (!offered) {
        const answer = await fetch(dialog().dataset.entries).catch(() => null);
        offered = answer?.ok ? await answer.json() : null;
        show();
    }
}

document.addEventListener("DOMContentLoaded", () => {
    if (!dialog()) {
        return;
    }
    remember();
    document.addEventListener("palette:open", openPalette);
    document.getElementById("palette-close").addEventListener("click", () => dialog().close());
    document.getElementById("logout-form")?.addEventListener("submit", () => {
        localStorage.removeItem(`register.recent.${dialog().dataset.owner}`);
    });
    dialog().addEventListener("click", (event) => {
        const one = event.target.closest("[role=option]");
        if (one) {
            event.preventDefault();
            choose(one, event);
        } else if (event.target === dialog()) {
            dialog().close();
        }
    });
    words().addEventListener("input", () => {
        current = 0;
        show();
        clearTimeout(timer);
        timer = setTimeout(find, WAIT);
    });
    words().addEventListener("keydown", (event) => {
        if (event.isComposing) {
            return;
        }
        const step = { ArrowDown: 1, ArrowUp: -1, PageDown: AT_MOST, PageUp: -AT_MOST }[event.key];
        if (step) {
            event.preventDefault();
            mark(Math.abs(step) === 1 ? current + step : Math.max(0, Math.min(options().length - 1, current + step)));
        } else if (event.key === "Enter") {
            event.preventDefault();
            choose(options()[current], event);
        }
    });
});

document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-open-palette]") && dialog() && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        openPalette();
    }
});

// Also from within a field, since it types nothing.
window.addEventListener(
    "keydown",
    (event) => {
        const letter = event.code === "KeyK" || event.key.toLowerCase() === "k";
        if (letter && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && dialog()) {
            event.preventDefault();
            event.stopImmediatePropagation();
            openPalette();
        }
    },
    true,
);
