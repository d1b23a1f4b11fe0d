// Pictures of a record or of the register: fetched when their drawer is opened for the first time.

document.querySelectorAll("details[data-pictures]").forEach((drawer) => {
    const place = drawer.querySelector("[aria-live]");
    drawer.addEventListener("toggle", async function fill() {
        if (!drawer.open) return;
        drawer.removeEventListener("toggle", fill);
        const link = place.innerHTML;
        place.textContent = "Drawing …";
        const answer = await fetch(drawer.dataset.pictures).catch(() => null);
        // The link remains for whoever wants to try again.
        place.innerHTML = answer?.ok && !answer.redirected ? await answer.text() : link;
    });
});
