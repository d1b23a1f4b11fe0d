// The text of the document: converts between offsets in code points, which the server uses, and places in the page.

const WORD = /[\p{L}\p{N}\p{M}]/u;
const JOINS = /['’ʼ\-‐‑]/u;
// Scripts without spaces between words: snapping to words would select whole lines.
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const MARKS = [["“", "”"], ["„", "“"], ["„", "”"], ["«", "»"], ["‘", "’"], ["\"", "\""]];

export const area = document.getElementById("desk-text");

export const codePoints = (words) => [...words].length;

// Kept until a paragraph is replaced, because every key looks places up.
let cachedElements = null;

function elements() {
    cachedElements ??= { blocks: [...area.querySelectorAll(".block")], sentences: [...area.querySelectorAll(".s")] };
    return cachedElements;
}

export const blocks = () => elements().blocks;

export const sentences = () => elements().sentences;

const startOf = (element) => Number(element.dataset.start);
const endOf = (element) => Number(element.dataset.end);
export { startOf, endOf };

/** The last of `ordered` elements that starts at or before an offset. */
function lastBefore(ordered, offset) {
    let low = 0;
    let high = ordered.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (startOf(ordered[middle]) <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return ordered[low - 1];
}

export const blockAt = (offset) => lastBefore(blocks(), offset);

export function sentenceAt(offset) {
    const inside = blockAt(offset)?.querySelectorAll(".s") ?? [];
    return lastBefore(inside, offset) ?? inside[0];
}

const wordsOf = (block) => block.querySelector(".words");

/** The offset of a position in the page, or null outside the text. */
export function offsetOf(node, index) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const words = element?.closest(".words");
    if (!words) {
        return null;
    }
    const range = document.createRange();
    range.setStart(words, 0);
    range.setEnd(node, index);
    return startOf(words.closest(".block")) + codePoints(range.toString());
}

/** Text node and index of an offset. */
function pointAt(offset, atEnd) {
    const block = atEnd ? blockAt(Math.max(offset - 1, 0)) : blockAt(offset);
    if (!block) {
        return null;
    }
    let left = Math.min(offset, endOf(block)) - startOf(block);
    const walker = document.createTreeWalker(wordsOf(block), NodeFilter.SHOW_TEXT);
    let last = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const length = codePoints(node.data);
        if (left < length || (atEnd && left === length)) {
            return [node, [...node.data].slice(0, left).join("").length];
        }
        left -= length;
        last = node;
    }
    return last ? [last, last.data.length] : null;
}

/** The DOM range between two offsets, or null if the page does not show it. */
export function rangeOf(start, end) {
    const first = pointAt(start, false);
    const last = pointAt(end, true);
    if (!first || !last) {
        return null;
    }
    const range = document.createRange();
    range.setStart(...first);
    range.setEnd(...last);
    return range;
}

/** The text of the document between two offsets, as far as the page shows it. */
export function wordsBetween(start, end) {
    let text = "";
    let at = start;
    const every = blocks();
    for (let index = Math.max(0, every.indexOf(blockAt(start))); index < every.length && startOf(every[index]) < end; index += 1) {
        const block = every[index];
        if (endOf(block) <= start) {
            continue;
        }
        const letters = [...wordsOf(block).textContent];
        const from = Math.max(at, startOf(block));
        // The line ends between paragraphs are not in the page.
        text += "\n".repeat(Math.max(0, from - at));
        text += letters.slice(from - startOf(block), end - startOf(block)).join("");
        at = Math.min(end, endOf(block));
    }
    return text;
}

/** The offsets of the browser's selection, or null if no text of the document is selected. */
export function browserSelection() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) {
        return null;
    }
    const range = selection.getRangeAt(0);
    let start = offsetOf(range.startContainer, range.startOffset);
    let end = offsetOf(range.endContainer, range.endOffset);
    if (start === null && end === null) {
        return null;
    }
    // One end lies outside the text, in a note or between paragraphs: use the edge of the text.
    if (start === null) {
        start = startOf(area.querySelector(".block"));
    }
    if (end === null) {
        const before = blocks().findLast((block) => range.comparePoint(wordsOf(block), 0) <= 0);
        end = before ? endOf(before) : start;
    }
    return start < end ? trim(start, end) : null;
}

/** The range without spaces at its edges, or null if nothing else is in it. */
export function trim(start, end) {
    const letters = [...wordsBetween(start, end)];
    let first = 0;
    let last = letters.length;
    while (first < last && /\s/u.test(letters[first])) {
        first += 1;
    }
    while (last > first && /\s/u.test(letters[last - 1])) {
        last -= 1;
    }
    return first < last ? { start: start + first, end: start + last } : null;
}

/** The range extended to whole words, where the script separates words; punctuation is never added. */
export function snapToWords({ start, end }) {
    const block = blockAt(start);
    const closing = blockAt(end - 1);
    const lead = [...wordsOf(block).textContent];
    const tail = [...wordsOf(closing).textContent];
    const inWord = (letters, at) => {
        const before = letters[at - 1];
        const after = letters[at];
        if (before === undefined || after === undefined || UNSPACED.test(before) || UNSPACED.test(after)) {
            return false;
        }
        const joined = (JOINS.test(before) && WORD.test(letters[at - 2] ?? " ") && WORD.test(after))
            || (JOINS.test(after) && WORD.test(before) && WORD.test(letters[at + 1] ?? " "));
        return (WORD.test(before) && WORD.test(after)) || joined;
    };
    let first = start - startOf(block);
    while (first > 0 && inWord(lead, first)) {
        first -= 1;
    }
    let last = end - startOf(closing);
    while (last < tail.length && inWord(tail, last)) {
        last += 1;
    }
    return { start: startOf(block) + first, end: startOf(closing) + last };
}

