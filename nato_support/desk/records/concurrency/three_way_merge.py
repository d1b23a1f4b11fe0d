"""Three-way merge of a submitted form with the current row and with the values that its page showed.

Knows nothing of requests or of the database: a form is a `FormState` of values as a browser submits them. Fields that mean
something only together are a group. A group that one side changed takes that side's values; one that both sides changed to
the same values needs nothing; one that both changed to different values is a `Conflict`, for a person to decide.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Value = str | bool | list[str]
Values = dict[str, Value]
FieldGroup = tuple[str, ...]
ValuesAgree = Callable[[str, Value | None, Value | None], bool]
"""Tells whether two values of a field are equal to its form; a missing value equals none."""

THEIRS, MINE, OWN, BOTH = "theirs", "mine", "own", "both"


@dataclass
class FormState:
    """Submitted values of a form: a record's own fields, or one row. A row without a `pk` is new."""

    prefix: str
    """Prefix of its fields in the request: empty for the record itself, `names-3` for a row."""
    values: Values
    pk: str = ""
    removed: bool = False
    dropped: bool = False
    """The row leaves the form altogether: it is deleted already, or exists already."""


@dataclass(frozen=True)
class Conflict:
    """A field group, or a whole row (`group` is empty), that two people changed in different ways.

    `theirs` is None where they removed the row, `mine` where I did, `before` where it did not exist.
    """

    state: FormState
    group: FieldGroup
    before: Values | None
    theirs: Values | None
    mine: Values | None

    @property
    def key(self) -> str:
        return f"{self.state.prefix}:{'+'.join(self.group)}"

    @property
    def can_keep_both(self) -> bool:
        """Tell whether both sides added to a list, which can hold the additions of both."""
        return len(self.group) == 1 and all(
            isinstance(side, dict) and isinstance(side[self.group[0]], list) for side in self.sides
        )

    @property
    def can_write_own(self) -> bool:
        return bool(self.group)

    @property
    def sides(self) -> tuple[Values | None, Values | None]:
        return self.theirs, self.mine

    def apply_choice(self, choice: str, own: Values | None = None) -> None:
        """Write the chosen side, or `own` values, into the form state."""
        if self.theirs is None:
            self.state.dropped, self.state.pk = choice == THEIRS, ""
        elif self.mine is None:
            self.state.removed = choice == MINE
            self.state.values = dict(self.theirs) if choice == THEIRS else self.state.values
        else:
            chosen = {THEIRS: self.theirs, MINE: self.mine, OWN: own or {}, BOTH: self._union_of_lists()}[choice]
            self.state.values |= {name: chosen[name] for name in self.group if name in chosen}

    def _union_of_lists(self) -> Values:
        return {name: sorted({*_list_value_of(self.theirs, name), *_list_value_of(self.mine, name)}) for name in self.group}


@dataclass
class FormMergeOutcome:
    """Result of a merge; the form states are rewritten in place."""

    mine: list[tuple[FormState, FieldGroup]] = field(default_factory=list)
    """My changes that are kept; an empty group is a row that I added or removed."""
    theirs: list[tuple[FormState, FieldGroup]] = field(default_factory=list)
    """Their changes that are saved already."""
    conflicts: list[Conflict] = field(default_factory=list)


