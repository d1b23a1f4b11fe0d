// Unfold measures its tabs while the page is still being laid out and may put all of them behind "…".
// Each resize lets it take one back; twenty are more than any page has.
window.addEventListener("load", () => {
    let left = 20;
    const measure = () => {
        window.dispatchEvent(new Event("resize"));
        left -= 1;
        if (left > 0) {
            requestAnimationFrame(measure);
        }
    };
    measure();
});

// Unfold's pages name no main part, and select2 names its fields by their value alone.
const nameField = (shown) => {
    const field = shown.closest(".select2-container")?.previousElementSibling;
    const label = field?.labels?.[0];
    const value = shown.querySelector(".select2-selection__rendered");
    if (label && value?.id) {
        label.id ||= `${field.id}-label`;
        shown.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
        value.removeAttribute("role");
        value.removeAttribute("aria-readonly");
    }
};
document.addEventListener("DOMContentLoaded", () => document.getElementById("main")?.setAttribute("role", "main"));
// select2 makes its fields at this same event, in a script that comes later.
window.addEventListener("load", () => setTimeout(() => document.querySelectorAll(".select2-selection--single").forEach(nameField)));
document.addEventListener("focusin", (event) => event.target.matches(".select2-selection--single") && nameField(event.target));
