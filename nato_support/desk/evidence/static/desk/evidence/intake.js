// A file dropped anywhere on the page goes into the file field and is checked at once.
document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form[data-intake]");
    if (!form) {
        return;
    }
    const field = form.querySelector("input[type=file]");
    const hasFile = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
    const markDropping = (on) => document.body.classList.toggle("intake-dropping", on);

    // The admin's scripts expect every file field to be one of their widgets and fail on this one.
    document.addEventListener("change", (event) => event.target === field && event.stopPropagation(), true);

    document.addEventListener("dragover", (event) => {
        if (hasFile(event)) {
            event.preventDefault();
            markDropping(true);
        }
    });
    document.addEventListener("dragleave", (event) => {
        if (!event.relatedTarget) {
            markDropping(false);
        }
    });
    document.addEventListener("drop", (event) => {
        if (!hasFile(event)) {
            return;
        }
        event.preventDefault();
        markDropping(false);
        field.files = event.dataTransfer.files;
        // With a pasted text as well, the editor has to choose between the two.
        if (!form.elements.text.value.trim()) {
            form.requestSubmit();
        } else {
            field.focus();
        }
    });
});
