"""A value that names nothing public is said, in every list and filter, with what may be meant."""

import json
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities import merging
from entities.countries import COUNTRIES
from entities.merging import SURVIVOR
from nato_support.api import dispatch
from nato_support.api.collections import COLLECTIONS
from nato_support.api.parameters import Parameter
from nato_support.api.renderers import formatted_responses
from nato_support.api.totals.totals_responses import TOTALS_COLLECTION, TOTALS_ROWS_COLLECTION
from nato_support.publishing.merge_publication import merge_and_publish
from nato_support.publishing.publication import publish, withdraw
from tests import world as make
from tests.invented import publish_cited

# Parameters without a closed list of values that name nothing all the same: times, numbers, words, what to show and how.
NAMES_NOTHING = {
    *("date_from", "date_to", "date_overlaps", "date_within", "date_before", "date_after", "said_overlaps", "said_within"),
    *("in_force", "attested", "due_before", "due_after", "overdue", "period", "amount_min", "amount_max"),
    *("q", "as_of", "page_size", "cursor", "fields", "group"),
}
# A value of each sort of name that no record of the invented world has.
NO_SLUG, NO_TEXT = "no-such-thing", "No such thing"
UNLIKE_SLUGS = {
    "currency": "XTS",
    "identifier": "wikidata:Q0",
    "contested_field": "qqq",
    "denied": "measures.qqq",
    **dict.fromkeys(("name", "unit", "locality", "family_name", "rank", "role", "language", "translated_from"), NO_TEXT),
}
ANTARCTICA = "AQ"


def is_closed(parameter: Parameter) -> bool:
    """Whether it takes words of a closed list alone, so that any other is refused."""
    return "enum" in parameter.schema or parameter.schema.get("type") == "boolean"


def unknown_value(parameter: Parameter) -> str:
    return ANTARCTICA if parameter.component == "Countries" else UNLIKE_SLUGS.get(parameter.name, NO_SLUG)


TABLE = [
    (address, parameter.name, unknown_value(parameter))
    for address, collection in [
        *((f"{name}/", collection) for name, collection in COLLECTIONS.items()),
        ("commitments/totals/", TOTALS_COLLECTION),
        ("commitments/totals/rows/", TOTALS_ROWS_COLLECTION),
    ]
    for parameter in collection.parameters.values()
    if not is_closed(parameter) and parameter.name not in NAMES_NOTHING
]


def test_no_filter_is_forgotten():
    assert len(TABLE) > 150
    for collection in (*COLLECTIONS.values(), TOTALS_ROWS_COLLECTION):
        for parameter in collection.parameters.values():
            says = parameter.lookup is not None
            assert says == (not is_closed(parameter) and parameter.name not in NAMES_NOTHING), parameter.name


def test_every_filter_says_that_a_value_names_nothing(api, subtests):
    for address, name, value in TABLE:
        with subtests.test(address=address, name=name):
            for query in (f"{name}={quote(value)}", f"{name}={quote(value)}&as_of=release:1"):
                answer = api(f"{address}?{query}").data
                assert not answer.get("results")
                [unknown] = answer["meta"]["unknown"]
                assert unknown == {"parameter": name, "value": value, "reason": "nothing_public", "suggestions": []}


def test_every_form_of_a_list_says_it(api, subtests):
    for form in ("csv", "ndjson", "geojson", "jsonld"):
        for query in ("operator=ruritanja", "operator=ruritanja&page_size=2"):
            with subtests.test(form=form, query=query):
                told = json.loads(api(f"facilities.{form}?{query}").headers["Register-Meta"])
                assert told == api(f"facilities/?{query}").data["meta"]
                assert told["unknown"][0]["suggestions"][0]["value"] == "ruritania"
    told = json.loads(api("measures/commitments.csv?committed_by=arcadya&due_before=2024").headers["Register-Meta"])
    assert told["unknown"][0]["value"] == "arcadya" and told["left_out"] == {"due_unknown": 0}
    assert json.loads(api("facilities.csv").headers["Register-Meta"]) == {"release": 1}
    assert "Register-Meta" in api("facilities.csv").headers["Access-Control-Expose-Headers"]


