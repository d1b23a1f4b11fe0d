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

from entities import merging
from entities.merging import MergeOutcome, unmerging
from entities.models import Child, Curated, Entity, Merge, Relation, change_set
from entities.refusals import Refused
from entities.vocabulary import Action, Status
from nato_support.publishing import references, releases
from nato_support.publishing.models.public_tables import Edition, EditionCause, ReleaseOperation
from nato_support.publishing.publication import find_blockers, set_status
from nato_support.publishing.published_versions import live_edition_versions
from nato_support.publishing.rendering import (
    PublicKey,
    Rendering,
    live_embeds,
    model_for_kind,
    public_kind,
    render_records,
    resolve_all_references,
)


def merge_and_publish(
    merged: Entity,
    survivor: Entity,
    choices: Mapping[str, str],
    *,
    expected_digest: str,
    by=None,
    reason: str = "",
    note: str = "",
    confirmed: bool = False,
    publish_survivor: bool = False,
) -> Merge:
    """Merges as `entities.merging.merge_entities` does, and prints what that changes for readers.

    The merged record's address leads to the survivor from then on. `along` publishes the survivor with all that waits
    on it. `why` is for editors, `note` for the public. Raises Refused or Stale.
    """
    with change_set(by=by, act=Action.MERGE, why=reason), transaction.atomic():
        merging.lock_entities(merged, survivor)
        made = merging.plan_merge(merged, survivor, choices)
        standing = (
            _matches_live_edition({made.merged, made.survivor} | _records_written_by_steps(made.steps()))
            if not made.refusals
            else {}
        )
        done = merging.merge_entities(
            merged, survivor, choices, expected_digest=expected_digest, by=by, why=reason, confirmed=confirmed
        )
        old, new = _key_of_record(made.merged), _key_of_record(made.survivor)
        moves = _planned_tombstones(made)
        if old in moves and made.survivor.status != Status.PUBLISHED and not publish_survivor:
            raise Refused([f"“{survivor}” is not public, and readers would be led there: publish it along, or swap the two."])
        if publish_survivor:
            set_status([_record_by_key(new)], Status.PUBLISHED, by, reason)
        # What waited on the merged record is not public, and must not become so by way of the survivor.
        fresh = publish_survivor or (standing.get(new, False) and standing.get(old, False))
        clean = {key for key, unchanged in standing.items() if unchanged} - {new} | ({new} if fresh else set())
        if fresh and (problems := find_blockers([_record_by_key(new)])):
            raise Refused(problems)
        if moves or fresh:
            _release_merge(
                releases.open_release(ReleaseOperation.MERGE, by=by, reason=reason, note=note),
                clean - set(moves),
                moves,
                old,
                new,
                standing,
            )
        return done


def unmerge_and_publish(
    merge: Merge, sorting: Mapping[str, str] | None = None, *, expected_digest: str, by=None, reason: str = "", note: str = ""
) -> Merge:
    """Takes a merge back as `entities.merging.unmerging.unmerge_entities` does, and prints what that changes for readers.

    What the merge took out of their sight is printed again, as they last saw it.
    """
    with change_set(by=by, act=Action.UNMERGE, why=reason), transaction.atomic():
        merging.lock_entities(merge.merged, merge.survivor)
        made = unmerging.plan_unmerge(merge, sorting)
        records = _records_written_by_steps(
            [*made.steps, *(one.step for one in made.assignments if one.chosen != merging.SURVIVOR)]
        )
        standing = _matches_live_edition(records)
        buried = {_key_of_record(one): one.version for one in _records_hidden_by_merge(merge)}
        kept = {
            _key_of_record(one)
            for one in _records_written_by_steps(one.step for one in made.assignments if one.chosen != merging.SURVIVOR)
        }
        done = unmerging.unmerge_entities(merge, sorting, expected_digest=expected_digest, by=by, why=reason)
        back = [key for key in buried if _record_by_key(key).status == Status.PUBLISHED]
        clean = {key for key, unchanged in standing.items() if unchanged}
        if clean or back:
            press_ = releases.open_release(ReleaseOperation.MERGE, by=by, reason=reason, note=note)
            tombs = Edition.objects.newest(back)
            # What nobody changed while it was away is printed from its working copy, the rest as readers last saw it.
            whole = {key for key in back if tombs[key].version == buried[key] and key not in kept}
            printed = render_records(_record_by_key(key) for key in sorted(clean | whole))
            again = [_last_public_rendering(key) for key in sorted(set(back) - whole)]
            resolve_all_references([*again, *printed])
            _store_or_refuse(press_, printed, EditionCause.CONTENT)
            _store_or_refuse(press_, again, EditionCause.REFERENCE)
            releases.rerender_referrers(press_, {one.key for one in (*printed, *again)})
            releases.close_release(press_)
        return done


