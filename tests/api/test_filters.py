"""Filters: each one finds what it says, alone and with others."""

import pytest

from nato_support.api import edition_queries
from nato_support.api.collections import COLLECTIONS
from nato_support.publishing import search_terms
from nato_support.publishing.publication import publish
from sources.models import Resolution
from tests import world as make


def test_whatever_an_edition_can_be_found_by_is_a_parameter():
    for collection in COLLECTIONS.values():
        for kind in collection.kinds if len(collection.kinds) == 1 else ():
            literals = {"type"} if kind == "relation" else set()
            assert (literals | set(search_terms._LITERAL_MEMBERS[kind])) <= set(collection.parameters), kind
    offered = {name for collection in COLLECTIONS.values() for name in collection.parameters}
    # What a citation states may be of any kind: it is found through the quote instead.
    assert set(search_terms.REFERENCE_FIELDS) - {"value_ref"} <= offered


FILTER = [
    ("commitments/?committed_by=arcadia", ["forty-kites"]),
    ("commitments/?committed_by=organisation/arcadia", ["forty-kites"]),
    ("commitments/?committed_by=ruritania", []),
    ("commitments/?committed_by=ruritania,arcadia", ["forty-kites"]),
    ("commitments/?committed_by=ruritania&committed_by=arcadia", ["forty-kites"]),
    ("commitments/?committed_by=arcadia&beneficiary=ruritania&nature=pledge", ["forty-kites"]),
    ("commitments/?committed_by=arcadia&beneficiary=arcadia", []),
    ("commitments/?nature=refusal,pledge&category=equipment&stage=announced", ["forty-kites"]),
    ("commitments/?event=lake-meeting", ["forty-kites"]),
    ("commitments/?milestone_at=lake-meeting", ["forty-kites"]),
    ("commitments/?measure=items", ["forty-kites"]),
    ("commitments/?measure=money", []),
    ("commitments/?currency=EUR", []),
    ("commitments/?speaker=ada-fell&publisher=arcadian-courier&document=courier-2024-07-09", ["forty-kites"]),
    ("commitments/?quote=courier-2024-07-09-q01", ["forty-kites"]),
    ("commitments/?name=FORTY%20kites", ["forty-kites"]),
    ("commitments/?name=forty", []),
    ("commitments/?contested=true", []),
    ("commitments/?contested=false", ["forty-kites"]),
    ("facilities/?operator=ruritania&locality=Harbourton", ["kite-yard"]),
    ("posts/?organisation=arcadia", ["minister-of-kites"]),
    ("events/?type=meeting", ["lake-meeting"]),
    ("organisations/?type=media", ["arcadian-courier"]),
    ("relations/?entity=arcadia", ["arcadia-works-alongside-ruritania"]),
    ("relations/?entity=organisation/ruritania&type=works-alongside", ["arcadia-works-alongside-ruritania"]),
    ("relations/?subject=ruritania", []),
    ("relations/?object=ruritania", ["arcadia-works-alongside-ruritania"]),
    ("relations/?entity=person/arcadia", []),
    ("quotes/?speaker=ada-fell&occasion=lake-meeting&quote_kind=direct_speech", ["courier-2024-07-09-q01"]),
    ("documents/?publisher=arcadian-courier&language=en", ["courier-2024-07-09"]),
    ("commitments/?q=kites", ["forty-kites"]),
    ("commitments/?q=forty%20kit*&nature=pledge", ["forty-kites"]),
    ("commitments/?q=%22kites%20forty%22", []),
    ("entities/?q=kite&kind=facility", ["kite-yard"]),
]


def test_filter(slugs, subtests):
    for address, found in FILTER:
        with subtests.test(address=address, found=found):
            assert slugs(address) == found
            path, _, query = address.partition("?")
            assert slugs(f"{path}?{query}&ordering=name") == found
            if "q=" not in query:
                assert slugs(f"{path}?{query}&as_of=release:1") == found


def test_contested_fields(slugs, public):
    make.a_citation(public.quote, public.kites, "nature", "refusal")
    public.kites.refresh_from_db()
    publish([public.kites])
    assert slugs("commitments/?contested=true") == ["forty-kites"]
    assert slugs("commitments/?contested_field=nature") == ["forty-kites"]
    assert slugs("commitments/?contested=false") == []
    assert slugs("commitments/?contested_field=category") == []


def test_denied_values(api, slugs, public):
    make.a_citation(public.quote, public.kites, "nature", "refusal", polarity="denies")
    public.kites.refresh_from_db()
    publish([public.kites])
    assert slugs("commitments/?denied=nature") == ["forty-kites"]
    assert slugs("commitments/?denied=category") == []
    assert slugs("commitments/?contested=true") == []
    assert api("commitments/?facets=denied").data["facets"]["denied"]["values"] == [{"value": "nature", "count": 1}]
    record = api("commitments/forty-kites/").data
    assert record["denied"] == ["nature"]
    assert record["evidence"]["nature"]["statements"] == [
        {"value": "pledge", "polarity": "affirms"},
        {"value": "refusal", "polarity": "denies"},
    ]
    stances = {(c["value"], c["polarity"]): c["stance"] for c in record["evidence"]["nature"]["citations"]}
    assert stances == {("pledge", "affirms"): "supports", ("refusal", "denies"): "contradicts"}


