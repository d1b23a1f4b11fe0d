"""Every rule of the register, over the whole database: what `check_data` runs, and loading before anything is printed."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q

from entities import merging
from entities import models as entities
from entities.citable import kind_of
from entities.serializers import ENTITY_KINDS
from entities.vocabulary import Stance, Status, Verification
from nato_support.db.triggers import missing_triggers
from nato_support.editions import names, texts, weaving
from nato_support.editions.models import LIVE, Edition, PrintRun
from nato_support.editions.printing import KINDS, model_of, print_records, weave_all
from sources import models as sources
from sources.contested import State, contested_fields, resolved_fields
from sources.coverage import Gap, RecordCoverage, of_many
from sources.verification import check

Progress = Callable[[int], Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: which record, which field ('' if it is no single one), and what is wrong."""

    model: str
    record: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.model} {self.record}{f', field {self.field}' if self.field else ''}: {self.message}"


def _problem(row: models.Model, field: str, message: str) -> Problem:
    key = row.natural_key() if hasattr(row, "natural_key") else (row.pk,)
    return Problem(row._meta.model_name or "", " ".join(str(part) for part in key if part is not None), field, message)


# Rows are validated with what their rules look at already fetched.
_ROWS: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (entities.RelationType, ()),
    (entities.RelationJoin, ("type",)),
    (entities.Organisation, ()),
    (entities.Facility, ()),
    (entities.Person, ()),
    (entities.Post, ()),
    (entities.Event, ()),
    (entities.Commitment, ()),
    (entities.Name, ("entity",)),
    (entities.Identifier, ("entity",)),
    (entities.Measure, ("entity", "conversion_of")),
    (entities.Milestone, ("commitment",)),
    (entities.Relation, ("type", "subject", "object")),
    (sources.SourceDocument, ()),
    (sources.SourceQuote, ("document",)),
    (sources.Citation, ("quote", "entity", "relation")),
    (sources.Resolution, ("entity", "relation")),
)


def count_rows() -> int:
    """How many rows `check_rows` looks at."""
    return sum(model._default_manager.count() for model, _ in _ROWS)


def check_rows(progress: Progress = lambda n: None) -> Iterator[Problem]:
    """Validates every row of the working copy, and that each quote stands in its document."""
    for model, related in _ROWS:
        rows = model._default_manager.select_related(*related)
        for row in rows.iterator(chunk_size=1000):
            yield from check_row(row)
            progress(1)


def check_record(record: Any) -> Iterator[Problem]:
    """Validates one record with its parts and its evidence."""
    yield from check_row(record)
    for part in ("names", "identifiers", "measures", "milestones"):
        for row in getattr(record, part).all() if hasattr(record, part) else ():
            yield from check_row(row)
    if isinstance(record, entities.Entity | entities.Relation):
        for row in (*record.citations.all(), *record.resolutions.all()):
            yield from check_row(row)


def check_row(row: Any) -> Iterator[Problem]:
    """Validates one row of the working copy; a quote is checked against its document."""
    try:
        # Foreign keys and constraints are the database's: a row that is in it keeps them.
        row.clean_fields(exclude={field.name for field in row._meta.fields if field.is_relation})
        row.clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield _problem(row, "" if name == "__all__" else name, " ".join(messages))
    if isinstance(row, sources.SourceQuote) and not (finding := check(row)):
        yield _problem(row, "exact", f"“{row}” {finding.explanation}{_where_it_stood(row)}")
    if isinstance(row, entities.Measure) and row.conversion_of and row.conversion_of.entity_id != row.entity_id:
        yield _problem(row, "conversion_of", "converts an amount of another record")


def _where_it_stood(quote: sources.SourceQuote) -> str:
    for earlier in quote.document.earlier_texts.all():
        if earlier.text[quote.start : quote.end] == quote.exact:
            return f"; it stood in the text that was replaced on {earlier.replaced_at:%Y-%m-%d}"
    return ""