/** The next boundary of a word, or of a character, from an offset. */
export function nextBoundary(offset, forward, byWord) {
    const block = blockAt(forward ? offset : Math.max(offset - 1, 0)) ?? blockAt(offset);
    const base = startOf(block);
    const letters = [...wordsOf(block).textContent];
    let at = offset - base;
    const move = forward ? 1 : -1;
    const next = () => letters[forward ? at : at - 1];
    if (next() === undefined) {
        return offset;
    }
    at += move;
    while (next() !== undefined && /\p{M}/u.test(next())) {
        at += move;
    }
    if (byWord) {
        const started = WORD.test(letters[forward ? at - 1 : at]);
        while (next() !== undefined && (started ? WORD.test(next()) : !WORD.test(next()))) {
            at += move;
        }
        if (!started) {
            while (next() !== undefined && WORD.test(next())) {
                at += move;
            }
        }
    }
    return base + at;
}

/** Ranges around a place from small to large: quoted words (known ones are `quotations`), sentence, paragraph. */
export function expansions(offset, end, quotations = []) {
    const sentence = sentenceAt(offset);
    const block = blockAt(offset);
    if (!sentence || !block) {
        return [];
    }
    const nearby = quotations.filter((quotation) => quotation.start < endOf(sentence) && quotation.end > (end === undefined ? startOf(sentence) : offset));
    const ranges = nearby.length ? nearby.map(({ start, end: last }) => ({ start, end: last, label: "Quoted words" })) : [...quotedRanges(block, offset, end)];
    ranges.push({ start: startOf(sentence), end: endOf(sentence), label: "Sentence" });
    ranges.push({ start: startOf(block), end: endOf(block), label: "Paragraph" });
    return ranges.filter((range, index) => ranges.slice(0, index).every((smaller) => smaller.start !== range.start || smaller.end !== range.end));
}

function* quotedRanges(block, offset, end) {
    const letters = [...wordsOf(block).textContent];
    const base = startOf(block);
    const sentence = sentenceAt(offset);
    const [low, high] = [startOf(sentence) - base, endOf(sentence) - base];
    for (const [opening, closing] of MARKS) {
        let from = -1;
        for (let at = 0; at < letters.length; at += 1) {
            const opens = letters[at] === opening && (opening !== "‘" || !WORD.test(letters[at - 1] ?? " "));
            if (from < 0 ? opens : letters[at] === closing && (closing !== "’" || !WORD.test(letters[at + 1] ?? " "))) {
                if (from < 0) {
                    from = at;
                } else {
                    // A comma before the closing mark belongs to the article, not to the speaker.
                    const comma = letters[at - 1] === "," ? 1 : 0;
                    const inside = trim(base + from + 1, base + at - comma);
                    // Within the current sentence, and around the selection.
                    if (inside && from < high && at > low && (inside.end > offset || from >= low)
                        && (end === undefined || (inside.start <= offset && inside.end >= end))) {
                        yield { ...inside, label: "Quoted words" };
                    }
                    from = -1;
                }
            }
        }
        if (from >= 0 && from >= low && from < high) {
            // A long quotation may close in a later paragraph.
            const inside = trim(base + from + 1, base + letters.length);
            if (inside) {
                yield { ...inside, label: "Quoted words" };
            }
        }
    }
}

/** Highlights ranges under one of the names of the style sheet, where the browser supports it. */
export function highlight(name, spans) {
    if (!globalThis.CSS?.highlights) {
        return;
    }
    const ranges = spans.map(({ start, end }) => rangeOf(start, end)).filter(Boolean);
    if (ranges.length) {
        const shown = new Highlight(...ranges);
        shown.priority = { "desk-suggestion": 1, "desk-hit": 2, "desk-selection": 3, "desk-current": 4 }[name];
        CSS.highlights.set(name, shown);
    } else {
        CSS.highlights.delete(name);
    }
}

/** Calls `change`, which may replace paragraphs, and keeps the text at `offset` at its height on the screen. */
export function keepScrollPosition(offset, change) {
    const top = () => rangeOf(offset, offset + 1)?.getBoundingClientRect().top;
    const before = top();
    change();
    cachedElements = null;
    const after = top();
    if (before !== undefined && after !== undefined) {
        area.scrollTop += after - before;
    }
}

/** Scrolls to a range if it is out of sight. */
export function scrollIntoSight(start, end) {
    const range = rangeOf(start, end ?? start + 1);
    if (!range) {
        return;
    }
    const place = range.getBoundingClientRect();
    const frame = area.getBoundingClientRect();
    const scrolls = area.scrollHeight > area.clientHeight + 1;
    const low = scrolls ? frame.top : 0;
    // On a narrow screen the toolbar covers the bottom of the page, and so does the form while it is open.
    const overlays = [...document.querySelectorAll(".desk-tools, .desk-side.is-open")].filter((overlay) => getComputedStyle(overlay).position === "fixed");
    const high = scrolls ? frame.bottom : Math.min(innerHeight, ...overlays.map((overlay) => overlay.getBoundingClientRect().top));
    if (place.top < low + 24 || place.bottom > high - 24) {
        const by = place.top - low - (high - low) / 3;
        (scrolls ? area : window).scrollBy({ top: by, behavior: "instant" });
    }
}
