"""Each edition with what it changed, at an address of its own for good; a record's address leads there by date."""

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nato_support.api import dispatch, edition_changes
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.publication import publish, withdraw
from tests import world as make
from tests.invented import publish_cited

KITES = "/api/v1/commitments/forty-kites/"
UTC = datetime.UTC


def renamed(public, record, name: str) -> None:
    record.refresh_from_db()
    record.name = name
    record.save()
    publish_cited(public.quote, record)


@pytest.fixture
def dated(public):
    """Three editions of the kites, printed on 1, 2 and 3 March 2026 at noon."""
    renamed(public, public.kites, "Fifty Kites")
    renamed(public, public.kites, "Sixty Kites")
    for release in (1, 2, 3):
        Release.objects.filter(number=release).update(released_at=datetime.datetime(2026, 3, release, 12, tzinfo=UTC))
    return public


def changes(api, address: str = KITES) -> list[list[tuple]]:
    entries = api(f"{address}editions/").data["results"]
    return [[(one["pointer"], one["was"], one["now"]) for one in entry["changes"]] for entry in entries]


def test_each_edition_says_what_it_changed(api, public):
    public.kites.nature = "plan"
    public.kites.save()
    public.measure.value = 50
    public.measure.save()
    public.milestone.date = "2024-07~"
    public.milestone.save()
    publish_cited(public.quote, public.kites)
    newest, first = changes(api)
    assert first == []
    assert ("/nature", "pledge", "plan") in newest
    assert ("/measures/kites/value", "40", "50") in newest
    assert ("/milestones/announced/date", "2024-07-09", "2024-07~") in newest
    # The rest is what states the new values.
    cited = [pointer for pointer, _, _ in newest if pointer.startswith("/evidence/")]
    assert len(newest) == 3 + len(cited)
    assert {pointer.split("/")[2] for pointer in cited} == {"measures.kites", "milestones.announced", "nature"}


def test_what_is_added_and_taken_away_has_one_side(api, public):
    other = make.an_organisation("sylvania")
    public.kites.committed_by.set([other])
    public.kites.beneficiary = None
    public.kites.save()
    publish_cited(public.quote, other, public.kites)
    newest, _ = changes(api)
    arcadia = {"kind": "organisation", "slug": "arcadia", "name": "Arcadia"}
    ruritania = {"kind": "organisation", "slug": "ruritania", "name": "Ruritania"}
    assert ("/committed_by/sylvania", None, {"kind": "organisation", "slug": "sylvania", "name": "Sylvania"}) in newest
    assert ("/committed_by/arcadia", arcadia, None) in newest
    assert ("/beneficiary", ruritania, None) in newest


def test_a_new_name_elsewhere_is_a_change_with_its_cause(api, public):
    renamed(public, public.ruritania, "New Ruritania")
    [newest, _] = api(f"{KITES}editions/").data["results"]
    assert newest["cause"] == "reference"
    [change] = newest["changes"]
    assert (change["pointer"], change["was"]["name"], change["now"]["name"]) == ("/beneficiary", "Ruritania", "New Ruritania")


def test_names_with_a_slash_are_written_as_in_a_json_pointer(api, public):
    public.kites.names.create(text="Kites/Dragons ~ all", kind="alias")
    publish_cited(public.quote, public.kites)
    pointers = {one["pointer"] for one in api(f"{KITES}editions/").data["results"][0]["changes"]}
    assert "/names/Kites~1Dragons ~0 all/text" in pointers


def test_many_changes_are_cut_and_said_to_be(api, public):
    for at in range(edition_changes.MAX_CHANGES_SHOWN):
        public.kites.names.create(text=f"Kite {at}", kind="alias")
    publish_cited(public.quote, public.kites)
    newest, first = api(f"{KITES}editions/").data["results"]
    assert (len(newest["changes"]), newest["is_truncated"], first["is_truncated"]) == (
        edition_changes.MAX_CHANGES_SHOWN,
        True,
        False,
    )


def test_pages_of_editions_tell_the_same_as_one(api, dated, monkeypatch):
    whole = api(f"{KITES}editions/").data["results"]
    assert [[change["now"] for change in entry["changes"]] for entry in whole] == [["Sixty Kites"], ["Fifty Kites"], []]

    def walked(size: int) -> list[dict]:
        address, found = f"{KITES}editions/?page_size={size}", []
        while address:
            page = api(address).data
            found += page["results"]
            address = page["next"]
        return found

    assert walked(1) == walked(2) == whole
    # What is too much to compare at once comes in shorter pages.
    monkeypatch.setattr(edition_changes, "MAX_CHARACTERS_COMPARED", 1)
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))
    assert len(api(f"{KITES}editions/").data["results"]) == 1
    assert walked(100) == whole


