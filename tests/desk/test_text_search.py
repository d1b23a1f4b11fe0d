"""The search through the texts of documents: words in context, for those who may read the texts and nobody else."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entities.models import Organisation
from nato_support.desk.text_search import matching_documents
from nato_support.desk.text_search.text_places import find_places
from nato_support.desk.text_search.text_query import LONGEST_QUERY, MAX_TERMS, parse_text_query
from tests import world as make

SEARCH = "/admin/texts/"


@pytest.fixture
def search(client, edith):
    """Searches as an editor, and gives the page."""
    client.force_login(edith)

    def ask(typed: str, **filters):
        answer = client.get(SEARCH, {"q": typed} | filters)
        assert answer.status_code == 200
        return answer

    return ask


def titles(answer) -> list[str]:
    return [result["document"].title for result in answer.context.get("results", ())]


def marked(answer) -> list[str]:
    return [line["place"].exact for result in answer.context["results"] for line in result["lines"]]


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", []),
        ("  ", []),
        ('"', []),
        ("-- ,.!", []),
        ('""*', []),
        ("***", []),
        ("kites", ["kites"]),
        ("kites kites KITES", ["kites"]),
        ('"forty kites', ['"forty kites"']),
        ('kites" and "boats', ["kites", '"and"', "boats"]),
        ("„forty kites“", ['"forty kites"']),
        ("kit*", ["kit*"]),
        ("k*", ["k"]),
        ("NEAR(a b)", ["NEAR(a", "b)"]),
        ("words : kites", ["words", "kites"]),
        ("kites\0boats", ["kites", "boats"]),
        ("not the of", ["not", "the", "of"]),
    ],
)
def test_the_terms_of_what_is_typed(typed, terms):
    assert [term.typed for term in parse_text_query(typed).terms] == terms


def test_what_is_not_used_is_said():
    assert len(parse_text_query(" ".join(f"w{number}" for number in range(50))).terms) == MAX_TERMS
    assert str(MAX_TERMS) in parse_text_query(" ".join(f"w{number}" for number in range(50))).note
    long = parse_text_query("kites " * 2000)
    assert [term.typed for term in long.terms] == ["kites"] and str(LONGEST_QUERY) in long.note
    assert "star" in parse_text_query("k*").note
    assert parse_text_query("kites").note == ""


@pytest.mark.parametrize(
    ("text", "typed", "places"),
    [
        ("The kites flew, the kites fell.", "kites", ["kites", "kites"]),
        ("Straßen und Straße", "strasse", ["Straße"]),
        ("Œuvre, æther, Łódź", "lodz", ["Łódź"]),
        ("Cafe\u0301 Cafe\u0301s cafe", "café", ["Cafe\u0301", "cafe"]),
        ("\U0001f600 é\U0001f600 kites", "kites", ["kites"]),
        ("forty\n\nkites — forty,  kites", '"forty kites"', ["forty\n\nkites", "forty,  kites"]),
        ("kite kites kitemaker", "kite*", ["kite", "kites", "kitemaker"]),
        ("F-16s, F-16, F16 and f 16", "F-16", ["F-16", "F16", "f 16"]),
        ("no kites", "boats", None),
        ("kites", "kites boats", None),
    ],
)
def test_places_are_those_of_the_original_text(text, typed, places):
    found = find_places(text, parse_text_query(typed).terms, 10)
    assert (found and [text[place.start : place.end] for place in found.shown]) == places


def test_lines_where_the_words_are_together_come_before_others():
    text = "kites. " + "wind " * 100 + "The forty kites. " + "wind " * 100 + "kites"
    found = find_places(text, parse_text_query("kites forty").terms, 2)
    assert [place.exact for place in found.shown] == ["forty", "kites"] and found.count == 4


def test_the_words_around_a_place_begin_and_end_with_whole_words():
    text = "alpha " * 40 + "kites " + "omega " * 40
    place = find_places(text, parse_text_query("kites").terms, 1).shown[0]
    assert set(place.before.strip("…").split()) == {"alpha"} and set(place.after.strip("…").split()) == {"omega"}
    assert place.before[0] == place.after[-1] == "…"


def test_a_hit_shows_document_publisher_day_and_words_and_leads_to_its_place(world, search):
    answer = search('"forty kites"')
    page = answer.content.decode()
    start = world.document.text.index("forty kites")
    address = reverse("admin:sources_sourcedocument_read", args=[world.document.pk])
    assert f'{address}?at={start}#from{start}-{start + 11}"' in page
    assert "<mark>forty kites</mark>" in page and "Arcadian Courier" in page and "9 July 2024" in page
    assert re.search(r'class="mark">Quoted<', page)


def test_a_place_that_no_quote_has_is_not_marked_as_quoted(world, search):
    assert "Quoted<" not in search("clerks").content.decode().replace("quoted already", "")


@pytest.fixture
def shelf(world):
    """Documents of two publishers, days and languages, the world's own among them."""
    herald = make.an_organisation("harbour-herald", type="media")
    make.a_document("new", "Forty kites flew.", title="New", published_on="2024-08-01", publisher=herald, language="en")
    make.a_document("old", "Vierzig kites, not forty.", title="Old", published_on="2023", publisher=herald, language="de")
    return world


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["New", "world", "Old"]),
        ({"publisher": "herald"}, ["New", "Old"]),
        ({"language": "DE"}, ["Old"]),
        ({"start": "2024-07-09"}, ["New", "world"]),
        ({"end": "2024-07-09"}, ["world", "Old"]),
        ({"quoted": "yes"}, ["world"]),
        ({"quoted": "no"}, ["New", "Old"]),
        ({"document": "world"}, ["world"]),
        ({"start": "2023-06", "publisher": "999999999", "quoted": "perhaps", "document": "x"}, ["New", "world", "Old"]),
        ({"publisher": "9" * 40, "document": "9" * 40}, ["New", "world", "Old"]),
        ({"language": "e\0n", "publisher": "\0"}, ["New", "world", "Old"]),
    ],
)
def test_filters(shelf, search, filters, expected):
    keys = {"herald": Organisation.objects.get(slug="harbour-herald").pk, "world": shelf.document.pk}
    answer = search("forty", **{name: keys.get(value, value) for name, value in filters.items()})
    assert titles(answer) == [shelf.document.title if title == "world" else title for title in expected]


