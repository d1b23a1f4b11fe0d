"""The dates that a passage offers for the facts that it may support."""

import pytest

from entities.vocabulary import SuggestionKind
from sources.capture.fact_candidates import find_fact_candidates
from sources.suggestions.dates import find_dates
from sources.suggestions.suggestion import Suggestion
from tests import world as make

WORDS = "The Lake Fair is held from June 15 to July 8, 2024."


@pytest.mark.parametrize(
    ("start", "end", "offered"),
    [
        ("2024-06", "2024-07", {"start": "2024-06-15", "end": "2024-07-08"}),
        ("2024-06-15/2024-07-08", "2024-06-15/2024-07-08", {"start": "2024-06-15/2024-07-08", "end": "2024-06-15/2024-07-08"}),
        ("../2024", "2024-07/..", {"start": "2024-06-15", "end": "2024-07-08"}),
    ],
)
def test_a_range_of_days_fits_both_ends_and_the_interval(db, start, end, offered):
    document = make.a_document(text=WORDS)
    make.an_event("lake-fair", start=start, end=end)
    mention = Suggestion(
        kind=SuggestionKind.MENTION,
        start=4,
        end=13,
        exact="Lake Fair",
        rule="known/1",
        score=1.0,
        reason="",
        proposal={"entity": "lake-fair", "name": "Lake Fair"},
    )
    candidates = find_fact_candidates(document, 0, len(WORDS), [mention, *find_dates(WORDS, "2024-06-14")])
    assert {fact.field: fact.value for fact in candidates if fact.reason and fact.field in ("start", "end")} == offered
