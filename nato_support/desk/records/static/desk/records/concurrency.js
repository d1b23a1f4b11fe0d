// Presence of others, a copy of unsaved changes in this browser, and the page of conflicts.

document.addEventListener("DOMContentLoaded", () => {
    // Saving once

    const PING = 12_000;
    const SLOW_PING = 60_000;
    const FIRST_TYPED = 2_000;
    const KEPT_FOR = 14 * 24 * 3600 * 1000;

    const presence = document.getElementById("presence");
    const form = document.querySelector("form.warn-unsaved-form") ?? document.getElementById("conflict");
    let saving = false;

    form?.addEventListener("submit", (event) => {
        if (saving) {
            event.preventDefault();
            return;
        }
        saving = true;
    });
    // The user returned to this page, or no answer came.
    const maySaveAgain = () => {
        saving = false;
    };
    window.addEventListener("pageshow", maySaveAgain);
    window.addEventListener("offline", maySaveAgain);
    document.addEventListener("input", maySaveAgain);

    // Presence

    const left = JSON.parse(sessionStorage["register-left"] ?? "null");
    sessionStorage.removeItem("register-left");
    if (left && left.page !== presence?.dataset.record) {
        navigator.sendBeacon(left.url, new URLSearchParams(left.body));
    }

    if (presence) {
        const windowKey = "register-window";
        // A window keeps its name over reloads; a duplicated tab has the same name, and is detected because both are open.
        sessionStorage[windowKey] ||= crypto.randomUUID?.() ?? String(Math.random()).slice(2);
        const me = sessionStorage[windowKey];
        let typed = false;
        let timer = 0;
        let token = presence.dataset.token;

        const pingBody = () => {
            const body = new URLSearchParams({ token, window: me, version: presence.dataset.version });
            body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
            return body;
        };
        const show = (answer) => {
            token = answer.token ?? token;
            presence.querySelector("[data-there]").textContent = answer.there.join(" ");
            presence.querySelector("[data-saved]").textContent = answer.saved;
            presence.hidden = !answer.there.length && !answer.saved;
        };
        const ping = async () => {
            clearTimeout(timer);
            if (!saving) {
                const body = pingBody();
                if (typed) {
                    body.set("typed", "1");
                }
                typed = false;
                try {
                    const response = await fetch(presence.dataset.url, { method: "POST", body });
                    if (response.ok && !saving) {
                        show(await response.json());
                    }
                } catch {
                    // Offline: the next ping reports it.
                }
            }
            clearTimeout(timer);
            timer = setTimeout(ping, document.hidden ? SLOW_PING : PING);
        };
        form?.addEventListener("input", () => {
            typed = true;
            if (!presence.dataset.typed) {
                presence.dataset.typed = "1";
                setTimeout(ping, FIRST_TYPED);
            }
        });
        document.addEventListener("visibilitychange", () => document.hidden || ping());
        window.addEventListener("pagehide", () => {
            const body = pingBody();
            body.set("leaving", "1");
            if (saving) {
                // No ping during a save: the page that answers it reports its own presence.
                sessionStorage["register-left"] = JSON.stringify({ page: presence.dataset.record, url: presence.dataset.url, body: String(body) });
            } else {
                navigator.sendBeacon(presence.dataset.url, body);
            }
        });
        ping();
    }

    // Copy of unsaved changes, in this browser only

    const forget = (record) => localStorage.removeItem(`register-unsaved:${record}`);
    // The response to a save names the record, whose copy is deleted.
    const [, savedRecord] = /(?:^|; )register-saved=([^;]*)/.exec(document.cookie) ?? [];
    if (savedRecord) {
        forget(decodeURIComponent(savedRecord));
        document.cookie = "register-saved=; max-age=0; path=/admin/";
    }

    if (presence && form) {
        const key = `register-unsaved:${presence.dataset.user}:${presence.dataset.record}`;
        const bar = document.getElementById("recovery");
        const skipped = /^(csrfmiddlewaretoken|_base|.*-(INITIAL|MIN_NUM|MAX_NUM)_FORMS)$/;
        const formValues = () => {
            const found = {};
            for (const [name, value] of new FormData(form)) {
                if (!skipped.test(name) && typeof value === "string" && !name.includes("__prefix__")) {
                    (found[name] ??= []).push(value);
                }
            }
            return found;
        };
        const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
        let before = formValues();
        // select2 and Unfold fill in their fields while the page loads.
        window.addEventListener("load", () => setTimeout(() => { before = formValues(); }));

        const read = () => {
            try {
                return JSON.parse(localStorage.getItem(key));
            } catch {
                return null;
            }
        };
        const keep = () => {
            try {
                const now = formValues();
                if (same(now, before)) {
                    localStorage.removeItem(key);
                } else {
                    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: now, before }));
                }
            } catch {
                // Storage is full or not allowed; the page works without the copy.
            }
        };
        let due = 0;
        const later = () => {
            clearTimeout(due);
            due = setTimeout(keep, 400);
        };
        form.addEventListener("input", later);
        form.addEventListener("change", later);
        form.addEventListener("submit", () => {
            clearTimeout(due);
            keep();
        });

        const changed = (copy) => Object.keys(copy.values).filter((name) => !same(copy.values[name], copy.before[name]) && !same(copy.values[name], before[name]));
        const fill = (copy) => {
            // Rows that were new at that time are not on this page yet.
            for (const [name, [total]] of Object.entries(copy.values).filter(([field]) => field.endsWith("-TOTAL_FORMS"))) {
                const prefix = name.slice(0, -"-TOTAL_FORMS".length);
                const add = document.querySelector(`#${CSS.escape(prefix)}-group .add-row a, #${CSS.escape(prefix)}-group a.add-row`);
                for (let at = Number(form.elements[name]?.value ?? total); add && at < Number(total); at += 1) {
                    add.click();
                }
            }
            for (const name of changed(copy)) {
                const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
                for (const field of fields) {
                    if (field.type === "checkbox" || field.type === "radio") {
                        field.checked = copy.values[name].includes(field.value);
                    } else if (field instanceof HTMLSelectElement) {
                        for (const value of copy.values[name]) {
                            if (![...field.options].some((option) => option.value === value)) {
                                field.add(new Option(value, value));
                            }
                        }
                        for (const option of field.options) {
                            option.selected = copy.values[name].includes(option.value);
                        }
                    } else if (!name.endsWith("-TOTAL_FORMS")) {
                        [field.value] = copy.values[name];
                    }
                    field.dispatchEvent(new Event("input", { bubbles: true }));
                    field.dispatchEvent(new Event("change", { bubbles: true }));
                }
            }
        };
        const offer = () => {
            const copy = read();
            const old = copy && Date.now() - copy.at > KEPT_FOR;
            // The page of a refused save already contains what was typed.
            const answered = document.querySelector(".errornote, .errorlist");
            if (!copy || old || answered || !changed(copy).length) {
                if (copy && !answered) {
                    localStorage.removeItem(key);
                }
                return;
            }
            const text = document.createElement("p");
            const when = new Date(copy.at).toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });
            text.textContent = `You have unsaved changes from ${when} (${changed(copy).length} field${changed(copy).length > 1 ? "s" : ""}).`;
            const button = (words, act, primary) => {
                const made = document.createElement("button");
                made.type = "button";
                made.textContent = words;
                made.className = primary ? "primary" : "";
                made.addEventListener("click", () => {
                    bar.replaceChildren();
                    act();
                });
                return made;
            };
            bar.replaceChildren(
                text,
                button("Restore", () => fill(copy), true),
                button("Discard", () => localStorage.removeItem(key)),
            );
        };
        window.addEventListener("load", () => setTimeout(offer));
    }

    // Page of conflicts

    const conflict = document.getElementById("conflict");
    if (conflict) {
        const conflicts = [...conflict.querySelectorAll("[data-conflict]")];
        const left = conflict.querySelector("[data-left]");
        const count = () => {
            const open = conflicts.filter((conflictField) => !conflictField.querySelector("input[type=radio]:checked"));
            conflicts.forEach((conflictField) => conflictField.classList.toggle("made", !open.includes(conflictField)));
            left.textContent = open.length ? `${open.length} conflict${open.length > 1 ? "s" : ""} left.` : "All conflicts are resolved.";
            return open;
        };
        conflict.addEventListener("change", (event) => {
            if (event.target.type === "radio") {
                count();
                if (event.target.value === "own") {
                    event.target.closest("[data-conflict]").querySelector("[data-own] :is(input:not([type=hidden]), textarea, select)")?.focus();
                }
            }
        });
        conflict.addEventListener("submit", (event) => {
            const [first] = count();
            if (first) {
                event.preventDefault();
                saving = false;
                left.textContent = `${left.textContent} Choose one option in each.`;
                first.querySelector("input[type=radio]").focus();
            }
        });
        // 1 to 4 select an option of the current choice, from elsewhere on the page one of the first open choice; n and p move to
        // the next and the previous choice. Outside the choices the keys can be switched off as all single keys.
        document.addEventListener("keydown", (event) => {
            const typing = event.target.matches("textarea, select, input:not([type=radio])");
            const focused = event.target.closest("[data-conflict]");
            const isOff = !focused && document.getElementById("keys")?.dataset.singleKeys === "off";
            if (typing || isOff || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) {
                return;
            }
            const open = conflicts.find((conflictField) => !conflictField.querySelector("input[type=radio]:checked"));
            const here = focused ?? (/^\d$/.test(event.key) ? open : undefined);
            const pick = here?.querySelector(`[data-choice-key="${CSS.escape(event.key)}"]`);
            if (pick) {
                pick.click();
                pick.focus();
                event.preventDefault();
            } else if (event.key === "n" || event.key === "p") {
                const at = conflicts.indexOf(here) + (event.key === "n" ? 1 : -1);
                conflicts[Math.max(0, Math.min(at, conflicts.length - 1))]?.querySelector("input[type=radio]").focus();
                event.preventDefault();
            }
        });
        conflict.querySelector("[data-discard]").addEventListener("click", () => forget(conflict.dataset.record));
        document.getElementById("conflict-title").focus();
    }

    document.addEventListener("click", async (event) => {
        const button = event.target.closest("[data-copy]");
        if (button) {
            const text = document.getElementById(button.dataset.copy);
            try {
                await navigator.clipboard.writeText(text.value);
                button.textContent = "Copied";
            } catch {
                text.hidden = false;
                text.select();
            }
        }
    });
});