def test_no_text_has_all_words_but_some_have_one(shelf, search):
    page = search("clerks vierzig zeppelin").content.decode()
    assert "No text has all these words" in page
    assert re.search(r"clerks</a>: 1 document<", page) and re.search(r"zeppelin</span>: none<", page)


@pytest.mark.parametrize("typed", ["", " ", '"', "*", "- -", "\0", "'", "\\", "%", "_"])
def test_nothing_to_search_for_is_said(world, search, typed):
    assert titles(search(typed)) == []


@pytest.mark.parametrize(
    "typed",
    [
        '"kites',
        'kites*"',
        "a OR",
        "NOT",
        "words:",
        "^kites",
        "kites AND",
        "{x} : y",
        "(((",
        "k" * 10_000,
        "k " * 5000,
        "'; DROP TABLE",
        "a & | !b",
        "<->",
        "\ud83d",
        "'\\'*",
    ],
)
def test_dirty_input_is_words(world, search, typed):
    search(typed.encode("utf-8", "replace").decode())


def test_pages_follow_each_other_without_gap_or_repetition(world, search, monkeypatch):
    monkeypatch.setattr(matching_documents, "DOCUMENTS_PER_PAGE", 2)
    days = ["2024-01-01", "2024-01-01", "2024-01-01", "2023", "", "", "2022-05"]
    for number, day in enumerate(days):
        make.a_document(f"tent-{number}", f"Tents {number}.", title=f"Tent {number}", published_on=day)
    found, answer = [], search("tents")
    assert "7 documents" in answer.content.decode()
    for _ in range(10):
        found += titles(answer)
        if not answer.context["next"]:
            break
        answer = search("tents", after=re.search(r"after=(\d+)", answer.context["next"])[1])
    assert found == [f"Tent {number}" for number in (2, 1, 0, 3, 6, 5, 4)]


def test_the_number_of_queries_is_that_of_one_document(world, search):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            search("tents")
        return len(captured)

    make.a_document("tent-0", "Tents 0.")
    search("tents")
    one = queries()
    for number in range(1, 20):
        make.a_document(f"tent-{number}", f"Tents {number}.")
    assert queries() == one


@pytest.mark.parametrize(("group", "status"), [("", 403), ("viewer", 403), ("contributor", 200), ("editor", 200)])
def test_only_who_may_read_texts_searches_them(world, client, people, group, status):
    person = people("somebody", group)
    client.force_login(person)
    assert client.get(SEARCH, {"q": "clerks"}).status_code == status
    may = status == 200
    assert (SEARCH in client.get("/admin/search/?q=clerks").content.decode()) == may
    assert any(SEARCH in entry["address"] for entry in client.get("/admin/palette/").json()["pages"]) == may
    assert any(SEARCH in entry["address"] for entry in client.get("/admin/find/?q=clerks").json()["results"]) == may


def test_to_add_documents_is_not_to_read_them(world, client, people):
    person = people("somebody", "viewer")
    person.user_permissions.add(Permission.objects.get(codename="add_sourcedocument"))
    client.force_login(person)
    assert client.get(SEARCH, {"q": "clerks"}).status_code == 403


def test_nothing_of_the_texts_is_public(public, client):
    word = "clerks"
    assert word in public.document.text
    for address in (f"/api/v1/search/?q={word}", f"/api/v1/documents/?q={word}", f"/api/v1/suggest/?q={word}"):
        answer = client.get(address)
        assert "documents" not in answer.content.decode() or not answer.json()["results"], address
    assert client.get(SEARCH, {"q": word}).status_code == 302


def test_the_global_search_leads_on_to_the_texts(world, search, client):
    search("x")
    page = client.get("/admin/search/", {"q": "clerks & <b>"}).content.decode()
    assert "Search the texts for" in page and f"{SEARCH}?q=clerks+%26+%3Cb%3E" in page
    last = client.get("/admin/find/", {"q": "clerks"}).json()["results"][-1]
    assert last["title"] == "Search the texts for “clerks”" and last["address"] == f"{SEARCH}?q=clerks"
