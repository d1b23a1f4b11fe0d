// The pages of review: where the eyes should be goes the focus, and nothing is decided twice.

document.querySelector(".review [data-focus]")?.focus();

for (const form of document.querySelectorAll(".review form")) {
    let sent = false;
    form.addEventListener("submit", (event) => {
        if (sent) {
            event.preventDefault();
        }
        sent = true;
    });
}

// The browser brings a page back as it was left: what was sent from it can be sent again.
addEventListener("pageshow", (event) => {
    if (event.persisted) {
        location.reload();
    }
});