def check_evidence() -> Iterator[Problem]:
    """What joins evidence to what it is about: verdicts, weak ground under what is public, marks on texts."""
    yield from _check_verdicts()
    yield from _check_ground()
    yield from _check_marks()


def _check_verdicts() -> Iterator[Problem]:
    """That the newest verdict on each field judges sources that differ, and nothing that none of them states."""
    wrong = {}
    for evidence in resolved_fields().values():
        newest = max(evidence.resolutions, key=lambda r: (r.decided_on, r.pk))
        unstated = sorted(set(newest.settles) - set(evidence.statements))
        if not evidence.differs:
            wrong[newest.pk] = "judges a field on which no sources differ"
        elif unstated:
            wrong[newest.pk] = f"judges what no source states: {', '.join(unstated)}"
    for resolution in sources.Resolution.objects.filter(pk__in=wrong).select_related("entity", "relation").order_by("pk"):
        yield _problem(resolution, resolution.field, wrong[resolution.pk])


def _check_ground() -> Iterator[Problem]:
    """That no field of a published record rests on failing quotes alone."""
    failing = sources.Citation.objects.filter(stance=Stance.SUPPORTS, quote__verification=Verification.FAILED)
    for model, end in ((entities.Entity, "entity"), (entities.Relation, "relation")):
        shaken = model._default_manager.filter(status=Status.PUBLISHED, pk__in=failing.values(end)).order_by("pk")
        for one in _covered(shaken):
            for field in one.fields:
                if Gap.FAILED in field.gaps:
                    yield Problem(kind_of(one.record), one.record.slug, field.field, "rests on quotes alone that fail")


def _check_marks() -> Iterator[Problem]:
    """That what was decided on or read belongs to a text that its document has or had."""
    for model in (sources.SuggestionDecision, sources.ReadMark):
        had = sources.EarlierText.objects.filter(document=OuterRef("document"), sha256=OuterRef("text_sha256"))
        strange = model._default_manager.filter(~Q(text_sha256=F("document__sha256")), ~Exists(had))
        for mark in strange.select_related("document").defer("document__text", "document__fingerprint").order_by("pk"):
            message = f"stands at {mark.start} to {mark.end} of a text that document {mark.document.slug} never had"
            yield _problem(mark, "text_sha256", message)


def _covered(records: models.QuerySet) -> Iterator[RecordCoverage]:
    keys = list(records.values_list("pk", flat=True))
    for at in range(0, len(keys), 500):
        yield from of_many(records.filter(pk__in=keys[at : at + 500]))


@dataclass(frozen=True, slots=True)
class Stock:
    """How much of the register is well evidenced: fields whose sources differ by state, records by what they lack."""

    differing: dict[str, int]
    records: int
    lacking: dict[str, int]

    def __str__(self) -> str:
        states = ", ".join(f"{number} {state}" for state, number in self.differing.items())
        lacking = "\n".join(f"  {Gap(gap).label}: {number}" for gap, number in self.lacking.items())
        return (
            f"Fields on which sources differ: {sum(self.differing.values())} ({states}).\n"
            f"Of {self.records} records, how many have a field with\n{lacking}"
        )


def take_stock() -> Stock:
    """What is missing without being wrong, over all records that are not withdrawn."""
    states = [field.state for field in contested_fields()]
    records, lacking = 0, dict.fromkeys((gap.value for gap in Gap), 0)
    for model in (entities.Entity, entities.Relation):
        for one in _covered(model._default_manager.exclude(status=Status.WITHDRAWN).order_by("pk")):
            records += 1
            for gap in one.gaps:
                lacking[gap.value] += 1
    return Stock({state.value: states.count(state) for state in State}, records, lacking)


