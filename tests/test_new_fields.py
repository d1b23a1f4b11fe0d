"""Every field that says how far a source's words go, against every place in which a field is asked for, shown or changed.

TABLE has a cell for each. A cell is a check, made over `invented.publish_details`, or the reason why there is nothing to check.
"""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from entities.history.record_snapshots import FIELDS_LEFT_OUT
from entities.models import Commitment, Name, Relation
from nato_support.exchange.fixtures import export_fixtures
from sources.evidence.attestation import attested_days_of_relations
from sources.evidence.citation_stances import stances_of_citations
from sources.evidence.evidence_basis import basis_of_citations
from sources.evidence.statements import evidence_of_record
from sources.models import Citation, Resolution
from tests import invented
from tests import world as make
from tests.field_checks import (
    Change,
    Check,
    Sheet,
    World,
    annotation,
    assessment,
    carried,
    cell,
    counts,
    dated,
    extends,
    first_evidence,
    kept,
    lacks,
    links,
    lists,
    searched,
    tabulates,
    told,
    undone,
)

CELLS = "filter facet csv jsonld openrefine search timeline spreadsheet fixture history merge undo".split()
NEW_YEAR = date(2025, 1, 1)


@pytest.fixture
def world(detailed, settings) -> World:
    # Pages are under test: the folder of collected static files need not be there.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    edits = [cell for cells in TABLE.values() if isinstance(cell := cells["spreadsheet"], Sheet)]
    return World(**vars(detailed), edits=edits)


# Records that turn out to be others


def twin_commitment(world: World, **fields: Any) -> Commitment:
    """Forty kites once more, as an editor in a hurry entered them, ten of which came by October."""
    twin = make.a_commitment("kites-again", beneficiary=world.ruritania, **fields)
    step = make.a_milestone(twin, "delivered", "2024-09", key="came")
    make.a_measure(twin, "came", value=10, as_stated="10 kites", as_of="2024-10", milestone=step)
    return twin


def twin_league(world: World) -> Any:
    return make.an_organisation("league-of-kites", type="alliance")


def late_twin(world: World) -> Commitment:
    return make.a_commitment("kites-again", due="2024-12", period="2024-06/2025-06", beneficiary=world.ruritania)


def allocated_twin(world: World) -> Commitment:
    twin = make.a_commitment("kites-again", beneficiary=world.ruritania)
    make.a_milestone(twin, "allocated", "2024-08")
    return twin


def concerned_twin(world: World) -> Any:
    twin = twin_league(world)
    world.row("tents").concerns.set([twin])
    make.a_citation(world.report, world.tents, "concerns", twin.slug)
    return twin


def contested_twin(world: World) -> Any:
    """The twin of the league, founded in 1950 according to one, not in 1950 according to others, which is disputed."""
    twin = twin_league(world)
    make.a_citation(world.quote, twin, "founded", "1950")
    make.a_citation(world.report, twin, "founded", "1950", polarity="denies")
    statements = [{"value": "1950", "polarity": polarity} for polarity in ("affirms", "denies")]
    Resolution.objects.create(
        entity=twin, field="founded", verdict="source_error", reason="A slip.", decided_on="2024", decides_for=statements[0]
    )
    return twin


def related_twin(world: World) -> Any:
    twin = twin_league(world)
    type = make.a_relation_type("stands-beside")
    world.beside = make.a_relation(twin, world.ruritania, type, modality="expected", start="2026")
    world.within = make.a_relation(world.courier, twin, type, start="2020")
    make.a_relation_citation(world.report, world.within)
    return twin


def named_twin(world: World) -> Any:
    twin = twin_league(world)
    Name.objects.create(entity=twin, text="LoK", kind="acronym", origin="outside")
    Name.objects.create(entity=twin, text="the happy few", kind="mention")
    return twin


def speaking_twin(world: World) -> Any:
    twin = make.a_person("a-fell")
    world.row("report").speakers.set([twin])
    return twin


def twin_event(world: World) -> Any:
    """An event without coordinates, and its twin with them."""
    world.fair = make.an_event("kite-fair")
    return make.an_event("fair-of-kites", latitude="61.2", longitude="10.5")


# What follows from other fields


def is_overdue(world: World) -> bool:
    return Commitment.objects.overdue(NEW_YEAR).filter(pk=world.tents.pk).exists()


def shares_of(name: str) -> Callable[..., list[tuple]]:
    return lambda world, *_: [(share.stage.value, float(share.low), float(share.high or 9)) for share in world.row(name).shares]


def stage_of(name: str) -> Callable[..., str]:
    return lambda world, *_: world.row(name).stage


def members_in_force(world: World, *_: Any) -> list[str]:
    return [relation.subject.slug for relation in Relation.objects.in_force(NEW_YEAR).filter(pk__in=[world.member.pk])]


def evidence_of(name: str, field: str) -> Callable[..., Any]:
    """Return a reader of the evidence of a field, empty if there is none: its state, basis, verdict, and what is denied."""

    def read(world: World, *_: Any) -> list:
        evidence = evidence_of_record(world.row(name)).get(field)
        if evidence is None:
            return []
        resolution = evidence.resolution
        denied = [citation.value for citation in evidence.citations if citation.polarity == "denies"]
        verdict = resolution and (resolution.verdict, resolution.decides_for, resolution.settles)
        return [evidence.state.value, basis_of_citations(evidence.citations).limits, verdict, denied]

    return read


