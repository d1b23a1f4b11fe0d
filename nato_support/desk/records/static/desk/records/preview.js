// Copies the response byte for byte, not the indented text on the page.
document.querySelectorAll("[data-copy]").forEach((button) =>
    button.addEventListener("click", async () => {
        const status = document.getElementById("copied");
        status.textContent = "";
        try {
            await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
            status.textContent = "Copied.";
        } catch {
            status.textContent = "Your browser blocked copying.";
        }
    }),
);
