"""Every rule of the register, over the whole database: what `check_data` runs, and loading before anything is printed."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models

from entities import models as entities
from entities.vocabulary import Status
from nato_support.db.triggers import missing_triggers
from nato_support.editions import weaving
from nato_support.editions.models import LIVE, Edition, PrintRun
from nato_support.editions.printing import KINDS, model_of, print_records, weave_all
from sources import models as sources
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
        yield _problem(row, "exact", f"“{row}” {finding.explanation}")
    if isinstance(row, entities.Measure) and row.conversion_of and row.conversion_of.entity_id != row.entity_id:
        yield _problem(row, "conversion_of", "converts an amount of another record")


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
            if weaving.dumps(printed_now) != held:
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
    if weaving.state_hash(sum(weaving.fingerprint(*row) for row in rows.iterator(chunk_size=1000))) != newest.state_hash:
        yield Problem("printrun", str(newest.stamp), "state_hash", "differs from what is live")