def test_statements_do_not_grow_with_the_editions(api, public, monkeypatch):
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            api(f"{KITES}editions/")
        return len(captured)

    renamed(public, public.ruritania, "New Ruritania")
    few = statements()
    for at in range(5):
        renamed(public, public.ruritania, f"New Ruritania {at}")
    assert statements() == few == 3 + 2, "editions, texts, what is gone; the release before and after"


def test_what_ends_a_record_and_brings_it_back_changes_nothing(api, public):
    withdraw([public.kites])
    public.kites.refresh_from_db()
    publish([public.kites])
    assert changes(api) == [[], [], []]


def test_of_a_withdrawn_record_the_differences_of_others_have_no_word(api, public):
    """Its slug is public, as in its tombstone; its name is not, nor are its words."""
    other = make.a_quote(public.document, "About 700 clerks are to count them in Harbourton", kind="narration")
    make.a_citation(other, public.kites, "summary", "clerks", as_stated="About 700 clerks", note="They count.")
    public.kites.summary = "Clerks count them."
    public.kites.save()
    public.kites.refresh_from_db()
    other.refresh_from_db()
    publish([other, public.kites])
    withdraw([other])
    answer = api(f"{KITES}editions/")
    entries = answer.data["results"]
    assert "700 clerks" not in answer.content.decode() and "They count" not in answer.content.decode()
    told = {"kind": "quote", "slug": other.slug, "withdrawn": True}
    taken, added = entries[0]["changes"], entries[1]["changes"]
    place = f"/evidence/summary/citations/{other.slug}"
    assert {"pointer": place, "was": told, "now": None} in taken
    assert {"pointer": place, "was": None, "now": told} in added
    assert len([one for one in added if one["pointer"].startswith(place)]) == 1


def test_a_withdrawn_beneficiary_is_told_by_its_slug_alone(api, public):
    renamed(public, public.ruritania, "Secret Ruritania")
    withdraw([public.alliance])
    withdraw([public.yard])
    public.ruritania.refresh_from_db()
    withdraw([public.ruritania])
    answer = api(f"{KITES}editions/")
    assert "Ruritania" not in answer.content.decode()
    gone = {"kind": "organisation", "slug": "ruritania", "withdrawn": True}
    assert {"pointer": "/beneficiary", "was": gone, "now": None} in answer.data["results"][0]["changes"]


def test_a_withdrawn_record_has_no_history(api, public):
    renamed(public, public.kites, "Fifty Kites")
    withdraw([public.kites])
    for address in (
        "",
        "editions/",
        "editions/1/",
        "editions/2/",
        "editions/3/",
        "?as_of=release:1",
        "?fields=name",
        "?include=names",
    ):
        problem = api(f"{KITES}{address}", 410)
        assert "Kites" not in problem.content.decode()
    api(KITES, 410, **{"Accept-Datetime": "Tue, 03 Mar 2026 09:00:00 GMT"})
    api("entities/forty-kites/?as_of=release:1", 410)


def test_an_edition_stays_as_it_is(api, dated):
    before = api(f"{KITES}editions/2/")
    assert before.headers["Cache-Control"] == "public, max-age=604800, immutable"
    assert not before.headers["ETag"].startswith("W/")
    renamed(dated, dated.kites, "Seventy Kites")
    after = api(f"{KITES}editions/2/")
    assert (after.content, after.headers["ETag"]) == (before.content, before.headers["ETag"])
    assert after.headers["Memento-Datetime"] == after.headers["Last-Modified"] == "Mon, 02 Mar 2026 12:00:00 GMT"
    api(f"{KITES}editions/2/", 304, **{"If-None-Match": before.headers["ETag"]})
    chosen = api(f"{KITES}editions/2/?fields=name")
    assert chosen.headers["ETag"] not in ("", before.headers["ETag"])


def links(response) -> dict[str, str]:
    found = {}
    for link in response.headers["Link"].split(", <"):
        address, _, rest = link.lstrip("<").partition(">")
        for rel in rest.partition('rel="')[2].partition('"')[0].split():
            found.setdefault(rel, address)
    return found


