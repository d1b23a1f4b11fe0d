"""CSV, NDJSON, GeoJSON and JSON-LD: the same records as in JSON, whole or by pages, and nothing lost on the way."""

import csv
import io
import json
import re

import pytest
from django.core.signals import request_finished
from django.test import Client

from entities.serializers import ENTITY_KINDS
from nato_support.api import dispatch, listing
from nato_support.api.api_response import CACHE_FOREVER
from nato_support.api.collections import COLLECTIONS
from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.api.renderers import csv_tables, formatted_responses, jsonld
from nato_support.publishing.publication import publish, withdraw
from tests import world as make

FORMS_OF_LISTS = [(name, form) for name in COLLECTIONS for form in formatted_responses.list_formats(name) if form != "json"]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))


@pytest.fixture
def said(public):
    """What the API says, as text: said("events.csv"). `status` is checked; the response is under .response."""
    client = Client()

    def ask(address: str, status: int = 200, **headers) -> str:
        address = address.removeprefix("http://testserver")
        response = client.get(address if address.startswith("/") else f"/api/v1/{address}", headers=headers)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == status, body[:500]
        ask.response = response
        return body.decode()

    return ask


@pytest.fixture
def many(public):
    """Ten further commitments, of names that put CSV to the test."""
    names = [
        "=1+1",
        "'tis",
        "-5",
        "@you",
        "+380",
        "a|b",
        "one, two",
        'so "called"',
        "\u0416\u0443\u043a",
        "plain",
    ]
    made = []
    for at, name in enumerate(names):
        commitment = make.a_commitment(f"promise-{at}", name=name)
        make.a_citation(public.quote, commitment, "name", name)
        make.a_citation(public.quote, commitment, "nature", "pledge")
        commitment.refresh_from_db()
        made.append(commitment)
    publish(made)
    return made


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def documents(said, address: str) -> list[dict]:
    return [json.loads(line) for line in said(address).splitlines()]


def following(response) -> str:
    found = re.search(r'<([^>]*)>; rel="next"', response.headers["Link"])
    return found[1] if found else ""


def slugs(form: str, text: str) -> list[str]:
    """The records of a page, whatever its form."""
    if form == "csv":
        return [row["slug"] for row in rows_of(text)]
    if form == "ndjson":
        return [json.loads(line)["slug"] for line in text.splitlines()]
    if form == "geojson":
        return [feature["id"] for feature in json.loads(text)["features"]]
    return [node["slug"] for node in json.loads(text)["@graph"]]


def test_every_list_has_its_forms_by_suffix_and_by_accept(said, subtests):
    for name, form in FORMS_OF_LISTS:
        with subtests.test(name=name, form=form):
            listed = [row["slug"] for row in json.loads(said(f"{name}/"))["results"]]
            by_suffix = said(f"{name}.{form}")
            assert said.response.headers["Content-Type"] == MEDIA_TYPES[form]
            assert said.response.headers["Content-Disposition"] == f'attachment; filename="{name}.{form}"'
            assert said.response.headers["Vary"] == "Accept-Encoding"
            assert slugs(form, by_suffix) == listed
            assert said(f"{name}/", accept=MEDIA_TYPES[form].split(";")[0]) == by_suffix
            assert said.response.headers["Vary"] == "Accept, Accept-Encoding"
            assert json.loads(said(f"{name}.json", accept="text/csv")) == json.loads(said(f"{name}/"))


@pytest.mark.parametrize("form", ["csv", "ndjson", "jsonld", "json"])
def test_following_link_alone_ends_with_every_row(said, many, form):
    whole = [row["slug"] for row in json.loads(said("commitments/?page_size=500"))["results"]]
    address, seen, pages = f"commitments.{form}?page_size=5&nature=pledge", [], 0
    while address:
        text = said(address)
        found = json.loads(text)["results"] if form == "json" else None
        seen += [row["slug"] for row in found] if found is not None else slugs(form, text)
        address, pages = following(said.response), pages + 1
        assert not address or f"commitments.{form}?" in address
    assert (seen, pages) == (whole, 3)
    assert len(seen) == 11


def test_without_a_size_a_list_comes_whole(said, many):
    assert len(rows_of(said("commitments.csv"))) == 11
    assert following(said.response) == ""
    assert len(rows_of(said("commitments.csv?nature=plan"))) == 0
    assert [row["slug"] for row in rows_of(said("commitments.csv?as_of=release:1"))] == ["forty-kites"]


