"""python -m benchmarks.generated_amounts: how many generated amounts are read, and that none is read wrongly."""

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from benchmarks import amount_words_de, amount_words_en, amount_words_fr, amount_words_pl, amount_words_uk, django_setup  # noqa: F401
from benchmarks.amount_sentences import AmountSentence, generate_ambiguous_sentence, generate_sentence
from entities.amounts import amount_or_none
from sources.suggestions import amounts

WORDS = {
    module.WORDS.language: module.WORDS
    for module in (amount_words_en, amount_words_uk, amount_words_pl, amount_words_de, amount_words_fr)
}
UNNAMED = "unnamed"
"""Stands for sentences whose language the reader is not told; one in twenty."""
LEAST_READ = 0.95
"""Share of the amounts stated that has to be read in each language."""
STEM = 4
SHOWN_WRONG, SHOWN_UNREAD = 20, 200


@dataclass(slots=True)
class Tally:
    """Outcomes of the sentences of a language."""

    counts: Counter[str] = field(default_factory=Counter)
    """Sentences by outcome (see `judge`), and `stated`: those whose amount must be read."""
    wrong: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def read_share(self) -> float:
        """Share of the amounts that must be read which are read, rightly or not; 1 if there are none."""
        stated = self.counts["stated"]
        return 1 - self.counts["unread"] / stated if stated else 1.0


def sentences(language: str, count: int, seed: int) -> Iterator[AmountSentence]:
    """Yield `count` sentences in a language or, without its name, of all; the same ones for a seed."""
    rng = Random(f"{seed} {language}")
    every = list(WORDS.values())
    for _ in range(count):
        yield (
            generate_ambiguous_sentence(rng, rng.choice(every))
            if language == UNNAMED
            else generate_sentence(rng, WORDS[language])
        )


def judge(sentence: AmountSentence, suggestions: Sequence[Any]) -> str:
    """Return `right`, `wrong`, `unread`, or `passed` if nothing was found where nothing has to be."""
    if not suggestions:
        if sentence.must_be_read:
            return "unread"
        return "passed" if sentence.qualifier else "right"
    if len(suggestions) > 1 or not sentence.qualifier:
        return "wrong"
    return "right" if _states(sentence, suggestions[0]) else "wrong"


def _states(sentence: AmountSentence, suggestion: Any) -> bool:
    proposal = suggestion.proposal
    return (
        sentence.text[suggestion.start : suggestion.end] == suggestion.exact
        and max(suggestion.start, sentence.start) < min(suggestion.end, sentence.end)
        and proposal["qualifier"] == sentence.qualifier
        and _equals(proposal.get("value"), sentence.value)
        and _equals(proposal.get("upper"), sentence.upper)
        and _unit_agrees(sentence, proposal.get("unit") or "")
        and _typed_value_agrees(proposal)
    )


def _typed_value_agrees(proposal: Mapping[str, Any]) -> bool:
    """Return whether the text that would go into a citation says the same as the proposal's fields."""
    amount = amount_or_none(proposal["typed"])
    return (
        amount is not None
        and (amount.qualifier, amount.unit) == (proposal["qualifier"], proposal.get("unit") or "")
        and _equals(proposal.get("value"), amount.value)
        and _equals(proposal.get("upper"), amount.upper)
    )


def _equals(proposed: object, expected: Decimal | None) -> bool:
    if proposed is None or proposed == "" or expected is None:
        return proposed in (None, "") and expected is None
    try:
        return Decimal(str(proposed)) == expected
    except InvalidOperation:
        return False


def _unit_agrees(sentence: AmountSentence, unit: str) -> bool:
    """Return whether the unit is the right one; of things, whether a word of it begins like a form of the noun."""
    if sentence.nouns:
        stems = [noun[:STEM] for noun in sentence.nouns]
        return any(word[:STEM] in (stem, stem[: len(word)]) and len(word) > 2 for word in unit.lower().split() for stem in stems)
    return unit == sentence.unit or (sentence.unit == "percent" and unit.startswith("percent "))


def measure(language: str, count: int, seed: int) -> Tally:
    """Return what the reader makes of `count` sentences. An error that it raises names the sentence."""
    tally = Tally()
    for sentence in sentences(language, count, seed):
        try:
            suggestions = list(amounts.find(sentence.text, sentence.language))
        except Exception as error:
            error.add_note(f"The sentence is {sentence.text!r} ({language}).")
            raise
        outcome = judge(sentence, suggestions)
        tally.counts[outcome] += 1
        tally.counts["stated"] += sentence.must_be_read
        if outcome == "wrong" and len(tally.wrong) < SHOWN_WRONG:
            found = "; ".join(f"{suggestion.exact!r} as {suggestion.proposal['typed']}" for suggestion in suggestions)
            tally.wrong.append(f"{sentence.text}\n    says {_answer(sentence)}, read {found}")
        elif outcome == "unread" and len(tally.unread) < SHOWN_UNREAD:
            tally.unread.append(f"{sentence.text}\n    says {_answer(sentence)}")
    return tally


def _answer(sentence: AmountSentence) -> str:
    if not sentence.qualifier:
        return "nothing"
    bounds = "..".join(f"{number:f}" for number in (sentence.value, sentence.upper) if number is not None)
    return " ".join(filter(None, (sentence.qualifier, bounds, sentence.unit or sentence.nouns[0])))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a row of outcomes per language and the first errors. Exits with 1 if one is wrong or too few are read."""
    parser = ArgumentParser(prog="python -m benchmarks.generated_amounts", description="Reads generated amounts and compares.")
    parser.add_argument("--count", type=int, default=1_000_000, help="Sentences over all languages (%(default)s).")
    parser.add_argument("--seed", type=int, default=1, help="Another seed gives other sentences (%(default)s).")
    parser.add_argument("--language", choices=(*WORDS, UNNAMED), help="Only this one.")
    parser.add_argument("--misses", action="store_true", help=f"List up to {SHOWN_UNREAD} unread amounts of each language too.")
    options = parser.parse_args(arguments)
    tallies = {
        language: measure(language, count, options.seed)
        for language, count in sentence_counts(options.count, options.language).items()
    }
    _print_tallies(tallies)
    for language, tally in tallies.items():
        for line in tally.wrong + (tally.unread if options.misses else []):
            print(f"{language} {'wrong' if line in tally.wrong else 'unread'}: {line}")
    sys.exit(int(any(tally.counts["wrong"] or tally.read_share < LEAST_READ for tally in tallies.values())))


def sentence_counts(count: int, language: str | None = None) -> dict[str, int]:
    """Return the number of sentences of each language that make up `count`."""
    if language:
        return {language: count}
    unnamed = count // 20
    share, rest = divmod(count - unnamed, len(WORDS))
    return {code: share + (index < rest) for index, code in enumerate(WORDS)} | {UNNAMED: unnamed}


def _print_tallies(tallies: Mapping[str, Tally]) -> None:
    print(f"{'':<10}{'sentences':>10}{'right %':>9}{'wrong':>8}{'unread %':>10}{'passed':>8}")
    for language, tally in tallies.items():
        counts = tally.counts
        total = sum(counts[outcome] for outcome in ("right", "wrong", "unread", "passed"))
        judged = total - counts["passed"]
        right = 100 * counts["right"] / judged if judged else 100.0
        unread = 100 * (1 - tally.read_share)
        print(f"{language:<10}{total:>10}{right:>9.2f}{counts['wrong']:>8}{unread:>10.2f}{counts['passed']:>8}")


if __name__ == "__main__":
    main()
