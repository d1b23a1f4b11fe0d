"""Sentences of relations: correct English by number, tense and modality, from the verb forms of their type.

They depend on nothing but what the register holds: no sentence changes because a day has passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from entities.dates import OPEN_END, OPEN_START, PartialDate, bounds_of
from entities.formatting import format_partial_date
from entities.names_in_sentences import is_plural_name, name_in_sentence
from entities.vocabulary import Modality

_CONDITION = "if its conditions are met"
# A title after these words has no article: “holds the post of German Chancellor”.
_BEFORE_TITLE = " post of"


@dataclass(frozen=True, slots=True)
class VerbForms:
    """A type of relation as a verb: “is a member of”, “are members of”, “was a member of”, “be a member of”."""

    singular: str
    plural: str
    past: str
    infinitive: str

    @property
    def past_plural(self) -> str:
        """The past form after a plural subject: “were members of”; only “was” and a noun or pronoun differ there."""
        for present, past in (("are ", "were "), ("have ", "had ")):
            if self.plural.startswith(present):
                return past + self.plural.removeprefix(present)
        return f"were {self.past.removeprefix('was ')}" if self.past.startswith("was ") else self.past

    @property
    def plural_infinitive(self) -> str:
        """The infinitive after a plural subject: “be members of”."""
        for present, infinitive in (("are ", "be "), ("are ", "become "), ("have ", "have ")):
            if self.plural.startswith(present) and self.infinitive.startswith(infinitive):
                return infinitive + self.plural.removeprefix(present)
        return self.infinitive

    @property
    def tells_an_act(self) -> bool:
        """True for what was done once, such as “took part in”, rather than what lasts: it has no present form."""
        return self.singular == self.past


@dataclass(frozen=True, slots=True)
class RelationTime:
    """The time of a relation, as partial dates: its start and end, and the days on which its sources state it."""

    start: str = ""
    end: str = ""
    attested: Sequence[str] = ()

    def is_looked_back_on(self, modality: str) -> bool:
        """Tell whether the newest source speaks when it was over already: a plan, when its time had come."""
        is_told_as_fact = modality in (Modality.IN_FORCE, Modality.CLAIMED)
        over = self.end if is_told_as_fact else self.end or self.start
        if not over:
            return False
        if not self.attested:
            return modality == Modality.IN_FORCE
        first, last = bounds_of(PartialDate.parse(over))
        spoken = [bounds_of(PartialDate.parse(day)) for day in self.attested]
        if is_told_as_fact and first == OPEN_START:
            # Over “by then”, which is the last day on which the source can have spoken.
            return last <= max(latest for _, latest in spoken)
        return last <= max(earliest for earliest, _ in spoken)


def relation_verb(verb: VerbForms, modality: str, *, plural: bool = False, past: bool = False, claimed_by: str = "") -> str:
    """Return what stands between the two names: “is a member of”, “was to be based at”, “according to Ada Fell, hosts”."""
    be = {(False, False): "is", (True, False): "are", (False, True): "was", (True, True): "were"}[plural, past]
    infinitive = verb.plural_infinitive if plural else verb.infinitive
    match modality:
        case Modality.PLANNED:
            return f"{be} to {infinitive}"
        case Modality.EXPECTED:
            return f"{be} expected to {infinitive}"
        case Modality.CONDITIONAL:
            return f"would, {_CONDITION}, {infinitive}"
        case Modality.CLAIMED if not claimed_by:
            return f"{be} claimed to {infinitive}"
    stated = (verb.past_plural if plural else verb.past) if past else (verb.plural if plural else verb.singular)
    return f"according to {claimed_by}, {stated}" if modality == Modality.CLAIMED else stated


def relation_sentence(
    subject: str,
    verb: VerbForms,
    object: str,
    modality: str = Modality.IN_FORCE,
    time: RelationTime | None = None,
    claimed_by: str = "",
) -> str:
    """Return a relation as a sentence without its full stop: “Finland is a member of NATO (since 2023)”.

    `subject` and `object` are names, `verb` the forms to read from the one to the other, `claimed_by` whoever claims it.
    """
    time = time or RelationTime()
    plural, past = is_plural_name(subject), time.is_looked_back_on(modality)
    subject, object = name_in_sentence(subject), object if verb.singular.endswith(_BEFORE_TITLE) else name_in_sentence(object)
    if modality == Modality.CLAIMED and claimed_by:
        stated = relation_verb(verb, Modality.IN_FORCE, plural=plural, past=past)
        sentence = f"According to {claimed_by}, {subject} {stated} {object}"
    else:
        sentence = f"{subject[:1].upper()}{subject[1:]} {relation_verb(verb, modality, plural=plural, past=past)} {object}"
    return sentence + _time_words(sentence, verb, modality, time)


def join_words(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: a, b and c."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _time_words(sentence: str, verb: VerbForms, modality: str, time: RelationTime) -> str:
    """Return the time, to go at the end of `sentence`; empty where the sentence names it already."""
    is_told_as_fact = modality in (Modality.IN_FORCE, Modality.CLAIMED)
    if not (time.start or time.end):
        # What is told in the present would otherwise read as if it held for ever.
        years = "" if verb.tells_an_act and is_told_as_fact else _years(time.attested)
        return f" (attested {years})" if years else ""
    start, end = _date_or_some_day(time.start), _date_or_some_day(time.end)
    if time.start == time.end or (verb.tells_an_act and not time.end):
        words = "" if format_partial_date(time.start) in sentence else _date_with_preposition(time.start)
    elif time.start and time.end:
        words = f"from {start} to {end}"
    elif time.start and is_told_as_fact:
        return f" (since {start})"
    elif time.start:
        words = f"from {start}"
    else:
        words = f"until {end}"
    if not words:
        return ""
    return f"{', ' if sentence[-1].isdigit() else ' '}{words}"


def _date_or_some_day(date: str) -> str:
    words = format_partial_date(date)
    return f"some day {words}" if "/" in date else words


def _date_with_preposition(date: str) -> str:
    words = format_partial_date(date)
    if "/" in date or date.endswith("~"):
        return words
    return f"{'on' if len(date.rstrip('?')) == 10 else 'in'} {words}"


def _years(dates: Sequence[str]) -> str:
    """Return the years that dates lie in: in 2024, in 2023 and 2024, from 2019 to 2024."""
    open_years = {OPEN_START[:4], OPEN_END[:4]}
    years = sorted({day[:4] for date in dates for day in bounds_of(PartialDate.parse(date))} - open_years)
    if len(years) > 2:
        return f"from {years[0]} to {years[-1]}"
    return f"in {join_words(years)}" if years else ""