@dataclass(frozen=True)
class MergeImpact:
    """What readers will see of a merge."""

    redirects_readers: bool
    """The merged record is public: its address will lead to the survivor."""
    publish_survivor_reason: str
    """Why the survivor may, or must, be published along; '' if it is printed anyway, or nothing is public."""
    must_publish_survivor: bool
    """Without that the merge is refused."""


def assess_merge_impact(made: merging.MergePlan) -> MergeImpact:
    """What merging would change for readers."""
    standing = _matches_live_edition([made.merged, made.survivor])
    old, new = standing.get(_key_of_record(made.merged)), standing.get(_key_of_record(made.survivor))
    if old is not None and new is None:
        return MergeImpact(True, f"“{made.survivor}” is not public yet.", True)
    if new is None or (old and new):
        return MergeImpact(old is not None, "", False)
    waits = f"what comes to “{made.survivor}” waits for its next edition."
    if not new:
        return MergeImpact(old is not None, f"“{made.survivor}” has changes that are not public yet: {waits}", False)
    if old is None:
        return MergeImpact(False, f"“{made.merged}” was not public: {waits}", False)
    return MergeImpact(True, f"“{made.merged}” has changes that are not public yet: {waits}", False)


def _key_of_record(record: Curated) -> PublicKey:
    return public_kind(record), record.slug


def _record_by_key(key: PublicKey) -> Curated:
    return model_for_kind(key[0]).objects.get(slug=key[1])


def _records_written_by_steps(steps: Iterable[Mapping]) -> set[Curated]:
    """The records that `steps` write to, or to which the rows belong that they write to."""
    found: dict[tuple[type, int], Curated] = {}
    for one in steps:
        model = apps.get_model(one["model"])
        for values in filter(None, (one["before"], one["after"])):
            ends: dict[Any, int | None] = {model: one["pk"]} if issubclass(model, Curated) else {}
            if issubclass(model, Child):
                ends = {model._meta.get_field(name).related_model: values.get(f"{name}_id") for name in model.PARENT_FIELDS}
            for whole, pk in ends.items():
                if pk is not None and (whole, pk) not in found:
                    row = whole._default_manager.get(pk=pk)
                    found[whole, pk] = row.as_kind if isinstance(row, Entity) else row
    return set(found.values())


def _matches_live_edition(records: Iterable[Curated]) -> dict[PublicKey, bool]:
    """Of each of `records` that is public, whether the public sees just what it holds."""
    records = list(records)
    live = live_edition_versions(records)
    return {key: live[key] == one.version for one in records if (key := _key_of_record(one)) in live}


def _planned_tombstones(made: merging.MergePlan) -> dict[PublicKey, str]:
    """What is taken out of the public's sight -> the slug that its address leads to, '' if there is none."""
    moves = {_key_of_record(made.merged): made.survivor.slug} if made.merged.status == Status.PUBLISHED else {}
    for line in made.rows_with_outcome(MergeOutcome.IDENTICAL) + made.rows_with_outcome(MergeOutcome.LOOP):
        if isinstance(line.row, Relation) and line.before["status"] == Status.PUBLISHED:
            twin = line.twin.row if line.twin else None
            moves[_key_of_record(line.row)] = twin.slug if isinstance(twin, Relation) else ""
    return moves


def _records_hidden_by_merge(merge: Merge) -> list[Curated]:
    """The merged record, and the relations that the merge set aside."""
    aside = [
        one["pk"]
        for one in merge.rows
        if one["model"] == "entities.relation" and one["before"].get("status") != one["after"].get("status")
    ]
    return [Entity.objects.get(pk=merge.merged_id).as_kind, *Relation.objects.filter(pk__in=aside)]


