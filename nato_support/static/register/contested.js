// The page of a contested field by keyboard: a digit chooses the verdict, N and P go on and back, Ctrl+Enter saves.

const page = document.getElementById("contested");
const form = document.getElementById("verdict");
const letters = document.getElementById("letters");
const STORE = "register.contested.letters";

/** The character that an event means: a Latin letter or digit as typed, else the one on the physical key. */
function keyOf(event) {
    if (/^[a-z0-9]$/i.test(event.key)) {
        return event.key.toLowerCase();
    }
    return /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1].toLowerCase() ?? "";
}

const isTyping = (element) =>
    element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox])");

function stored() {
    try {
        return localStorage.getItem(STORE);
    } catch {
        return null;
    }
}

if (letters) {
    letters.checked = stored() !== "off";
    letters.addEventListener("change", () => {
        try {
            localStorage.setItem(STORE, letters.checked ? "on" : "off");
        } catch {
            // A browser that stores nothing forgets it with the page.
        }
    });
}

document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) {
        return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        if (form) {
            event.preventDefault();
            form.requestSubmit();
        }
        return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || stored() === "off") {
        return;
    }
    const target = page.querySelector(`[data-key="${keyOf(event)}"]`);
    if (target) {
        event.preventDefault();
        target.click();
        if (target.name === "verdict") {
            form.elements.reason.focus();
        }
    }
});

if (form) {
    let sent = false;
    form.addEventListener("submit", (event) => {
        if (sent) {
            event.preventDefault();
        }
        sent = true;
    });
    window.addEventListener("pageshow", () => {
        sent = false;
    });
    document.getElementById("refused")?.focus();
}
