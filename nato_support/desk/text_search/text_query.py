"""Queries over the texts of documents: words, “phrases” and beginnings*, of which a text must have all.

Whatever is typed is words: no sign but the quotation marks and the star means anything, and no word is left out.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from nato_support.db.text_folding import folded_words

LONGEST_QUERY = 500
"""Characters of a query that are used."""
MAX_TERMS = 12
MAX_WORDS_IN_PHRASE = 30
SHORTEST_BEGINNING = 2
"""Letters before a star."""

_QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_PIECE = re.compile(r'"([^"]*)"?(\*?)|([^\s"]+)')
_LETTERS_AND_DIGITS = re.compile(r"\d+|[^\d]+")
_SCALES = {"bn": "billion", "mn": "million", "m": "million", "tn": "trillion", "k": "thousand"}
"""Scale words that people write after a number, as texts spell them out."""


@dataclass(frozen=True)
class TextTerm:
    """A word, a compound or a phrase that a text must have."""

    typed: str
    """As typed, with quotation marks or star."""
    sequences: tuple[tuple[str, ...], ...]
    """Folded words that follow each other; one of these sequences must be there."""
    is_beginning: bool = False
    """True if a word that begins with the last one of a sequence will do."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Pattern of the places of the term in a folded text."""
        alternatives = "|".join(" +".join(map(re.escape, sequence)) for sequence in self.sequences)
        return re.compile(f"(?<![^ ])(?:{alternatives}){'[^ ]*' if self.is_beginning else ''}(?![^ ])")


@dataclass(frozen=True)
class TextQuery:
    """Terms of a query, and what of it was not used."""

    terms: tuple[TextTerm, ...]
    note: str = ""


def parse_text_query(typed: str) -> TextQuery:
    """Return the terms of what was typed; without any if it has no letter and no digit."""
    notes = []
    if len(typed) > LONGEST_QUERY:
        notes.append(f"Only the first {LONGEST_QUERY} characters were searched for.")
    # A word that is cut off would be another word.
    used = typed if len(typed) <= LONGEST_QUERY else typed[: LONGEST_QUERY + 1].rpartition(" ")[0]
    terms: dict[tuple, TextTerm] = {}
    for match in _PIECE.finditer(used.replace("\0", " ").translate(_QUOTATION_MARKS)):
        phrase, star, word = match.groups()
        if word is not None:
            star, word = ("*" if word.endswith("*") else ""), word.rstrip("*")
        words = tuple(folded_words(phrase if phrase is not None else word or "")[:MAX_WORDS_IN_PHRASE])
        if not words:
            continue
        is_beginning = bool(star)
        if is_beginning and len(words[-1]) < SHORTEST_BEGINNING:
            notes.append(f"A star needs {SHORTEST_BEGINNING} letters before it.")
            is_beginning = False
        term = TextTerm(
            typed=f'"{phrase.strip()}"{star if is_beginning else ""}'
            if phrase is not None
            else f"{word}{star if is_beginning else ''}",
            sequences=(words,) if phrase is not None else _spellings(words),
            is_beginning=is_beginning,
        )
        terms.setdefault((term.sequences, term.is_beginning), term)
    if len(terms) > MAX_TERMS:
        notes.append(f"Only the first {MAX_TERMS} words were searched for.")
    return TextQuery(tuple(terms.values())[:MAX_TERMS], " ".join(dict.fromkeys(notes)))


def _spellings(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the words of a typed compound (F-16, f16, 40bn) in its parts, as one word, and with the scale spelt out."""
    parts = tuple(part for word in words for part in _LETTERS_AND_DIGITS.findall(word))
    spellings = [words, ("".join(words),), parts]
    if len(parts) == 2 and parts[0].isdigit() and parts[1] in _SCALES:
        spellings.append((parts[0], _SCALES[parts[1]]))
    # Ukraine's is two words, never “ukraines”.
    if len(words[-1]) == 1 and words[-1].isalpha():
        spellings.remove(("".join(words),))
    return tuple(dict.fromkeys(spellings))