def test_editions_name_those_beside_them(api, dated):
    middle = links(api(f"{KITES}editions/2/"))
    assert middle["original"] == middle["timegate"] == KITES
    assert middle["timemap"] == middle["version-history"] == f"{KITES}editions/"
    assert middle["predecessor-version"] == f"{KITES}editions/1/"
    assert middle["successor-version"] == f"{KITES}editions/3/"
    assert "predecessor-version" not in links(api(f"{KITES}editions/1/"))
    assert "successor-version" not in links(api(f"{KITES}editions/3/"))


def test_neighbours_are_editions_that_show_something(api, public):
    withdraw([public.kites])
    public.kites.refresh_from_db()
    publish([public.kites])
    assert links(api(f"{KITES}editions/1/"))["successor-version"] == f"{KITES}editions/3/"
    assert links(api(f"{KITES}editions/3/"))["predecessor-version"] == f"{KITES}editions/1/"


def test_a_detail_names_the_edition_that_it_shows(api, dated):
    assert links(api(KITES))["latest-version"] == f"{KITES}editions/3/"
    assert links(api(f"{KITES}?as_of=release:2"))["memento"] == f"{KITES}editions/2/"
    assert links(api("entities/forty-kites/"))["timegate"] == KITES
    for relation, address in links(api(KITES)).items():
        if relation != "license":
            api(address)


@pytest.mark.parametrize(
    ("when", "number"),
    [
        ("Sun, 01 Mar 2026 12:00:00 GMT", 1),
        ("Mon, 02 Mar 2026 11:59:59 GMT", 1),
        ("Mon, 02 Mar 2026 12:00:00 GMT", 2),
        ("Wed, 01 Jan 2020 00:00:00 GMT", 1),
        ("Tue, 01 Jan 2097 00:00:00 GMT", 3),
        ("Monday, 02-Mar-26 12:00:00 GMT", 2),
    ],
)
def test_a_date_leads_to_the_edition_of_that_time(api, dated, when, number):
    # An answer that was kept for those who name no date must not come instead.
    etag = api(KITES).headers["ETag"]
    response = api(KITES, 302, **{"Accept-Datetime": when, "If-None-Match": etag})
    assert response.headers["Location"] == f"{KITES}editions/{number}/"
    assert "Accept-Datetime" in response.headers["Vary"]
    assert "Accept-Datetime" in api(KITES).headers["Vary"]
    assert links(response)["original"] == KITES
    assert api("entities/forty-kites/", 302, **{"Accept-Datetime": when}).headers["Location"].endswith(f"/{number}/")


@pytest.mark.parametrize("when", ["yesterday", "", "2026-03-02", "Mon, 30 Feb 2026 12:00:00 GMT", "٣", "1" * 10_000])
def test_a_date_that_is_none_is_refused(api, dated, when):
    problem = api(KITES, 400, **{"Accept-Datetime": when}).data
    assert (problem["errors"][0]["in"], problem["errors"][0]["name"]) == ("header", "Accept-Datetime")
    assert len(json.dumps(problem)) < 2000


def test_a_time_at_which_the_record_was_not_public_leads_nowhere(api, dated):
    withdraw([dated.kites])
    dated.kites.refresh_from_db()
    publish([dated.kites])
    Release.objects.filter(number=4).update(released_at=datetime.datetime(2026, 3, 4, 12, tzinfo=UTC))
    api(KITES, 404, **{"Accept-Datetime": "Wed, 04 Mar 2026 13:00:00 GMT"})
    api("commitments/nothing/", 404, **{"Accept-Datetime": "Wed, 04 Mar 2026 13:00:00 GMT"})


def test_as_of_is_taken_by_every_list_and_detail(api, public):
    for edition in Edition.objects.filter(superseded=None):
        detail = f"/api/v1/{'entities' if edition.kind in ENTITIES else edition.kind + 's'}/{edition.slug}/"
        assert api(f"{detail}?as_of=release:1").data == api(detail).data
        assert api(f"{detail.rpartition(edition.slug)[0]}?as_of=release:1").data["meta"] == {"release": 1}


ENTITIES = ("organisation", "facility", "person", "post", "event", "commitment")


def test_an_edition_that_there_is_not_is_told_from_a_record_that_there_is_not(api, public):
    assert api("commitments/forty-kites/editions/99/", 404).data["detail"] == (
        "There is no public record forty-kites that has an edition 99."
    )
