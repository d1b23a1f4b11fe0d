"""Every filter, alone and with others, against a reading of all documents: invented registers, random questions."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.test import Client

from entities import vocabulary as v
from entities.dates import DatePoint
from nato_support.api import edition_queries
from nato_support.publishing.publication import publish, withdraw
from sources.models import SourceQuote
from tests import world as make
from tests.invented import publish_cited

POINTS = ["2022", "2023-03", "2023-06-30", "2024", "2024-07", "2024-07-09", "2024-07-10", "2025-01-01"]
DAYS = ["", *POINTS, "2023-03/2024-02", "2024-07-08/2024-07-11", "../2023-06", "2024-06/.."]
BOUNDS = [*POINTS, "2021", "2023-06", "2024-06", "2024-12-31", "2026", "0001", "9999-12-31"]
PASSAGES = [
    "Arcadia will give Ruritania 40 kites",
    "We pledge forty kites",
    "no more and no less",
    "About 700 clerks are to count",
    "count them in Harbourton",
]
AMOUNTS = ["0", "0.5", "40", "99.99", "100", "1000", "1000000", "99999999999.99"]


def register(rng: random.Random) -> list:
    """Publishes an invented register; gives the working copies of what may be edited."""
    countries = ["PL", "PL", "DE", "NL", ""]
    givers = [make.an_organisation(f"giver-{at}", country=country) for at, country in enumerate(countries)]
    media = [make.an_organisation(f"paper-{at}", type="media", country="GB") for at in range(2)]
    sites = [make.a_facility(f"site-{at}", country=country) for at, country in enumerate(("PL", "DE", ""))]
    speakers = [make.a_person(f"speaker-{at}") for at in range(2)]
    events = [make.an_event(f"meeting-{at}", start=day, end=day) for at, day in enumerate(("2023-06-30", "2024-07"))]
    documents = [
        make.a_document(f"article-{at}", f"{make.ARTICLE}{at}\n", publisher=paper, published_on=day)
        for at, (paper, day) in enumerate(zip(media, ("2024-07-10", "2023"), strict=True))
    ]
    quotes = [
        make.a_quote(
            documents[at % 2],
            exact,
            speakers=rng.sample(speakers, rng.randint(0, 2)),
            utterance=["first-words", "second-words", ""][at % 3],
            occasion=rng.choice([None, *events]),
            said_on=rng.choice(DAYS),
            fidelity=rng.choice(v.Fidelity.values),
        )
        for at, exact in enumerate(PASSAGES)
    ]
    promises = [
        make.a_commitment(
            f"promise-{at:02}",
            by=rng.sample(givers, rng.randint(0, 2)),
            nature=(nature := rng.choice(["pledge", "plan", "refusal"])),
            category=rng.choice(["equipment", "funding"]),
            beneficiary=None if nature == "refusal" else rng.choice([None, *givers]),
            due=rng.choice(DAYS),
            facility=rng.choice([None, *sites]),
            announced_at=rng.choice([None, *events]),
        )
        for at in range(30)
    ]
    for promise in promises:
        promise.concerns.set(rng.sample(givers, rng.randint(0, 1)))
        stages = rng.sample(["agreed", "announced", "delivered", "dropped"], rng.randint(0, 2))
        for stage, day in zip(stages, rng.sample(DAYS, len(stages)), strict=True):
            make.a_milestone(promise, stage, day, event=rng.choice([None, *events]))
        stated, steps = None, [None, *promise.milestones.all()]
        for at in range(rng.randint(0, 2)):
            low, high = sorted(rng.sample(AMOUNTS, 2), key=Decimal)
            value = {"key": f"sum-{at}", "value": low, "upper": rng.choice([None, high]), "milestone": rng.choice(steps)}
            if rng.random() < 0.5:
                stated = make.a_measure(promise, kind="money", currency=rng.choice(["EUR", "USD"]), unit="", **value)
            else:
                make.a_measure(promise, kind="items", unit=rng.choice(["kite", "kite loft"]), **value)
        if stated and rng.random() < 0.5:
            make.a_measure(promise, "converted", kind="money", currency="GBP", unit="", value="100", conversion_of=stated)
    entities = [*givers, *media, *sites, *speakers, *events, *promises]
    for entity in entities:
        for quote in rng.sample(quotes, rng.randint(1, 2)):
            make.a_citation(quote, entity, "name", rng.choice([entity.name, entity.name, "Another"]))
    types = [make.a_relation_type("part-of"), make.a_relation_type("works-alongside")]
    pairs = rng.sample([(one, other) for one in givers for other in givers if one != other], 6)
    ends = ["", "2025-01-01", "2025", "", "2025-06", ""]
    relations = [
        make.a_relation(one, other, rng.choice(types), start=rng.choice(DAYS), end=end)
        for (one, other), end in zip(pairs, ends, strict=True)
    ]
    for one in (*entities, *relations):
        make.cite_values(rng.choice(quotes), one)
    everything = [*entities, *relations, *documents, *quotes]
    for one in everything:
        one.refresh_from_db()
    publish(everything, rows_checked=True)
    return [*promises, *givers, *relations]


@pytest.fixture
def ask(db):
    client = Client()

    def asked(path: str, query: dict | str = "", status: int = 200) -> dict:
        text = query if isinstance(query, str) else urlencode(query, safe="/,.")
        response = client.get(f"/api/v1/{path}?{text}")
        assert response.status_code == status, (path, text, response.content[:600])
        return json.loads(response.content)

    return asked


def whole(ask, collection: str, release: int) -> list[dict]:
    """Every record of a collection as it was at a release, in full."""
    rows = ask(f"{collection}/", {"as_of": f"release:{release}", "page_size": 500})["results"]
    return [ask(f"{collection}/{row['slug']}/", {"as_of": f"release:{release}"}) for row in rows]


# What a reading of the documents finds.

LASTING = {"relation": ("start", "end"), "organisation": ("founded", "dissolved")}


def over_before(record: dict, query: dict) -> bool:
    """Whether a record without a beginning is known to have ended before the time that is asked for."""
    ended = record.get(LASTING.get(record["kind"], ("", ""))[1])
    firsts = [span_of(query[name])[0] for name in ("date_from", "date_overlaps") if name in query]
    return bool(ended and firsts and days_of(ended)[1] < max(firsts))


def days_of(date: dict) -> tuple[str, str]:
    return date["earliest"] or "0001-01-01", date["latest"] or "9999-12-31"


def time_of(record: dict) -> tuple[str, str] | None:
    if record["kind"] == "commitment":
        dated = [milestone["date"] for milestone in record["milestones"] if milestone["date"]]
    elif record["kind"] in LASTING:
        begun, ended = (record[member] for member in LASTING[record["kind"]])
        return (days_of(begun)[0], days_of(ended)[1] if ended else "9999-12-31") if begun else None
    elif record["kind"] == "quote":
        dated = [record["said_on"] or record["document"]["published_on"]]
    else:
        dated = [day for member in ("start", "end", "published_on") if (day := record.get(member))]
    if not dated:
        return None
    # A step that is known only by when it was taken is not taken for the first.
    begun = [day for day in dated if day["earliest"]] or dated
    return min(days_of(day)[0] for day in begun), max(days_of(day)[1] for day in dated)


def quotes_of(record: dict) -> list[dict]:
    if record["kind"] == "quote":
        return [record]
    return [citation["quote"] for entry in record.get("evidence", {}).values() for citation in entry["citations"]]


def said(record: dict) -> Iterator[tuple[str, str]]:
    for quote in quotes_of(record):
        if day := quote["said_on"] or quote["document"]["published_on"]:
            yield days_of(day)


def slug_of(reference: dict | None) -> str | None:
    return reference["slug"] if reference else None


def slugs_of(references: list[dict]) -> set[str]:
    return {reference["slug"] for reference in references}


def givers(record: dict) -> set[str]:
    return slugs_of(record["committed_by"])


def parties(record: dict) -> set[str | None]:
    return givers(record) | slugs_of(record["concerns"]) | {slug_of(record["beneficiary"])}


def overdue_on(record: dict, day: str) -> bool:
    """Whether its whole due date is past, and what ended it, if anything did, certainly came later."""
    if not record["due"] or days_of(record["due"])[1] >= day:
        return False
    ends = [one["date"] for one in record["milestones"] if one["stage"] == record["stage"]]
    return record["stage"] not in ("delivered", "refused", "dropped") or any(end and days_of(end)[0] > day for end in ends)


def span_of(text: str) -> tuple[str, str]:
    begin, slash, end = text.partition("/")
    first = "" if begin == ".." else DatePoint.parse(begin).earliest.isoformat()
    last = DatePoint.parse(end if slash and end != ".." else begin).latest.isoformat() if end != ".." else "9999-99-99"
    return first, last


def meets(one: tuple[str, str] | None, other: tuple[str, str]) -> bool:
    return one is not None and one[0] <= other[1] and one[1] >= other[0]


def over(one: tuple[str, str] | None, other: tuple[str, str]) -> bool:
    return one is not None and one[1] < other[0]


def begun_after(one: tuple[str, str] | None, other: tuple[str, str]) -> bool:
    return one is not None and one[0] > other[1]


def inside(one: tuple[str, str] | None, other: tuple[str, str]) -> bool:
    return one is not None and other[0] <= one[0] and one[1] <= other[1]


def amounts(record: dict, query: dict) -> list[tuple[Decimal, Decimal]]:
    """Of the currency or unit that is asked for, with its conversions if they are."""
    of = (query.get("currency") or query["unit"]).split(",")
    found = [one for one in record["measures"] if (one["currency"] or one["unit"]) in of]
    if query.get("converted") == "true":
        found += [one for one in record["conversions"] if one["currency"] in of]
    return [(Decimal(one["value"]), Decimal(one["upper"] or one["value"])) for one in found if one["value"]]


class Known(SimpleNamespace):
    """All records at a release, and what follows from them."""

    def countries(self, kind: str) -> dict[str, str]:
        return {one["slug"]: one["country"] for one in self.records[kind]}

    def of_country(self, slugs: set, kind: str, texts: str) -> bool:
        return any(self.countries(kind).get(slug) in texts.split(",") for slug in slugs)

    def occasions(self, record: dict) -> set[str | None]:
        at = {one["slug"]: slug_of(one["occasion"]) for one in self.records["quotes"]}
        return {at.get(quote["slug"]) for quote in quotes_of(record)} - {None}

    def related(self, record: dict, query: dict) -> bool:
        here = (record["kind"], record["slug"])
        for relation in self.records["relations"]:
            ends = [(relation[end]["kind"], relation[end]["slug"]) for end in ("subject", "object")]
            if here in ends and relation["type"]["slug"] in query.get("relation_type", relation["type"]["slug"]).split(","):
                other = ends[1 - ends.index(here)][1]
                if other in query.get("related_to", other).split(","):
                    return True
        return False


Fits = Callable[[Known, dict, dict], bool]
FITS: dict[str, Fits] = {
    "date_from": lambda k, r, q: meets(time_of(r), (span_of(q["date_from"])[0], "9999-99-99")),
    "date_to": lambda k, r, q: meets(time_of(r), ("", span_of(q["date_to"])[1])),
    "date_overlaps": lambda k, r, q: meets(time_of(r), span_of(q["date_overlaps"])),
    "date_within": lambda k, r, q: inside(time_of(r), span_of(q["date_within"])),
    "date_before": lambda k, r, q: over(time_of(r), span_of(q["date_before"])),
    "date_after": lambda k, r, q: begun_after(time_of(r), span_of(q["date_after"])),
    "date_known": lambda k, r, q: (time_of(r) is not None) == (q["date_known"] == "true"),
    "said_overlaps": lambda k, r, q: any(meets(day, span_of(q["said_overlaps"])) for day in said(r)),
    "said_within": lambda k, r, q: any(inside(day, span_of(q["said_within"])) for day in said(r)),
    "speaker": lambda k, r, q: any(
        person["slug"] in q["speaker"].split(",") for one in quotes_of(r) for person in one["speakers"]
    ),
    "utterance": lambda k, r, q: any(one["utterance"] in q["utterance"].split(",") for one in quotes_of(r)),
    "publisher": lambda k, r, q: any(slug_of(one["document"]["publisher"]) in q["publisher"].split(",") for one in quotes_of(r)),
    "document": lambda k, r, q: any(one["document"]["slug"] in q["document"].split(",") for one in quotes_of(r)),
    "fidelity": lambda k, r, q: any(one["fidelity"] in q["fidelity"].split(",") for one in quotes_of(r)),
    "occasion": lambda k, r, q: bool(k.occasions(r) & set(q["occasion"].split(","))),
    "slug": lambda k, r, q: r["slug"] in q["slug"].split(","),
    "contested": lambda k, r, q: bool(r["contested"]) == (q["contested"] == "true"),
    "name": lambda k, r, q: r["name"].casefold() == q["name"].casefold(),
    "related_to": lambda k, r, q: k.related(r, q),
    "relation_type": lambda k, r, q: k.related(r, q),
    "nature": lambda k, r, q: r["nature"] in q["nature"].split(","),
    "category": lambda k, r, q: r["category"] == q["category"],
    "stage": lambda k, r, q: r["stage"] in q["stage"].split(","),
    "due_before": lambda k, r, q: bool(r["due"]) and over(days_of(r["due"]), span_of(q["due_before"])),
    "due_after": lambda k, r, q: bool(r["due"]) and begun_after(days_of(r["due"]), span_of(q["due_after"])),
    "overdue": lambda k, r, q: overdue_on(r, q["overdue"]),
    "party": lambda k, r, q: bool(parties(r) & set(q["party"].split(","))),
    "concerns": lambda k, r, q: bool(slugs_of(r["concerns"]) & set(q["concerns"].split(","))),
    "concerns_country": lambda k, r, q: k.of_country(slugs_of(r["concerns"]), "organisations", q["concerns_country"]),
    "committed_by": lambda k, r, q: bool(givers(r) & set(q["committed_by"].split(","))),
    "beneficiary": lambda k, r, q: slug_of(r["beneficiary"]) in q["beneficiary"].split(","),
    "party_country": lambda k, r, q: k.of_country(parties(r), "organisations", q["party_country"]),
    "committed_by_country": lambda k, r, q: k.of_country(givers(r), "organisations", q["committed_by_country"]),
    "beneficiary_country": lambda k, r, q: k.of_country({slug_of(r["beneficiary"])}, "organisations", q["beneficiary_country"]),
    "facility_country": lambda k, r, q: k.of_country({slug_of(r["facility"])}, "facilities", q["facility_country"]),
    "facility": lambda k, r, q: slug_of(r["facility"]) in q["facility"].split(","),
    "announced_at": lambda k, r, q: slug_of(r["announced_at"]) in q["announced_at"].split(","),
    "milestone_at": lambda k, r, q: any(slug_of(one["event"]) in q["milestone_at"].split(",") for one in r["milestones"]),
    "event": lambda k, r, q: bool(
        ({slug_of(r["announced_at"])} | {slug_of(one["event"]) for one in r["milestones"]} | k.occasions(r))
        & set(q["event"].split(","))
    ),
    "measure": lambda k, r, q: any(one["kind"] == q["measure"] for one in r["measures"]),
    "currency": lambda k, r, q: bool(amounts(r, q)),
    "unit": lambda k, r, q: bool(amounts(r, q)),
    "amount_min": lambda k, r, q: any(
        high >= Decimal(q["amount_min"]) and low <= Decimal(q.get("amount_max", "1e18")) for low, high in amounts(r, q)
    ),
    "amount_max": lambda k, r, q: any(
        low <= Decimal(q["amount_max"]) and high >= Decimal(q.get("amount_min", "0")) for low, high in amounts(r, q)
    ),
    "converted": lambda k, r, q: True,
    "country": lambda k, r, q: r["country"] in q["country"].split(","),
    "type": lambda k, r, q: (r["type"]["slug"] if r["kind"] == "relation" else r["type"]) == q["type"],
    "entity": lambda k, r, q: bool({r["subject"]["slug"], r["object"]["slug"]} & set(q["entity"].split(","))),
    "kind": lambda k, r, q: r["kind"] in q["kind"].split(","),
}


def has_amount_asked_for(record: dict, query: dict) -> bool:
    """Whether an amount is stated in the currency or unit, with or without a number."""
    found = record["measures"] + (record["conversions"] if query.get("converted") == "true" else [])
    return any((one["currency"] or one["unit"]) in (query.get("currency") or query["unit"]).split(",") for one in found)


AMOUNT_TERMS = {"currency", "unit", "converted"}
DATED = {f"date_{name}" for name in ("from", "to", "overlaps", "within", "before", "after", "known")}
BY_AMOUNT = {"amount_min", "amount_max"} | AMOUNT_TERMS
# Reason for which a record is left out -> the filters that leave it out, and whether they cannot judge it.
UNJUDGED: dict[str, tuple[set[str], Callable[[dict, dict], bool]]] = {
    "date_unknown": (DATED, lambda r, q: time_of(r) is None and not over_before(r, q)),
    "said_unknown": ({"said_overlaps", "said_within"}, lambda r, q: not any(said(r))),
    "due_unknown": ({"due_before", "due_after", "overdue"}, lambda r, q: not r["due"]),
    "amount_unspecified": (BY_AMOUNT, lambda r, q: has_amount_asked_for(r, q) and not amounts(r, q)),
    "amount_in_other_unit": (BY_AMOUNT, lambda r, q: bool(r["measures"]) and not has_amount_asked_for(r, q)),
    "amount_unknown": (BY_AMOUNT, lambda r, q: not r["measures"]),
}


def asking(rng: random.Random) -> dict[str, Callable[[], str]]:
    """A value of each filter."""

    def some(*texts: str) -> Callable[[], str]:
        return lambda: ",".join(rng.sample(texts, rng.randint(1, min(2, len(texts)))))

    def one(*texts: str) -> Callable[[], str]:
        return lambda: rng.choice(texts)

    def span() -> str:
        begin, end = sorted(rng.sample(BOUNDS, 2), key=lambda text: DatePoint.parse(text).earliest)
        begin, end = (end, begin) if span_of(begin)[0] > span_of(end)[1] else (begin, end)
        return rng.choice([f"{begin}/{end}", f"{begin}/..", f"../{end}", begin])

    organisations, events = [f"giver-{at}" for at in range(5)], ["meeting-0", "meeting-1"]
    return (
        dict.fromkeys(["date_from", "date_to", "date_before", "date_after"], one(*BOUNDS))
        | dict.fromkeys(["date_overlaps", "date_within", "said_overlaps", "said_within"], span)
        | dict.fromkeys(["date_known", "contested", "converted"], one("true", "false"))
        | dict.fromkeys(["due_before", "due_after"], one(*BOUNDS))
        | dict.fromkeys(["party", "committed_by", "beneficiary", "concerns", "related_to", "entity"], some(*organisations))
        | dict.fromkeys(
            ["party_country", "committed_by_country", "beneficiary_country", "concerns_country"], some("PL", "DE", "NL", "FR")
        )
        | dict.fromkeys(["occasion", "event", "announced_at", "milestone_at"], some(*events))
        | dict.fromkeys(["amount_min", "amount_max"], one(*AMOUNTS))
        | {
            "facility_country": some("PL", "DE"),
            "country": some("PL", "DE", "GB"),
            "facility": some("site-0", "site-1"),
            "speaker": some("speaker-0", "speaker-1"),
            "utterance": some("first-words", "second-words"),
            "publisher": some("paper-0", "paper-1"),
            "document": some("article-0", "article-1"),
            "fidelity": some(*v.Fidelity.values),
            "slug": lambda: ",".join(rng.sample([f"promise-{at:02}" for at in range(30)] + organisations, 20)),
            "name": one("PROMISE 03", "Giver 1", "Nobody"),
            "relation_type": some("part-of", "works-alongside"),
            "nature": some("pledge", "plan", "refusal"),
            "category": one("equipment", "funding"),
            "stage": some("agreed", "announced", "delivered_in_part", "delivered"),
            "overdue": one("2023-07-01", "2024-07-10", "2024-08-01", "2030-01-01"),
            "measure": one("money", "items"),
            "currency": some("EUR", "USD", "GBP"),
            "unit": one("kite", "kite loft"),
            "kind": some("commitment", "organisation", "event"),
        }
    )


# Of each collection: the filters asked for. The shortest way to a wrong answer is a pair that nobody tried.
COMMON = "date_from date_to date_overlaps date_within date_before date_after date_known slug".split()
RESTING = "said_overlaps said_within speaker utterance publisher document fidelity occasion".split()
ENTITY = "contested name related_to relation_type".split()
OF_COMMITMENTS = (
    "nature category stage due_before due_after overdue concerns concerns_country party committed_by beneficiary party_country"
    " committed_by_country beneficiary_country facility_country"
    " facility announced_at milestone_at event measure currency unit amount_min amount_max converted"
).split()
FILTERS = {
    "commitments": [*COMMON, *RESTING, *ENTITY, *OF_COMMITMENTS],
    "organisations": [*COMMON, *RESTING, *ENTITY, "country", "type"],
    "entities": [*COMMON, *RESTING, *ENTITY, "kind"],
    "relations": [*COMMON, *RESTING, "entity", "type", "contested"],
    "quotes": [*COMMON, *RESTING],
    "events": [*COMMON, *RESTING, "type"],
}


TYPES = {"organisations": ["state", "media"], "relations": ["part-of", "works-alongside"], "events": ["meeting", "summit"]}


def settled(query: dict, values: dict) -> dict:
    """The question without what the API refuses as contradictory."""
    if query.get("date_known") == "false":
        query = {name: text for name, text in query.items() if name == "date_known" or not name.startswith("date_")}
    if {"date_from", "date_to"} <= set(query) and span_of(query["date_from"])[0] > span_of(query["date_to"])[1]:
        del query["date_to"]
    if {"amount_min", "amount_max"} <= set(query) and Decimal(query["amount_min"]) > Decimal(query["amount_max"]):
        del query["amount_max"]
    if "converted" in query or ({"amount_min", "amount_max"} & set(query) and ("currency" in query) == ("unit" in query)):
        query.pop("unit", None)
        query["currency"] = values["currency"]()
    return query


@pytest.mark.parametrize("few", [2, 2000])
def test_lists_find_what_a_reading_of_all_documents_finds(ask, monkeypatch, few):
    rng = random.Random(3)
    values = asking(rng)
    monkeypatch.setattr(edition_queries, "FEW_EDITIONS", few)
    edited = register(rng)
    for one in rng.sample(edited, 8):
        one.refresh_from_db()
        if hasattr(one, "nature"):
            one.nature = "plan"
        elif hasattr(one, "country"):
            one.country = "FR"
        one.save()
        publish_cited(SourceQuote.objects.order_by("pk").first(), one)
    withdraw([edited[0]])
    newest = ask("")["meta"]["release"]
    collections = [*FILTERS, "facilities", "quotes"]
    known = {
        release: Known(records={name: whole(ask, name, release) for name in collections}) for release in (1, newest // 2, newest)
    }
    found, counted = Counter(), Counter()
    for collection, names in FILTERS.items():
        values["type"] = lambda collection=collection: rng.choice(TYPES[collection])
        questions = [[name] for name in names] + [rng.sample(names, rng.randint(2, 4)) for _ in range(80)]
        for chosen in questions:
            query = settled({name: values[name]() for name in chosen}, values)
            if not query:
                continue
            release = rng.choice([*known])
            fits = [
                one for one in known[release].records[collection] if all(FITS[name](known[release], one, query) for name in query)
            ]
            order = rng.choice(["date", "-date", "name", "-name", "release", "-release"])
            at = {"as_of": f"release:{release}"} if release != newest else {}
            answer = ask(f"{collection}/", query | at | {"ordering": order, "page_size": 500, "count": "true"})
            slugs = [row["slug"] for row in answer["results"]]
            assert sorted(slugs) == sorted(one["slug"] for one in fits), (collection, query, at, order)
            assert answer["count"] == len(fits)
            assert slugs == [one["slug"] for one in in_order(answer["results"], order)]
            records = known[release].records[collection]
            expected = {
                reason: sum(
                    is_unjudged(one, query) and all(FITS[name](known[release], one, query) for name in query.keys() - leaving_out)
                    for one in records
                )
                for reason, (leaving_out, is_unjudged) in UNJUDGED.items()
                if leaving_out & query.keys() - AMOUNT_TERMS - ({"date_known"} if query.get("date_known") == "false" else set())
            }
            assert answer["meta"].get("left_out", {}) == expected, (collection, query, at)
            counted.update({reason for reason, count in expected.items() if count})
            found.update({name for name in query if fits})
    # Every filter found something now and then, so that none passes because it finds nothing.
    assert set(found) >= set(FITS) - {"contested"}
    # Here all words have a day and all amounts a number; test_left_out counts others.
    assert set(counted) == set(UNJUDGED) - {"said_unknown", "amount_unspecified"}


def in_order(rows: list[dict], order: str) -> list[dict]:
    """Sorted as asked, unknown dates last; ties as they came."""
    column = order.removeprefix("-")
    keys = {
        "date": lambda row: (time_of(row) or ("",))[0],
        "name": lambda row: row.get("name") or row["exact"],
        "release": lambda row: row["release"],
    }
    rows = sorted(rows, key=keys[column], reverse=order.startswith("-"))
    return sorted(rows, key=lambda row: time_of(row) is None) if column == "date" else rows


def test_facets_count_what_a_reading_of_the_results_counts(ask, monkeypatch):
    rng = random.Random(3)
    register(rng)
    taken = {
        "nature": lambda r: {r["nature"]},
        "stage": lambda r: {r["stage"]} - {None},
        "committed_by": givers,
        "facility": lambda r: {slug_of(r["facility"])} - {None},
        "currency": lambda r: {one["currency"] for one in r["measures"]} - {None},
        "fidelity": lambda r: {one["fidelity"] for one in quotes_of(r)},
    }
    for query in ({}, {"nature": "pledge"}, {"party_country": "PL"}, {"date_within": "2023/2024"}, {"nature": "pledge,plan"}):
        for fields in (["nature", "stage", "committed_by"], ["facility", "currency", "fidelity"]):
            for at in ({}, {"as_of": "release:1"}):
                answer = ask("commitments/", query | at | {"facets": ",".join(fields), "page_size": 500})
                rows = [ask(f"commitments/{row['slug']}/") for row in answer["results"]]
                assert list(answer["facets"]) == fields
                for field in fields:
                    counts = Counter(value for row in rows for value in taken[field](row))
                    facet = answer["facets"][field]
                    assert {one["value"]: one["count"] for one in facet["values"]} == counts, (query, field)
                    assert [one["count"] for one in facet["values"]] == sorted(counts.values(), reverse=True)
                    assert facet["distinct"] == len(counts)
                    assert facet["missing"] == sum(not taken[field](row) for row in rows)
                    assert facet["is_exact"] and not facet["is_truncated"]
    [first, *_] = ask("commitments/", "facets=committed_by")["facets"]["committed_by"]["values"]
    assert first["name"] == first["value"].replace("-", " ").title()
    kinds = ask("entities/", "facets=kind")["facets"]["kind"]
    assert {one["value"]: one["count"] for one in kinds["values"]}["commitment"] == 30
    assert kinds["missing"] == 0
    monkeypatch.setattr(edition_queries, "MAX_COUNTED", 5)
    bounded = ask("commitments/", "facets=nature")["facets"]["nature"]
    assert not bounded["is_exact"]
    assert sum(one["count"] for one in bounded["values"]) == 6