FOUNDED_IN_DISPUTE = [
    "settled",
    (),
    (
        "source_error",
        {"value": "1950", "polarity": "affirms"},
        [{"value": "1950", "polarity": "affirms"}, {"value": "1950", "polarity": "denies"}],
    ),
    ["1950"],
]
FOUNDED = carried(contested_twin, "league", evidence_of("league", "founded"), into=FOUNDED_IN_DISPUTE, back=[])

NO_FACET_OF_DATES = "A date has too many values to count; the filter takes a day, a month, a year or a span."
NO_FACET_OF_DAYS = "It depends on the day that is asked for; `count=true` counts what the filter finds on it."
NO_DATES_IN_SEARCH = "Search is for words; a date is asked for by its filter, which knows how precise it is."
NO_STATES_IN_SEARCH = (
    "Search is for the words of names, summaries and quotes; a word of a closed list is asked for by its filter."
)
ENTITIES_ALONE = (
    "OpenRefine matches the entities that names in a table mean; nobody's table names a relation, a quote or a document."
)
COMPUTED = "Computed from what has cells of its own, which is what is kept: a copy could only disagree."
NO_SHEET_OF_EVIDENCE = "A citation or a verdict is made with its passage before one's eyes: no sheet of a table shows that."
OF_DETAILS = "Lists have no names or evidence, and tables are lists: `include=` adds them in JSON."
ONLY_ENTITIES_ARE_MERGED = "Only entities are merged; a merge of whom it names leaves a quote's own words as they are."
ASKED_BY_OTHERS = "A description in a source's own words, of which there is no list: `q=` searches it."
PROOF_OF_SPARING_QUOTATION = (
    "Made from the private text, to measure the share of its words that is quoted; no fact of the register."
)

TENTS, CAME = {"slug": "forty-tents"}, {"record": "forty-tents", "key": "came"}
REPORT = {"slug": "herald-2024-07-10-q01"}
DUE, PERIOD = Change("tents", "due", "2026-03"), Change("tents", "period", "2025/2027")
CONCERNS = Change("tents", "concerns", ["courier"])
STEP = Change("set_aside", "stage", "under_way")
CAME_BY, OF_STEP = Change("came", "as_of", "2024-11"), Change("came", "milestone", "allocation")
MODALITY, SPEAKERS = Change("planned", "modality", "in_force"), Change("report", "speakers", ["ada", "bo"])
REPORTED_BY, UTTERANCE = Change("report", "reported_by", "a port pilot"), Change("report", "utterance", "at-anchor")
PAGE = Change("report", "page", 5)
NOTE = Change("report", "note", "The article says so.")
ORIGIN, KIND = Change("acronym", "origin", "sources"), Change("mention", "kind", "translation_artefact")
LATITUDE = Change("meeting", "latitude", "61.2")
POLARITY = Change("denial", "polarity", "affirms")
SETTLES = Change("verdict", "settles", [{"value": day, "polarity": "affirms"} for day in ("2024-12", "2025", "2026-03")])
DECIDES_FOR = Change("verdict", "decides_for", {"value": "2025", "polarity": "affirms"})
VERDICT = Change("verdict", "verdict", "compatible_precision")

