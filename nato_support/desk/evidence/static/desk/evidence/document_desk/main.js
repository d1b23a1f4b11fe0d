// The desk: what is read, what is selected, and what each command does with it.

import { Form, shorten } from "./form.js";
import { commandOf, openSheet } from "./keys.js";
import { Queue } from "./queue.js";
import { Refusal, tell } from "./server.js";
import { rove } from "./toolbar.js";
import {
    area, blockAt, blocks, endOf, highlight, rangeOf, selected, sentenceAt, sentences, show, snap, startOf, steadily, step, trim,
    widenings, wordsBetween,
} from "./text.js";

const desk = JSON.parse(document.getElementById("desk-state").textContent);
const root = document.getElementById("desk");
const told = document.getElementById("desk-said");

// Where the reader is: `place` is what a command would act on; `caret` is there in caret mode only.
let place = null;
let edge = null;
let caret = null;
let widened = -1;
let cameFrom = [];

const form = desk.mayCapture ? new Form(desk, { saved: afterSaving, closed: (at) => focusText(at), said: say }) : null;
const queue = desk.mayCapture ? new Queue(desk, { edit: editSuggestion, saved: afterDeciding, said: say, confirm: sure }) : null;

function say(words, alarm = false) {
    told.textContent = words;
    told.classList.toggle("is-alarm", alarm);
}

// What is selected

function select(span, called) {
    place = span;
    highlight("desk-selection", span ? [span] : []);
    if (span) {
        show(span.start, span.end);
        if (called) {
            say(`${called}: ${shorten(wordsBetween(span.start, span.end), 200)}`);
        }
    }
}

function focusSentence(sentence) {
    if (!sentence) {
        return;
    }
    const before = area.querySelector('.s[tabindex="0"]');
    if (before) {
        before.tabIndex = -1;
    }
    sentence.tabIndex = 0;
    sentence.focus({ preventScroll: true });
    widened = -1;
    edge = null;
    document.getSelection()?.removeAllRanges();
    select({ start: startOf(sentence), end: endOf(sentence) });
}

function focusText(at) {
    focusSentence(sentenceAt(at ? Math.max(at.start, at.end - 1) : place?.start ?? Number(blocks()[0]?.dataset.start ?? 0)));
}

const current = () => document.activeElement?.closest?.(".s") ?? (place ? sentenceAt(place.start) : null);

function walk(by, grow) {
    const all = sentences();
    if (grow && place) {
        const last = all.findLastIndex((s) => startOf(s) < place.end);
        const to = all[last + by];
        if (by > 0 && to) {
            select({ start: place.start, end: endOf(to) }, "selected");
        } else if (by < 0 && to && startOf(to) >= place.start) {
            select({ start: place.start, end: endOf(to) }, "selected");
        }
        return;
    }
    const here = current();
    const at = here ? all.indexOf(here) + by : 0;
    focusSentence(all[Math.max(0, Math.min(all.length - 1, at))]);
}

function widen(by) {
    const here = current();
    if (!here) {
        return;
    }
    const mine = selected();
    const from = mine ?? { start: startOf(here) };
    const steps = widenings(from.start, mine?.end, queue?.all.filter((one) => one.kind === "quotation"));
    widened = Math.max(0, Math.min(steps.length - 1, widened + by));
    document.getSelection()?.removeAllRanges();
    select(steps[widened], steps[widened].called);
}

function moveEdge(forward, byWord) {
    const moved = step(place[edge === "begin" ? "start" : "end"], forward, byWord);
    const span = edge === "begin" ? { start: moved, end: place.end } : { start: place.start, end: moved };
    if (span.start < span.end) {
        select(span, edge === "begin" ? "begins" : "ends");
    }
}

// Caret mode: arrows as in any editor, on text that stays plain text.

function toggleCaret() {
    caret = caret === null ? { at: place?.start ?? startOf(sentences()[0]), from: null } : null;
    root.querySelector("[data-command=caret]")?.setAttribute("aria-pressed", String(caret !== null));
    showCaret();
    say(caret === null ? "Caret mode off" : "Caret mode on: arrows move, Shift selects, Enter captures");
}

function showCaret() {
    highlight("desk-current", caret === null ? [] : [{ start: caret.at, end: caret.at + 1 }]);
    if (caret !== null) {
        const span = caret.from === null ? null : trim(Math.min(caret.at, caret.from), Math.max(caret.at, caret.from));
        select(span);
        show(caret.at);
    }
}

