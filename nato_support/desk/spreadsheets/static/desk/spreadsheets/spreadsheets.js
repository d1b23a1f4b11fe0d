// The import of a spreadsheet: looks over a long file piece by piece, and tells how far the writing has come.

// The admin's own scripts take every file field for one of their widgets and stumble over this one.
for (const field of document.querySelectorAll("[data-sheet-file] input[type=file]")) field.hasChangeListener = true;

const looking = document.querySelector("[data-sheet-look]");
if (looking) lookOn(looking);

const writing = document.querySelector("[data-sheet-write]");
if (writing) writing.addEventListener("submit", () => follow(writing));

async function lookOn(form) {
    const bar = form.querySelector("progress");
    const told = form.querySelector("[data-sheet-told]");
    try {
        for (let done = Number(form.dataset.done); done < Number(form.dataset.of); ) {
            const answer = await fetch(form.action, {
                method: "POST",
                body: new FormData(form),
                headers: { Accept: "application/json" },
            });
            if (!answer.ok) throw new Error(String(answer.status));
            ({ done } = await answer.json());
            bar.value = done;
        }
        location.reload();
    } catch {
        told.textContent = "The connection was lost. Nothing is lost of what was looked over: press Go on looking.";
    }
}

function follow(form) {
    const bar = form.querySelector("progress");
    const told = form.querySelector("[data-sheet-told]");
    // The button stays what was pressed: disabled only once the form is on its way.
    setTimeout(() => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
    bar.hidden = false;
    told.textContent = "Writing. Stay on this page: it moves on by itself.";
    setInterval(async () => {
        const answer = await fetch(form.dataset.progress).catch(() => null);
        if (answer?.ok) bar.value = (await answer.json()).done;
    }, 700);
}