TABLE: dict[str, dict[str, Check | Sheet | str]] = {
    "commitment: concerns": {
        "filter": lists("commitments/?concerns=kite-league", "forty-tents"),
        "facet": counts("commitments", "concerns", "kite-league", 1),
        "csv": cell("commitments.csv", "forty-tents", "concerns.slug", "kite-league"),
        "jsonld": links("commitments/forty-tents", lambda node: [one["slug"] for one in node["concerns"]], ["kite-league"]),
        "openrefine": extends("forty-tents", "concerns", "kite-league"),
        "search": "A record is searched by its own words; who else it names is asked for by the filter of that field.",
        "timeline": dated("kite-league", "due", "forty-tents", lambda fact: fact["concerns_it_as"], ["concerns"]),
        "spreadsheet": Sheet("commitments", TENTS, "concerns", "kite-league", "kite-league | ruritania"),
        "fixture": kept("25_commitments", {"entity": ["forty-tents"], "nature": "pledge"}, "concerns", [["kite-league"]]),
        "history": told(CONCERNS, "Concerns changed", "+ Added Arcadian Courier", "− Removed Kite League", unsaid="kite-league"),
        "merge": carried(
            concerned_twin,
            "league",
            lambda world, _: [one.slug for one in world.row("tents").concerns.all()],
            into=["kite-league"],
            back=["league-of-kites"],
        ),
        "undo": undone(CONCERNS),
    },
    "commitment: due": {
        "filter": lists("commitments/?due_after=2024-11&due_before=2025", "forty-tents"),
        "facet": NO_FACET_OF_DATES,
        "csv": cell("commitments.csv", "forty-tents", "due.value", "2024-12"),
        "jsonld": links("commitments/forty-tents", lambda node: node["due"], {"@value": "2024-12", "@type": "edtf"}),
        "openrefine": extends("forty-tents", "due", "2024-12"),
        "search": NO_DATES_IN_SEARCH,
        "timeline": dated("arcadia", "due", "forty-tents", lambda fact: fact["date"]["value"], "2024-12"),
        "spreadsheet": Sheet("commitments", TENTS, "due", "2024-12", "../2025-06"),
        "fixture": kept("25_commitments", {"entity": ["forty-tents"], "nature": "pledge"}, "due", "2024-12"),
        "history": told(DUE, "Due December 2024 → March 2026", unsaid="2026-03"),
        "merge": carried(late_twin, "kites", lambda world, _: world.row("kites").due, into="2024-12", back=""),
        "undo": undone(DUE),
    },
    "commitment: period": {
        "filter": lists("commitments/?period=2025-06", "forty-tents"),
        "facet": NO_FACET_OF_DATES,
        "csv": cell("commitments.csv", "forty-tents", "period.value", "2024-06/2025-06"),
        "jsonld": links("commitments/forty-tents", lambda node: node["period"]["@value"], "2024-06/2025-06"),
        "openrefine": extends("forty-tents", "period", "2024-06/2025-06"),
        "search": NO_DATES_IN_SEARCH,
        "timeline": dated("ruritania", "period", "forty-tents", lambda fact: fact["date"]["latest"], "2025-06-30"),
        "spreadsheet": Sheet("commitments", TENTS, "period", "2024-06/2025-06", "2026"),
        "fixture": kept("25_commitments", {"entity": ["forty-tents"], "nature": "pledge"}, "period", "2024-06/2025-06"),
        "history": told(PERIOD, "Period from June 2024 to June 2025 → from 2025 to 2027", unsaid="2025/2027"),
        "merge": carried(late_twin, "kites", lambda world, _: world.row("kites").period, into="2024-06/2025-06", back=""),
        "undo": undone(PERIOD),
    },
    "commitment: overdue (computed)": {
        "filter": lists("commitments/?overdue=2025-01-01", "forty-tents"),
        "facet": NO_FACET_OF_DAYS,
        "csv": tabulates("commitments.csv?overdue=2025-01-01", "forty-tents"),
        "jsonld": "No document depends on the day on which it is read: `due` and `stage` are in it, and lists take `overdue=`.",
        "openrefine": "A column is filled once and read later, when it may no longer be true: `due` and `stage` stay so.",
        "search": NO_STATES_IN_SEARCH,
        "timeline": "It is no event: the timeline has the day by which it is due, and each step.",
        "spreadsheet": COMPUTED,
        "fixture": COMPUTED,
        "history": COMPUTED,
        "merge": carried(
            late_twin,
            "kites",
            lambda world, _: Commitment.objects.overdue(NEW_YEAR).filter(pk=world.kites.pk).exists(),
            into=True,
            back=False,
        ),
        "undo": undone(DUE, is_overdue),
    },
    "commitment: shares (computed)": {
        "filter": lists("commitments/?stage=delivered_in_part", "forty-tents"),
        "facet": "A share is a span between two bounds, which no count of values holds; `stage` is counted.",
        "csv": cell("shares/commitments.csv", "forty-tents", "shares.high", "0.25", **{"shares.stage": "delivered"}),
        "jsonld": links(
            "commitments/forty-tents",
            lambda node: [(share["stage"], share["low"], share["high"]) for share in node["shares"]],
            [("allocated", "0.5", "0.5"), ("delivered", "0.25", "0.25")],
        ),
        "openrefine": extends("forty-tents", "share", "0.5", "0.25"),
        "search": "A share is no word, and computed; the amounts that it follows from are searched as they are written.",
        "timeline": dated("forty-tents", "measure", "forty-tents", first_evidence("value"), "delivered: 10 tent as of 2024-10"),
        "spreadsheet": COMPUTED,
        "fixture": COMPUTED,
        "history": COMPUTED,
        "merge": carried(twin_commitment, "kites", shares_of("kites"), into=[("delivered", 0.25, 0.25)], back=[]),
        "undo": undone(Change("came", "value", 30), shares_of("tents")),
    },
    "commitment: stage allocated": {
        "filter": lists("commitments/?stage=allocated", "ten-boats"),
        "facet": counts("commitments", "stage", "allocated", 1),
        "csv": cell("commitments.csv", "ten-boats", "stage", "allocated"),
        "jsonld": links("commitments/ten-boats", lambda node: [one["stage"] for one in node["milestones"]], ["allocated"]),
        "openrefine": extends("ten-boats", "stage", "allocated"),
        "search": NO_STATES_IN_SEARCH,
        "timeline": dated("ten-boats", "milestone", "ten-boats", lambda fact: fact["stage"], "allocated"),
        "spreadsheet": Sheet("milestones", {"record": "ten-boats"}, "stage", "allocated", "under_way"),
        "fixture": kept("25_commitments", {"commitment": ["ten-boats"]}, "stage", "allocated"),
        "history": told(STEP, "allocated", "under way", unsaid="under_way"),
        "merge": carried(allocated_twin, "kites", stage_of("kites"), into="allocated", back="announced"),
        "undo": undone(STEP),
    },
    "commitment: stage delivered in part (computed)": {
        "filter": lists("commitments/?stage=delivered_in_part,delivered", "forty-tents"),
        "facet": counts("commitments", "stage", "delivered_in_part", 1),
        "csv": cell("commitments.csv", "forty-tents", "stage", "delivered_in_part"),
        "jsonld": links("commitments/forty-tents", lambda node: node["stage"], "delivered_in_part"),
        "openrefine": extends("forty-tents", "stage", "delivered_in_part"),
        "search": NO_STATES_IN_SEARCH,
        "timeline": "A timeline has the steps that were taken: each delivery is one, and its amount says how much came.",
        "spreadsheet": COMPUTED,
        "fixture": COMPUTED,
        "history": COMPUTED,
        "merge": carried(twin_commitment, "kites", stage_of("kites"), into="delivered_in_part", back="announced"),
        "undo": undone(Change("came", "value", 40), stage_of("tents")),
    },
    "measure: milestone": {
        "filter": "An amount is found by its number and unit, whatever step it belongs to; the step itself by `stage=`.",
        "facet": "The amounts of a record have several steps; the one that it has reached is counted by `stage`.",
        "csv": cell(
            "measures/commitments.csv", "forty-tents", "measures.milestone.stage", "delivered", **{"measures.key": "came"}
        ),
        "jsonld": links(
            "commitments/forty-tents",
            lambda node: [one.get("milestone", {}).get("key") for one in node["measures"]],
            [None, "allocated", "delivered"],
        ),
        "openrefine": extends("forty-tents", "share_stage", "allocated", "delivered"),
        "search": searched("10 tent", "forty-tents", without="ten-boats"),
        "timeline": dated("ruritania", "measure", "forty-tents", lambda fact: fact["stage"], "delivered"),
        "spreadsheet": Sheet("measures", CAME, "milestone", "delivered", "allocated"),
        "fixture": kept("25_commitments", {"key": "came"}, "milestone", ["forty-tents", "delivered"]),
        "history": told(OF_STEP, "step: delivered 2024-09", "step: allocated 2024-05"),
        "merge": carried(
            twin_commitment,
            "kites",
            lambda world, twin: [
                (one.milestone.commitment.slug, one.milestone.stage)
                for one in world.row("kites").measures.exclude(milestone=None)
            ],
            into=[("forty-kites", "delivered")],
            back=[],
        ),
        "undo": undone(OF_STEP),
    },
    "measure: as_of": {
        "filter": "`as_of=` asks for an earlier state of the register; when an amount held, the timeline's `date_from=` asks.",
        "facet": NO_FACET_OF_DATES,
        "csv": cell("measures/commitments.csv", "forty-tents", "measures.as_of.value", "2024-10", **{"measures.key": "came"}),
        "jsonld": links(
            "commitments/forty-tents",
            lambda node: [one["as_of"]["@value"] for one in node["measures"] if "as_of" in one],
            ["2024-10"],
        ),
        "openrefine": extends("forty-tents", "amount_as_of"),
        "search": NO_DATES_IN_SEARCH,
        "timeline": dated(
            "arcadia", "measure&date_from=2024-10&date_to=2024-10", "forty-tents", lambda fact: fact["date"]["value"], "2024-10"
        ),
        "spreadsheet": Sheet("measures", CAME, "as_of", "2024-10", "2024-10-31"),
        "fixture": kept("25_commitments", {"key": "came"}, "as_of", "2024-10"),
        "history": told(CAME_BY, "October 2024", "November 2024", unsaid="2024-11"),
        "merge": carried(
            twin_commitment,
            "kites",
            lambda world, _: [*world.row("kites").measures.exclude(as_of="").values_list("as_of", flat=True)],
            into=["2024-10"],
            back=[],
        ),
        "undo": undone(CAME_BY),
    },
    "relation: modality": {
        "filter": lists("relations/?modality=planned", "arcadia-part-of-kite-league"),
        "facet": counts("relations", "modality", "planned", 1),
        "csv": cell("relations.csv", "arcadia-part-of-kite-league", "modality", "planned"),
        "jsonld": links(
            "relations/arcadia-part-of-kite-league",
            lambda node: (node["modality"], "temporalCoverage" in node),
            ("planned", False),
        ),
        "openrefine": ENTITIES_ALONE,
        # What is part of it already may be found too: no word of “is to be” is one for PostgreSQL.
        "search": searched('"is to be part of"', "arcadia-part-of-kite-league"),
        "timeline": dated(
            "kite-league", "relation_start", "arcadia-part-of-kite-league", lambda fact: fact["modality"], "planned"
        ),
        "spreadsheet": Sheet("relations", {"slug": "arcadia-part-of-kite-league"}, "modality", "planned", "expected"),
        "fixture": kept("30_relations", {"slug": "arcadia-part-of-kite-league"}, "modality", "planned"),
        "history": told(MODALITY, "Modality planned → in force", unsaid="in_force"),
        "merge": carried(
            related_twin,
            "league",
            lambda world, _: (world.row("beside").modality, world.row("beside").subject.slug),
            into=("expected", "kite-league"),
            back=("expected", "league-of-kites"),
        ),
        "undo": undone(MODALITY),
    },
    "relation: attested (computed)": {
        "filter": lists("relations/?attested=2024-07-09&entity=kite-league&in_force=2025", "ruritania-part-of-kite-league"),
        "facet": NO_FACET_OF_DATES,
        "csv": cell("relations.csv", "ruritania-part-of-kite-league", "attested.value", "2024-07-09"),
        "jsonld": links(
            "relations/ruritania-part-of-kite-league", lambda node: [one["@value"] for one in node["attested"]], ["2024-07-09"]
        ),
        "openrefine": ENTITIES_ALONE,
        "search": searched('"attested in 2024"', "arcadia-works-alongside-ruritania", without="ruritania-part-of-kite-league"),
        "timeline": "A timeline has what happened; that a source states something on a day stands beside it, as its evidence.",
        "spreadsheet": COMPUTED,
        "fixture": COMPUTED,
        "history": COMPUTED,
        "merge": carried(
            related_twin,
            "league",
            lambda world, _: attested_days_of_relations([world.row("within")])[world.within.pk],
            into=["2024-07-10"],
            back=["2024-07-10"],
        ),
        "undo": undone(
            Change("quote", "said_on", "2024-07-08"),
            lambda world: attested_days_of_relations([world.row("member")])[world.member.pk],
        ),
    },
    "relation: in_force (computed)": {
        "filter": lists("relations/?in_force=2024-01-01", "ruritania-part-of-kite-league"),
        "facet": NO_FACET_OF_DAYS,
        "csv": tabulates("relations.csv?in_force=2024-01-01", "ruritania-part-of-kite-league"),
        "jsonld": links("relations/ruritania-part-of-kite-league", lambda node: node["temporalCoverage"], "2020-01-01/.."),
        "openrefine": ENTITIES_ALONE,
        "search": NO_STATES_IN_SEARCH,
        "timeline": dated(
            "kite-league",
            "relation_start&modality=in_force",
            "ruritania-part-of-kite-league",
            lambda fact: fact["date"]["value"],
            "2020-01-01",
        ),
        "spreadsheet": COMPUTED,
        "fixture": COMPUTED,
        "history": COMPUTED,
        "merge": carried(
            related_twin,
            "league",
            lambda world, _: [*Relation.objects.in_force(NEW_YEAR).filter(subject=world.courier).values_list("object__slug")],
            into=[("kite-league",)],
            back=[("league-of-kites",)],
        ),
        "undo": undone(Change("member", "end", "2024-03"), members_in_force),
    },
    "citation: polarity": {
        "filter": lists("commitments/?denied=milestones.set-aside", "ten-boats"),
        "facet": counts("commitments", "denied", "milestones.set-aside", 1),
        "csv": cell("commitments.csv", "ten-boats", "denied", "milestones.set-aside"),
        "jsonld": links("commitments/ten-boats", annotation("allocated 2024-06", "polarity"), ["affirms", "denies"]),
        "openrefine": extends("ten-boats", "denied", "milestones.set-aside"),
        "search": NO_STATES_IN_SEARCH,
        "timeline": dated(
            "arcadia",
            "milestone",
            "ten-boats",
            lambda fact: [one["polarity"] for one in fact["evidence"]],
            ["affirms", "denies"],
        ),
        "spreadsheet": NO_SHEET_OF_EVIDENCE,
        "fixture": kept(
            "50_citations", {"field": "milestones.set-aside", "quote": ["herald-2024-07-10-q01"]}, "polarity", "denies"
        ),
        "history": told(POLARITY, "denies", "affirms", "Milestone “set-aside”: allocated, June 2024", unsaid="allocated 2024-06"),
        "merge": FOUNDED,
        "undo": undone(POLARITY),
    },
    "citation: stance (computed)": {
        "filter": lists("commitments/?contested_field=milestones.set-aside", "ten-boats"),
        "facet": "Whether citations contradict each other is counted field by field, by `agreement`.",
        "csv": cell("commitments.csv", "ten-boats", "contested", "milestones.set-aside"),
        "jsonld": links("commitments/ten-boats", annotation("allocated 2024-06", "stance"), ["supports", "contradicts"]),
        "openrefine": extends("ten-boats", "contested", "milestones.set-aside"),
        "search": NO_STATES_IN_SEARCH,
        "timeline": dated(
            "arcadia",
            "milestone",
            "ten-boats",
            lambda fact: ([one["stance"] for one in fact["evidence"]], fact["contested"]),
            (["supports", "contradicts"], True),
        ),
        "spreadsheet": NO_SHEET_OF_EVIDENCE,
        "fixture": COMPUTED,
        "history": COMPUTED,
        "merge": carried(
            concerned_twin,
            "league",
            lambda world, _: {
                (one.value, stances_of_citations([one])[one.pk].value)
                for one in Citation.objects.filter(field="concerns", quote=world.report)
            },
            into={("kite-league", "supports")},
            back={("league-of-kites", "supports")},
        ),
        "undo": undone(
            Change("tents", "nature", "plan"),
            lambda world: stances_of_citations([world.row("nature")])[world.nature.pk],
        ),
    },
    "resolution: settles": {
        "filter": lists("commitments/?agreement=resolved", "forty-tents"),
        "facet": counts("commitments", "agreement", "resolved", 1),
        "csv": OF_DETAILS,
        "jsonld": links(
            "commitments/forty-tents",
            assessment("/due", lambda one: [statement["states"] for statement in one["resolutions"][0]["settles"]]),
            ["2024-12", "2025"],
        ),
        "openrefine": extends("forty-tents", "agreement", "single", "resolved"),
        "search": NO_STATES_IN_SEARCH,
        "timeline": dated("arcadia", "due", "forty-tents", lambda fact: fact["contested"], False),
        "spreadsheet": NO_SHEET_OF_EVIDENCE,
        "fixture": kept(
            "51_resolutions",
            {"entity": ["forty-tents"]},
            "settles",
            [{"value": day, "polarity": "affirms"} for day in ("2024-12", "2025")],
        ),
        "history": told(SETTLES, "Added “March 2026”", unsaid="2026-03"),
        "merge": FOUNDED,
        "undo": undone(SETTLES),
    },
    "resolution: decides_for": {
        "filter": lists("commitments/?verdict=changed_over_time", "forty-tents"),
        "facet": counts("commitments", "verdict", "changed_over_time", 1),
        "csv": OF_DETAILS,
        "jsonld": links(
            "commitments/forty-tents",
            assessment("/due", lambda one: one["resolutions"][0]["decides_for"]),
            {"states": "2024-12", "polarity": "affirms"},
        ),
        "openrefine": extends("forty-tents", "due", "2024-12"),
        "search": NO_STATES_IN_SEARCH,
        "timeline": dated("forty-tents", "due", "forty-tents", lambda fact: fact["date"]["value"], "2024-12"),
        "spreadsheet": NO_SHEET_OF_EVIDENCE,
        "fixture": kept(
            "51_resolutions", {"entity": ["forty-tents"]}, "decides_for", {"value": "2024-12", "polarity": "affirms"}
        ),
        "history": told(DECIDES_FOR, "Decides for − “December 2024” + “2025”", unsaid="2024-12"),
        "merge": FOUNDED,
        "undo": undone(DECIDES_FOR),
    },
    "event: latitude and longitude": {
        **dict.fromkeys(
            ("filter", "facet", "search"), "Nobody asks for a number of degrees: the names of the town and country are asked for."
        ),
        "csv": cell("events.csv", "lake-meeting", "latitude", "61.12"),
        "jsonld": links(
            "events/lake-meeting",
            lambda node: (node["location"], "latitude" in node),
            ({"@type": "Place", "latitude": "61.12", "longitude": "10.47"}, False),
        ),
        "openrefine": extends("lake-meeting", "latitude", "61.12", kind="event"),
        "timeline": "A place has no date: the timeline has the event itself.",
        "spreadsheet": Sheet("events", {"slug": "lake-meeting"}, "latitude", "61.12", "61.2"),
        "fixture": kept("24_events", {"entity": ["lake-meeting"]}, "latitude", "61.12"),
        "history": told(LATITUDE, "Latitude 61.12 → 61.2"),
        "merge": carried(
            twin_event,
            "fair",
            lambda world, _: world.row("fair").latitude,
            into=Decimal("61.2"),
            back=None,
        ),
        "undo": undone(LATITUDE),
    },
    "quote: speakers": {
        "filter": lists("quotes/?speaker=ada-fell", "courier-2024-07-09-q01"),
        "facet": counts("quotes", "speaker", "ada-fell", 1),
        "csv": cell("quotes.csv", "courier-2024-07-09-q01", "speakers.slug", "ada-fell"),
        "jsonld": links("quotes/courier-2024-07-09-q01", lambda node: [one["slug"] for one in node["creator"]], ["ada-fell"]),
        "openrefine": ENTITIES_ALONE,
        "search": searched("Ada Fell", "courier-2024-07-09-q01", without="herald-2024-07-10-q01"),
        "timeline": dated("ada-fell", "quote", "courier-2024-07-09-q01", lambda fact: fact["concerns_it_as"], ["speaker"]),
        "spreadsheet": Sheet("quotes", {"slug": "courier-2024-07-09-q01"}, "speakers", "ada-fell", "ada-fell | bo-vale"),
        "fixture": kept("41_quotes", {"slug": "courier-2024-07-09-q01"}, "speakers", [["ada-fell"]]),
        "history": told(SPEAKERS, "peakers", "+ Added Ada Fell", "+ Added Bo Vale", unsaid="bo-vale"),
        "merge": carried(
            speaking_twin,
            "ada",
            lambda world, _: [one.slug for one in world.row("report").speakers.all()],
            into=["ada-fell"],
            back=["a-fell"],
        ),
        "undo": undone(SPEAKERS),
    },
    "quote: reported_by": {
        "filter": ASKED_BY_OTHERS,
        "facet": "A description in a source's own words, hardly twice the same.",
        "csv": cell("quotes.csv", "herald-2024-07-10-q01", "reported_by", "the harbour office"),
        "jsonld": links("quotes/herald-2024-07-10-q01", lambda node: node["reported_by"], "the harbour office"),
        "openrefine": ENTITIES_ALONE,
        "search": searched("harbour office", "herald-2024-07-10-q01"),
        "timeline": dated("ten-boats", "quote", "herald-2024-07-10-q01", first_evidence("reported_by"), "the harbour office"),
        "spreadsheet": Sheet("quotes", REPORT, "reported_by", "the harbour office", "a pilot"),
        "fixture": kept("41_quotes", REPORT, "reported_by", "the harbour office"),
        "history": told(REPORTED_BY, "eported by the harbour office → a port pilot"),
        "merge": ONLY_ENTITIES_ARE_MERGED,
        "undo": undone(REPORTED_BY),
    },
    "quote: utterance": {
        "filter": lists("quotes/?utterance=boats-at-anchor", "herald-2024-07-10-q01"),
        "facet": counts("commitments", "utterance", "boats-at-anchor", 2),
        "csv": cell("quotes.csv", "herald-2024-07-10-q01", "utterance", "boats-at-anchor"),
        "jsonld": links("quotes/herald-2024-07-10-q01", lambda node: node["utterance"], "boats-at-anchor"),
        "openrefine": ENTITIES_ALONE,
        "search": "An id that the register gave, not a word of a source: its filter takes it.",
        "timeline": dated("ten-boats", "quote", "herald-2024-07-10-q01", first_evidence("utterance"), "boats-at-anchor"),
        "spreadsheet": Sheet("quotes", REPORT, "utterance", "boats-at-anchor", "boats-in-port"),
        "fixture": kept("41_quotes", REPORT, "utterance", "boats-at-anchor"),
        "history": told(UTTERANCE, "Utterance boats-at-anchor → at-anchor"),
        "merge": ONLY_ENTITIES_ARE_MERGED,
        "undo": undone(UTTERANCE),
    },
    "quote: page": {
        "filter": "A place in one document, which is read with the quote: nobody asks for all quotes of pages 2.",
        "facet": "A place in one document, which means nothing across documents.",
        "csv": cell("quotes.csv", "herald-2024-07-10-q01", "page", "2"),
        "jsonld": links("quotes/herald-2024-07-10-q01", lambda node: node["page"], 2),
        "openrefine": ENTITIES_ALONE,
        "search": "A number that says where the words stand, not one of them.",
        "timeline": dated("ten-boats", "quote", "herald-2024-07-10-q01", first_evidence("page"), 2),
        "spreadsheet": Sheet("quotes", REPORT, "page", "2", "5"),
        "fixture": kept("41_quotes", REPORT, "page", 2),
        "history": told(PAGE, "Page 2 → 5"),
        "merge": ONLY_ENTITIES_ARE_MERGED,
        "undo": undone(PAGE),
    },
    "document: page_breaks": {
        **dict.fromkeys(
            ("filter", "facet", "csv", "jsonld", "search", "timeline"),
            "Made from the private text, to know the page of each quote, which is public.",
        ),
        "openrefine": ENTITIES_ALONE,
        "spreadsheet": "Found when a text is attached, never typed.",
        "fixture": "Left out of the fixture of a document without pages, as any empty value is.",
        "history": "Derived from the text, whose hash shows that it changed.",
        "merge": "Only entities are merged, and a document keeps its text whoever its publisher turns out to be.",
        "undo": "An earlier text comes back with the breaks that are found in it.",
    },
    "quote: note": {
        "filter": "Prose of the register about one quote, read beside it.",
        "facet": "Prose of the register, never twice the same.",
        "csv": cell("quotes.csv", "herald-2024-07-10-q01", "note", "The article is taken to report the day before."),
        "jsonld": links(
            "quotes/herald-2024-07-10-q01", lambda node: node["note"], "The article is taken to report the day before."
        ),
        "openrefine": ENTITIES_ALONE,
        "search": "Quotes are searched by what their sources say, never by what the register thinks of them.",
        "timeline": dated(
            "ten-boats",
            "quote",
            "herald-2024-07-10-q01",
            first_evidence("quote_note"),
            "The article is taken to report the day before.",
        ),
        "spreadsheet": Sheet("quotes", REPORT, "note", "The article is taken to report the day before.", "It does."),
        "fixture": kept("41_quotes", REPORT, "note", "The article is taken to report the day before."),
        "history": told(NOTE, "Note", "The article says so."),
        "merge": ONLY_ENTITIES_ARE_MERGED,
        "undo": undone(NOTE),
    },
    "document: word_count": {
        **dict.fromkeys(("filter", "facet", "csv", "jsonld", "search", "timeline"), PROOF_OF_SPARING_QUOTATION),
        "openrefine": ENTITIES_ALONE,
        "spreadsheet": "Counted when a text is attached, never typed.",
        "fixture": kept("40_documents", {"slug": "herald-2024-07-10"}, "word_count", 394),
        "history": "Derived from the text, whose hash shows that it changed.",
        "merge": "Only entities are merged, and a document keeps its text whoever its publisher turns out to be.",
        "undo": "An earlier text comes back with the count that is made from it.",
    },
    "document: speech_spans": {
        **dict.fromkeys(("filter", "facet", "csv", "jsonld", "search", "timeline"), PROOF_OF_SPARING_QUOTATION),
        "openrefine": ENTITIES_ALONE,
        "spreadsheet": "Found when a text is attached, never typed.",
        "fixture": kept("40_documents", {"slug": "courier-2024-07-09"}, "speech_spans", [[91, 133]]),
        "history": "Derived from the text, whose hash shows that it changed.",
        "merge": "Only entities are merged, and a document keeps its text whoever its publisher turns out to be.",
        "undo": "An earlier text comes back with the spans that are found in it.",
    },
    "name: origin": {
        "filter": lists("organisations/?name=klx", "kite-league"),
        "facet": "A record has names of either origin: one that no source states is marked where it stands.",
        "csv": OF_DETAILS,
        "jsonld": links("organisations/kite-league", lambda node: node["namesOutsideSources"], ["KLX"]),
        "openrefine": extends("kite-league", "alias", "KLX"),
        "search": searched("KLX", "kite-league"),
        "timeline": "A name has no date.",
        "spreadsheet": Sheet("names", {"text": "KLX"}, "origin", "outside", "sources"),
        "fixture": kept("20_organisations", {"text": "KLX"}, "origin", "outside"),
        "history": told(ORIGIN, "outside the sources", "the sources", "KLX"),
        "merge": carried(
            named_twin,
            "league",
            lambda world, _: [*world.row("league").names.filter(text="LoK").values_list("kind", "origin")],
            into=[("acronym", "outside")],
            back=[],
        ),
        "undo": undone(ORIGIN),
    },
    "name: kind mention": {
        "filter": lists("organisations/?name=that merry band"),
        "facet": "A record has names of several kinds, in its details alone.",
        "csv": OF_DETAILS,
        "jsonld": links(
            "organisations/kite-league", lambda node: (node["mentionedAs"], node["alternateName"]), (["that merry band"], ["KLX"])
        ),
        "openrefine": extends("kite-league", "alias", "KLX"),
        "search": lacks("that merry band", "kite-league"),
        "timeline": "A name has no date.",
        "spreadsheet": Sheet("names", {"text": "that merry band"}, "kind", "mention", "alias"),
        "fixture": kept("20_organisations", {"text": "that merry band"}, "kind", "mention"),
        "history": told(KIND, "mention", "translation artefact", unsaid="translation_artefact"),
        "merge": carried(
            named_twin,
            "league",
            lambda world, _: [*world.row("league").names.filter(text="the happy few").values_list("kind", "origin")],
            into=[("mention", "sources")],
            back=[],
        ),
        "undo": undone(KIND),
    },
    "evidence: basis (computed)": {
        "filter": lists("commitments/?basis=anonymous", "ten-boats"),
        "facet": counts("commitments", "basis", "anonymous", 1),
        "csv": tabulates("commitments.csv?basis=anonymous", "ten-boats"),
        "jsonld": links("commitments/ten-boats", assessment("/conditions", lambda one: one["basis"]["limits"][-1]), "anonymous"),
        "openrefine": extends("ten-boats", "basis", "one_document", "one_utterance", "one_publisher", "anonymous"),
        "search": NO_STATES_IN_SEARCH,
        "timeline": "A fact has its citations beside it, from which the basis follows; the record has it field by field.",
        "spreadsheet": COMPUTED,
        "fixture": COMPUTED,
        "history": COMPUTED,
        "merge": FOUNDED,
        "undo": undone(
            Change("report", "attribution", "the mayor"),
            lambda world: basis_of_citations(evidence_of_record(world.row("boats"))["conditions"].citations).limits,
        ),
    },
    "evidence: agreement (computed)": {
        "filter": lists("commitments/?agreement=contested", "ten-boats"),
        "facet": counts("commitments", "agreement", "contested", 1),
        "csv": tabulates("commitments.csv?agreement=contested", "ten-boats"),
        "jsonld": links("commitments/ten-boats", assessment("/milestones/0", lambda one: one["agreement"]), "contested"),
        "openrefine": extends("ten-boats", "agreement", "single", "contested"),
        "search": NO_STATES_IN_SEARCH,
        "timeline": dated("ten-boats", "milestone", "ten-boats", lambda fact: fact["contested"], True),
        "spreadsheet": COMPUTED,
        "fixture": COMPUTED,
        "history": COMPUTED,
        "merge": FOUNDED,
        "undo": undone(POLARITY, evidence_of("boats", "milestones.set-aside")),
    },
    "evidence: verdict": {
        "filter": lists("commitments/?verdict=changed_over_time", "forty-tents"),
        "facet": counts("commitments", "verdict", "changed_over_time", 1),
        "csv": tabulates("commitments.csv?verdict=changed_over_time", "forty-tents"),
        "jsonld": links(
            "commitments/forty-tents", assessment("/due", lambda one: one["resolutions"][0]["verdict"]), "changed_over_time"
        ),
        "openrefine": extends("forty-tents", "verdict", "changed_over_time"),
        "search": NO_STATES_IN_SEARCH,
        "timeline": dated("kite-league", "due", "forty-tents", lambda fact: fact["contested"], False),
        "spreadsheet": NO_SHEET_OF_EVIDENCE,
        "fixture": kept("51_resolutions", {"entity": ["forty-tents"]}, "verdict", "changed_over_time"),
        "history": told(VERDICT, "changed over time", "same value, different precision", unsaid="compatible_precision"),
        "merge": FOUNDED,
        "undo": undone(VERDICT),
    },
    "evidence: denied (computed)": {
        "filter": lists("entities/?denied=milestones.set-aside", "ten-boats"),
        "facet": counts("entities", "denied", "milestones.set-aside", 1),
        "csv": tabulates("commitments.csv?denied=milestones.set-aside", "ten-boats"),
        "jsonld": links("commitments/ten-boats", lambda node: node["denied"], ["milestones.set-aside"]),
        "openrefine": extends("ten-boats", "denied", "milestones.set-aside"),
        "search": NO_STATES_IN_SEARCH,
        "timeline": dated("ten-boats", "milestone", "ten-boats", lambda fact: fact["evidence"][1]["polarity"], "denies"),
        "spreadsheet": COMPUTED,
        "fixture": COMPUTED,
        "history": COMPUTED,
        "merge": FOUNDED,
        "undo": undone(POLARITY, evidence_of("boats", "milestones.set-aside")),
    },
}


