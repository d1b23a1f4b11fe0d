// A file dropped anywhere on the page goes into the file field, and is looked over at once.
document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form[data-intake]");
    if (!form) {
        return;
    }
    const field = form.querySelector("input[type=file]");
    const hasFile = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
    const mark = (on) => document.body.classList.toggle("intake-dropping", on);

    // The admin's own scripts take every file field for one of their widgets and stumble over this one.
    document.addEventListener("change", (event) => event.target === field && event.stopPropagation(), true);

    document.addEventListener("dragover", (event) => {
        if (hasFile(event)) {
            event.preventDefault();
            mark(true);
        }
    });
    document.addEventListener("dragleave", (event) => {
        if (!event.relatedTarget) {
            mark(false);
        }
    });
    document.addEventListener("drop", (event) => {
        if (!hasFile(event)) {
            return;
        }
        event.preventDefault();
        mark(false);
        field.files = event.dataTransfer.files;
        // With a pasted text there as well, it is for the editor to say which of the two is meant.
        if (!form.elements.text.value.trim()) {
            form.requestSubmit();
        } else {
            field.focus();
        }
    });
});
