// Copies the answer byte for byte, not as it is spread out for reading.
document.querySelectorAll("[data-copy]").forEach((button) =>
    button.addEventListener("click", async () => {
        const said = document.getElementById("copied");
        said.textContent = "";
        try {
            await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
            said.textContent = "Copied.";
        } catch {
            said.textContent = "The browser does not let this page copy.";
        }
    }),
);