function moveCaret(event) {
    const forward = event.key === "ArrowRight" || event.key === "ArrowDown";
    let at = caret.at;
    if (event.key === "Home" || event.key === "End") {
        const sentence = sentenceAt(at);
        at = event.key === "Home" ? startOf(sentence) : endOf(sentence);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        at = lineFrom(at, forward);
    } else {
        at = step(at, forward, event.ctrlKey || event.metaKey);
        if (at === caret.at) {
            // At the edge of a paragraph: on to the next one.
            const all = blocks();
            const next = all[all.indexOf(blockAt(Math.min(at, endOf(all.at(-1)) - 1))) + (forward ? 1 : -1)];
            at = next ? (forward ? startOf(next) : endOf(next)) : at;
        }
    }
    caret.from = event.shiftKey ? caret.from ?? caret.at : null;
    caret.at = at;
    showCaret();
}

function lineFrom(at, down) {
    const here = rangeOf(at, at + 1)?.getBoundingClientRect();
    if (!here) {
        return at;
    }
    for (let next = step(at, down, true), tries = 0; tries < 400; tries += 1) {
        const there = rangeOf(next, next + 1)?.getBoundingClientRect();
        if (there && (down ? there.top > here.top + 4 && there.left >= here.left - 12 : there.top < here.top - 4 && there.left <= here.left + 12)) {
            return next;
        }
        let after = step(next, down, true);
        if (after === next) {
            const all = blocks();
            const block = all[all.indexOf(blockAt(Math.max(0, next - (down ? 0 : 1)))) + (down ? 1 : -1)];
            if (!block) {
                return next;
            }
            after = down ? startOf(block) : endOf(block);
        }
        next = after;
    }
    return at;
}

// What is done

async function run(operation) {
    try {
        await operation();
    } catch (error) {
        if (!(error instanceof Refusal)) {
            throw error;
        }
        say(error.message, true);
    }
}

function capture(preset) {
    if (!form) {
        return;
    }
    const mine = selected();
    const span = mine ? snap(mine) : place;
    if (!span) {
        say("Select some words first.", true);
        return;
    }
    select(span);
    cameFrom.push(span);
    run(() => form.capture(span, wordsBetween(span.start, span.end), preset));
}

function editSuggestion(one) {
    const preset = { suggestion: one.key };
    let span = { start: one.start, end: one.end };
    const [holding] = one.kind === "quotation" ? [] : quotesAround(one);
    if (holding !== undefined) {
        // What is quoted already needs no second quote.
        cameFrom.push(span);
        run(() => form.openByKey(holding, "fact", one.key));
        return;
    }
    if (one.kind !== "quotation") {
        // What stands in a sentence is proved by the sentence.
        const first = sentenceAt(one.start);
        const last = sentenceAt(one.end - 1);
        span = { start: startOf(first), end: endOf(last) };
        preset.focus = "fact";
    }
    document.getSelection()?.removeAllRanges();
    select(span);
    run(() => form.capture(span, wordsBetween(span.start, span.end), preset));
}

function showChanged(answer) {
    const at = place?.start ?? 0;
    steadily(at, () => {
        for (const [start, html] of Object.entries(answer.blocks)) {
            const old = document.getElementById(`at${start}`);
            if (old) {
                old.outerHTML = html;
            }
        }
    });
    setStep("undo", answer.undo);
    setStep("redo", answer.redo);
    document.getElementById("desk-coverage").outerHTML = answer.coverage;
    drawCoverage();
}

// Widths as numbers of the style sheet's object model: a policy may forbid style attributes.
function drawCoverage() {
    for (const part of document.querySelectorAll(".coverage-bar span")) {
        part.style.flexGrow = part.dataset.share;
    }
}

function setStep(name, label) {
    const button = root.querySelector(`[data-command=${name}]`);
    if (button) {
        button.ariaDisabled = String(!label);
        button.title = label ? `${name === "undo" ? "Undo" : "Redo"}: ${label}` : "";
    }
}

function tellDone(answer) {
    say(answer.said);
    if (answer.contested?.length) {
        const links = answer.contested.flatMap((one) => [" ", Object.assign(document.createElement("a"), { href: one.address, textContent: `${one.name}, ${one.field}` })]);
        told.append(" Now contested:", ...links);
    }
}

function afterSaving(answer, how, at) {
    showChanged(answer);
    if (how === "saved" || how === "removed") {
        focusText(at ?? place);
        reloadQueue();
    }
    tellDone(answer);
}

function afterDeciding(answer, one) {
    showChanged(answer);
    if (!queue.current) {
        // The last row is gone, and the focus with it.
        focusText(one);
    }
    tellDone(answer);
}

const reloadQueue = () => queue?.load();

