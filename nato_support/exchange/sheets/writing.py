"""Writes what a plan found: all rows in one transaction and one change, by ordinary saves under the rules of the models."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from entities.models import one_change
from entities.models.holding import hold
from entities.vocabulary import Act
from nato_support.exchange.sheets.columns import SHEETS, Sheet
from nato_support.exchange.sheets.plan import Line, Outcome, coming_in, faults, fill
from sources.models import SourceQuote
from sources.verification import verify


class Moved(Exception):
    """Somebody saved a row since the plan was made: what it would do has to be looked at again."""


class Refused(Exception):
    """A row that cannot be written, and why; nothing was."""

    def __init__(self, line: Line, reasons: Sequence[str]):
        self.line, self.reasons = line, list(reasons)
        super().__init__(f"{line.sheet}, row {line.number}: {' '.join(reasons)}")


def write(lines: Sequence[Line], by: Any = None, why: str = "", told: Callable[[int], None] = lambda done: None) -> int:
    """Writes what `lines` would do; gives the number of rows written, and tells it on the way. All or nothing.

    Raises Moved, and Refused where a row holds a rule no longer.
    """
    writing = [line for line in lines if line.writes]
    refused = next((line for line in lines if line.outcome == Outcome.REFUSED), None)
    if refused:
        raise Refused(refused, refused.reasons)
    with transaction.atomic(), one_change(by=by, act=Act.IMPORT, why=why):
        rows = _locked(writing)
        made: dict[str, int] = {}
        done = 0
        for sheet in SHEETS.values():
            left = [line for line in writing if line.sheet == sheet.name]
            while left:
                ready = [line for line in left if _awaits(line) <= made.keys()]
                if not ready:
                    raise Refused(left[0], ["It waits for rows of this file that wait for it. Give one of them first."])
                for line in ready:
                    _write(sheet, line, rows.get((sheet.name, line.pk)), made)
                    done += 1
                    if not done % 50:
                        told(done)
                written = {id(line) for line in ready}
                left = [line for line in left if id(line) not in written]
        told(done)
    return done


def _locked(lines: Sequence[Line]) -> dict[tuple[str, int | None], Any]:
    """The rows that are to be changed, held until the transaction ends. Raises Moved."""
    found: dict[tuple[str, int | None], Any] = {}
    by_sheet: dict[str, dict[int, int | None]] = defaultdict(dict)
    for line in lines:
        if line.pk:
            by_sheet[line.sheet][line.pk] = line.seen
    for name, seen in by_sheet.items():
        sheet = SHEETS[name]
        model = sheet.whole or sheet.model
        keys = sorted(seen)
        for at in range(0, len(keys), 500):
            some = keys[at : at + 500]
            held: Any = model._default_manager.order_by("pk")
            # Whoever saves a part touches its record first, so that holding the record holds its parts.
            held = (
                held.filter(pk__in=sheet.model._default_manager.filter(pk__in=some).values(sheet.wholes[0]))
                if sheet.whole
                else (held.filter(pk__in=some))
            )
            hold((model, pk) for pk in held.values_list("pk", flat=True))
            rows = sheet.rows().in_bulk(some)
            for key in some:
                row = rows.get(key)
                if row is None or ((row.stamp or 0) if sheet.whole else row.version) != seen[key]:
                    raise Moved
                found[name, key] = row
    return found


def _awaits(line: Line) -> set[str]:
    """The rows of the file that must be there before this one."""
    return {one["coming"] for value in (line.whole, *line.after.values()) for one in coming_in(value)}


def _write(sheet: Sheet, line: Line, row: Any, made: dict[str, int]):
    row = fill(sheet, row if row is not None else sheet.model(), line, made)
    reasons = faults(sheet, row, line, made)
    if reasons:
        raise Refused(line, reasons)
    row.save()
    for name, value in line.after.items():
        if sheet.columns[name].many:
            getattr(row, name).set([made[one["coming"]] if isinstance(one, dict) else one for one in value])
    if isinstance(row, SourceQuote):
        verify([row])
    for address in line.adds:
        made[address] = row.pk