@pytest.mark.parametrize(
    ("path", "record", "field", "value"),
    [
        ("organisations/", "arcadia", "founded", "1950"),
        ("facilities/", "yard", "name", "Kite Loft"),
        ("persons/", "ada", "name", "Ada Hill"),
        ("posts/", "minister", "rank", "first"),
        ("events/", "meeting", "locality", "Pond"),
        ("commitments/", "kites", "measures.kites", "about 50 kite"),
        ("relations/", "alliance", "relation", "in_force: arcadia part-of ruritania"),
    ],
)
def test_what_is_contested_is_found_in_every_collection_and_settled_with_its_reason(
    api, slugs, public, path, record, field, value
):
    target = getattr(public, record)
    for quote, polarity in ((public.quote, "affirms"), (make.a_quote(public.document, "give Ruritania 40 kites"), "denies")):
        make.a_citation(quote, target, field, value, polarity=polarity)
        quote.refresh_from_db()
        publish([quote])

    def printed() -> dict:
        target.refresh_from_db()
        publish([target])
        return api(f"{path}{target.slug}/").data

    assert printed()["evidence"][field]["agreement"] == "contested"
    assert slugs(f"{path}?contested=true&contested_field={field}") == [target.slug]
    assert target.slug not in slugs(f"{path}?contested=false")

    statements = api(f"{path}{target.slug}/").data["evidence"][field]["statements"]
    assert {"value": value, "polarity": "denies"} in statements
    key = "relation" if record == "alliance" else "entity"
    words = {"verdict": "different_scope", "reason": "The yard is one thing, the loft another.", "decided_on": "2024-08-01"}
    Resolution.objects.create(field=field, **{key: target}, **words)
    entry = printed()["evidence"][field]
    assert (entry["agreement"], entry["contested"]) == ("resolved", False)
    assert {name: entry["resolution"][name] for name in ("verdict", "reason", "stands")} == {
        "verdict": "different_scope",
        "reason": words["reason"],
        "stands": True,
    }
    assert entry["resolution"]["settles"] == sorted(statements, key=lambda made: (made["value"], made["polarity"]))
    assert entry["resolution"]["decides_for"] is None
    assert slugs(f"{path}?contested=true") == []


def test_a_quote_is_found_by_each_of_its_speakers_and_by_its_utterance(api, slugs, public):
    bo = make.a_person("bo-vale")
    make.a_citation(public.quote, bo, "name", "Bo Vale")
    words = {"utterance": "forty", "reported_by": "officials", "note": "Inferred."}
    first = make.a_quote(public.document, "Arcadia will give Ruritania 40 kites", speakers=[public.ada, bo], **words)
    second = make.a_quote(public.document, "give Ruritania 40 kites", utterance="forty")
    for quote in (first, second):
        make.a_citation(quote, public.arcadia, "names", "Arcadia")
    publish([bo, first, second, public.arcadia])
    assert first.slug in slugs("quotes/?speaker=ada-fell") and slugs("quotes/?speaker=bo-vale") == [first.slug]
    assert sorted(slugs("quotes/?utterance=forty")) == sorted([first.slug, second.slug])
    assert slugs("organisations/?utterance=forty") == slugs("organisations/?speaker=bo-vale") == ["arcadia"]
    record = api(f"quotes/{first.slug}/").data
    assert [person["slug"] for person in record["speakers"]] == ["ada-fell", "bo-vale"]
    assert {name: record[name] for name in words} == words
    # Two quotes of one utterance do not agree with each other.
    assert api("organisations/arcadia/").data["evidence"]["names"]["agreement"] == "single"
    assert first.slug in [fact["record"]["slug"] for fact in api("timeline/bo-vale/").data["results"]]
    found = api("search/?q=Vale&kind=quote").data
    assert [one["slug"] for one in found["results"]] == [first.slug]
    assert [match["field"] for match in found["matched"][0]] == ["speakers.1.name"]
    assert "Ada Fell|Bo Vale" in api("quotes.csv").content.decode()


def test_identifiers_and_other_names(slugs, public):
    public.arcadia.names.create(text="Аркадия", kind="alias")
    public.arcadia.identifiers.create(scheme="wikidata", value="Q7184")
    make.a_citation(public.quote, public.arcadia, "names", "Аркадия")
    make.a_citation(public.quote, public.arcadia, "identifiers", "wikidata:Q7184")
    public.arcadia.refresh_from_db()
    publish([public.arcadia])
    assert slugs("organisations/?name=аркадия") == ["arcadia"]
    assert slugs("organisations/?identifier=wikidata:Q7184") == ["arcadia"]
    assert slugs("organisations/?identifier=wikidata:Q1") == []
    assert slugs("search/?q=Аркадия") == ["arcadia"]


