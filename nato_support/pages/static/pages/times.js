// A slider over the days on which links begin or end. Without this script there are links, which it keeps beside it.

const WAIT_MILLISECONDS = 120;
const words = new Intl.DateTimeFormat(document.documentElement.lang || "en", { dateStyle: "long", timeZone: "UTC" });

function slide(nav) {
    const { path, shown, label, always } = nav.dataset;
    const days = ["", ...nav.dataset.days.split(" ")];
    const field = Object.assign(document.createElement("input"), { type: "range", min: 0, max: days.length - 1, step: 1 });
    // A month or a year stands at the last change before its end.
    field.value = shown ? Math.max(0, days.findLastIndex((day) => day <= `${shown}~`)) : 0;
    field.setAttribute("aria-label", label);
    // Not an output: the slider itself tells its value to those who hear the page.
    const output = document.createElement("strong");
    const holder = document.createElement("label");
    holder.className = "slider";
    holder.append(`${label} `, output, field);
    nav.prepend(holder);
    let timer, asked = 0;

    const day = () => days[field.value];
    const tell = (time) => {
        const text = time && !days.includes(time) ? time : day() ? words.format(new Date(day())) : always;
        output.textContent = text;
        field.setAttribute("aria-valuetext", text);
    };
    field.addEventListener("input", () => {
        tell("");
        clearTimeout(timer);
        timer = setTimeout(draw, WAIT_MILLISECONDS);
    });

    async function draw() {
        const mine = ++asked;
        const address = day() ? `${path}${path.includes("?") ? "&" : "?"}active_on=${day()}` : path;
        const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
        if (mine !== asked) return;
        if (!answer?.ok) { location.assign(address); return; }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (mine !== asked) return;
        const fresh = page.querySelector(".times")?.parentElement;
        if (!fresh) { location.assign(address); return; }
        const section = nav.parentElement;
        const wasOpen = section.querySelector("details")?.open;
        const links = fresh.querySelector(".times");
        while (nav.nextSibling) nav.nextSibling.remove();
        while (links.nextSibling) nav.parentElement.append(links.nextSibling);
        nav.querySelectorAll("ul").forEach((list) => list.remove());
        nav.append(...links.querySelectorAll("ul"));
        if (wasOpen) section.querySelector("details").open = true;
        if (location.pathname === path.split("?")[0]) {
            history.replaceState(null, "", address);
            document.title = page.title;
            const heading = document.querySelector("h1");
            if (heading) heading.textContent = page.querySelector("h1").textContent;
        }
    }

    tell(shown);
}

document.querySelectorAll(".times").forEach(slide);
