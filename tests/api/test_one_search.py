"""Full text finds the same records in the same order on both databases: each is compared with the same expectations."""

from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from nato_support.api.full_text_query import parse_full_text
from nato_support.api.full_text_ranking import rank_by_full_text
from nato_support.api.highlighting import match_ranges, terms_to_highlight
from nato_support.api.register_state import newest_register_state
from nato_support.publishing import search_index
from nato_support.publishing.models.public_tables import SearchEntry
from tests.api import search_reference
from tests.api.search_queries import expected_slugs, queries_with_forms
from tests.api.search_world import RECORDS


@pytest.fixture
def slugs_found(searchable, client):
    def find(typed: str) -> list[str]:
        answer = client.get(f"/api/v1/commitments/?q={quote(typed)}&page_size=100")
        assert answer.status_code == 200, (typed, answer.content)
        return [row["slug"] for row in answer.json()["results"]]

    return find


def test_readers_find_what_they_expect(slugs_found):
    wrong = {
        typed: {"missing": slugs - found, "too many": found - slugs}
        for typed, slugs in expected_slugs()
        if (found := {slug for slug in slugs_found(typed) if slug in RECORDS}) != slugs
    }
    assert not wrong, "\n".join(f"{typed}: {told}" for typed, told in wrong.items())


def test_the_shipped_register_gives_what_a_second_reading_of_its_texts_gives_in_the_same_order(register):
    records = search_reference.all_records()
    called = {record.id: f"{record.called[:60]} {record.id}" for record in records}
    state, wrong = newest_register_state(), {}
    for typed, forms in queries_with_forms():
        expected = search_reference.ranked_ids(records, typed, forms)
        found, is_complete = rank_by_full_text(state, parse_full_text(typed))
        assert is_complete, typed
        if found != expected:
            missing, excess = set(expected) - set(found), set(found) - set(expected)
            wrong[typed] = {"missing": [called[one] for one in missing], "too many": [called[one] for one in excess]}
    assert not wrong, "\n".join(f"{typed}: {told}" for typed, told in wrong.items())


def test_there_are_enough_queries():
    assert len(expected_slugs()) >= 80 and len(expected_slugs()) + len(queries_with_forms()) >= 300


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("f16", "Two F-16 jets, one F16", ["F-16", "F16"]),
        ("defence programme", "A defense program", ["defense", "program"]),
        ("€40bn", "They gave EUR 40 billion, not 40", ["EUR 40 billion"]),
        ("40bn", "40 000 000 000 euros", ["40 000 000 000 euros"]),
        ("2%", "some 2 per cent of it", ["2 per cent"]),
        ("pledge", "pledged, and a pledge", ["pledged", "pledge"]),
        ('"to be hosted"', "It is to be hosted", ["to be hosted"]),
        ('"to be hosted"', "It is to be hosting", []),
        ("not", "Not now, nothing, not ever", ["Not", "not"]),
        ("lodz", "in Łódź’s hall", ["Łódź"]),
        ("us", "The U.S. and us", ["U.S.", "us"]),
        ("obrien", "O’Brien’s fund", ["O’Brien"]),
        ("16", "An F-16", ["16"]),
        ("workshop*", "Workshops", ["Workshops"]),
    ],
)
def test_what_is_marked_is_what_was_found(typed, text, marked):
    ranges = match_ranges(text, terms_to_highlight(parse_full_text(typed)))
    assert [text[start:end] for start, end in ranges] == marked


def test_words_of_the_evidence_come_after_those_of_the_record(searchable, client):
    # The truce is watched “with dredgers”; nothing else has that word but the quote.
    found = client.get("/api/v1/search/?q=dredgers").json()["results"]
    assert [(row["kind"], row["slug"].partition("-q")[0]) for row in found][-1] == ("commitment", "truce-watch")
    assert [row["kind"] for row in found] == ["quote", "commitment"]


def test_check_data_sees_stale_words_and_index_search_mends_them(public, capsys):
    entries = SearchEntry.objects.order_by("pk")
    total = entries.count()
    assert list(search_index.stale_search_entries()) == [] and not search_index.index_contradicts_entries()
    entries.filter(pk=entries[0].pk).delete()
    entries.filter(pk=entries[0].pk).update(texts="other")
    assert len(list(search_index.stale_search_entries())) == 2
    with pytest.raises(CommandError):
        call_command("check_data")
    assert capsys.readouterr().out.count("run index_search") == 2
    call_command("index_search")
    assert list(search_index.stale_search_entries()) == [] and entries.count() == total
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO edition_search (edition_search) VALUES ('delete-all')")
        assert search_index.index_contradicts_entries()
        call_command("index_search")
        assert not search_index.index_contradicts_entries()


def test_a_superseded_edition_is_not_searched_whoever_supersedes_it(public, sql):
    before = SearchEntry.objects.count()
    sql("UPDATE publishing_edition SET superseded = 99 WHERE slug = 'forty-kites'")
    assert SearchEntry.objects.count() == before - 1


def test_the_databases_split_words_at_spaces_alone(db, sql):
    words = ["f16", "þ1e5abc", "þ40000000000euro", "40000000000", "þ1d5", "x" * 60, "3", "þ", "e5"]
    if connection.vendor == "postgresql":
        [[vector]] = sql("SELECT to_tsvector('simple', %s)::text", " ".join(words))
        assert sorted(vector.split()) == sorted(f"'{word}':{at}" for at, word in enumerate(words, 1))
