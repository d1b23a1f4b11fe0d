// The pages of review: where the eyes should be goes the focus, and nothing is decided twice.

document.querySelector(".review [data-focus]")?.focus();

// From difference to difference.
const places = [...document.querySelectorAll(".review .changes .difference :is(tbody tr, .row)")].filter((place) => !place.closest(".row tbody"));
let here = -1;

for (const button of document.querySelectorAll(".review [data-step]")) {
    button.addEventListener("click", () => {
        here = Math.min(Math.max(here + Number(button.dataset.step), 0), places.length - 1);
        const place = places[here];
        if (place) {
            place.tabIndex = -1;
            place.focus();
            place.scrollIntoView({ block: "center" });
        }
    });
}

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