@pytest.mark.parametrize("form", ["csv", "ndjson", "jsonld"])
def test_a_long_list_is_streamed_and_says_the_same(said, many, monkeypatch, form):
    whole = said(f"commitments.{form}")
    assert int(said.response.headers["Content-Length"]) == len(whole.encode())
    monkeypatch.setattr(formatted_responses, "MAX_UNSTREAMED_BYTES", 100)
    monkeypatch.setattr(formatted_responses, "_DOCUMENTS_PER_CHUNK", 2)
    for _ in range(2 * dispatch.MAX_STREAMS):
        assert said(f"commitments.{form}") == whole
        assert said.response.streaming
    tag = said.response.headers["ETag"]
    assert said(f"commitments.{form}", 304, if_none_match=tag) == ""


def test_what_is_withdrawn_meanwhile_is_left_out(public, many, monkeypatch):
    monkeypatch.setattr(formatted_responses, "MAX_UNSTREAMED_BYTES", 10)
    monkeypatch.setattr(formatted_responses, "_DOCUMENTS_PER_CHUNK", 1)
    monkeypatch.setattr(listing, "MAX_PAGE_SIZE", 2)
    monkeypatch.setattr(listing.walk_documents, "__defaults__", (2,))
    response = Client().get("/api/v1/commitments.ndjson?ordering=name")
    pieces = iter(response.streaming_content)
    begun = next(pieces)
    many[-1].refresh_from_db()
    withdraw([many[-1]])
    seen = [json.loads(line)["slug"] for line in (begun + b"".join(pieces)).splitlines()]
    assert "promise-9" not in seen
    assert len(seen) == 10


@pytest.mark.parametrize("form", ["csv", "ndjson", "jsonld"])
def test_an_answer_that_breaks_off_does_not_look_whole(public, many, monkeypatch, form):
    monkeypatch.setattr(formatted_responses, "MAX_UNSTREAMED_BYTES", 10)
    monkeypatch.setattr(formatted_responses, "_DOCUMENTS_PER_CHUNK", 1)
    monkeypatch.setattr(listing.walk_documents, "__defaults__", (2,))
    real, times = listing.edition_queries.fetch_page_rows, []

    def failing(*args):
        times.append(1)
        if len(times) > 2:
            raise OSError("The disk is gone")
        return real(*args)

    monkeypatch.setattr(listing.edition_queries, "fetch_page_rows", failing)
    client = Client(raise_request_exception=False)
    response = client.get(f"/api/v1/commitments.{form}")
    assert response.status_code == 200
    got = []
    with pytest.raises(OSError, match="disk"):
        got.extend(response.streaming_content)
    text = b"".join(got).decode()
    with pytest.raises((csv.Error, ValueError)):
        slugs(form, text)
    response.close()


def test_there_are_places_for_few_streams_and_they_come_free(public, many, monkeypatch):
    monkeypatch.setattr(formatted_responses, "MAX_UNSTREAMED_BYTES", 10)
    # A test's transaction must not be closed with a response.
    monkeypatch.setattr(request_finished, "send", lambda **_: [])
    client = Client()
    # Responses that nobody reads to their end.
    unread = [client.get("/api/v1/commitments.csv") for _ in range(dispatch.MAX_STREAMS)]
    refused = client.get("/api/v1/commitments.csv")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert client.get("/api/v1/commitments.csv?page_size=5").status_code == 200
    for response in unread:
        response.close()
        response.close()
    again = client.get("/api/v1/commitments.csv")
    assert again.status_code == 200
    again.close()


def test_lines_are_the_printed_texts(said, many):
    lines = said("commitments.ndjson").splitlines()
    assert "[" + ",".join(lines) + "]" == json.dumps(
        json.loads(said("commitments/"))["results"], ensure_ascii=False, separators=(",", ":")
    )
    assert said("commitments/forty-kites.ndjson") == said("commitments/forty-kites/") + "\n"


def test_text_stays_text_in_a_spreadsheet(said, many):
    rows = {row["slug"]: row for row in rows_of(said("commitments.csv"))}
    text = said("commitments.csv")
    assert text.count("\r\n") == 12
    for commitment in many:
        name = rows[commitment.slug]["name"]
        assert not re.match(r"[=+@\t\r]", name)
        assert (name.removeprefix("'") if name.startswith("'") else name) == commitment.name


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1", "'=1"),
        ("-1.5", "-1.5"),
        ("-1+2", "'-1+2"),
        ("'x", "''x"),
        ("\uff1d1", "'\uff1d1"),
        (None, ""),
        (False, "false"),
        (0, "0"),
        (["a|b", "c\\d"], "a\\|b|c\\\\d"),
        (["=a", "b"], "'=a|b"),
        ([], ""),
    ],
)
def test_cells(value, cell):
    assert csv_tables.csv_cell(value) == cell


