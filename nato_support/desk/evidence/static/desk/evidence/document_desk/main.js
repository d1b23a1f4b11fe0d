// The document desk: the current selection, and the commands that act on it.

import { Form, shorten } from "./form.js";
import { commandOf, openSheet } from "./keys.js";
import { Queue } from "./queue.js";
import { Refusal, postJson } from "./server.js";
import { makeRovingToolbar } from "./toolbar.js";
import {
    area, blockAt, blocks, browserSelection, endOf, expansions, highlight, keepScrollPosition, nextBoundary, rangeOf, scrollIntoSight,
    sentenceAt, sentences, snapToWords, startOf, trim, wordsBetween,
} from "./text.js";

const desk = JSON.parse(document.getElementById("desk-state").textContent);
const root = document.getElementById("desk");
const statusLine = document.getElementById("desk-status");

// `place` is the range that a command acts on, `edge` the end of it that arrows move, `caret` the text cursor while it is on.
let place = null;
let edge = null;
let caret = null;
let expansion = -1;
let visitedPlaces = [];

const form = desk.mayCapture ? new Form(desk, { onSaved: afterSaving, onClosed: (range) => focusText(range) }) : null;
const queue = desk.mayCapture ? new Queue(desk, { edit: editSuggestion, onSaved: afterDeciding, announce, confirm: askToConfirm }) : null;

function announce(text, isAlarm = false) {
    statusLine.textContent = text;
    statusLine.classList.toggle("is-alarm", isAlarm);
}

// Selection