def test_a_header_does_not_grow_without_end(api):
    names = "&".join(f"name={quote('ü' * 200)}{at}" for at in range(8))
    header = api(f"organisations.csv?{names}").headers["Register-Meta"]
    assert len(header) <= formatted_responses.MAX_META_HEADER_LENGTH and header.isascii()
    told = json.loads(header)
    assert told["is_truncated"] and told["unknown"]


def suggested(api, address: str) -> list[tuple]:
    """(parameter, value, name, href) of what is suggested for the only unknown value."""
    [unknown] = api(address).data["meta"]["unknown"]
    return [tuple(suggestion.values()) for suggestion in unknown["suggestions"]]


ARCADIA = ("Arcadia", "/api/v1/organisations/arcadia/")
ADA = ("Ada Fell", "/api/v1/persons/ada-fell/")


@pytest.mark.parametrize(
    ("address", "suggestion"),
    [
        ("commitments/?committed_by=arcadya", ("committed_by", "arcadia", *ARCADIA)),
        ("commitments/?committed_by=organisation/arcada", ("committed_by", "arcadia", *ARCADIA)),
        ("commitments/?nature=pledge&party=arcadya&count=true&facets=stage", ("party", "arcadia", *ARCADIA)),
        ("commitments/totals/?committed_by=arcadya", ("committed_by", "arcadia", *ARCADIA)),
        ("commitments/totals/rows/?by=party,year&group=arcadya,2024", ("group", "arcadia,2024", *ARCADIA)),
        ("organisations/?slug=arcadya", ("slug", "arcadia", *ARCADIA)),
        (
            "organisations/?related_to=ruritanja",
            ("related_to", "organisation/ruritania", "Ruritania", "/api/v1/organisations/ruritania/"),
        ),
        ("relations/?subject=arkadia", ("subject", "organisation/arcadia", *ARCADIA)),
        # Its slug is not spelt like that, its name sounds so.
        ("quotes/?speaker=fell-ada", ("speaker", "ada-fell", *ADA)),
        (
            "quotes/?document=courier-2024-07-08",
            ("document", "courier-2024-07-09", "Arcadia to give kites", "/api/v1/documents/courier-2024-07-09/"),
        ),
        ("organisations/?name=Arcadja", ("name", "Arcadia", *ARCADIA)),
        ("documents/?name=Arcadia to give kite", ("name", "arcadia to give kites", None, None)),
        ("documents/?language=EN", ("language", "en", None, None)),
        ("organisations/?relation_type=work-alongside", ("relation_type", "works-alongside", None, None)),
        ("relations/?type=works-alongsid", ("type", "works-alongside", None, None)),
        ("commitments/?unit=Kites", ("unit", "kite", None, None)),
        ("facilities/?locality=harbourton", ("locality", "Harbourton", None, None)),
        ("persons/?family_name=Felt", ("family_name", "Fell", None, None)),
        ("events/?contested_field=begin&contested_field=strat", None),
        ("events/?contested_field=strat", ("contested_field", "start", None, None)),
        ("commitments/?denied=natur", ("denied", "nature", None, None)),
        ("graph/arcadia/?type=works-alongsid", ("type", "works-alongside", None, None)),
        ("graph/arcadia/?type=commited_by", ("type", "committed_by", None, None)),
    ],
)
def test_what_is_spelt_alike_is_suggested(api, address, suggestion):
    if suggestion is None:
        told = api(address).data["meta"]["unknown"]
        assert [(unknown["value"], len(unknown["suggestions"])) for unknown in told] == [("begin", 0), ("strat", 1)]
    else:
        assert suggested(api, address)[0] == suggestion


