// The review pages: sets the focus, steps through differences and submits each form only once.

document.querySelector(".review [data-focus]")?.focus();

// Steps from difference to difference.
const places = [...document.querySelectorAll(".review .changes .difference :is(tbody tr, .row)")].filter((place) => !place.closest(".row tbody"));
let current = -1;

for (const button of document.querySelectorAll(".review [data-step]")) {
    button.addEventListener("click", () => {
        current = Math.min(Math.max(current + Number(button.dataset.step), 0), places.length - 1);
        const place = places[current];
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

// A page restored from the back/forward cache would show an old state: reload it.
addEventListener("pageshow", (event) => {
    if (event.persisted) {
        location.reload();
    }
});