@pytest.mark.parametrize("name", COLLECTIONS)
def test_columns_are_paths_of_the_json(said, name):
    rows = rows_of(said(f"{name}.csv"))
    records = documents(said, f"{name}.ndjson")
    assert rows
    for row, record in zip(rows, records, strict=True):
        for path, text in row.items():
            value = record
            for step in path.split("."):
                value = [one[step] for one in value] if isinstance(value, list) else value and value[step]
            if isinstance(value, list):
                texts = [one if isinstance(one, str) else json.dumps(one) for one in value]
                counted = ("measures", "conversions", "milestones", "shares")
                assert text == (str(len(value)) if path in counted else "|".join(texts))
            elif isinstance(value, str) and value:
                assert text in (value, f"'{value}")
            else:
                assert text == ("" if value is None else json.dumps(value) if value != "" else "")


def test_amounts_have_a_table_of_their_own(said, public, records):
    measures = rows_of(said("measures/commitments.csv"))
    stated = [
        (record["slug"], measure["key"], measure["value"])
        for record in documents(said, "commitments.ndjson")
        for measure in record["measures"]
    ]
    assert stated
    assert [(row["slug"], row["measures.key"], row["measures.value"]) for row in measures] == stated
    assert rows_of(said("milestones/commitments.csv?nature=pledge"))[0]["milestones.stage"]
    said("milestones/events.csv", 404)
    said("measures/commitments.ndjson", 404)
    said("measures/commitments.csv?colour=red", 400)


def test_facilities_and_events_are_features(said, public):
    yard = make.a_facility("mill", latitude="-53.1200", longitude="18.0084")
    make.a_citation(public.quote, yard, "name", yard.name)
    make.a_citation(public.quote, yard, "latitude", "-53.12")
    make.a_citation(public.quote, yard, "longitude", "18.0084")
    yard.refresh_from_db()
    public.meeting.latitude, public.meeting.longitude = "61.12", "10.4700"
    public.meeting.save()
    publish([yard, public.meeting])
    collection = json.loads(said("facilities.geojson"), parse_float=str)
    assert collection["type"] == "FeatureCollection"
    by_id = {feature["id"]: feature for feature in collection["features"]}
    assert by_id["mill"]["geometry"] == {"type": "Point", "coordinates": ["18.0084", "-53.12"]}
    rows = {row["slug"]: row for row in json.loads(said("facilities/"))["results"]}
    for slug, feature in by_id.items():
        assert feature["type"] == "Feature"
        assert feature["properties"] == rows[slug]
        assert (feature["geometry"] is None) == (rows[slug]["latitude"] is None)
    meeting = json.loads(said("events/lake-meeting.geojson"), parse_float=str)
    assert meeting["geometry"] == {"type": "Point", "coordinates": ["10.47", "61.12"]}
    assert json.loads(said("facilities/mill.geojson"))["id"] == "mill"
    said("commitments.geojson", 404)


@pytest.mark.parametrize("parameter", ["count=true", "facets=nature", "fields=name", "include=evidence"])
def test_what_only_json_has_is_refused_elsewhere(said, parameter):
    errors = json.loads(said(f"commitments.csv?{parameter}", 400))["errors"]
    assert [(error["name"], error["code"]) for error in errors] == [(parameter.split("=")[0], "not_with_form")]


def test_faults_and_merges_are_answered_before_the_first_byte(said):
    assert json.loads(said("commitments.csv?nature=nonsense&x=1", 400))["status"] == 400
    said("commitments.csv?cursor=abc", 400)
    said("commitments/nothing-such.jsonld", 404)


# JSON-LD


def iris(node):
    """Every @id in a document."""
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "@id" and isinstance(value, str))
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from iris(value)