async function takeStep(name) {
    await run(async () => {
        const answer = await tell(desk.addresses[name], {});
        showChanged(answer);
        say(answer.said);
        await reloadQueue();
        focusText(place);
    });
}

function markRead() {
    const here = current();
    if (!here) {
        return;
    }
    const block = here.closest(".block");
    run(async () => {
        const answer = await tell(desk.addresses.markRead, { start: startOf(block), end: endOf(block) });
        showChanged(answer);
        const next = blocks()[blocks().findIndex((one) => startOf(one) === startOf(block)) + 1];
        focusSentence(next?.querySelector(".s") ?? sentenceAt(startOf(block)));
        say(answer.said);
    });
}

/** The quotes that hold all of a place, the shortest first. */
function quotesAround({ start, end }) {
    const pieces = new Map();
    for (const mark of area.querySelectorAll("mark.q")) {
        for (const key of mark.dataset.quotes.split(" ").map(Number)) {
            pieces.set(key, [...(pieces.get(key) ?? []), mark]);
        }
    }
    const wanted = rangeOf(start, end);
    const holds = ([, marks]) => {
        const range = document.createRange();
        range.setStartBefore(marks[0]);
        range.setEndAfter(marks.at(-1));
        return wanted && range.compareBoundaryPoints(Range.START_TO_START, wanted) <= 0 && range.compareBoundaryPoints(Range.END_TO_END, wanted) >= 0;
    };
    const size = ([, marks]) => marks.reduce((sum, mark) => sum + mark.textContent.length, 0);
    return [...pieces].filter(holds).sort((one, other) => size(one) - size(other)).map(([key]) => key);
}

const quotesAt = () => {
    const mine = place ?? selected();
    const keys = new Set();
    for (const mark of area.querySelectorAll("mark.q")) {
        const range = document.createRange();
        range.selectNodeContents(mark);
        const span = mine && rangeOf(mine.start, mine.end);
        if (span && range.compareBoundaryPoints(Range.END_TO_START, span) < 0 && range.compareBoundaryPoints(Range.START_TO_END, span) > 0) {
            mark.dataset.quotes.split(" ").forEach((key) => keys.add(key));
        }
    }
    return [...keys].map(Number);
};

function openQuote(key, focus) {
    if (form) {
        cameFrom.push(place);
        run(() => form.openByKey(key, focus));
    } else {
        document.getElementById(`note${key}`)?.scrollIntoView({ block: "center" });
    }
}

function linkHere() {
    const [key] = quotesAt();
    if (key === undefined) {
        say("No quote stands here.", true);
    } else {
        openQuote(key, "fact");
    }
}

function listHere() {
    const keys = quotesAt();
    const near = queue ? queue.shown.filter((one) => place && one.start < place.end && one.end > place.start) : [];
    const dialog = document.getElementById("desk-list");
    const rows = [
        ...keys.map((key) => [noteWords(key), () => openQuote(key)]),
        ...near.map((one) => [`suggestion: ${shorten(one.exact, 90)}`, () => queue.choose(one)]),
    ].map(([words, act]) => {
        const row = document.createElement("li");
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
        button.addEventListener("click", () => {
            dialog.close();
            act();
        });
        row.append(button);
        return row;
    });
    if (!rows.length) {
        say("Nothing stands at this place.");
        return;
    }
    document.getElementById("list-rows").replaceChildren(...rows);
    dialog.showModal();
    dialog.querySelector("button").focus();
}

const noteWords = (key) => {
    const note = document.getElementById(`note${key}`);
    return note ? `${note.querySelector("strong").textContent}: ${note.querySelector(".opening").textContent}` : `quote ${key}`;
};

function go(back) {
    if (back) {
        const span = cameFrom.pop();
        if (span) {
            focusSentence(sentenceAt(span.start));
            select(span);
        }
        return;
    }
    const [key] = quotesAt();
    const note = key === undefined ? null : document.getElementById(`note${key}`);
    if (note) {
        cameFrom.push(place);
        note.closest("details")?.setAttribute("open", "");
        note.querySelector("button").focus();
    } else {
        say("No quote stands here.", true);
    }
}

function find() {
    const box = document.getElementById("desk-find");
    if (box) {
        box.hidden = false;
        document.getElementById("find-words").focus();
        document.getElementById("find-words").select();
    }
}

let hits = [];
let hit = -1;

