"""Merge and unmerge in print: the working copy and what the public sees change in one transaction.

Nothing becomes public that was not: a record with changes that wait is not printed from its working copy, but keeps its
last edition, woven anew with the survivor in the place of the merged one.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction

from entities import merging, unmerging
from entities.merging import Fate, Refused
from entities.models import Curated, Entity, Merge, Part, Relation, one_change
from entities.vocabulary import Act, Status
from nato_support.editions import press, weaving
from nato_support.editions.live import live_versions
from nato_support.editions.models import Cause, Edition, Operation
from nato_support.editions.printing import Key, Printed, kind_of, live_embeds, model_of, print_records, weave_all
from nato_support.editions.publishing import hindrances, set_status


def merge(
    merged: Entity,
    survivor: Entity,
    choices: Mapping[str, str],
    *,
    seen: str,
    by=None,
    why: str = "",
    note: str = "",
    confirmed: bool = False,
    along: bool = False,
) -> Merge:
    """Merges as `entities.merging.apply` does, and prints what that changes for readers.

    The merged record's address leads to the survivor from then on. `along` publishes the survivor with all that waits
    on it. `why` is for editors, `note` for the public. Raises `entities.merging.Refused` or Moved.
    """
    with one_change(by=by, act=Act.MERGE, why=why), transaction.atomic():
        merging.lock(merged, survivor)
        made = merging.plan(merged, survivor, choices)
        standing = _standing({made.merged, made.survivor} | _touched(made.steps())) if not made.refusals else {}
        done = merging.apply(merged, survivor, choices, seen=seen, by=by, why=why, confirmed=confirmed)
        old, new = _key(made.merged), _key(made.survivor)
        moves = _moves(made)
        if old in moves and made.survivor.status != Status.PUBLISHED and not along:
            raise Refused([f"“{survivor}” is not public, and readers would be led there: publish it along, or swap the two."])
        if along:
            set_status([_record(new)], Status.PUBLISHED, by, why)
        # What waited on the merged record is not public, and must not become so by way of the survivor.
        fresh = along or (standing.get(new, False) and standing.get(old, False))
        clean = {key for key, unchanged in standing.items() if unchanged} - {new} | ({new} if fresh else set())
        if fresh and (problems := hindrances([_record(new)])):
            raise Refused(problems)
        if moves or fresh:
            _print(press.start(Operation.MERGE, by=by, why=why, note=note), clean - set(moves), moves, old, new, standing)
        return done


def unmerge(
    merge: Merge, sorting: Mapping[str, str] | None = None, *, seen: str, by=None, why: str = "", note: str = ""
) -> Merge:
    """Takes a merge back as `entities.unmerging.unmerge` does, and prints what that changes for readers.

    What the merge took out of their sight is printed again, as they last saw it.
    """
    with one_change(by=by, act=Act.UNMERGE, why=why), transaction.atomic():
        merging.lock(merge.merged, merge.survivor)
        made = unmerging.plan_return(merge, sorting)
        records = _touched([*made.steps, *(one.step for one in made.sorting if one.chosen != merging.SURVIVOR)])
        standing = _standing(records)
        buried = {_key(one): one.version for one in _buried(merge)}
        kept = {_key(one) for one in _touched(one.step for one in made.sorting if one.chosen != merging.SURVIVOR)}
        done = unmerging.unmerge(merge, sorting, seen=seen, by=by, why=why)
        back = [key for key in buried if _record(key).status == Status.PUBLISHED]
        clean = {key for key, unchanged in standing.items() if unchanged}
        if clean or back:
            press_ = press.start(Operation.MERGE, by=by, why=why, note=note)
            tombs = Edition.objects.newest(back)
            # What nobody changed while it was away is printed from its working copy, the rest as readers last saw it.
            whole = {key for key in back if tombs[key].version == buried[key] and key not in kept}
            printed = print_records(_record(key) for key in sorted(clean | whole))
            again = [_as_last_seen(key) for key in sorted(set(back) - whole)]
            weave_all([*again, *printed])
            _store(press_, printed, Cause.CONTENT)
            _store(press_, again, Cause.REFERENCE)
            press.reprint_referrers(press_, {one.key for one in (*printed, *again)})
            press.finish(press_)
        return done


@dataclass(frozen=True)
class Outlook:
    """What readers will see of a merge."""

    leads: bool
    """The merged record is public: its address will lead to the survivor."""
    along: str
    """Why the survivor may, or must, be published along; '' if it is printed anyway, or nothing is public."""
    must: bool
    """Without that the merge is refused."""


def outlook(made: merging.Plan) -> Outlook:
    """What merging would change for readers."""
    standing = _standing([made.merged, made.survivor])
    old, new = standing.get(_key(made.merged)), standing.get(_key(made.survivor))
    if old is not None and new is None:
        return Outlook(True, f"“{made.survivor}” is not public yet.", True)
    if new is None or (old and new):
        return Outlook(old is not None, "", False)
    waits = f"what comes to “{made.survivor}” waits for its next edition."
    if not new:
        return Outlook(old is not None, f"“{made.survivor}” has changes that are not public yet: {waits}", False)
    if old is None:
        return Outlook(False, f"“{made.merged}” was not public: {waits}", False)
    return Outlook(True, f"“{made.merged}” has changes that are not public yet: {waits}", False)


def _key(record: Curated) -> Key:
    return kind_of(record), record.slug


def _record(key: Key) -> Curated:
    return model_of(key[0]).objects.get(slug=key[1])


def _touched(steps: Iterable[Mapping]) -> set[Curated]:
    """The records that `steps` write to, or to which the rows belong that they write to."""
    found: dict[tuple[type, int], Curated] = {}
    for one in steps:
        model = apps.get_model(one["model"])
        for values in filter(None, (one["before"], one["after"])):
            ends: dict[Any, int | None] = {model: one["pk"]} if issubclass(model, Curated) else {}
            if issubclass(model, Part):
                ends = {model._meta.get_field(name).related_model: values.get(f"{name}_id") for name in model.WHOLE}
            for whole, pk in ends.items():
                if pk is not None and (whole, pk) not in found:
                    row = whole._default_manager.get(pk=pk)
                    found[whole, pk] = row.as_kind if isinstance(row, Entity) else row
    return set(found.values())


def _standing(records: Iterable[Curated]) -> dict[Key, bool]:
    """Of each of `records` that is public, whether the public sees just what it holds."""
    records = list(records)
    live = live_versions(records)
    return {key: live[key] == one.version for one in records if (key := _key(one)) in live}


def _moves(made: merging.Plan) -> dict[Key, str]:
    """What is taken out of the public's sight -> the slug that its address leads to, '' if there is none."""
    moves = {_key(made.merged): made.survivor.slug} if made.merged.status == Status.PUBLISHED else {}
    for line in made.of(Fate.IDENTICAL) + made.of(Fate.LOOP):
        if isinstance(line.row, Relation) and line.before["status"] == Status.PUBLISHED:
            twin = line.twin.row if line.twin else None
            moves[_key(line.row)] = twin.slug if isinstance(twin, Relation) else ""
    return moves


