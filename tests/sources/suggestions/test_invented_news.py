"""Quotations and speakers in invented news, as their writer marked them."""

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from sources.suggestions import quotations
from sources.suggestions.known import Known

NEWS = yaml.safe_load(Path(__file__).with_name("invented_news.yaml").read_text(encoding="utf-8"))
KNOWN = Known([("Ada Fell", "person", "fell"), ("Osric Vane", "person", "vane")])


class Counts(NamedTuple):
    """Quotations marked, suggested and both, and speakers marked, given and right."""

    marked: int
    suggested: int
    found: int
    named: int
    given: int
    right: int
    misses: list[str]


def bare(words):
    """The words without the punctuation at their edges, on which readers differ."""
    return words.strip(" .,!?“”")


def measured(articles) -> Counts:
    """What the rules find in the articles; a speaker is right if the reader's words and the rule's hold each other."""
    counts = dict.fromkeys(("marked", "suggested", "found", "named", "given", "right"), 0)
    misses = []
    for article in articles:
        suggested = {bare(one.exact): one.proposal["speaker_text"] for one in quotations.find_quotations(article["text"], KNOWN)}
        marked = {bare(exact): speaker for exact, speaker in article["quotations"]}
        for exact in marked.keys() | suggested.keys():
            speaker, given = marked.get(exact, ""), suggested.get(exact, "")
            is_right = bool(speaker and given) and (speaker in given or given in speaker)
            counts["marked"] += exact in marked
            counts["suggested"] += exact in suggested
            counts["found"] += exact in marked and exact in suggested
            counts["named"] += bool(speaker)
            counts["given"] += bool(given)
            counts["right"] += is_right
            if (exact in marked) != (exact in suggested) or (given and not is_right):
                misses.append(f"{exact!r}: {speaker!r}, not {given!r}")
    return Counts(**counts, misses=misses)


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_speakers_in_news_are_right_and_mostly_found(part):
    counts = measured(NEWS[part])
    assert counts.marked > 100
    assert counts.found >= 0.97 * counts.suggested, counts.misses
    assert counts.found >= 0.92 * counts.marked, counts.misses
    assert counts.right >= 0.97 * counts.given, counts.misses
    assert counts.right >= 0.87 * counts.named, counts.misses