def test_what_is_suggested_finds_something(api, subtests):
    for address in ("commitments/?committed_by=arcadya", "organisations/?name=Arcadja", "commitments/?unit=Kites"):
        with subtests.test(address=address):
            [first, *_] = suggested(api, address)
            answer = api(f"{address.partition('?')[0]}?{first[0]}={first[1]}").data
            assert answer["results"] and "unknown" not in answer["meta"]


def test_a_slug_of_another_kind_is_said_to_be_one(api):
    [unknown] = api("commitments/?committed_by=ada-fell").data["meta"]["unknown"]
    assert (unknown["reason"], unknown["kinds"]) == ("other_kind", ["person"])
    assert [(one["parameter"], one["value"]) for one in unknown["suggestions"]] == [
        ("speaker", "ada-fell"),
        ("related_to", "person/ada-fell"),
    ]
    assert api("commitments/?speaker=ada-fell").data["results"]
    [unknown] = api("commitments/?related_to=organisation/ada-fell").data["meta"]["unknown"]
    assert unknown["suggestions"][1]["value"] == "person/ada-fell"
    # No filter of events takes a slug of that kind but by a relation.
    assert suggested(api, "documents/?slug=forty-kites") == [
        (None, "forty-kites", "Forty Kites", "/api/v1/commitments/forty-kites/")
    ]


def test_a_word_that_only_other_kinds_have_is_said_to_be_theirs(api, public):
    member = make.an_organisation("poland", country="PL")
    yard = make.a_facility("northern-yard", country="NO", operator=member)
    promise = make.a_commitment("visits", by=[member], facility=yard)
    publish_cited(public.quote, member, yard, promise)
    [unknown] = api("persons/?unit=kite").data["meta"]["unknown"]
    assert (unknown["reason"], unknown["kinds"], unknown["suggestions"]) == ("other_kind", ["commitment"], [])
    [unknown] = api("commitments/?committed_by_country=NO").data["meta"]["unknown"]
    assert (unknown["reason"], unknown["kinds"]) == ("other_kind", ["facility"])
    assert [(one["parameter"], one["value"]) for one in unknown["suggestions"]] == [("facility_country", "NO")]
    for query in ("committed_by_country=PL", "facility_country=NO"):
        assert "unknown" not in api(f"commitments/?{query}").data["meta"]


def test_each_of_several_values_is_judged(api):
    answer = api("commitments/?committed_by=arcadia,arcadya,ruritanja&nature=pledge").data
    assert [row["slug"] for row in answer["results"]] == ["forty-kites"]
    assert [unknown["value"] for unknown in answer["meta"]["unknown"]] == ["arcadya", "ruritanja"]
    answer = api("commitments/?committed_by=arcadya&beneficiary=ruritania&unit=kite&unit=kites").data
    assert answer["results"] == []
    assert [(one["parameter"], one["value"]) for one in answer["meta"]["unknown"]] == [
        ("committed_by", "arcadya"),
        ("unit", "kites"),
    ]


def test_what_is_known_and_finds_nothing_is_not_said_to_be_unknown(api):
    for query in (
        "committed_by=ruritania",
        "nature=refusal&committed_by=arcadia&speaker=ada-fell",
        "contested_field=nature",
        "unit=kite&committed_by=ruritania",
        "related_to=ruritania&relation_type=works-alongside",
    ):
        assert "unknown" not in api(f"commitments/?{query}").data["meta"], query
    assert "unknown" not in api("graph/ruritania/?type=committed_by,works-alongside,part_of").data["meta"]


def test_what_was_withdrawn_is_said_to_be_gone(api, public):
    gone = make.an_organisation("gone-record", name="Gone record")
    publish_cited(public.quote, gone)
    withdraw([gone])
    for query in ("", "&as_of=release:1", "&as_of=release:2"):
        [unknown] = api(f"commitments/?committed_by=gone-record{query}").data["meta"]["unknown"]
        assert (unknown["reason"], unknown["suggestions"]) == ("withdrawn", [])