function findWords(words) {
    hits = [];
    const wanted = plain(words);
    if (wanted.trim()) {
        for (const block of blocks()) {
            const text = plain(block.querySelector(".words").textContent);
            for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
                const start = startOf(block) + [...text.slice(0, at)].length;
                hits.push({ start, end: start + [...wanted].length });
            }
        }
    }
    hit = hits.length ? 0 : -1;
    highlight("desk-hit", hits);
    document.getElementById("find-said").textContent = !wanted.trim() ? "" : hits.length ? `${hits.length} found; Enter selects` : "Not in this section, word for word; Find asks the server for the nearest words.";
    if (hits.length) {
        show(hits[0].start, hits[0].end);
    }
}

// Letter for letter the same length, so that places stay true.
const plain = (words) => words.toLowerCase().replace(/[“”„«»]/g, "\"").replace(/[‘’]/g, "'").replace(/[‐‑–—]/g, "-").replace(/\s/g, " ");

document.getElementById("find-words")?.addEventListener("input", (event) => findWords(event.target.value));
document.getElementById("desk-find")?.addEventListener("submit", (event) => {
    if (hits.length) {
        event.preventDefault();
        const span = hits[Math.max(hit, 0)];
        hit = (hit + 1) % hits.length;
        focusSentence(sentenceAt(span.start));
        select(span, "found");
        highlight("desk-hit", []);
    }
});

function hide() {
    const hidden = area.classList.toggle("is-plain");
    root.querySelector("[data-command=hide]").setAttribute("aria-pressed", String(hidden));
    say(hidden ? "Highlights hidden" : "Highlights shown");
}

function sure(title, words) {
    const dialog = document.getElementById("desk-ask");
    document.getElementById("ask-title").textContent = title;
    document.getElementById("ask-text").textContent = words;
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((done) => {
        dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
    });
}

const COMMANDS = {
    next: (event) => walk(1, event?.shiftKey),
    previous: (event) => walk(-1, event?.shiftKey),
    widen: (event) => widen(event?.shiftKey ? -1 : 1),
    begin: () => chooseEdge("begin"),
    end: () => chooseEdge("end"),
    caret: toggleCaret,
    capture: () => capture(),
    "next-suggestion": () => queue?.move(1, place?.start),
    "previous-suggestion": () => queue?.move(-1, place?.start),
    accept: () => queue?.accept(),
    reject: () => queue?.reject(),
    "reject-all": () => queue?.rejectAll(),
    link: linkHere,
    list: listHere,
    go: (event) => go(event?.shiftKey),
    read: markRead,
    hide,
    find,
    text: () => focusText(place),
    sheet: () => openSheet(perform),
    undo: () => takeStep("undo"),
    redo: () => takeStep("redo"),
    close: () => form?.close(),
    resume: () => {
        const draft = form.draft();
        if (draft) {
            const span = { start: draft.start, end: draft.end };
            if (wordsBetween(span.start, span.end) !== draft.exact) {
                say("The text is another by now: these words no longer stand there. The draft is kept.", true);
                return;
            }
            select(span);
            run(() => form.capture(span, draft.exact, { draft, suggestion: draft.suggestion }));
        }
    },
    forget: () => {
        form.forget();
        focusText(place);
        say("The draft is discarded.");
    },
};

/** A command chosen from the list of all: from where the reader was, as its key would do it. */
function perform(command, shiftKey) {
    area.querySelector('.s[tabindex="0"]')?.focus({ preventScroll: true });
    COMMANDS[command]({ shiftKey });
}

function chooseEdge(which) {
    if (!place) {
        return;
    }
    edge = which;
    say(`${which === "begin" ? "Beginning" : "End"} chosen: ← and → move it by word, with Shift by character`);
}

const typing = (element) => element?.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || event.defaultPrevented) {
        return;
    }
    const inside = !document.activeElement || document.activeElement === document.body || root.contains(document.activeElement);
    if (!inside) {
        return;
    }
    if (event.key === "Escape") {
        escape(event);
        return;
    }
    if (typing(event.target)) {
        return;
    }
    const letter = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !event.altKey && (letter === "z" || letter === "y" || event.code === "KeyZ" || event.code === "KeyY")) {
        const redo = letter === "y" || event.code === "KeyY" || event.shiftKey;
        if (desk.mayCapture) {
            event.preventDefault();
            COMMANDS[redo ? "redo" : "undo"]();
        }
        return;
    }
    if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") {
        if (edge && place && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
            event.preventDefault();
            moveEdge(event.key === "ArrowRight", !event.shiftKey);
        } else if (caret !== null) {
            event.preventDefault();
            moveCaret(event);
        }
        return;
    }
    if (event.key === "Enter" && !event.ctrlKey && !event.altKey && !event.metaKey) {
        const row = event.target.closest?.("#queue li[data-key]");
        if (row && event.target === row) {
            event.preventDefault();
            queue.edit_();
        } else if (!event.target.closest?.("button, a, summary") && (event.target.closest?.(".s") || event.target === document.body)) {
            event.preventDefault();
            capture();
        }
        return;
    }
    const command = commandOf(event);
    if (command) {
        event.preventDefault();
        COMMANDS[command](event);
    }
});

