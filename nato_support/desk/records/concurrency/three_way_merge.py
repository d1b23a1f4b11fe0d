"""What two people did to one form, brought together: what the page showed, what stands now, what was sent.

Nothing here knows of requests or of the database. A form is a `Sheet` of values as a browser sends them. Fields that mean
something only together are one unit; a unit that only one side changed is that side's; one that both changed to the same is
no matter; one that both changed in different ways is a `Clash`, which somebody must settle.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Value = str | bool | list[str]
Values = dict[str, Value]
FieldGroup = tuple[str, ...]
ValuesAgree = Callable[[str, Value | None, Value | None], bool]
"""Whether two values of the field named are the same to its form; a missing one agrees with none."""

THEIRS, MINE, OWN, BOTH = "theirs", "mine", "own", "both"


@dataclass
class FormState:
    """One form as it was sent: a record's own fields, or one row. A row without a `pk` is new."""

    at: str
    """Where it stands in what was sent: empty for the record itself, `names-3` for a row."""
    values: Values
    pk: str = ""
    removed: bool = False
    dropped: bool = False
    """Whether the row leaves the form altogether: it is gone already, or stands there already."""


@dataclass(frozen=True)
class Conflict:
    """A unit, or a whole row (`unit` is empty), that two people changed in different ways.

    `theirs` is None where they removed the row, `mine` where I did, `before` where it was not there.
    """

    sheet: FormState
    unit: FieldGroup
    before: Values | None
    theirs: Values | None
    mine: Values | None

    @property
    def key(self) -> str:
        return f"{self.sheet.at}:{'+'.join(self.unit)}"

    @property
    def may_be_both(self) -> bool:
        """A list to which both sides added may hold what both added."""
        return len(self.unit) == 1 and all(isinstance(side, dict) and isinstance(side[self.unit[0]], list) for side in self.sides)

    @property
    def may_be_own(self) -> bool:
        return bool(self.unit)

    @property
    def sides(self) -> tuple[Values | None, Values | None]:
        return self.theirs, self.mine

    def settle(self, how: str, own: Values | None = None) -> None:
        """Writes the choice into the sheet."""
        if self.theirs is None:
            self.sheet.dropped, self.sheet.pk = how == THEIRS, ""
        elif self.mine is None:
            self.sheet.removed = how == MINE
            self.sheet.values = dict(self.theirs) if how == THEIRS else self.sheet.values
        else:
            chosen = {THEIRS: self.theirs, MINE: self.mine, OWN: own or {}, BOTH: self._union_of_lists()}[how]
            self.sheet.values |= {name: chosen[name] for name in self.unit if name in chosen}

    def _union_of_lists(self) -> Values:
        return {name: sorted({*_list_value_of(self.theirs, name), *_list_value_of(self.mine, name)}) for name in self.unit}


@dataclass
class FormMergeOutcome:
    """What came of it: the sheets are rewritten in place."""

    mine: list[tuple[FormState, FieldGroup]] = field(default_factory=list)
    """What I changed and what stands so; an empty unit is a row that I added or removed."""
    theirs: list[tuple[FormState, FieldGroup]] = field(default_factory=list)
    """What they changed and what is in already."""
    conflicts: list[Conflict] = field(default_factory=list)


def merge_form_state(
    sheet: FormState, units: Iterable[FieldGroup], base: Mapping, theirs: Values, agree: ValuesAgree, into: FormMergeOutcome
) -> None:
    """Brings the sheet and what stands now together, unit by unit. What was not sent counts as left alone."""
    mine = {**{name: base.get(name) for name in theirs}, **sheet.values}
    for unit in units:
        by_me = [name for name in unit if name in sheet.values and not agree(name, base.get(name), mine[name])]
        by_them = [name for name in unit if not agree(name, base.get(name), theirs[name])]
        current = {name: theirs[name] for name in unit}
        if all(agree(name, theirs[name], mine[name]) for name in by_me):
            sheet.values |= current
            if by_them and not by_me:
                into.theirs.append((sheet, unit))
        elif all(agree(name, theirs[name], mine[name]) for name in by_them):
            # A field of the unit that was not sent stays as it is.
            sheet.values |= {name: theirs[name] for name in unit if name not in sheet.values}
            into.mine.append((sheet, unit))
        elif (joined := _merge_list_changes(unit, base, theirs, mine)) is not None:
            sheet.values |= joined
            into.mine.append((sheet, unit))
            into.theirs.append((sheet, unit))
        else:
            before = {name: base[name] for name in unit if name in base}
            into.conflicts.append(
                Conflict(sheet, unit, before, current, {name: mine[name] for name in unit if mine[name] is not None})
            )


def _merge_list_changes(unit: FieldGroup, base: Mapping, theirs: Mapping, mine: Mapping) -> Values | None:
    """A list to which each side added or from which each removed its own; None where both replaced the same element."""
    (name, *more) = unit
    if more or not all(isinstance(side.get(name), list) for side in (base, theirs, mine)):
        return None
    was, here, there = ({*side[name]} for side in (base, mine, theirs))
    if was - here & was - there and here - was != there - was:
        return None
    return {name: sorted((there | (here - was)) - (was - here))}


def merge_form_rows(
    sheets: list[FormState],
    units: tuple[FieldGroup, ...],
    base: Mapping[str, Values],
    theirs: Mapping[str, Values],
    appeared: Mapping[str, Values],
    keys: Iterable[FieldGroup],
    made: Iterable[str],
    agree: ValuesAgree,
    into: FormMergeOutcome,
) -> None:
    """Brings the rows sent together with those that stand now.

    `appeared` are those that stand there and were not shown; `keys` the sets of fields of which no two rows share all;
    `made` the fields that are filled in when a row is saved without.
    """
    for sheet in sheets:
        if not sheet.pk:
            _merge_new_row(sheet, units, appeared, keys, made, agree, into)
            continue
        before, now = base.get(sheet.pk, {}), theirs.get(sheet.pk)
        edited = any(not agree(name, before.get(name), value) for name, value in sheet.values.items())
        if now is None:
            if sheet.removed or not edited:
                sheet.dropped = True
                into.theirs.append((sheet, ()))
            else:
                into.conflicts.append(Conflict(sheet, (), dict(before), None, dict(sheet.values)))
        elif sheet.removed:
            if all(agree(name, before.get(name), value) for name, value in now.items()):
                into.mine.append((sheet, ()))
            else:
                into.conflicts.append(Conflict(sheet, (), dict(before), dict(now), None))
        else:
            merge_form_state(sheet, units, before, now, agree, into)


def _merge_new_row(sheet, units, appeared: Mapping[str, Values], keys, made, agree: ValuesAgree, into: FormMergeOutcome) -> None:
    if sheet.removed:
        return

    def agrees(other: Values, names: Iterable[str]) -> bool:
        return all(agree(name, other.get(name), sheet.values.get(name)) for name in names)

    said = [name for name, value in sheet.values.items() if value or name not in made]
    if any(agrees(other, said) for other in appeared.values()):
        # The same row, sent twice or added by both.
        sheet.dropped = True
        return
    for pk, other in appeared.items():
        if any(all(sheet.values.get(name) for name in key) and agrees(other, key) for key in keys):
            # Both added it, and say different things of it: mine becomes an edit of theirs.
            sheet.pk = pk
            merge_form_state(sheet, units, {}, other, agree, into)
            return
    into.mine.append((sheet, ()))


def _list_value_of(values: Values | None, name: str) -> list[str]:
    found = (values or {}).get(name)
    return found if isinstance(found, list) else []
