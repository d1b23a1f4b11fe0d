// The import of a spreadsheet: checks a long file in batches and shows the progress of writing.

// The admin's scripts expect every file field to be one of their widgets and fail on this one.
for (const field of document.querySelectorAll("[data-sheet-file] input[type=file]")) field.hasChangeListener = true;

const checkForm = document.querySelector("[data-sheet-check]");
if (checkForm) checkBatches(checkForm);

const writeForm = document.querySelector("[data-sheet-write]");
if (writeForm) writeForm.addEventListener("submit", () => showWriteProgress(writeForm));

async function checkBatches(form) {
    const bar = form.querySelector("progress");
    const status = form.querySelector("[data-sheet-status]");
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
        status.textContent = "The connection was lost. Rows checked so far are kept: choose Continue checking.";
    }
}

function showWriteProgress(form) {
    const bar = form.querySelector("progress");
    const status = form.querySelector("[data-sheet-status]");
    // Disabled only after the form is sent, because a disabled button is not submitted.
    setTimeout(() => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
    bar.hidden = false;
    status.textContent = "Importing. Stay on this page; the list opens when the import is done.";
    setInterval(async () => {
        const answer = await fetch(form.dataset.progress).catch(() => null);
        if (answer?.ok) bar.value = (await answer.json()).done;
    }, 700);
}