function escape(event) {
    const box = document.getElementById("desk-find");
    if (box && box.contains(event.target)) {
        box.hidden = true;
        highlight("desk-hit", []);
        focusText(place);
    } else if (form?.isOpen) {
        form.close();
    } else if (caret !== null) {
        toggleCaret();
    } else if (event.target.closest?.("#queue, .note")) {
        focusText(place);
    } else {
        edge = null;
        widened = -1;
        select(null);
    }
}

root.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-command]");
    if (button && !button.closest("#desk-form [data-command=remove]")) {
        COMMANDS[button.dataset.command]?.(event);
        return;
    }
    const open = event.target.closest("button[data-open]");
    if (open) {
        const note = open.closest(".note");
        const mark = area.querySelector(`mark[data-quotes~="${note.dataset.quote}"]`);
        if (mark) {
            show(startOf(mark.closest(".s") ?? mark.closest(".block")));
        }
        openQuote(Number(note.dataset.quote));
        return;
    }
    const hit_ = event.target.closest("a[data-from]");
    if (hit_) {
        const span = { start: Number(hit_.dataset.from), end: Number(hit_.dataset.to) };
        if (rangeOf(span.start, span.end)) {
            event.preventDefault();
            focusSentence(sentenceAt(span.start));
            select(span, "found");
        }
    }
});

// A click on the text, with nothing selected by it: the sentence becomes current, and a highlight opens its quote.
area.addEventListener("click", (event) => {
    if (!document.getSelection().isCollapsed || event.target.closest("a, button, summary, form")) {
        return;
    }
    const sentence = event.target.closest(".s");
    if (sentence) {
        focusSentence(sentence);
    }
    const mark = event.target.closest("mark.q");
    if (mark) {
        const keys = mark.dataset.quotes.split(" ").map(Number);
        place = { start: startOf(sentence), end: endOf(sentence) };
        if (keys.length === 1) {
            openQuote(keys[0]);
        } else {
            listHere();
        }
    }
});

// The snapped range is shown before the mouse is let go.
document.addEventListener("selectionchange", () => {
    const mine = selected();
    if (mine) {
        place = snap(mine);
        edge = null;
        highlight("desk-selection", [place]);
    }
});

area.addEventListener("focusin", (event) => {
    const sentence = event.target.closest(".s");
    if (sentence && (!place || startOf(sentence) >= place.end || endOf(sentence) <= place.start)) {
        select({ start: startOf(sentence), end: endOf(sentence) });
    }
});

area.addEventListener("mouseover", (event) => {
    const note = event.target.closest(".note");
    const spans = note ? [...area.querySelectorAll(`mark[data-quotes~="${note.dataset.quote}"]`)] : [];
    for (const mark of area.querySelectorAll("mark.is-pointed")) {
        mark.classList.remove("is-pointed");
    }
    for (const mark of spans) {
        mark.classList.add("is-pointed");
    }
});

// Where to begin: at the place that the address names, else at the first sentence.
function begin() {
    const span = location.hash.match(/^#from(\d+)-(\d+)$/);
    const key = location.hash.match(/^#q(\d+)$/)?.[1];
    if (key) {
        const mark = area.querySelector(`mark[data-quotes~="${key}"]`);
        const sentence = mark?.closest(".s") ?? mark?.closest(".block")?.querySelector(".s");
        document.getElementById(`note${key}`)?.classList.add("is-target");
        document.getElementById(`note${key}`)?.closest("details")?.setAttribute("open", "");
        for (const piece of area.querySelectorAll(`mark[data-quotes~="${key}"]`)) {
            piece.classList.add("is-pointed");
        }
        if (sentence) {
            focusSentence(sentence);
            mark.scrollIntoView({ block: "center" });
        }
    } else if (span) {
        focusSentence(sentenceAt(Number(span[1])));
        select({ start: Number(span[1]), end: Number(span[2]) }, "found");
    } else if (!document.getElementById("find-words")?.value) {
        const first = sentences()[0];
        if (first) {
            first.tabIndex = 0;
        }
    }
}

rove(root.querySelector("[role=toolbar]"));
addEventListener("hashchange", begin);
setStep("undo", desk.undo);
setStep("redo", desk.redo);
begin();
drawCoverage();
queue?.load();
form?.showDraft();
root.dataset.ready = "true";
