// Makes Unfold's pages usable with the keyboard and with screen readers.
// In a block, since top-level names of scripts are global.
{
    // Unfold measures its tabs while the page is still being laid out and may put all of them behind "…".
    // Each resize lets it show one more tab; no page has more than twenty.
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

    // Browsers give up on autofocus in a part that is still hidden while Unfold lays out the page.
    window.addEventListener("load", () => {
        const field = [...document.querySelectorAll("[autofocus]")].find((element) => !element.closest("dialog"));
        document.activeElement === document.body && field?.focus();
    });

    // Clickable elements that are not buttons: focusable, pressed by Enter and the space bar, and with the role of a button.
    const PRESSED = "[x-on\\:click]:not(a[href], button, input, label, select, textarea, summary, [id$=-close])";
    const makeButton = (thing) => {
        if (thing.querySelector("a[href], button, input, select, textarea") || thing.hasAttribute("tabindex")) {
            return;
        }
        let button = thing;
        if (thing.matches("h1, h2, h3, h4")) {
            // A heading stays a heading: the button is inside it.
            button = document.createElement("span");
            button.className = "pressed-heading";
            button.append(...thing.childNodes);
            thing.append(button);
        }
        button.setAttribute("role", "button");
        button.tabIndex = 0;
        button.addEventListener("keydown", (event) => {
            if (event.target === button && (event.key === "Enter" || event.key === " ")) {
                event.preventDefault();
                button.click();
            }
        });
    };
    // An icon is a word in an icon font, hidden from screen readers; buttons with nothing else get a name.
    const ICONS = {
        add: "Add", arrow_back: "Back to the list", arrow_circle_down: "Sort the other way", arrow_circle_up: "Sort the other way", cancel: "Do not sort by this",
        fact_check: "Front page", filter_list: "Filters", more_horiz: "More tabs", more_vert: "Add or change what is chosen here", unfold_more: "Account",
    };
    const nameIcon = (icon) => {
        const word = icon.textContent.trim();
        icon.setAttribute("aria-hidden", "true");
        const holder = icon.closest("a, button, [role=button]");
        if (holder && !holder.ariaLabel && holder.textContent.trim() === word) {
            holder.setAttribute("aria-label", holder.title || ICONS[word] || word.replaceAll("_", " "));
        }
    };

    // Unfold wraps scrollable content in regions that all have the same name.
    const nameScroller = (region) => {
        const table = region.querySelector("table");
        const filters = region.closest("#changelist-filter");
        if (region.closest("nav")) {
            region.removeAttribute("role");
            region.removeAttribute("aria-label");
        } else {
            region.setAttribute("aria-label", table?.caption?.textContent.trim() || (filters ? "Filters" : table ? "Rows of the list" : "Content that scrolls"));
        }
    };

    // select2 names its fields by their value only.
    const nameField = (shown) => {
        const field = shown.closest(".select2-container")?.previousElementSibling;
        const label = field?.labels?.[0];
        if (!label) {
            return;
        }
        label.id ||= `${field.id}-label`;
        const value = shown.querySelector(".select2-selection__rendered");
        if (shown.matches(".select2-selection--multiple")) {
            shown.setAttribute("aria-labelledby", label.id);
            shown.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
        } else if (value?.id) {
            shown.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
            value.removeAttribute("role");
            value.removeAttribute("aria-readonly");
        }
    };

    // An invalid cell is described by the error under it.
    const describeErrors = () =>
        document.querySelectorAll("[aria-invalid=true]").forEach((field) => {
            const error = field.closest(".group, .field-row, td, .form-row, div")?.querySelector(".text-red-600, .errorlist");
            if (error && field.id) {
                error.id ||= `${field.id}-wrong`;
                field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), error.id].filter(Boolean).join(" "));
            }
        });
    const nameOf = (field) => field.ariaLabel || field.labels?.[0]?.textContent.replace("*", "").trim() || field.name;
    // Errors are listed at the top too, each with a link to its field.
    const summarise = () => {
        const note = document.querySelector("#content-main .errornote");
        const wrong = [...document.querySelectorAll("[aria-invalid=true]")];
        if (!note || !wrong.length) {
            return;
        }
        const list = document.createElement("ul");
        list.className = "error-links";
        for (const field of wrong) {
            const error = document.getElementById(field.getAttribute("aria-describedby")?.split(" ").at(-1));
            const link = document.createElement("a");
            link.href = `#${field.id}`;
            link.textContent = `${nameOf(field)}: ${error?.textContent.trim() ?? "not valid"}`;
            link.addEventListener("click", (event) => {
                event.preventDefault();
                const tab = field.closest("[x-show*=activeTab]")?.getAttribute("x-show").match(/'([^']+)'/)?.[1] ?? "general";
                document.querySelector(`#tabs-items a[href="#${tab}"]`)?.click();
                requestAnimationFrame(() => field.focus());
            });
            const item = document.createElement("li");
            item.append(link);
            list.append(item);
        }
        note.after(list);
        note.tabIndex = -1;
        note.focus();
    };

    // Lists edited in place: up and down go to the same cell of the next row, Escape restores its value.
    const cellKeys = (event) => {
        const cell = event.target;
        if (!cell.matches?.("#result_list [data-cell]") || event.altKey || event.ctrlKey || event.metaKey) {
            return;
        }
        if (event.key === "Escape") {
            event.preventDefault();
            if (cell.matches("select")) {
                cell.value = [...cell.options].find((option) => option.defaultSelected)?.value ?? cell.value;
            } else {
                cell.value = cell.defaultValue;
            }
            cell.dispatchEvent(new Event("change", { bubbles: true }));
        } else if (cell.matches("input") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
            const column = [...document.querySelectorAll(`#result_list [data-cell="${cell.dataset.cell}"]`)];
            const next = column[column.indexOf(cell) + (event.key === "ArrowDown" ? 1 : -1)];
            if (next) {
                event.preventDefault();
                next.focus();
                next.select?.();
            }
        }
    };
    document.addEventListener("keydown", cellKeys);
    document.addEventListener("input", (event) => {
        const cell = event.target;
        cell.matches("#result_list [data-cell]") && cell.toggleAttribute("data-touched", cell.value !== cell.defaultValue);
    });

    // Buttons that copy the citation of a quote: the desk says so in its status line, other pages beside the button.
    document.addEventListener("click", async (event) => {
        const button = event.target.closest?.("[data-cite]");
        if (!button) {
            return;
        }
        const status = document.getElementById("desk-status") ?? button.previousElementSibling;
        status.textContent = "";
        try {
            await navigator.clipboard.writeText(button.dataset.cite);
            status.textContent = "Citation copied.";
        } catch {
            status.textContent = `Your browser blocked copying. ${button.dataset.cite}`;
        }
    });

    const label = (id, words) => document.getElementById(id)?.setAttribute("aria-label", words);
    document.addEventListener("DOMContentLoaded", () => {
        label("nav-sidebar-inner", "Sidebar");
        label("tabs-items", "Parts of this page");
        label("tabs-dropdown", "More parts of this page");
        // The button that clears all values is inside a list, where only the values themselves are allowed.
        document.querySelectorAll("select[multiple][data-allow-clear]").forEach((field) => (field.dataset.allowClear = "false"));
        document.querySelectorAll(PRESSED).forEach(makeButton);
        document.querySelectorAll(".material-symbols-outlined").forEach(nameIcon);
        describeErrors();
        summarise();
    });
    // select2 and simplebar create their elements on the same event, in later scripts.
    window.addEventListener("load", () =>
        setTimeout(() => {
            document.querySelectorAll(".select2-selection").forEach(nameField);
            document.querySelectorAll(".simplebar-content-wrapper").forEach(nameScroller);
        }),
    );
    // When a new row is removed, Unfold copies those after it as text, which has neither what was typed nor working pickers.
    // select2's own jQuery, which is loaded after this script.
    const $ = (...given) => window.django.jQuery(...given);
    const writeDown = (field) => {
        if (field.matches("textarea")) {
            field.defaultValue = field.value;
        } else if (field.matches("select")) {
            field.matches(".select2-hidden-accessible") && $(field).select2("destroy");
            [...field.options].forEach((option) => option.toggleAttribute("selected", option.selected));
        } else if (field.matches("[type=checkbox], [type=radio]")) {
            field.toggleAttribute("checked", field.checked);
        } else if (!field.matches("[type=file]")) {
            field.setAttribute("value", field.value);
        }
    };
    const writeDownRowsAfter = (event) => {
        const rows = [...(event.target.closest?.(".delete-template")?.closest(".formset")?.querySelectorAll(":scope > .form-group:not(.empty-form)") ?? [])];
        const removed = rows.findIndex((row) => row.contains(event.target));
        rows.slice(removed + 1).forEach((row) => row.querySelectorAll("input[name], select[name], textarea[name]").forEach(writeDown));
    };
    // Before Unfold's own listener on the button.
    document.addEventListener("click", writeDownRowsAfter, { capture: true });
    document.addEventListener("formset:removed", () => {
        const pickers = document.querySelectorAll(".admin-autocomplete:not([name*=__prefix__], .select2-hidden-accessible)");
        pickers.length && $(pickers).djangoAdminSelect2();
        setTimeout(() => document.querySelectorAll(".select2-selection").forEach(nameField));
    });
    // Those of a row that was added.
    document.addEventListener("formset:added", (event) => setTimeout(() => {
        document.querySelectorAll(".select2-selection").forEach(nameField);
        // The cursor goes to the first field of a row that was asked for.
        const fields = event.target.querySelectorAll?.("input:not([type=hidden], [type=checkbox]), select:not(.select2-hidden-accessible), textarea, .select2-selection");
        document.activeElement?.closest(".add-row") && [...fields ?? []].find((field) => field.checkVisibility())?.focus();
    }));
    document.addEventListener("focusin", (event) => event.target.matches(".select2-selection, .select2-search__field") && nameField(event.target.closest(".select2-selection") ?? event.target));
}