def test_what_referred_to_a_withdrawn_record_says_so(api, public):
    giver = make.an_organisation("third-party")
    promise = make.a_commitment("tents", by=[giver])
    publish_cited(public.quote, giver, promise)
    promise.committed_by.set([public.arcadia])
    promise.citations.filter(field="committed_by").delete()
    publish_cited(public.quote, promise)
    withdraw([giver])
    answer = api("commitments/?committed_by=third-party&as_of=release:2").data
    assert [row["slug"] for row in answer["results"]] == ["tents"]
    assert [unknown["reason"] for unknown in answer["meta"]["unknown"]] == ["withdrawn"]


def test_what_came_later_is_said_not_to_have_been_then(api, public):
    later = make.an_organisation("latecomer", country="LV")
    publish_cited(public.quote, later)
    [unknown] = api("commitments/?committed_by=latecomer&as_of=release:1").data["meta"]["unknown"]
    assert (unknown["reason"], unknown["suggestions"]) == ("not_then", [])
    [unknown] = api("organisations/?country=LV&as_of=release:1").data["meta"]["unknown"]
    assert unknown["reason"] == "not_then"
    # Nor is it suggested for that time.
    assert suggested(api, "commitments/?committed_by=latecomers&as_of=release:1") == []
    assert suggested(api, "commitments/?committed_by=latecomers")[0][1] == "latecomer"


def test_nothing_that_is_no_longer_public_is_suggested(api, public):
    gone = make.an_organisation("gone-record", country="LV")
    rankless = make.a_post(public.arcadia, "keeper-of-tents", rank="OF-9")
    publish_cited(public.quote, gone, rankless)
    assert suggested(api, "posts/?rank=OF-8") == [("rank", "OF-9", None, None)]
    withdraw([gone, rankless])
    for address in (
        "posts/?rank=OF-8",
        "posts/?rank=OF-9",
        "commitments/?committed_by=gone-records",
        "organisations/?name=Gone Records",
    ):
        assert suggested(api, address) == [], address


def test_a_merged_record_leads_on_and_of_another_kind_its_survivor_is_suggested(api, public):
    twins = [make.an_organisation(slug) for slug in ("arcadian-republic", "kite-state")]
    publish_cited(public.quote, *twins)
    choices = {"name": SURVIVOR, "type": SURVIVOR}
    digest = merging.plan_merge(*twins, choices).digest
    merge_and_publish(*twins, choices, expected_digest=digest, confirmed=True)
    assert api("commitments/?committed_by=arcadian-republic", 308)["Location"].endswith("committed_by=kite-state")
    [unknown] = api("quotes/?speaker=arcadian-republic").data["meta"]["unknown"]
    assert (unknown["reason"], unknown["kinds"]) == ("other_kind", ["organisation"])
    assert [(one["parameter"], one["value"]) for one in unknown["suggestions"]] == [("publisher", "kite-state")]
    [unknown] = api("commitments/totals/rows/?by=party&group=arcadian-republic").data["meta"]["unknown"]
    assert (unknown["reason"], unknown["suggestions"][0]["value"]) == ("merged", "kite-state")


def test_an_identifier_is_not_taken_for_one_that_is_spelt_alike(api, public):
    public.arcadia.identifiers.create(scheme="wikidata", value="Q17")
    publish_cited(public.quote, public.arcadia)
    assert suggested(api, "organisations/?identifier=wikidata:Q18") == []
    assert suggested(api, "organisations/?identifier=wikidata:q17") == [("identifier", "wikidata:Q17", None, None)]
    assert suggested(api, "organisations/?identifier=iso3166:Q17") == [("identifier", "wikidata:Q17", None, None)]