def merge_form_state(
    state: FormState,
    groups: Iterable[FieldGroup],
    shown: Mapping,
    theirs: Values,
    values_agree: ValuesAgree,
    outcome: FormMergeOutcome,
) -> None:
    """Merge `state` with the current values `theirs`, group by group. A field that was not submitted counts as untouched."""
    mine = {**{name: shown.get(name) for name in theirs}, **state.values}
    for group in groups:
        by_me = [name for name in group if name in state.values and not values_agree(name, shown.get(name), mine[name])]
        by_them = [name for name in group if not values_agree(name, shown.get(name), theirs[name])]
        current = {name: theirs[name] for name in group}
        if all(values_agree(name, theirs[name], mine[name]) for name in by_me):
            state.values |= current
            if by_them and not by_me:
                outcome.theirs.append((state, group))
        elif all(values_agree(name, theirs[name], mine[name]) for name in by_them):
            # A field of the group that was not submitted keeps its value.
            state.values |= {name: theirs[name] for name in group if name not in state.values}
            outcome.mine.append((state, group))
        elif (merged_list := _merge_list_changes(group, shown, theirs, mine)) is not None:
            state.values |= merged_list
            outcome.mine.append((state, group))
            outcome.theirs.append((state, group))
        else:
            before = {name: shown[name] for name in group if name in shown}
            submitted: Values = {name: value for name in group if (value := mine[name]) is not None}
            outcome.conflicts.append(Conflict(state, group, before, current, submitted))


def _merge_list_changes(group: FieldGroup, shown: Mapping, theirs: Mapping, mine: Mapping) -> Values | None:
    """Merge a list to which both sides added or from which both removed; None where both replaced the same element."""
    (name, *more) = group
    if more or not all(isinstance(side.get(name), list) for side in (shown, theirs, mine)):
        return None
    before, my_items, their_items = ({*side[name]} for side in (shown, mine, theirs))
    if before - my_items & before - their_items and my_items - before != their_items - before:
        return None
    return {name: sorted((their_items | (my_items - before)) - (before - my_items))}


def merge_form_rows(
    states: list[FormState],
    groups: tuple[FieldGroup, ...],
    shown: Mapping[str, Values],
    theirs: Mapping[str, Values],
    appeared: Mapping[str, Values],
    unique_sets: Iterable[FieldGroup],
    generated_fields: Iterable[str],
    values_agree: ValuesAgree,
    outcome: FormMergeOutcome,
) -> None:
    """Merge the submitted rows with the current ones.

    `appeared` are current rows that the page did not show; `unique_sets` are sets of fields whose values no two rows share;
    `generated_fields` are filled in when a row is saved without them.
    """
    for state in states:
        if not state.pk:
            _merge_new_row(state, groups, appeared, unique_sets, generated_fields, values_agree, outcome)
            continue
        before, current = shown.get(state.pk, {}), theirs.get(state.pk)
        edited = any(not values_agree(name, before.get(name), value) for name, value in state.values.items())
        if current is None:
            if state.removed or not edited:
                state.dropped = True
                outcome.theirs.append((state, ()))
            else:
                outcome.conflicts.append(Conflict(state, (), dict(before), None, dict(state.values)))
        elif state.removed:
            if all(values_agree(name, before.get(name), value) for name, value in current.items()):
                outcome.mine.append((state, ()))
            else:
                outcome.conflicts.append(Conflict(state, (), dict(before), dict(current), None))
        else:
            merge_form_state(state, groups, before, current, values_agree, outcome)


def _merge_new_row(
    state: FormState,
    groups: tuple[FieldGroup, ...],
    appeared: Mapping[str, Values],
    unique_sets: Iterable[FieldGroup],
    generated_fields: Iterable[str],
    values_agree: ValuesAgree,
    outcome: FormMergeOutcome,
) -> None:
    if state.removed:
        return

    def agrees_on(row: Values, names: Iterable[str]) -> bool:
        return all(values_agree(name, row.get(name), state.values.get(name)) for name in names)

    filled_in = [name for name, value in state.values.items() if value or name not in generated_fields]
    if any(agrees_on(row, filled_in) for row in appeared.values()):
        # The same row, submitted twice or added by both.
        state.dropped = True
        return
    for pk, row in appeared.items():
        if any(all(state.values.get(name) for name in names) and agrees_on(row, names) for names in unique_sets):
            # Both added it with different values: mine becomes an edit of theirs.
            state.pk = pk
            merge_form_state(state, groups, {}, row, values_agree, outcome)
            return
    outcome.mine.append((state, ()))


def _list_value_of(values: Values | None, name: str) -> list[str]:
    value = (values or {}).get(name)
    return value if isinstance(value, list) else []