def _buried(merge: Merge) -> list[Curated]:
    """The merged record, and the relations that the merge set aside."""
    aside = [
        one["pk"]
        for one in merge.rows
        if one["model"] == "entities.relation" and one["before"].get("status") != one["after"].get("status")
    ]
    return [Entity.objects.get(pk=merge.merged_id).as_kind, *Relation.objects.filter(pk__in=aside)]


def _print(press_: press.Press, clean: set[Key], moves: Mapping[Key, str], old: Key, new: Key, standing: Mapping[Key, bool]):
    """Prints a merge: tombstones, what changed from working copies with nothing else on them, the rest woven."""
    for tomb in press.bury(press_, moves, moves):
        key = (tomb.kind, tomb.slug)
        # So that unmerging knows whether something waited on it.
        Edition.objects.filter(pk=tomb.pk).update(version=_record(key).version if standing.get(key) else 0)
    printed = print_records(_record(key) for key in sorted(clean))
    shown = {one.key: weaving.embed(one.lean) for one in printed if one.key == new} or live_embeds([new])
    done = {one.key for one in printed}
    if old in moves:
        press_.embeds[old] = shown[new]
        _weave_waiting(press_, old, new, done, first=True)
    _refuse([f"{kind} {slug} rests on {' '.join(named)}, not public" for (kind, slug), named in sorted(weave_all(printed))])
    _store(press_, printed, Cause.CONTENT)
    if old in moves:
        _weave_waiting(press_, old, new, done, first=False)
    _refuse([reason for one in press.reprint_referrers(press_, done) if (reason := press.lost_ground(one))])
    press.finish(press_)


def _weave_waiting(press_: press.Press, old: Key, new: Key, done: set[Key], *, first: bool) -> None:
    """Puts the survivor into the last editions of records that name the merged one and have changes waiting.

    Documents and quotes come first, since others show them.
    """
    for edition in press.referrers([old]):
        key = (edition.kind, edition.slug)
        if key in done or (edition.kind in ("quote", "document")) != first:
            continue
        lean, extra = json.loads(edition.document), json.loads(edition.evidence)
        _restate(extra, old, new)
        lean, extra = (_once(press.weave_changes(press_, data)) for data in (lean, extra))
        weaving.settle(lean, extra)
        _store(press_, [Printed(*key, lean, extra, edition.version)], Cause.REFERENCE)
        done.add(key)


def _restate(extra: dict, old: Key, new: Key) -> None:
    """Statements that name the merged record, and verdicts on them, say the survivor's slug."""
    for entry in extra.get("evidence", {}).values():
        stated = [c for c in entry["citations"] if c["value_ref"] and (c["value_ref"]["kind"], c["value_ref"]["slug"]) == old]
        for citation in stated:
            citation["value"] = new[1]
        for resolution in entry["resolutions"] if stated else ():
            renamed = {old[1]: new[1], f"not {old[1]}": f"not {new[1]}"}
            resolution["settles"] = sorted({renamed.get(one, one) for one in resolution["settles"]})


def _once(data):
    """Printed `data` in which no list holds the same twice."""
    if isinstance(data, dict):
        return {member: _once(value) for member, value in data.items()}
    if isinstance(data, list):
        kept = [_once(value) for value in data]
        return [value for at, value in enumerate(kept) if value not in kept[:at]]
    return data


def _as_last_seen(key: Key) -> Printed:
    last = Edition.objects.filter(kind=key[0], slug=key[1], withdrawn=False).order_by("-number")[0]
    return Printed(*key, json.loads(last.document), json.loads(last.evidence))


def _store(press_: press.Press, printed: list[Printed], cause: str) -> None:
    _refuse([reason for one in printed if (reason := press.lost_ground(one))])
    press.store(press_, printed, cause=cause)


def _refuse(problems: list[str]) -> None:
    if problems:
        raise Refused(problems)
