"""A thousand random schedules of two and three writers: nothing is lost, no unit is mixed, nobody is asked without need.

Everybody opens a record with rows, edits some of it and saves, in any order; whoever is asked chooses. What a field must
hold in the end is known beside it: each writer's values are told apart by the writer's name in them.
"""

import random
from typing import Any

import pytest

from nato_support.desk.records.concurrency.three_way_merge import (
    MINE,
    THEIRS,
    FormMergeOutcome,
    FormState,
    merge_form_rows,
    merge_form_state,
)

UNITS = (("name",), ("summary",), ("tags",), ("value", "unit", "as_stated"))
ROW_UNITS = (("text", "language"), ("kind",))


def agree(name, one, other):
    return one is not None and one == other


class Desk:
    """A record as the database holds it."""

    def __init__(self, dice: random.Random):
        self.fields: dict = {"name": "n0", "summary": "s0", "tags": ["a", "b"], "value": "v0", "unit": "v0", "as_stated": "v0"}
        self.rows: dict[str, dict] = {
            str(pk): {"text": f"t{pk}", "language": f"t{pk}", "kind": "k0"} for pk in range(dice.randint(0, 4))
        }
        self.next = 100

    def page(self):
        copied = {name: [*value] if isinstance(value, list) else value for name, value in self.fields.items()}
        return copied, {pk: dict(row) for pk, row in self.rows.items()}


class Writer:
    def __init__(self, name: str, desk: Desk, dice: random.Random):
        self.name, self.dice = name, dice
        self.base, self.base_rows = desk.page()
        self.values: dict[str, Any] = desk.page()[0]
        self.sheets: list[FormState] = []
        self.touched: set = set()
        for unit in dice.sample(UNITS, dice.randint(0, 2)):
            self.touched.add(unit)
            if unit == ("tags",):
                self.values["tags"] = sorted({*self.values["tags"], f"tag-{name}"})
            else:
                # Sometimes two people type the same, and that is nothing to ask about.
                word = dice.choice([name, name, "same"])
                self.values |= dict.fromkeys(unit, word)
        for pk, row in self.base_rows.items():
            act = dice.choice(["leave", "leave", "leave", "edit", "kind", "remove"])
            values = dict(row)
            if act == "edit":
                values |= {"text": f"{name}{pk}", "language": f"{name}{pk}"}
            if act == "kind":
                values["kind"] = name
            if act != "leave":
                self.touched.add((pk, act))
            self.sheets.append(FormState(f"rows-{pk}", values, pk, act == "remove"))
        if dice.random() < 0.3:
            self.touched.add("new")
            self.sheets.append(FormState("rows-new", {"text": f"new-{name}", "language": f"new-{name}", "kind": name}))
        self.dice.shuffle(self.sheets)

    def save(self, desk: Desk) -> FormMergeOutcome:
        merged, sheet = FormMergeOutcome(), FormState("", dict(self.values))
        merge_form_state(sheet, UNITS, self.base, desk.page()[0], agree, merged)
        known = {*self.base_rows}
        there = desk.page()[1]
        appeared = {pk: row for pk, row in there.items() if pk not in known}
        sheets = [FormState(one.prefix, dict(one.values), one.pk, one.removed) for one in self.sheets]
        merge_form_rows(sheets, ROW_UNITS, self.base_rows, there, appeared, [("text",)], [], agree, merged)
        self.choices = [(clash, self.dice.choice([THEIRS, MINE])) for clash in merged.conflicts]
        for clash, how in self.choices:
            clash.apply_choice(how)
        desk.fields = sheet.values
        for one in sheets:
            if one.dropped:
                continue
            if one.removed:
                desk.rows.pop(one.pk, None)
            elif one.pk:
                desk.rows[one.pk] = one.values
            else:
                desk.rows[str(desk.next)] = one.values
                desk.next += 1
        return merged


def whole(values: dict) -> bool:
    """Whether what means something only together came from one hand."""
    return values["value"] == values["unit"] == values["as_stated"]


@pytest.mark.parametrize("part", range(10))
def test_random_schedules_lose_nothing_mix_nothing_and_ask_for_nothing(part):
    asked = 0
    for seed in range(part * 100, part * 100 + 100):
        dice = random.Random(seed)
        desk = Desk(dice)
        writers = [Writer(name, desk, dice) for name in "xyz"[: dice.choice([2, 3])]]
        saved: list[Writer] = []
        for writer in dice.sample(writers, len(writers)):
            before = desk.page()
            merged = writer.save(desk)
            asked += len(merged.conflicts)
            assert whole(desk.fields), seed
            assert all(row["text"] == row["language"] for row in desk.rows.values()), seed
            for clash in merged.conflicts:
                # Both sides touched it, and differ.
                at = clash.group if not clash.state.prefix else clash.state.prefix.removeprefix("rows-")
                mine = [one for one in writer.touched if one == at or (isinstance(one, tuple) and one[0] == at)]
                assert mine and clash.theirs != clash.mine, (seed, clash)
                others = {one for other in saved for one in other.touched}
                assert any(one == at or (isinstance(one, tuple) and one[0] == at) for one in others), (seed, clash)
            answered = {(clash.state.prefix, clash.group): how for clash, how in writer.choices}
            for unit in UNITS:
                how = answered.get(("", unit))
                for name in unit:
                    if unit == ("tags",):
                        assert {*before[0]["tags"]} <= {*desk.fields["tags"]}, seed
                        assert unit not in writer.touched or f"tag-{writer.name}" in desk.fields["tags"], seed
                    elif unit in writer.touched and how != THEIRS:
                        assert desk.fields[name] == writer.values[name], seed
                    else:
                        assert desk.fields[name] == before[0][name], seed
            for pk, row in before[1].items():
                if not any(isinstance(one, tuple) and one[0] == pk for one in writer.touched):
                    assert desk.rows[pk] == row, seed
            if "new" in writer.touched:
                assert any(row["text"] == f"new-{writer.name}" for row in desk.rows.values()), seed
            saved.append(writer)
    assert asked > 20, "a battery in which nobody is asked tests no conflict"
