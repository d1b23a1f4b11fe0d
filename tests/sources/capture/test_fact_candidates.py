"""The facts that a passage may support, and the values that it offers for them."""

import pytest

from entities.vocabulary import SuggestionKind
from sources.capture.document_suggestions import suggestions_around_offset, suggestions_near_passage
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


def test_what_the_article_was_about_a_moment_ago_comes_before_what_only_shares_a_party(db, ruritania):
    first, second = "Arcadia pledged aid to Ruritania.", "The aid for Ruritania was announced on July 12, 2024."
    document = make.a_document(text=f"{first} {second}", published_on="2024-07-12")
    for slug in ("bridge", "canal", "harbour"):
        make.a_commitment(slug, beneficiary=ruritania)
    aid = make.a_commitment("zeal", beneficiary=ruritania)
    make.a_citation(make.a_quote(document, exact=first.rstrip(".")), aid, "nature", aid.nature)

    start = len(first) + 1
    found = suggestions_near_passage(document, start, len(document.text))
    candidates = find_fact_candidates(document, start, len(document.text), found, suggestions_around_offset(document, start))
    assert candidates[0].name == str(aid)
    assert ("milestones.+", "announced 2024-07-12") in {(one.field, one.value) for one in candidates if one.name == str(aid)}

    found = find_fact_candidates(document, start, len(document.text), found, words="zeal")
    taken = next(at for at, one in enumerate(found) if one.is_taken)
    assert all(one.value and not one.is_taken for one in found[:taken])
    assert not any(one.value for one in found[taken + 1 :] if not one.is_taken)


@pytest.mark.parametrize(("words", "is_offered"), [("Ruritania gets 40 kites.", False), ("Ruritania gets 50 kites.", True)])
def test_only_an_amount_that_the_record_does_not_have_is_offered_as_a_new_measure(db, ruritania, words, is_offered):
    document = make.a_document(text=words, language="en")
    aid = make.a_commitment("zeal", beneficiary=ruritania)
    make.a_measure(aid, kind="items", value=40, unit="kite", as_stated="40 kites")
    found = suggestions_near_passage(document, 0, len(words))
    candidates = find_fact_candidates(document, 0, len(words), found, words="zeal")
    assert ("measures.+" in {candidate.field for candidate in candidates}) == is_offered
