// Keyboard shortcuts of every page: an element with `data-key` is pressed, or focused if it is a field, by that key.
// `data-key-label` says what it does; "g r" is g and then r. Single keys have no effect in fields and dialogs, take no modifiers,
// and can be switched off by each person (WCAG 2.1.4). They never publish, merge or delete: such buttons have no `data-key`.

const BETWEEN_KEYS = 1500;
const TYPED_INTO = [
    "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file], [type=range])",
    "textarea",
    "select",
    "[contenteditable='']",
    "[contenteditable=true]",
    "[role=combobox]",
    "[role=textbox]",
    "[role=searchbox]",
    "[role=listbox]",
].join(", ");
const EVERYWHERE = [
    ["?", "This list"],
    ["/", "Search"],
    ["Ctrl K", "Go to a page, a record or a command"],
    ["Ctrl S", "Save and stay (on forms)"],
    ["Esc", "Close, and back to where you were"],
];
const ON_A_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

let begun = "";
let begunAt = 0;

// The document desk has its own commands and its own list.
const hasKeysOfItsOwn = () => Boolean(document.getElementById("desk-sheet"));
const singleKeys = () => document.getElementById("keys")?.dataset.singleKeys !== "off";
const isShown = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
const isFree = (element) => isShown(element) && !element.disabled && !element.closest("[inert], dialog");

/** The letter of a key event: the character typed if it is Latin, else the one on the physical key. */
function keyOf(event) {
    if (event.key.length === 1 && event.key >= "!" && event.key <= "~") {
        return event.key.toLowerCase();
    }
    const letter = event.code.match(/^(?:Key|Digit)(.)$/)?.[1].toLowerCase();
    return letter ?? { Slash: event.shiftKey ? "?" : "/" }[event.code] ?? "";
}

/** The elements of the page that have keys, the first one of each. */
function keyed() {
    const found = new Map();
    for (const element of document.querySelectorAll("[data-key]")) {
        const key = element.dataset.key.toLowerCase();
        // Links to pages work although they are hidden.
        if (!found.has(key) && (element.dataset.go !== undefined || isFree(element))) {
            found.set(key, element);
        }
    }
    return found;
}

function press(element) {
    if (element.matches(TYPED_INTO)) {
        element.focus();
        element.select?.();
        return;
    }
    element.focus();
    // A section that is open already stays open.
    if (!(element.matches("summary") && element.parentElement.open)) {
        element.click();
    }
    // Field to continue with after a choice, such as its reason.
    document.getElementById(element.dataset.keyThen)?.focus();
}

/** Ctrl+S: saves the form and stays on it. False if the page has nothing to save. */
function save() {
    const stay = document.querySelector("[data-save], [name=_continue]") ?? document.querySelector("[name=_save]");
    if (!stay || stay.disabled) {
        return false;
    }
    stay.click();
    return true;
}

function search() {
    const field = [...document.querySelectorAll("[data-search], #searchbar")].find(isFree);
    if (field) {
        press(field);
        return;
    }
    document.dispatchEvent(new CustomEvent("palette:open"));
}

function openList() {
    const dialog = document.getElementById("keys");
    const rows = [];
    for (const [key, element] of singleKeys() ? keyed() : []) {
        const label = element.dataset.keyLabel || element.ariaLabel || element.textContent.trim();
        rows.push([key, label, element.dataset.go !== undefined]);
    }
    const everywhere = EVERYWHERE.filter(([key]) => singleKeys() || key.length > 1);
    fill("keys-here", rows.filter(([, , goes]) => !goes));
    fill("keys-places", rows.filter(([, , goes]) => goes));
    fill("keys-everywhere", everywhere);
    dialog.showModal();
}

function fill(id, rows) {
    const list = document.getElementById(id);
    list.parentElement.hidden = !rows.length;
    list.replaceChildren(
        ...rows.flatMap(([key, label]) => {
            const term = document.createElement("dt");
            const description = document.createElement("dd");
            for (const part of key.split(" ")) {
                const name = part === "Ctrl" && ON_A_MAC ? "⌘" : part;
                term.append(Object.assign(document.createElement("kbd"), { textContent: name }), " ");
            }
            description.textContent = label;
            return [term, description];
        }),
    );
}

// Before Unfold's own handlers, whose "/" ignores the preference for single-key shortcuts.
window.addEventListener(
    "keydown",
    (event) => {
        if (event.isComposing || event.altKey) {
            return;
        }
        if (event.ctrlKey || event.metaKey) {
            if (!event.shiftKey && keyOf(event) === "s" && !document.querySelector("dialog[open]") && save()) {
                event.preventDefault();
            }
            return;
        }
        const here = document.activeElement ?? document.body;
        if (hasKeysOfItsOwn() || here.matches(TYPED_INTO) || document.querySelector("dialog[open]") || !document.getElementById("keys")) {
            return;
        }
        const key = keyOf(event);
        if (!singleKeys()) {
            if (key === "/") {
                event.stopImmediatePropagation();
            }
            return;
        }
        if (perform(key, event)) {
            event.preventDefault();
            event.stopImmediatePropagation();
        }
    },
    true,
);

/** Runs the shortcut `key`, alone or after the key before it; false if there is none. */
function perform(key, event) {
    const first = performance.now() - begunAt < BETWEEN_KEYS ? begun : "";
    begun = "";
    if (key === "?") {
        openList();
        return true;
    }
    if (key === "/") {
        search();
        return true;
    }
    // Capitals are no shortcuts: they are leftovers of typing.
    if (!key || (event.shiftKey && /[a-z]/.test(key))) {
        return false;
    }
    const elements = keyed();
    const element = (first && elements.get(`${first} ${key}`)) || elements.get(key);
    if (element) {
        press(element);
        return true;
    }
    if ([...elements.keys()].some((other) => other.startsWith(`${key} `))) {
        begun = key;
        begunAt = performance.now();
        return true;
    }
    return false;
}

document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-open-keys]")) {
        event.preventDefault();
        openList();
    }
});
