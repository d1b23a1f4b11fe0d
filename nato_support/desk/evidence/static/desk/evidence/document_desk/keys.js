// Keyboard shortcuts: the letter of each command and its meaning with Shift. Letters can be changed and switched off.

const LETTERS = {
    next: ["j", "next sentence", "one sentence more"],
    previous: ["k", "previous sentence", "one sentence less"],
    widen: ["s", "expand the selection: quoted words, sentence, paragraph", "shrink the selection"],
    begin: ["b", "move the start with ← and → by word, with Shift by character"],
    end: ["e", "move the end in the same way"],
    caret: ["v", "text cursor on or off: arrows, Ctrl and Shift as in any editor"],
    capture: ["c", "capture the selection, like Enter"],
    "new-record": ["w", "capture the selection with a new record: what it states is filled in"],
    "next-suggestion": ["n", "next suggestion"],
    "previous-suggestion": ["p", "previous suggestion"],
    accept: ["a", "accept the suggestion; Enter opens it to edit"],
    reject: ["r", "reject the suggestion: it will not be suggested again"],
    link: ["f", "link this quote to another fact"],
    list: ["l", "list quotes and suggestions here"],
    go: ["g", "go to the note of this quote", "back"],
    read: ["m", "mark the paragraph as read, nothing to capture"],
    comment: ["o", "comment on the selection, for other editors"],
    hide: ["h", "hide or show highlights"],
    find: ["/", "find words; Enter selects a match"],
    sheet: ["?", "show this list"],
};
const FIXED = [
    ["Enter", "capture the selection, or open the current suggestion"],
    ["Ctrl+Enter", "in the form: save and return to the text"],
    ["1 … 9", "in an empty field of the form: choose that entry"],
    ["Ctrl+Z, Ctrl+Y", "undo, redo"],
    ["Esc", "close or go back; a draft is kept"],
];
const STORE = "register.desk.keys";

let settings = readSettings();

function readSettings() {
    try {
        return JSON.parse(localStorage.getItem(STORE)) ?? {};
    } catch {
        return {};
    }
}

function storeSettings() {
    try {
        localStorage.setItem(STORE, JSON.stringify(settings));
    } catch {
        // Without storage the settings last as long as the page.
    }
}

const keyOf = (command) => settings.letters?.[command] ?? LETTERS[command][0];

/** The letter of a key event: the character typed if it is Latin, else the one printed on the physical key. */
export function letterOf(event) {
    if (event.key.length === 1 && event.key >= "!" && event.key <= "~") {
        return event.key.toLowerCase();
    }
    if (event.code.startsWith("Key")) {
        return event.code.slice(3).toLowerCase();
    }
    return { Slash: event.shiftKey ? "?" : "/" }[event.code] ?? "";
}

/** The command of a single letter, or null where letters are switched off or a modifier is pressed. */
export function commandOf(event) {
    if (settings.off || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
        return null;
    }
    const letter = letterOf(event);
    return letter ? Object.keys(LETTERS).find((command) => keyOf(command) === letter) ?? null : null;
}

/** Opens the list of commands. Each is a button that calls `perform(command, shifted)`, beside its key, which can be changed. */
export function openSheet(perform) {
    const sheet = document.getElementById("desk-sheet");
    const rows = document.getElementById("sheet-rows");
    const off = document.getElementById("sheet-off");
    const list = document.createElement("dl");
    for (const [command, [, label, shiftedLabel]] of Object.entries(LETTERS)) {
        const input = Object.assign(document.createElement("input"), { value: keyOf(command), maxLength: 1, ariaLabel: `Key for: ${label}` });
        input.addEventListener("input", () => {
            const letter = input.value.toLowerCase();
            const taken = Object.keys(LETTERS).some((other) => other !== command && keyOf(other) === letter);
            input.setCustomValidity(taken ? "Another command uses this key." : "");
            input.reportValidity();
            if (letter && !taken) {
                settings.letters = { ...settings.letters, [command]: letter };
                storeSettings();
            }
        });
        const commandButton = (text, shift) => {
            const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
            button.addEventListener("click", () => {
                sheet.close();
                perform(command, shift);
            });
            return button;
        };
        addRow(list, input, commandButton(label, false), ...(shiftedLabel ? [commandButton(`Shift: ${shiftedLabel}`, true)] : []));
    }
    const fixed = document.createElement("dl");
    for (const [key, label] of FIXED) {
        const shown = document.createElement("kbd");
        shown.textContent = key;
        addRow(fixed, shown, label);
    }
    rows.replaceChildren(list, fixed);
    off.checked = Boolean(settings.off);
    off.onchange = () => {
        settings.off = off.checked;
        storeSettings();
    };
    document.getElementById("sheet-reset").onclick = () => {
        settings = {};
        storeSettings();
        openSheet(perform);
    };
    if (!sheet.open) {
        sheet.showModal();
        // Not a field: a letter typed now would become the key of the first command.
        rows.querySelector("button").focus();
    }
}

function addRow(list, key, ...actions) {
    const term = document.createElement("dt");
    const description = document.createElement("dd");
    term.append(key);
    description.append(...actions);
    list.append(term, description);
}
