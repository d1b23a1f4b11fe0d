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
