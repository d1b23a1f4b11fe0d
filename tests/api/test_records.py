"""Lists and details: what was printed, as it was printed."""

import json

from entities.serializers import PLURALS
from nato_support.publishing.models.public_tables import Edition
from nato_support.publishing.publication import publish, withdraw
from tests import world as make


def test_a_list_has_the_printed_documents_byte_for_byte(api, subtests):
    for kind in PLURALS:
        with subtests.test(kind=kind):
            documents = set(Edition.objects.filter(kind=kind, superseded=None).values_list("document", flat=True))
            response = api(f"{PLURALS[kind]}/")
            assert documents
            assert all(document in response.content.decode() for document in documents)
            assert len(response.data["results"]) == len(documents)
            assert set(response.data) == {"results", "next", "previous", "meta"}
            assert response.data["meta"] == {"release": 1}


def test_a_list_before_anything_was_published_is_empty(empty_api):
    assert empty_api("commitments/?count=true").data == {
        "results": [],
        "next": None,
        "previous": None,
        "count": 0,
        "meta": {"release": 0},
    }
    empty_api("commitments/anything/", 404)
    assert empty_api("changes/").data["results"] == []
    empty_api("search/?q=anything")


def test_a_detail_is_the_document_its_evidence_and_its_links(api, subtests):
    for kind in PLURALS:
        with subtests.test(kind=kind):
            edition = Edition.objects.filter(kind=kind, superseded=None).first()
            found = api(f"{PLURALS[kind]}/{edition.slug}/").data
            links = found.pop("links")
            assert found == json.loads(edition.document) | json.loads(edition.evidence)
            for link in links.values():
                api(link)


def test_evidence_by_field_names_quote_document_publisher_and_speaker(api):
    evidence = api("commitments/forty-kites/").data["evidence"]["nature"]
    [citation] = evidence["citations"]
    assert (citation["stance"], citation["value"]) == ("supports", "pledge")
    assert citation["quote"]["exact"] == "We pledge forty kites, no more and no less"
    assert [person["slug"] for person in citation["quote"]["speakers"]] == ["ada-fell"]
    assert citation["quote"]["document"]["publisher"]["slug"] == "arcadian-courier"


def test_entities_are_of_all_kinds(api, slugs):
    kinds = {row["kind"] for row in api("entities/").data["results"]}
    assert kinds == {"organisation", "facility", "person", "post", "event", "commitment"}
    assert slugs("entities/?kind=person,post") == ["ada-fell", "minister-of-kites"]
    assert api("entities/ada-fell/").content == api("persons/ada-fell/").content


def test_every_href_leads_somewhere(api):
    def hrefs(data):
        if isinstance(data, dict):
            yield from (data["href"],) if data.get("href") else ()
            data = list(data.values())
        for value in data if isinstance(data, list) else ():
            yield from hrefs(value)

    found = {href for collection in PLURALS.values() for href in hrefs(api(f"{collection}/").data)}
    assert len(found) >= 11
    for href in found:
        api(href)


def test_every_href_of_what_was_withdrawn_and_came_back_leads_somewhere(api, promise):
    tents, gone = promise("tents"), promise("gone")
    withdraw([tents, gone])
    publish([tents])
    told = [edition for run in api("changes/").data["results"] for edition in run["editions"]]
    told += api("changes/4/").data["results"] + api("commitments/tents/editions/").data["results"]
    assert {edition["withdrawn"] for edition in told if not edition["href"]} == {False, True}
    assert all(edition["href"] is None for edition in told if edition["withdrawn"])
    for edition in told:
        if edition["href"]:
            api(edition["href"])


def test_nothing_is_public_before_it_is_published(api, public):
    make.a_commitment("secret-kites", by=[public.arcadia])
    assert "secret" not in api("commitments/").content.decode()
    assert "errors" not in api("commitments/secret-kites/", 404).data
    assert api("search/?q=secret").data["results"] == []


def test_a_published_change_is_seen_at_once_and_not_before(api, public):
    public.kites.name = "Fifty Kites"
    public.kites.save()
    assert api("commitments/forty-kites/").data["name"] == "Forty Kites"
    publish([public.kites])
    found = api("commitments/forty-kites/").data
    assert (found["name"], found["edition"], found["release"]) == ("Fifty Kites", 2, 2)
    assert api("commitments/").data["results"][0]["name"] == "Fifty Kites"
    assert api("commitments/forty-kites/editions/1/").data["name"] == "Forty Kites"


def test_a_withdrawn_record_is_gone_with_its_editions(api, public):
    withdraw([public.kites])
    for address in ("", "editions/", "editions/1/", "editions/2/", "?as_of=release:1"):
        problem = api(f"commitments/forty-kites/{address}", 410).data
        assert (problem["slug"], problem["withdrawn"]) == ("forty-kites", True)
        assert "Forty" not in json.dumps(problem)
    assert api("commitments/?as_of=release:1").data["results"] == []
    assert api("search/?q=kites&kind=commitment").data["results"] == []


def test_a_restored_record_is_back_but_was_not_public_between(api, public):
    withdraw([public.kites])
    public.kites.refresh_from_db()
    publish([public.kites])
    assert api("commitments/forty-kites/").data["edition"] == 3
    assert api("commitments/forty-kites/?as_of=release:1").data["edition"] == 1
    api("commitments/forty-kites/?as_of=release:2", 404)
    api("commitments/forty-kites/editions/2/", 410)
    assert [row["withdrawn"] for row in api("commitments/forty-kites/editions/").data["results"]] == [False, True, False]
