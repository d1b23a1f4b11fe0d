// Preview of a merge: shows the chosen values as the result, and the number of choices left.

const fields = document.querySelector(".merging table.fields")

fields?.addEventListener("change", event => {
    const row = event.target.closest("tr")
    const result = row.querySelector("output")
    if (result) {
        result.textContent = event.target.closest("label").querySelector("span").textContent
        result.classList.remove("choose")
    }
    row.classList.remove("open")
    const count = document.querySelector(".merging h2 .count")
    if (count) {
        const left = fields.querySelectorAll("tr.open").length
        count.textContent = left ? `${left} to choose` : "all chosen"
        count.classList.toggle("done", left === 0)
    }
})
