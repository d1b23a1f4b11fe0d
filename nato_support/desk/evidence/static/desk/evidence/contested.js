// The page of a contested field: Ctrl+Enter submits the verdict, once. Single keys are handled by keys.js.

const form = document.getElementById("verdict");

document.addEventListener("keydown", (event) => {
    if (form && !event.isComposing && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
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
