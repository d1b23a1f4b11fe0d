"""The index of private texts says what the texts say, on either database and on every path by which a text is written."""

import unicodedata

import pytest
from django.core.management import call_command
from django.db import connection

from nato_support.db.text_folding import fold_text
from nato_support.db.text_index import documents_out_of_step, rebuild_text_index
from nato_support.desk.text_search.matching_documents import matching_documents
from nato_support.desk.text_search.text_query import parse_text_query
from sources.models import SourceDocument
from tests import world as make


def slugs(typed: str) -> list[str]:
    return [document.slug for document in matching_documents(parse_text_query(typed).terms)]


def put(slug: str, text: str, **fields) -> SourceDocument:
    """A document with a text, written past the models."""
    return SourceDocument.objects.bulk_create([SourceDocument(slug=slug, title=slug, text=text, **fields)])[0]


FOUND = [
    ("kites", "The kites flew."),
    ("KITES", "The kites flew."),
    ("not", "We will not give kites."),
    ("the of", "The lord of lakes."),
    ('"not give"', "We will not give kites."),
    ('"will not give kites"', "We will not give kites."),
    ("“not give”", "We will not give kites."),
    ("kit*", "The kites flew."),
    ('"not giv"*', "We will not give kites."),
    ("Łódź", "He left Lodz."),
    ("lodz", "He left Łódź."),
    ("rzeszow", "The hub of RZESZÓW."),
    ("strasse", "In der Straße."),
    ("київ", "У КИЄВІ та Київ."),
    ("киів", "У місті Київ."),
    ("Αθηνα", "Στην ΑΘΉΝΑ σήμερα."),
    ("f16", "An F-16 flew."),
    ("F-16", "An F16 flew."),
    ("F-16", "An F‑16 flew."),
    ("f16", "An F 16 flew."),
    ("40bn", "It gave 40 billion kites."),
    ("40bn", "It gave 40bn kites."),
    ("40,000", "It gave 40,000 kites."),
    ("Vale", "Vale's kites."),
    ("vale's", "Vale’s kites."),
    ("cease-fire", "A ceasefire held."),
    ("of\nkites", "A gift of\n\nkites."),
    ("office", "The oﬃce."),
    ("2", "Over 2% of it."),
    ("NOT OR AND NEAR", "not, or, and, near"),
    ("km", "Forty km² of lakes."),
    ("U.S.", "The U.S. sent kites."),
]
NOT_FOUND = [
    ("kite", "The kites flew."),
    ('"give not"', "We will not give kites."),
    ("kites boats", "The kites flew."),
    ("ites", "The kites flew."),
    ("f1", "An F-16 flew."),
    ("4", "It gave 40 kites."),
    ("40", "It gave 40bn kites."),
    ('"kites flew"', "The kites, they flew."),
    ("u*", "The unit."),
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_is_found(db, form):
    for number, (_, text) in enumerate(FOUND):
        put(f"text-{number}", unicodedata.normalize(form, text))
    assert [(typed, text) for number, (typed, text) in enumerate(FOUND) if f"text-{number}" not in slugs(typed)] == []


def test_what_is_not_found(db):
    for number, (_, text) in enumerate(NOT_FOUND):
        put(f"text-{number}", text)
    assert [(typed, text) for number, (typed, text) in enumerate(NOT_FOUND) if f"text-{number}" in slugs(typed)] == []


LETTERS = [
    chr(code)
    for first, last in ((0xC0, 0x17F), (0x386, 0x3CE), (0x400, 0x45F), (0x490, 0x491))
    for code in range(first, last + 1)
    if unicodedata.category(chr(code))[0] == "L" and chr(code) not in "ŉĸſ"
]


def test_every_letter_of_the_supported_alphabets_is_found_as_it_is_and_folded(db):
    put("all", " ".join(f"q{letter}w" for letter in LETTERS))
    missed = [letter for letter in LETTERS for typed in (f"q{letter}w", fold_text(f"q{letter}w").folded) if not slugs(typed)]
    assert missed == []


WRITES = {
    "bulk_update": lambda document: SourceDocument.objects.bulk_update([document], ["text"]),
    "update": lambda document: SourceDocument.objects.filter(pk=document.pk).update(text=document.text),
    "save": lambda document: document.save(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_changed_text_is_found_by_its_new_words_alone(db, write):
    document = put("this", "Kites and straße.")
    document.text = "Boats and łodzie."
    write(document)
    assert (slugs("kites"), slugs("strasse"), slugs("boats lodzie")) == ([], [], ["this"])
    document.text = ""
    write(document)
    assert slugs("boats") == [] and not list(documents_out_of_step(connection))


def test_a_text_written_in_sql_is_found_and_a_deleted_one_is_not(sql):
    document = put("this", "Kites.")
    sql("UPDATE sources_sourcedocument SET text = 'Boats.' WHERE id = %s", document.pk)
    assert (slugs("kites"), slugs("boats")) == ([], ["this"])
    sql("DELETE FROM sources_sourcedocument WHERE id = %s", document.pk)
    assert slugs("boats") == []
    assert put("next", "Tents.") and slugs("tents") == ["next"]
    assert not list(documents_out_of_step(connection))


def test_a_loaded_fixture_is_found(db, tmp_path):
    path = tmp_path / "document.json"
    path.write_text(
        '[{"model": "sources.sourcedocument", "fields": {"slug": "this", "title": "This", "text": "Kites.", "status": "draft",'
        ' "created_at": "2024-07-09T00:00:00Z", "updated_at": "2024-07-09T00:00:00Z"}}]'
    )
    call_command("loaddata", path, verbosity=0)
    assert slugs("kites") == ["this"]


def test_a_rebuilt_index_finds_the_same(db, sql):
    put("this", "Kites and boats.")
    put("none", "")
    sql(
        "DELETE FROM desk_textsearch"
        if connection.vendor == "postgresql"
        else "INSERT INTO desk_textsearch (desk_textsearch) VALUES ('delete-all')"
    )
    assert slugs("kites") == []
    assert len(list(documents_out_of_step(connection))) == 1
    assert rebuild_text_index(connection) == 1
    assert slugs("kites boats") == ["this"] and not list(documents_out_of_step(connection))


def test_phrases_of_long_texts_are_found_exactly(db):
    """A tsvector keeps 16,383 places and 255 of a word."""
    put("long", "of the lakes " * 7000 + "the last kite flew of all the boats")
    assert slugs('"the last kite"') == slugs('"of all the"') == slugs('"lakes the last"') == ["long"]
    assert slugs('"all of the"') == slugs('"kite last"') == []


def test_a_text_with_more_words_than_an_index_of_postgresql_holds(db):
    put("vast", " ".join(f"word{number}of{number}" for number in range(90_000)) + " the last kite")
    assert slugs("word77777of77777 kite") == slugs('"last kite"') == slugs("word8999*") == ["vast"]
    assert slugs("kites") == slugs('"kite last"') == []


@pytest.mark.parametrize("text", ["\u0301", " \n ", "x" * 40_000, "'\\:*&|!()<->", "% _ %", "a\ufeffb \U0001f600 \U00010400"])
def test_no_text_is_refused(db, text):
    document = put("this", text)
    document.text = ""
    document.save()
    assert not list(documents_out_of_step(connection))


def test_newest_come_first_and_undated_last(db):
    for slug, day in (("old", "2023"), ("undated", ""), ("new", "2024-07-09"), ("twin", "2024-07-09")):
        make.a_document(slug, f"Kites {slug}.", published_on=day)
    assert slugs("kites") == ["twin", "new", "old", "undated"]