function select(span, label) {
    place = span;
    highlight("desk-selection", span ? [span] : []);
    if (span) {
        scrollIntoSight(span.start, span.end);
        if (label) {
            announce(`${label}: ${shorten(wordsBetween(span.start, span.end), 200)}`);
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
    expansion = -1;
    edge = null;
    document.getSelection()?.removeAllRanges();
    select({ start: startOf(sentence), end: endOf(sentence) });
}

function focusText(range) {
    focusSentence(sentenceAt(range ? Math.max(range.start, range.end - 1) : place?.start ?? Number(blocks()[0]?.dataset.start ?? 0)));
}

const currentSentence = () => document.activeElement?.closest?.(".s") ?? (place ? sentenceAt(place.start) : null);

function moveBySentence(by, grow) {
    const all = sentences();
    if (grow && place) {
        const last = all.findLastIndex((s) => startOf(s) < place.end);
        const to = all[last + by];
        if (by > 0 && to) {
            select({ start: place.start, end: endOf(to) }, "Selected");
        } else if (by < 0 && to && startOf(to) >= place.start) {
            select({ start: place.start, end: endOf(to) }, "Selected");
        }
        return;
    }
    const here = currentSentence();
    const at = here ? all.indexOf(here) + by : 0;
    focusSentence(all[Math.max(0, Math.min(all.length - 1, at))]);
}

function expandSelection(by) {
    const here = currentSentence();
    if (!here) {
        return;
    }
    const selection = browserSelection();
    const start = selection?.start ?? startOf(here);
    const ranges = expansions(start, selection?.end, queue?.all.filter((suggestion) => suggestion.kind === "quotation"));
    expansion = Math.max(0, Math.min(ranges.length - 1, expansion + by));
    document.getSelection()?.removeAllRanges();
    select(ranges[expansion], ranges[expansion].label);
}

function moveEdge(forward, byWord) {
    const moved = nextBoundary(place[edge === "begin" ? "start" : "end"], forward, byWord);
    const span = edge === "begin" ? { start: moved, end: place.end } : { start: place.start, end: moved };
    if (span.start < span.end) {
        select(span, edge === "begin" ? "Start moved" : "End moved");
    }
}

// Text cursor: arrows as in any editor, while the text stays plain text.

function toggleCaret() {
    caret = caret === null ? { at: place?.start ?? startOf(sentences()[0]), from: null } : null;
    root.querySelector("[data-command=caret]")?.setAttribute("aria-pressed", String(caret !== null));
    showCaret();
    announce(caret === null ? "Text cursor off" : "Text cursor on: arrows move, Shift selects, Enter captures");
}

function showCaret() {
    highlight("desk-current", caret === null ? [] : [{ start: caret.at, end: caret.at + 1 }]);
    if (caret !== null) {
        const span = caret.from === null ? null : trim(Math.min(caret.at, caret.from), Math.max(caret.at, caret.from));
        select(span);
        scrollIntoSight(caret.at);
    }
}

function moveCaret(event) {
    const forward = event.key === "ArrowRight" || event.key === "ArrowDown";
    let at = caret.at;
    if (event.key === "Home" || event.key === "End") {
        const sentence = sentenceAt(at);
        at = event.key === "Home" ? startOf(sentence) : endOf(sentence);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        at = offsetOnNextLine(at, forward);
    } else {
        at = nextBoundary(at, forward, event.ctrlKey || event.metaKey);
        if (at === caret.at) {
            // At the edge of a paragraph, continue in the next one.
            const all = blocks();
            const next = all[all.indexOf(blockAt(Math.min(at, endOf(all.at(-1)) - 1))) + (forward ? 1 : -1)];
            at = next ? (forward ? startOf(next) : endOf(next)) : at;
        }
    }
    caret.from = event.shiftKey ? caret.from ?? caret.at : null;
    caret.at = at;
    showCaret();
}

function offsetOnNextLine(at, down) {
    const here = rangeOf(at, at + 1)?.getBoundingClientRect();
    if (!here) {
        return at;
    }
    for (let next = nextBoundary(at, down, true), tries = 0; tries < 400; tries += 1) {
        const there = rangeOf(next, next + 1)?.getBoundingClientRect();
        if (there && (down ? there.top > here.top + 4 && there.left >= here.left - 12 : there.top < here.top - 4 && there.left <= here.left + 12)) {
            return next;
        }
        let after = nextBoundary(next, down, true);
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

// Commands

async function announceRefusals(operation) {
    try {
        await operation();
    } catch (error) {
        if (!(error instanceof Refusal)) {
            throw error;
        }
        announce(error.message, true);
    }
}

function capture(preset) {
    if (!form) {
        return;
    }
    const selection = browserSelection();
    const span = selection ? snapToWords(selection) : place;
    if (!span) {
        announce("Select some words first.", true);
        return;
    }
    select(span);
    visitedPlaces.push(span);
    announceRefusals(() => form.capture(span, wordsBetween(span.start, span.end), preset));
}

function editSuggestion(suggestion) {
    const preset = { suggestion: suggestion.key };
    let span = { start: suggestion.start, end: suggestion.end };
    const [containing] = suggestion.kind === "quotation" ? [] : quotesAround(suggestion);
    if (containing !== undefined) {
        // A passage that is quoted already needs no second quote.
        visitedPlaces.push(span);
        announceRefusals(() => form.openByKey(containing, "fact", suggestion.key));
        return;
    }
    if (suggestion.kind !== "quotation") {
        // The evidence for a fact is the whole sentence.
        const first = sentenceAt(suggestion.start);
        const last = sentenceAt(suggestion.end - 1);
        span = { start: startOf(first), end: endOf(last) };
        preset.focus = "fact";
    }
    document.getSelection()?.removeAllRanges();
    select(span);
    announceRefusals(() => form.capture(span, wordsBetween(span.start, span.end), preset));
}

function showChanged(answer) {
    keepScrollPosition(place?.start ?? 0, () => {
        for (const [start, html] of Object.entries(answer.blocks)) {
            const old = document.getElementById(`at${start}`);
            if (old) {
                old.outerHTML = html;
            }
        }
    });
    labelStepButton("undo", answer.undo);
    labelStepButton("redo", answer.redo);
    document.getElementById("desk-coverage").outerHTML = answer.coverage;
    document.getElementById("desk-quotes").textContent = `${answer.quotes} quote${answer.quotes === 1 ? "" : "s"}`;
    const send = document.getElementById("desk-send");
    send.hidden = !answer.unsent;
    send.querySelector(".count").textContent = answer.unsent;
    drawCoverage();
}

// Set through the object model: a content security policy may forbid style attributes.
function drawCoverage() {
    for (const part of document.querySelectorAll(".coverage-bar span")) {
        part.style.flexGrow = part.dataset.share;
    }
}

function labelStepButton(name, label) {
    const button = root.querySelector(`[data-command=${name}]`);
    if (button) {
        button.ariaDisabled = String(!label);
        button.title = label ? `${name === "undo" ? "Undo" : "Redo"}: ${label}` : "";
    }
}

function announceAnswer(answer) {
    announce(answer.message);
    if (answer.contested?.length) {
        const links = answer.contested.flatMap((fact) => [" ", Object.assign(document.createElement("a"), { href: fact.address, textContent: `${fact.name}, ${fact.field}` })]);
        statusLine.append(" Now contested:", ...links);
    }
}

function afterSaving(answer, outcome, range) {
    showChanged(answer);
    if (outcome === "saved" || outcome === "removed") {
        focusText(range ?? place);
        reloadQueue();
    }
    announceAnswer(answer);
}

function afterDeciding(answer, suggestion) {
    showChanged(answer);
    if (!queue.current) {
        // Removing the last row also removed the focus.
        focusText(suggestion);
    }
    announceAnswer(answer);
}

const reloadQueue = () => queue?.load();

async function undoOrRedo(name) {
    await announceRefusals(async () => {
        const answer = await postJson(desk.addresses[name], {});
        showChanged(answer);
        announce(answer.message);
        await reloadQueue();
        focusText(place);
    });
}

function markRead() {
    const here = currentSentence();
    if (!here) {
        return;
    }
    const block = here.closest(".block");
    announceRefusals(async () => {
        const answer = await postJson(desk.addresses.markRead, { start: startOf(block), end: endOf(block) });
        showChanged(answer);
        const next = blocks()[blocks().findIndex((candidate) => startOf(candidate) === startOf(block)) + 1];
        focusSentence(next?.querySelector(".s") ?? sentenceAt(startOf(block)));
        announce(answer.message);
    });
}

/** Keys of the quotes that contain all of a range, shortest first. */
function quotesAround({ start, end }) {
    const pieces = new Map();
    for (const mark of area.querySelectorAll("mark.q")) {
        for (const key of mark.dataset.quotes.split(" ").map(Number)) {
            pieces.set(key, [...(pieces.get(key) ?? []), mark]);
        }
    }
    const wanted = rangeOf(start, end);
    const contains = ([, marks]) => {
        const range = document.createRange();
        range.setStartBefore(marks[0]);
        range.setEndAfter(marks.at(-1));
        return wanted && range.compareBoundaryPoints(Range.START_TO_START, wanted) <= 0 && range.compareBoundaryPoints(Range.END_TO_END, wanted) >= 0;
    };
    const size = ([, marks]) => marks.reduce((sum, mark) => sum + mark.textContent.length, 0);
    return [...pieces].filter(contains).sort((first, second) => size(first) - size(second)).map(([key]) => key);
}

const quotesAt = () => {
    const here = place ?? browserSelection();
    const keys = new Set();
    for (const mark of area.querySelectorAll("mark.q")) {
        const range = document.createRange();
        range.selectNodeContents(mark);
        const span = here && rangeOf(here.start, here.end);
        if (span && range.compareBoundaryPoints(Range.END_TO_START, span) < 0 && range.compareBoundaryPoints(Range.START_TO_END, span) > 0) {
            mark.dataset.quotes.split(" ").forEach((key) => keys.add(key));
        }
    }
    return [...keys].map(Number);
};

function openQuote(key, focus) {
    if (form) {
        visitedPlaces.push(place);
        announceRefusals(() => form.openByKey(key, focus));
    } else {
        document.getElementById(`note${key}`)?.scrollIntoView({ block: "center" });
    }
}

function linkHere() {
    const [key] = quotesAt();
    if (key === undefined) {
        announce("There is no quote here.", true);
    } else {
        openQuote(key, "fact");
    }
}

function listHere() {
    const keys = quotesAt();
    const suggestions = queue ? queue.shown.filter((suggestion) => place && suggestion.start < place.end && suggestion.end > place.start) : [];
    const dialog = document.getElementById("desk-list");
    const rows = [
        ...keys.map((key) => [noteWords(key), () => openQuote(key)]),
        ...suggestions.map((suggestion) => [`Suggestion: ${shorten(suggestion.exact, 90)}`, () => queue.choose(suggestion)]),
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
        announce("There are no quotes or suggestions here.");
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

function goToNote(back) {
    if (back) {
        const span = visitedPlaces.pop();
        if (span) {
            focusSentence(sentenceAt(span.start));
            select(span);
        }
        return;
    }
    const [key] = quotesAt();
    const note = key === undefined ? null : document.getElementById(`note${key}`);
    if (note) {
        visitedPlaces.push(place);
        note.closest("details")?.setAttribute("open", "");
        note.querySelector("button").focus();
    } else {
        announce("There is no quote here.", true);
    }
}

function openFind() {
    const box = document.getElementById("desk-find");
    if (box) {
        box.hidden = false;
        document.getElementById("find-words").focus();
        document.getElementById("find-words").select();
    }
}

let matches = [];
let currentMatch = -1;

function findWords(words) {
    matches = [];
    const wanted = normalise(words);
    if (wanted.trim()) {
        for (const block of blocks()) {
            const text = normalise(block.querySelector(".words").textContent);
            for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
                const start = startOf(block) + [...text.slice(0, at)].length;
                matches.push({ start, end: start + [...wanted].length });
            }
        }
    }
    currentMatch = matches.length ? 0 : -1;
    highlight("desk-hit", matches);
    document.getElementById("find-status").textContent = !wanted.trim() ? "" : matches.length ? `${matches.length} found; Enter selects` : "Not found in this section. Find searches the whole document for similar words.";
    if (matches.length) {
        scrollIntoSight(matches[0].start, matches[0].end);
    }
}

// Same length, character for character, so that offsets stay valid.
const normalise = (words) => words.toLowerCase().replace(/[“”„«»]/g, "\"").replace(/[‘’]/g, "'").replace(/[‐‑–—]/g, "-").replace(/\s/g, " ");

document.getElementById("find-words")?.addEventListener("input", (event) => findWords(event.target.value));
document.getElementById("desk-find")?.addEventListener("submit", (event) => {
    if (matches.length) {
        event.preventDefault();
        const span = matches[Math.max(currentMatch, 0)];
        currentMatch = (currentMatch + 1) % matches.length;
        focusSentence(sentenceAt(span.start));
        select(span, "Found");
        highlight("desk-hit", []);
    }
});

function toggleHighlights() {
    const hidden = area.classList.toggle("is-plain");
    root.querySelector("[data-command=hide]").setAttribute("aria-pressed", String(hidden));
    announce(hidden ? "Highlights hidden" : "Highlights shown");
}

function commentOnSelection() {
    const selection = browserSelection();
    const span = selection ? snapToWords(selection) : place;
    if (!desk.mayCapture || !span) {
        announce("Select some words first.", true);
        return;
    }
    select(span);
    const dialog = document.getElementById("desk-comment");
    document.getElementById("comment-words").textContent = shorten(wordsBetween(span.start, span.end), 200);
    dialog.returnValue = "no";
    dialog.showModal();
    document.getElementById("comment-text").focus();
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && saveComment(span), { once: true });
}

document.getElementById("comment-text")?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        event.target.form.requestSubmit(event.target.form.querySelector("[value=yes]"));
    }
});

async function saveComment(span) {
    const field = document.getElementById("comment-text");
    await announceRefusals(async () => {
        const answer = await postJson(desk.addresses.comment, {
            start: span.start, end: span.end, exact: wordsBetween(span.start, span.end), text: field.value,
        });
        // What was refused stays typed.
        field.value = "";
        showChanged(answer);
        announce(answer.message);
    });
    focusText(span);
}

function askToConfirm(title, text) {
    const dialog = document.getElementById("desk-ask");
    document.getElementById("ask-title").textContent = title;
    document.getElementById("ask-text").textContent = text;
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => {
        dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
}

const COMMANDS = {
    next: (event) => moveBySentence(1, event?.shiftKey),
    previous: (event) => moveBySentence(-1, event?.shiftKey),
    widen: (event) => expandSelection(event?.shiftKey ? -1 : 1),
    begin: () => chooseEdge("begin"),
    end: () => chooseEdge("end"),
    caret: toggleCaret,
    capture: () => capture(),
    "new-record": () => capture({ newRecord: true }),
    "next-suggestion": () => queue?.move(1, place?.start),
    "previous-suggestion": () => queue?.move(-1, place?.start),
    accept: () => queue?.accept(),
    reject: () => queue?.reject(),
    "reject-all": () => queue?.rejectAll(),
    link: linkHere,
    list: listHere,
    go: (event) => goToNote(event?.shiftKey),
    read: markRead,
    comment: commentOnSelection,
    hide: toggleHighlights,
    find: openFind,
    text: () => focusText(place),
    sheet: () => openSheet(perform),
    undo: () => undoOrRedo("undo"),
    redo: () => undoOrRedo("redo"),
    close: () => form?.close(),
    resume: () => {
        const draft = form.draft();
        if (draft) {
            const span = { start: draft.start, end: draft.end };
            if (wordsBetween(span.start, span.end) !== draft.exact) {
                announce("The text was replaced and these words were not found there. The draft is kept.", true);
                return;
            }
            select(span);
            announceRefusals(() => form.capture(span, draft.exact, { draft, suggestion: draft.suggestion }));
        }
    },
    forget: () => {
        form.discardDraft();
        focusText(place);
        announce("Draft discarded.");
    },
};

/** Runs a command chosen from the list, from the place where the reader was, as its key would. */
function perform(command, shiftKey) {
    area.querySelector('.s[tabindex="0"]')?.focus({ preventScroll: true });
    COMMANDS[command]({ shiftKey });
}

function chooseEdge(which) {
    if (!place) {
        return;
    }
    edge = which;
    announce(`${which === "begin" ? "Start" : "End"} selected: ← and → move it by word, with Shift by character`);
}

const isTextField = (element) => element?.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || event.defaultPrevented) {
        return;
    }
    const inside = !document.activeElement || document.activeElement === document.body || root.contains(document.activeElement);
    if (!inside) {
        return;
    }
    if (event.key === "Escape") {
        closeOrGoBack(event);
        return;
    }
    if (isTextField(event.target)) {
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
            queue.editCurrent();
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

function closeOrGoBack(event) {
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
        expansion = -1;
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
            scrollIntoSight(startOf(mark.closest(".s") ?? mark.closest(".block")));
        }
        openQuote(Number(note.dataset.quote));
        return;
    }
    const match = event.target.closest("a[data-from]");
    if (match) {
        const span = { start: Number(match.dataset.from), end: Number(match.dataset.to) };
        if (rangeOf(span.start, span.end)) {
            event.preventDefault();
            focusSentence(sentenceAt(span.start));
            select(span, "Found");
        }
    }
});

// A click that selects nothing makes the sentence current; a click on a highlight opens its quote.
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

// The range extended to words is shown while the mouse still selects.
document.addEventListener("selectionchange", () => {
    const selection = browserSelection();
    if (selection) {
        place = snapToWords(selection);
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

// Start at the place that the address names, or else at the first sentence.
function startAtAddress() {
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
        select({ start: Number(span[1]), end: Number(span[2]) }, "Found");
    } else if (!document.getElementById("find-words")?.value) {
        const first = sentences()[0];
        if (first) {
            first.tabIndex = 0;
        }
    }
}

makeRovingToolbar(root.querySelector("[role=toolbar]"));
addEventListener("hashchange", startAtAddress);
labelStepButton("undo", desk.undo);
labelStepButton("redo", desk.redo);
startAtAddress();
drawCoverage();
queue?.load();
form?.showDraft();
root.dataset.ready = "true";
