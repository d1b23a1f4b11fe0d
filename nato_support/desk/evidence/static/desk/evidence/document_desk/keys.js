// Which key is which command, and what it does with Shift. Letters can be remapped and switched off; every command is a button too.

const LETTERS = {
    next: ["j", "next sentence", "one sentence more"],
    previous: ["k", "previous sentence", "one sentence less"],
    widen: ["s", "widen: quoted words, sentence, paragraph", "narrow again"],
    begin: ["b", "move the beginning, with ← and → by word, with Shift by character"],
    end: ["e", "move the end likewise"],
    caret: ["v", "caret mode on or off: arrows, Ctrl and Shift as in any editor"],
    capture: ["c", "capture the selection, as Enter does"],
    "next-suggestion": ["n", "next suggestion"],
    "previous-suggestion": ["p", "previous suggestion"],
    accept: ["a", "accept the suggestion; Enter opens it to edit"],
    reject: ["r", "reject the suggestion: it never comes back"],
    link: ["f", "link the quote here to one more fact"],
    list: ["l", "list all that stands at this place"],
    go: ["g", "go to the notes of the quote here", "back"],
    read: ["m", "mark the paragraph as read, nothing more to capture"],
    hide: ["h", "hide or show highlights"],
    find: ["/", "find words; Enter on a hit selects it"],
    sheet: ["?", "this list"],
};
const FIXED = [
    ["Enter", "capture the selection, or open what is current"],
    ["Ctrl+Enter", "in the form: save and go back to the text"],
    ["1 … 9", "in an empty field of the form: take that entry"],
    ["Ctrl+Z, Ctrl+Y", "undo, redo"],
    ["Esc", "one step back; a draft is kept"],
];
const STORE = "register.desk.keys";

let own = read();

function read() {
    try {
        return JSON.parse(localStorage.getItem(STORE)) ?? {};
    } catch {
        return {};
    }
}

function keep() {
    try {
        localStorage.setItem(STORE, JSON.stringify(own));
    } catch {
        // A browser that stores nothing forgets them with the page.
    }
}

const keyOf = (command) => own.letters?.[command] ?? LETTERS[command][0];

/** The character that an event means: as typed if it is Latin, else the one on the physical key. */
export function letterOf(event) {
    if (event.key.length === 1 && event.key >= "!" && event.key <= "~") {
        return event.key.toLowerCase();
    }
    if (event.code.startsWith("Key")) {
        return event.code.slice(3).toLowerCase();
    }
    return { Slash: event.shiftKey ? "?" : "/" }[event.code] ?? "";
}

/** The command of a single letter, or null: in fields, with modifiers, or switched off there is none. */
export function commandOf(event) {
    if (own.off || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
        return null;
    }
    const letter = letterOf(event);
    return letter ? Object.keys(LETTERS).find((command) => keyOf(command) === letter) ?? null : null;
}

/** The list of commands, each a button that calls `perform(command, shifted)`, with their keys: to be remapped or switched off. */
export function openSheet(perform) {
    const sheet = document.getElementById("desk-sheet");
    const rows = document.getElementById("sheet-rows");
    const off = document.getElementById("sheet-off");
    const list = document.createElement("dl");
    for (const [command, [, what, shifted]] of Object.entries(LETTERS)) {
        const input = Object.assign(document.createElement("input"), { value: keyOf(command), maxLength: 1, ariaLabel: `Key for: ${what}` });
        input.addEventListener("input", () => {
            const letter = input.value.toLowerCase();
            const taken = Object.keys(LETTERS).some((other) => other !== command && keyOf(other) === letter);
            input.setCustomValidity(taken ? "Another command has this key." : "");
            input.reportValidity();
            if (letter && !taken) {
                own.letters = { ...own.letters, [command]: letter };
                keep();
            }
        });
        const button = (label, shift) => {
            const made = Object.assign(document.createElement("button"), { type: "button", textContent: label });
            made.addEventListener("click", () => {
                sheet.close();
                perform(command, shift);
            });
            return made;
        };
        add(list, input, button(what, false), ...(shifted ? [button(`Shift: ${shifted}`, true)] : []));
    }
    const fixed = document.createElement("dl");
    for (const [key, what] of FIXED) {
        const shown = document.createElement("kbd");
        shown.textContent = key;
        add(fixed, shown, what);
    }
    rows.replaceChildren(list, fixed);
    off.checked = Boolean(own.off);
    off.onchange = () => {
        own.off = off.checked;
        keep();
    };
    document.getElementById("sheet-reset").onclick = () => {
        own = {};
        keep();
        openSheet(perform);
    };
    if (!sheet.open) {
        sheet.showModal();
        // Not in a field: a letter typed at once would become the key of the first command.
        rows.querySelector("button").focus();
    }
}

function add(list, key, ...what) {
    const term = document.createElement("dt");
    const told = document.createElement("dd");
    term.append(key);
    told.append(...what);
    list.append(term, told);
}
