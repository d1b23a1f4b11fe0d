// Copies the response byte for byte, not as it is indented for reading.
document.querySelectorAll("[data-copy]").forEach((button) =>
    button.addEventListener("click", async () => {
        const said = document.getElementById("copied");
        said.textContent = "";
        try {
            await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
            said.textContent = "Copied.";
        } catch {
            said.textContent = "Your browser blocked copying.";
        }
    }),
);
