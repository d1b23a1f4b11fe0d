"""Reading of what a passage does: commit, decide, refuse; agree, deliver; tell a fact or a plan; affirm or deny.

A reading is a proposal to an editor. Where the words of a passage mean two things, or none that is known, nothing is read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from entities.vocabulary import Modality, Nature, Polarity
from sources.capture import passage_words as words
from sources.suggestions.languages import reading_language


@dataclass(frozen=True, slots=True)
class WordsRead:
    """Meaning of some words of a passage, with the words and their offset in it."""

    meaning: str
    exact: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.exact)


def read_nature(passage: str, language: str) -> WordsRead | None:
    """Return the nature of the commitment that the passage tells of; None if it names none, or several."""
    found = _all_meanings(words.NATURE_WORDS, passage, language)
    if any(_is_not_settled(passage, read, language) for read in found):
        return None
    if Nature.ACTION not in {read.meaning for read in found}:
        # They pledged that they will: the pledge says more than the plan. What will be delivered is no action yet.
        found = [read for read in found if read.meaning not in (Nature.PLAN, Nature.TARGET)] or found
    return found[0] if len({read.meaning for read in found}) == 1 else None


def _is_not_settled(passage: str, read: WordsRead, language: str) -> bool:
    """Return whether the clause denies or leaves open what these words tell, before it comes to them."""
    if read.meaning in (Nature.REFUSAL, Nature.CONDITION):
        return False
    pattern = _pattern(words.NOT_SETTLED_WORDS.get(reading_language(language), ""))
    clause = re.split(r"[.;:!?,–—]", passage[: read.start])[-1]
    return pattern is not None and pattern.search(clause) is not None


def tells_of_commitment(passage: str, language: str) -> bool:
    """Return whether any words of the passage are those of a commitment, of whatever nature."""
    return bool(_all_meanings(words.NATURE_WORDS, passage, language))


def read_stage(passage: str, language: str) -> WordsRead | None:
    """Return the step that the passage tells of; None if it names none, or several."""
    found = _all_meanings(words.STAGE_WORDS, passage, language)
    return found[0] if len({read.meaning for read in found}) == 1 else None


def read_modality(passage: str, language: str) -> str:
    """Return how far a relation told in the passage holds: in force unless its words say otherwise; '' if they differ."""
    meanings = {read.meaning for read in _all_meanings(words.MODALITY_WORDS, passage, language)}
    if not meanings:
        return Modality.IN_FORCE if reading_language(language) else ""
    # What is claimed to be planned is told as a claim; an editor sees the words.
    return meanings.pop() if len(meanings) == 1 else ""


def read_polarity(clause: str, language: str) -> str:
    """Return whether a clause affirms what it tells, or denies it."""
    pattern = _pattern(words.DENIAL_WORDS.get(reading_language(language), ""))
    return Polarity.DENIES if pattern and pattern.search(clause) else Polarity.AFFIRMS


def follows_words(kind: Mapping[str, str], before: str, language: str) -> bool:
    """Return whether the text `before` something ends with words of `kind`, such as TOWARDS_WORDS, and at most an article."""
    return bool(words_before(kind, before, language))


def words_before(kind: Mapping[str, str], before: str, language: str) -> str:
    """Return the words of `kind`, with an article after them, at the end of the text `before` something; '' if there are none."""
    listed = kind.get(reading_language(language))
    found = re.search(rf"(?<!\w)(?:{listed})\s+(?:\w{{1,4}}\s+|[ld]['’])?$", before, re.IGNORECASE) if listed else None
    return found[0] if found else ""


def finite_verb_span(passage: str, read: WordsRead, language: str) -> tuple[int, int]:
    """Return where the finite verb of the words read stands: in German that of “hat zugesagt” may be far before them."""
    pattern = _pattern(words.FINITE_VERBS.get(reading_language(language), ""))
    clause_start = max((mark.end() for mark in re.finditer(r"[.;:!?,–—](?=\s)", passage[: read.start])), default=0)
    found = list(pattern.finditer(passage, clause_start, read.end)) if pattern else []
    return found[-1].span() if found else (read.start, read.end)


def is_given_to(name: str, before: str, language: str) -> bool:
    """Return whether `name` is in the case of the one to whom something is given, and follows a verb by at most two words.

    `before` is the text from the verb to the name.
    """
    language = reading_language(language)
    ending, article = words.DATIVE_ENDINGS.get(language), words.DATIVE_ARTICLES.get(language)
    if ending is None or not re.search(rf"{ending}$", name):
        return False
    if article and not re.search(rf"(?<!\w)(?:{article})\s+$", before, re.IGNORECASE):
        return False
    plain = re.sub(rf"(?:{article})\s+$", "", before) if article else before
    return len(plain.split()) <= 2 and not follows_words(words.PREPOSITIONS, plain, language)


def _all_meanings(table: Mapping[str, Mapping[str, str]], passage: str, language: str) -> list[WordsRead]:
    """Return the words of a table in the passage, in order of place, without those that lie within longer ones."""
    found: list[WordsRead] = []
    for meaning, listed in table.get(reading_language(language), {}).items():
        pattern = _pattern(listed)
        found += [WordsRead(str(meaning), match.group(), match.start()) for match in pattern.finditer(passage)] if pattern else []
    outermost = [
        read
        for read in found
        if not any(other is not read and other.start <= read.start and read.end <= other.end for other in found)
    ]
    return sorted(outermost, key=lambda read: read.start)


@cache
def _pattern(listed: str) -> re.Pattern[str] | None:
    return re.compile(rf"(?<![\w’'-])(?:{listed})(?![\w-])", re.IGNORECASE) if listed else None