def used(node):
    """Every member and type in a document."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "@type":
                yield from value if isinstance(value, list) else [value]
            elif not name.startswith("@"):
                yield name
            yield from used(value)
    elif isinstance(node, list):
        for value in node:
            yield from used(value)


@pytest.mark.parametrize("name", [name for name in COLLECTIONS if name != "entities"])
def test_every_record_is_linked_data(said, name):
    context = json.loads(said("contexts/1/"))["@context"]
    assert said.response.headers["Cache-Control"] == CACHE_FOREVER
    assert said.response.headers["Content-Type"] == "application/ld+json"
    for record in documents(said, f"{name}.ndjson"):
        node = json.loads(said(f"{name}/{record['slug']}.jsonld"))
        assert node["@context"] == "http://testserver/api/v1/contexts/1/"
        assert node["@id"] == f"http://testserver{record['href']}"
        assert json.loads(said(node["hasVersion"]["@id"]))["slug"] == record["slug"]
        for iri in iris({key: value for key, value in node.items() if key != "evidence"}):
            said(iri)
        for term in used(node):
            # Either schema.org's, Web Annotation's, or one of the register's own, by @vocab.
            assert re.fullmatch("[A-Za-z0-9_]+", term)
        types = {term for term in used(node) if term[0].isupper()}
        assert types <= set(context)


def test_a_context_fetches_nothing(said):
    context = json.loads(said("contexts/1/"))["@context"]
    prefixes = ("@vocab", "schema", "oa", "dcterms", "xsd", "edtf")
    for name, meaning in context.items():
        told = meaning["@id"] if isinstance(meaning, dict) else str(meaning)
        if name not in prefixes and not name.startswith("@"):
            prefix = told.split(":")[0]
            assert prefix in prefixes or told.startswith(("http://testserver/api/v1/contexts/1/#", "http://www.w3.org/"))


def test_a_quote_selects_its_passage(said, public):
    record = json.loads(said(f"quotes/{public.quote.slug}/"))
    node = json.loads(said(f"quotes/{public.quote.slug}.jsonld"))
    assert node["@type"] == ["Quotation"]
    assert node["text"] == record["exact"]
    by_words, by_place = node["place"]["selector"]
    assert by_words["@type"] == "TextQuoteSelector"
    assert by_words["exact"] == record["exact"]
    assert [person["name"] for person in node["creator"]] == ["Ada Fell"]
    assert by_place == {"@type": "TextPositionSelector", "from": record["start"], "to": record["end"]}
    assert node["place"]["source"] == f"http://testserver{record['document']['href']}"


def test_evidence_points_into_the_edition(said):
    record = json.loads(said("commitments/forty-kites/"))
    node = json.loads(said("commitments/forty-kites.jsonld"))
    assert len(node["evidence"]) == sum(len(told["citations"]) for told in record["evidence"].values()) > 0
    for annotation in node["evidence"]:
        edition = json.loads(said(annotation["target"]["source"]))
        found = edition
        for step in annotation["target"]["selector"]["pointer"].split("/")[1:]:
            found = found[int(step)] if isinstance(found, list) else found[step]
        assert annotation["body"]["text"] in json.dumps(edition["evidence"], ensure_ascii=False)


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ({"qualifier": "none"}, {"value": "5"}),
        ({"qualifier": "about"}, {"value": "5"}),
        ({"qualifier": "at_least"}, {"minValue": "5"}),
        ({"qualifier": "more_than"}, {"minValue": "5"}),
        ({"qualifier": "up_to"}, {"maxValue": "5"}),
        ({"qualifier": "about", "upper": "7"}, {"minValue": "5", "maxValue": "7"}),
        ({"qualifier": "unspecified", "value": None}, {}),
    ],
)
def test_a_limit_is_no_value(measure, told):
    words = {"key": "aid", "kind": "money", "value": "5", "upper": None, "currency": "EUR"} | measure
    found = jsonld._jsonld_measure(words, "")
    assert {name: found[name] for name in ("value", "minValue", "maxValue") if name in found} == told


@pytest.mark.parametrize(("nature", "grant"), [("pledge", True), ("refusal", False), ("condition", False), ("hope", False)])
def test_only_what_is_granted_is_a_grant(said, public, nature, grant):
    made = make.a_commitment("aid", nature=nature, category="funding")
    measure = make.a_measure(made, "money", kind="money", value=5, unit="", currency="EUR", as_stated="5 euros")
    for field, value in (
        ("name", "Aid"),
        ("nature", nature),
        ("category", "funding"),
        (f"measures.{measure.key}", measure.citation_value),
    ):
        make.a_citation(public.quote, made, field, value)
    made.refresh_from_db()
    publish([made])
    assert ("MonetaryGrant" in json.loads(said("commitments/aid.jsonld"))["@type"]) == grant


def test_a_date_is_never_made_more_precise(said, public):
    event = make.an_event("fair", start="2024-07", end="2024-07-10")
    make.a_citation(public.quote, event, "start", "2024-07")
    make.a_citation(public.quote, event, "end", "2024-07-10")
    event.refresh_from_db()
    publish([event])
    node = json.loads(said("events/fair.jsonld"))
    assert "startDate" not in node
    assert node["endDate"] == "2024-07-10"
    assert node["temporalCoverage"] == "2024-07/2024-07-10"
    assert node["start"] == {"@value": "2024-07", "@type": "edtf"}


def test_parts_are_those_of_entities():
    assert set(formatted_responses.CHILD_TABLES) == {name for name, one in COLLECTIONS.items() if one.kinds[0] in ENTITY_KINDS}