def _release_merge(
    press_: releases.OpenRelease,
    clean: set[PublicKey],
    moves: Mapping[PublicKey, str],
    old: PublicKey,
    new: PublicKey,
    standing: Mapping[PublicKey, bool],
):
    """Prints a merge: tombstones, what changed from working copies with nothing else on them, the rest woven."""
    for tomb in releases.write_tombstones(press_, moves, moves):
        key = (tomb.kind, tomb.slug)
        # So that unmerging knows whether something waited on it.
        Edition.objects.filter(pk=tomb.pk).update(version=_record_by_key(key).version if standing.get(key) else 0)
    printed = render_records(_record_by_key(key) for key in sorted(clean))
    shown = {one.key: references.embedded_form(one.lean) for one in printed if one.key == new} or live_embeds([new])
    done = {one.key for one in printed}
    if old in moves:
        press_.changed_embeds[old] = shown[new]
        _redirect_in_unpublished_referrers(press_, old, new, done, first=True)
    _refuse_if_any(
        [
            f"{kind} {slug} rests on {' '.join(named)}, not public"
            for (kind, slug), named in sorted(resolve_all_references(printed))
        ]
    )
    _store_or_refuse(press_, printed, EditionCause.CONTENT)
    if old in moves:
        _redirect_in_unpublished_referrers(press_, old, new, done, first=False)
    _refuse_if_any([reason for one in releases.rerender_referrers(press_, done) if (reason := releases.why_unpublishable(one))])
    releases.close_release(press_)


def _redirect_in_unpublished_referrers(
    press_: releases.OpenRelease, old: PublicKey, new: PublicKey, done: set[PublicKey], *, first: bool
) -> None:
    """Puts the survivor into the last editions of records that name the merged one and have changes waiting.

    Documents and quotes come first, since others show them.
    """
    for edition in releases.referring_editions([old]):
        key = (edition.kind, edition.slug)
        if key in done or (edition.kind in ("quote", "document")) != first:
            continue
        lean, extra = json.loads(edition.document), json.loads(edition.evidence)
        _replace_stated_slug(extra, old, new)
        lean, extra = (_remove_duplicates(releases.resolve_changed_references(press_, data)) for data in (lean, extra))
        references.derive_from_evidence(lean, extra)
        _store_or_refuse(press_, [Rendering(*key, lean, extra, edition.version)], EditionCause.REFERENCE)
        done.add(key)


def _replace_stated_slug(extra: dict, old: PublicKey, new: PublicKey) -> None:
    """Statements that name the merged record, and verdicts on them, say the survivor's slug."""
    for entry in extra.get("evidence", {}).values():
        stated = [c for c in entry["citations"] if c["value_ref"] and (c["value_ref"]["kind"], c["value_ref"]["slug"]) == old]
        for citation in stated:
            citation["value"] = new[1]
        for resolution in entry["resolutions"] if stated else ():
            renamed = {old[1]: new[1], f"not {old[1]}": f"not {new[1]}"}
            resolution["settles"] = sorted({renamed.get(one, one) for one in resolution["settles"]})


def _remove_duplicates(data):
    """Printed `data` in which no list holds the same twice."""
    if isinstance(data, dict):
        return {member: _remove_duplicates(value) for member, value in data.items()}
    if isinstance(data, list):
        kept = [_remove_duplicates(value) for value in data]
        return [value for at, value in enumerate(kept) if value not in kept[:at]]
    return data


def _last_public_rendering(key: PublicKey) -> Rendering:
    last = Edition.objects.filter(kind=key[0], slug=key[1], withdrawn=False).order_by("-number")[0]
    return Rendering(*key, json.loads(last.document), json.loads(last.evidence))


def _store_or_refuse(press_: releases.OpenRelease, printed: list[Rendering], cause: str) -> None:
    _refuse_if_any([reason for one in printed if (reason := releases.why_unpublishable(one))])
    releases.store_editions(press_, printed, cause=cause)


def _refuse_if_any(problems: list[str]) -> None:
    if problems:
        raise Refused(problems)
