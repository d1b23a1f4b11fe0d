// Likely duplicates: focuses the heading of a pair, and loads the similar records of a record's page.

document.querySelector("[data-focus]")?.focus({ preventScroll: true });

for (const place of document.querySelectorAll("[data-looks-like]")) {
    fetch(place.dataset.looksLike, { headers: { Accept: "text/html" } })
        .then((answer) => (answer.ok && !answer.redirected ? answer.text() : ""))
        .then((found) => {
            place.innerHTML = found;
        })
        // The page works without the hint.
        .catch(() => {});
}
