// Likely duplicates: the heading of a pair has the focus once it is shown; a record's page tells what the record looks like.

document.querySelector("[data-focus]")?.focus({ preventScroll: true });

for (const place of document.querySelectorAll("[data-looks-like]")) {
    fetch(place.dataset.looksLike, { headers: { Accept: "text/html" } })
        .then((answer) => (answer.ok && !answer.redirected ? answer.text() : ""))
        .then((found) => {
            place.innerHTML = found;
        })
        // A hint that does not come is no fault of the page: it goes on without.
        .catch(() => {});
}