def check_merges() -> Iterator[Problem]:
    """That nothing speaks of a merged record but what its merge left there, and that its old address leads somewhere."""
    gone = entities.Entity.objects.filter(merged_into__isnull=False)
    if not gone.exists():
        return
    for kind in ENTITY_KINDS:
        for model, link in merging.links(model_of(kind)):
            rows = model._default_manager.filter(**{f"{link.name}__in": gone.filter(kind=kind).values("pk")})
            if model is entities.Relation:
                rows = rows.exclude(status=Status.WITHDRAWN)
            elif issubclass(model, entities.Entity):
                rows = rows.filter(merged_into=None)
            for row in rows.order_by("pk"):
                yield _problem(row, link.name, "speaks of a record that was merged into another")
    unmerged = gone.exclude(pk__in=entities.Merge.objects.filter(undone_at=None).values("merged"))
    for record in unmerged.order_by("pk"):
        yield _problem(record, "merged_into", "is set, but no merge says so")
    tombs = Edition.objects.filter(superseded__isnull=True, withdrawn=True).exclude(moved_to="")
    leads = {(tomb.kind, tomb.slug): (tomb.kind, tomb.moved_to) for tomb in tombs.only("kind", "slug", "moved_to")}
    for key in leads:
        end, steps = key, 0
        while end in leads and steps <= len(leads):
            end, steps = leads[end], steps + 1
        if not Edition.objects.filter(LIVE, kind=end[0], slug=end[1]).exists():
            yield Problem(*key, "moved_to", f"leads to {end[1]}, which is not public")


def check_triggers() -> Iterator[Problem]:
    """That the database still has every trigger that its migrations installed."""
    for name in missing_triggers(connection):
        yield Problem("trigger", name, "", "is missing from the database; a later migration remade its table")


def check_editions() -> Iterator[Problem]:
    """Prints every published record that has not changed since, and compares it with its live edition."""
    for kind in KINDS:
        model = model_of(kind)
        keys = list(model.objects.filter(status=Status.PUBLISHED).order_by("pk").values_list("pk", flat=True))
        for at in range(0, len(keys), 500):
            yield from _compare(list(model.objects.filter(pk__in=keys[at : at + 500])))
        public = Edition.objects.filter(LIVE, kind=kind)
        for slug in public.exclude(slug__in=model.objects.filter(status=Status.PUBLISHED).values("slug")).values_list(
            "slug", flat=True
        ):
            yield Problem(kind, slug, "", "is public, but its working copy is not published")
    yield from _check_state()


def check_names() -> Iterator[Problem]:
    """That live records are found by what they are called now, and that nothing else is found so."""
    for kind, slug in names.strays():
        yield Problem(kind, slug, "", "is not found by its names as it should be: run index_names")


def _compare(records: list) -> Iterator[Problem]:
    printed = print_records(records)
    live = Edition.objects.newest(one.key for one in printed)
    unchanged = [one for one in printed if (e := live.get(one.key)) and not e.withdrawn and e.version == one.version]
    for one in printed:
        if one.key not in live or live[one.key].withdrawn:
            yield Problem(one.kind, one.slug, "", "is published, but has no live edition")
    weave_all(unchanged)
    for one in unchanged:
        edition = live[one.key]
        weaving.number(one.lean, edition.number, edition.run_id)
        for name, printed_now, held in (("document", one.lean, edition.document), ("evidence", one.extra, edition.evidence)):
            if texts.dumps(printed_now) != held:
                yield Problem(
                    one.kind,
                    one.slug,
                    name,
                    f"edition {edition.number} differs from its working copy{_difference(printed_now, held)}",
                )


def _difference(now: dict, held: str) -> str:
    before = json.loads(held)
    members = [member for member in {**before, **now} if before.get(member) != now.get(member)]
    return f" in {', '.join(members)}" if members else ""


def _check_state() -> Iterator[Problem]:
    newest = PrintRun.objects.order_by("-stamp").first()
    if newest is None:
        return
    rows = Edition.objects.filter(LIVE).values_list("kind", "slug", "number", "document", "evidence")
    if texts.state_hash(sum(texts.fingerprint(*row) for row in rows.iterator(chunk_size=1000))) != newest.state_hash:
        yield Problem("printrun", str(newest.stamp), "state_hash", "differs from what is live")