def test_an_address_of_no_record_says_what_may_be_meant(api, subtests):
    arcadia = {"kind": "organisation", "slug": "arcadia", "name": "Arcadia", "href": "/api/v1/organisations/arcadia/"}
    for address in (
        "organisations/arcadya/",
        "persons/arcadia/",
        "graph/arcadya/",
        "timeline/arcadya/",
        "organisations/arcadya/editions/",
    ):
        with subtests.test(address=address):
            assert api(address, 404).data["suggestions"][0] == arcadia
    assert "suggestions" not in api("organisations/no-such-thing/", 404).data


def test_it_costs_nothing_where_all_is_known_and_a_bounded_number_of_statements_where_all_is_not(api, monkeypatch):
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))

    def statements(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            api(f"commitments/?{query}")
        return len(captured)

    known = statements("committed_by=arcadia")
    assert known == statements("nature=pledge")
    names = [name for address, name, _ in TABLE if address == "commitments/"]
    table = {name: value for address, name, value in TABLE if address == "commitments/"}
    everything = "&".join(f"{name}={quote(table[name])}" for name in names)
    assert len(names) > 25
    assert statements(everything) < 200
    many = "committed_by=" + ",".join(f"arcadya-{at}" for at in range(50))
    assert statements(many) < 200
    answer = api(f"commitments/?{many}").data["meta"]["unknown"]
    assert len(answer) == 50


def test_a_kept_answer_ends_with_the_register_that_it_was_made_from(api, public):
    address = "commitments/?committed_by=new-country"
    first = api(address)
    assert first.data["meta"]["unknown"]
    api(address, 304, **{"If-None-Match": first.headers["ETag"]})
    assert api(address).content == first.content
    newcomer = make.an_organisation("new-country")
    publish_cited(public.quote, newcomer)
    assert "unknown" not in api(address, 200, **{"If-None-Match": first.headers["ETag"]}).data["meta"]


@pytest.mark.parametrize(
    ("query", "likely"),
    [
        ("beneficiary=Ukraine", ["ukraine"]),
        ("related_to=organisation/United Kingdom", ["organisation/united-kingdom"]),
        ("relation_type=Part of", ["part-of"]),
        ("committed_by=--", None),
        ("party_country=de", ["DE"]),
        ("party_country=UK", ["GB"]),
        ("party_country=Germany", ["DE"]),
        ("country=DE", ["party_country", "committed_by_country", "beneficiary_country", "concerns_country", "facility_country"]),
        ("comitted_by=x", ["committed_by"]),
    ],
)
def test_what_is_refused_is_told_what_may_be_meant(api, query, likely):
    [fault] = api(f"commitments/?{query}", 400).data["errors"]
    assert fault.get("did_you_mean") == likely


def test_unpublished_records_change_nothing(api, public):
    before = api("commitments/?committed_by=hushed").data
    draft = make.an_organisation("hushed")
    make.a_commitment("hushed-promise", by=[draft])
    assert api("commitments/?committed_by=hushed").data == before
    assert before["meta"]["unknown"][0]["suggestions"] == []
    assert publish([public.quote]) is None


def test_as_many_values_as_fit_into_a_query_are_judged(api):
    """Two letters of a currency, a country or a unit each, in every filter that takes them."""
    letters = [f"{first}{second}" for first in "abcdefgh" for second in "abcdefgh"][:50]
    names = {name for address, name, _ in TABLE if address == "commitments/"}
    countries = [code for code in COUNTRIES if code not in ("PL", "DE")][:50]
    query = "&".join(
        [
            *(f"{name}={','.join(countries)}" for name in sorted(names) if name.endswith("_country")),
            *(
                f"{name}={','.join(letters)}"
                for name in ("utterance", "relation_type", "contested_field", "denied", "committed_by")
            ),
            "currency=" + ",".join(f"X{code}".upper() for code in letters),
            "identifier=" + ",".join(f"x:{code}" for code in letters),
            *(f"{name}={code}" for name in ("unit", "name") for code in letters),
        ]
    )
    for then in ("", "&as_of=release:1"):
        assert len(api(f"commitments/?{query}{then}").data["meta"]["unknown"]) == 14 * 50
