"""Writes what a plan found: all rows in one transaction and one change, by ordinary saves under the rules of the models."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from entities.models import change_set
from entities.models.locking import lock_rows
from entities.refusals import Refused, Stale
from entities.vocabulary import Action
from nato_support.exchange.spreadsheets.columns import SHEETS_BY_NAME, Sheet
from nato_support.exchange.spreadsheets.import_plan import (
    RowOutcome,
    SheetRow,
    fill_row,
    new_record_references,
    row_validation_errors,
)
from sources.models import SourceQuote
from sources.verification import verify_quotes


class RowRefused(Refused):
    """A row of the spreadsheet cannot be written, and nothing was."""

    def __init__(self, row: SheetRow, reasons: Sequence[str]):
        super().__init__([f"{row.sheet}, row {row.number}: {' '.join(reasons)}"])


def write_planned_rows(
    lines: Sequence[SheetRow], by: Any = None, why: str = "", told: Callable[[int], None] = lambda done: None
) -> int:
    """Writes what `lines` would do; gives the number of rows written, and tells it on the way. All or nothing.

    Raises Stale, and RowRefused where a row holds a rule no longer.
    """
    writing = [line for line in lines if line.writes]
    refused = next((line for line in lines if line.outcome == RowOutcome.REFUSED), None)
    if refused:
        raise RowRefused(refused, refused.reasons)
    with transaction.atomic(), change_set(by=by, act=Action.IMPORT, why=why):
        rows = _lock_planned_rows(writing)
        made: dict[str, int] = {}
        done = 0
        for sheet in SHEETS_BY_NAME.values():
            left = [line for line in writing if line.sheet == sheet.name]
            while left:
                ready = [line for line in left if _awaited_references(line) <= made.keys()]
                if not ready:
                    raise RowRefused(left[0], ["It waits for rows of this file that wait for it. Give one of them first."])
                for line in ready:
                    _write_row(sheet, line, rows.get((sheet.name, line.pk)), made)
                    done += 1
                    if not done % 50:
                        told(done)
                written = {id(line) for line in ready}
                left = [line for line in left if id(line) not in written]
        told(done)
    return done


def _lock_planned_rows(lines: Sequence[SheetRow]) -> dict[tuple[str, int | None], Any]:
    """The rows that are to be changed, held until the transaction ends. Raises Stale."""
    found: dict[tuple[str, int | None], Any] = {}
    by_sheet: dict[str, dict[int, int | None]] = defaultdict(dict)
    for line in lines:
        if line.pk:
            by_sheet[line.sheet][line.pk] = line.seen
    for name, seen in by_sheet.items():
        sheet = SHEETS_BY_NAME[name]
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
            lock_rows((model, pk) for pk in held.values_list("pk", flat=True))
            rows = sheet.rows().in_bulk(some)
            for key in some:
                row = rows.get(key)
                if row is None or ((row.stamp or 0) if sheet.whole else row.version) != seen[key]:
                    raise Stale("Somebody saved one of these rows meanwhile.")
                found[name, key] = row
    return found


def _awaited_references(line: SheetRow) -> set[str]:
    """The rows of the file that must be there before this one."""
    return {one["coming"] for value in (line.whole, *line.after.values()) for one in new_record_references(value)}


def _write_row(sheet: Sheet, line: SheetRow, row: Any, made: dict[str, int]):
    row = fill_row(sheet, row if row is not None else sheet.model(), line, made)
    reasons = row_validation_errors(sheet, row, line, made)
    if reasons:
        raise RowRefused(line, reasons)
    row.save()
    for name, value in line.after.items():
        if sheet.columns[name].many:
            getattr(row, name).set([made[one["coming"]] if isinstance(one, dict) else one for one in value])
    if isinstance(row, SourceQuote):
        verify_quotes([row])
    for address in line.new_references:
        made[address] = row.pk
