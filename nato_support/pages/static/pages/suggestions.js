// Names that begin as typed, below the search fields. Without this script the search works all the same.

const WAIT_MILLISECONDS = 150;

function suggestFor(field, list) {
    let timer, latest = 0;
    field.setAttribute("list", list.id);
    field.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => fill(field.value.trim()), WAIT_MILLISECONDS);
    });

    async function fill(typed) {
        const asked = ++latest;
        if (typed.length < 2) { list.replaceChildren(); return; }
        try {
            const response = await fetch(`/api/v1/suggest/?q=${encodeURIComponent(typed)}`);
            const answer = response.ok ? await response.json() : { results: [] };
            if (asked !== latest) return;
            list.replaceChildren(...answer.results.map(result => Object.assign(document.createElement("option"), { value: result.name })));
        } catch {
            list.replaceChildren();
        }
    }
}

document.querySelectorAll("form[role=search] input[type=search]").forEach((field, at) => {
    const list = Object.assign(document.createElement("datalist"), { id: `suggestions-${at}` });
    field.after(list);
    suggestFor(field, list);
});