CHECKS = [(field, cell) for field, cells in TABLE.items() for cell in CELLS if not isinstance(cells.get(cell, ""), str)]


@pytest.mark.parametrize(("field", "cell"), CHECKS, ids=lambda name: name)
def test_a_field_has_its_cell(world, settings, tmp_path, field, cell):
    settings.STATE_DIR = world.folder = tmp_path
    TABLE[field][cell](world)


def test_every_field_has_every_cell_and_an_empty_one_a_reason():
    for field, cells in TABLE.items():
        assert list(cells.keys() ^ set(CELLS)) == [], field
        for reason in cells.values():
            assert not isinstance(reason, str) or (len(reason.split()) > 4 and reason.endswith("."))


def test_what_has_no_history_is_left_out_of_it_for_the_reason_given():
    for name in ("word_count", "speech_spans", "page_breaks"):
        assert FIELDS_LEFT_OUT[f"sources.sourcedocument.{name}"] == "derived from the text"


def test_the_fixtures_of_this_world_load_and_are_exported_the_same(db, tmp_path):
    with transaction.atomic():
        world = invented.make_world(
            arcadia := invented.make_arcadia(), ruritania := invented.make_ruritania(), invented.make_kites(arcadia, ruritania)
        )
        invented.publish_details(invented.publish_world(world, invented.cite_records(world)))
        export_fixtures(tmp_path / "once")
        transaction.set_rollback(True)
    call_command("load_register", str(tmp_path / "once"), verbosity=0, stdout=io.StringIO())
    export_fixtures(tmp_path / "again")
    for path in (tmp_path / "once").iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()
