// Roving focus: the toolbar is one Tab stop; arrows, Home and End move between its buttons.

export function makeRovingToolbar(toolbar) {
    const items = [...toolbar.querySelectorAll("button, a")];
    const stopAt = (item) => items.forEach((button) => {
        button.tabIndex = button === item ? 0 : -1;
    });
    toolbar.addEventListener("focusin", (event) => stopAt(event.target.closest("button, a")));
    toolbar.addEventListener("keydown", (event) => {
        const at = items.indexOf(document.activeElement);
        const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
        if (to !== undefined && !event.ctrlKey && !event.altKey && !event.metaKey) {
            event.preventDefault();
            items.at(to % items.length).focus();
        }
    });
    stopAt(items[0]);
}