DATED = {"tents": "2023", "boots": "2024-05", "maps": "2024-07-08", "kettles": "2025-01-02", "hopes": ""}


DATES_AND_ORDER = [
    ("", "kettles forty-kites maps boots tents hopes"),
    ("ordering=date", "tents boots maps forty-kites kettles hopes"),
    ("ordering=name", "boots forty-kites hopes kettles maps tents"),
    ("ordering=-name", "tents maps kettles hopes forty-kites boots"),
    ("date_from=2024", "kettles forty-kites maps boots"),
    ("date_from=2023-06-30", "kettles forty-kites maps boots tents"),
    ("date_from=2024-05-31&date_to=2024-07-08", "maps boots"),
    ("date_to=2023", "tents"),
    ("date_to=2024-05", "boots tents"),
    ("date_from=2024-07-08&ordering=date", "maps forty-kites kettles"),
    ("date_from=2024&ordering=name", "boots forty-kites kettles maps"),
    ("date_from=2024-07-09~&date_to=2024-07-09", "forty-kites"),
    ("date_from=2030", ""),
]


def test_dates_and_order(slugs, promise, subtests):
    for slug, date in DATED.items():
        promise(slug, date)
    for query, found in DATES_AND_ORDER:
        with subtests.test(query=query, found=found):
            assert slugs(f"commitments/?{query}") == found.split()
            assert slugs(f"commitments/?page_size=500&as_of=release:6&{query}") == found.split()


def test_a_span_of_years_is_found_in_each_of_them(slugs, promise, public):
    long = promise("bridge", "2019-03")
    make.a_milestone(long, "delivered", "2022")
    make.a_citation(public.quote, long, "milestones.delivered", "delivered 2022")
    long.refresh_from_db()
    publish([long])
    for bound, found in {"2018": True, "2019-04": True, "2020": True, "2022-12-31": True, "2023": False}.items():
        assert ("bridge" in slugs(f"commitments/?date_from={bound}")) is found, bound
        assert ("bridge" in slugs(f"commitments/?date_from={bound}&ordering=date&nature=pledge")) is found, bound
    assert "bridge" not in slugs("commitments/?date_to=2019-02")


@pytest.mark.parametrize("few", [0, 10_000])
def test_what_the_page_is_driven_from_changes_nothing(slugs, promise, monkeypatch, public, few):
    for slug, date in DATED.items():
        promise(slug, date, by=[public.ruritania] if slug < "m" else [public.arcadia, public.ruritania])
    monkeypatch.setattr(edition_queries, "FEW_EDITIONS", few)
    monkeypatch.setattr(edition_queries, "FEW_HITS", few)
    for order, expected in {"": "kettles maps boots tents hopes", "&ordering=name": "boots hopes kettles maps tents"}.items():
        assert slugs(f"commitments/?committed_by=ruritania&category=equipment{order}") == expected.split()
        assert slugs(f"commitments/?committed_by=ruritania,arcadia&beneficiary=ruritania{order}") == ["forty-kites"]
        assert slugs(f"commitments/?q=maps&committed_by=arcadia{order}") == ["maps"]
    # Some of these are by both, and come once.
    assert sorted(slugs("commitments/?committed_by=ruritania,arcadia")) == sorted([*DATED, "forty-kites"])


def test_what_an_edition_said_before_does_not_find_it(slugs, public):
    public.kites.nature = "plan"
    public.kites.save()
    public.citation.value = "plan"
    public.citation.save()
    public.kites.refresh_from_db()
    publish([public.kites])
    for order in ("date", "-date", "name"):
        assert slugs(f"commitments/?nature=pledge&ordering={order}") == []
        assert slugs(f"commitments/?nature=plan&ordering={order}") == ["forty-kites"]
        assert slugs(f"commitments/?category=equipment&ordering={order}") == ["forty-kites"]
        assert slugs(f"commitments/?nature=pledge&ordering={order}&as_of=release:1") == ["forty-kites"]
        assert slugs(f"commitments/?nature=plan&ordering={order}&as_of=release:1") == []


def test_counts(api, promise, monkeypatch):
    for slug, date in DATED.items():
        promise(slug, date)
    assert api("commitments/?count=true&page_size=2").data["count"] == 6
    assert api("commitments/?count=true&date_from=2024").data["count"] == 4
    assert api("commitments/?count=true&nature=pledge&ordering=date").data["count"] == 6
    assert api("commitments/?count=true&q=kettles").data["count"] == 1
    assert api("entities/?count=true").data["count"] == 13
    assert "count" not in api("commitments/?count=false").data
    monkeypatch.setattr(edition_queries, "MAX_COUNTED", 3)
    bounded = api("commitments/?count=true&nature=pledge&page_size=3").data
    assert (bounded["count"], bounded["meta"]["count_is"]) == (3, "at_least")
