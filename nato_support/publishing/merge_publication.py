"""Merge and unmerge published records: working copies and editions change in one transaction.

Nothing unpublished becomes public by a merge: a record with pending changes is not rendered from its working copy but keeps
its live edition, with references to the merged record replaced by the survivor.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.db import transaction

from entities import merging
from entities.merging import MergeOutcome, unmerging
from entities.merging.statement_renaming import rename_stated_values
from entities.models import Child, Curated, Entity, Merge, Relation, change_set
from entities.refusals import Refused
from entities.relation_facts import rename_parties
from entities.vocabulary import Action, Status
from nato_support.publishing import releases, rendered_references
from nato_support.publishing.models.public_tables import Edition, EditionCause, ReleaseOperation
from nato_support.publishing.publication import find_blockers, set_status
from nato_support.publishing.published_versions import live_edition_versions
from nato_support.publishing.rendering import (
    PublicKey,
    Rendering,
    live_embedded_forms,
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
    """Merge as `entities.merging.merge_entities` does, and publish what that changes for readers.

    The merged record's address redirects to the survivor from then on. `publish_survivor` publishes the survivor with all its
    pending changes. `reason` is for editors, `note` for the public. Raises Refused or Stale.
    """
    with change_set(by=by, action=Action.MERGE, reason=reason), transaction.atomic():
        merging.lock_entities(merged, survivor)
        plan = merging.plan_merge(merged, survivor, choices)
        up_to_date = (
            _up_to_date_by_key({plan.merged, plan.survivor} | _records_written_by_steps(plan.steps()))
            if not plan.refusals
            else {}
        )
        merge = merging.merge_entities(
            merged, survivor, choices, expected_digest=expected_digest, by=by, reason=reason, confirmed=confirmed
        )
        merged_key, survivor_key = _key_of_record(plan.merged), _key_of_record(plan.survivor)
        redirects = _planned_tombstones(plan)
        if merged_key in redirects and plan.survivor.status != Status.PUBLISHED and not publish_survivor:
            raise Refused(
                [f"“{survivor}” is not public, and readers would be redirected there: publish it too, or swap the two."]
            )
        if publish_survivor:
            set_status([_record_by_key(survivor_key)], Status.PUBLISHED, by, reason)
        # Pending changes of the merged record are not public, and must not become so through the survivor.
        publishes_survivor = publish_survivor or (up_to_date.get(survivor_key, False) and up_to_date.get(merged_key, False))
        up_to_date_keys = {key for key, unchanged in up_to_date.items() if unchanged} - {survivor_key} | (
            {survivor_key} if publishes_survivor else set()
        )
        if publishes_survivor and (problems := find_blockers([_record_by_key(survivor_key)])):
            raise Refused(problems)
        if redirects or publishes_survivor:
            _fill_merge_release(
                releases.open_release(ReleaseOperation.MERGE, by=by, reason=reason, note=note),
                up_to_date_keys - set(redirects),
                redirects,
                merged_key,
                survivor_key,
                up_to_date,
            )
        return merge


def unmerge_and_publish(
    merge: Merge, sorting: Mapping[str, str] | None = None, *, expected_digest: str, by=None, reason: str = "", note: str = ""
) -> Merge:
    """Undo a merge as `entities.merging.unmerging.unmerge_entities` does, and publish what that changes for readers.

    Records that the merge hid are published again as readers last saw them. One whose editions were removed since becomes a
    draft if it was changed meanwhile or may not be public any more. Raises Refused or Stale.
    """
    with change_set(by=by, action=Action.UNMERGE, reason=reason), transaction.atomic():
        merging.lock_entities(merge.merged, merge.survivor)
        plan = unmerging.plan_unmerge(merge, sorting)
        records = _records_written_by_steps(
            [*plan.steps, *(assignment.step for assignment in plan.assignments if assignment.chosen != merging.SURVIVOR)]
        )
        up_to_date = _up_to_date_by_key(records)
        hidden_versions = {_key_of_record(record): record.version for record in _records_hidden_by_merge(merge)}
        keys_left_behind = {
            _key_of_record(record)
            for record in _records_written_by_steps(
                assignment.step for assignment in plan.assignments if assignment.chosen != merging.SURVIVOR
            )
        }
        undone_merge = unmerging.unmerge_entities(merge, sorting, expected_digest=expected_digest, by=by, reason=reason)
        restored_keys = [key for key in hidden_versions if _record_by_key(key).status == Status.PUBLISHED]
        up_to_date_keys = {key for key, unchanged in up_to_date.items() if unchanged}
        if up_to_date_keys or restored_keys:
            release = releases.open_release(ReleaseOperation.MERGE, by=by, reason=reason, note=note)
            tombstones = Edition.objects.newest(restored_keys)
            # Records unchanged while hidden are rendered from their working copies, the others as readers last saw them.
            unchanged_keys = {
                key for key in restored_keys if tombstones[key].version == hidden_versions[key] and key not in keys_left_behind
            }
            drafted_keys = _unpublishable_without_past(restored_keys, unchanged_keys)
            set_status([_record_by_key(key) for key in sorted(drafted_keys)], Status.DRAFT, by, reason)
            releases.write_tombstones(release, drafted_keys)
            unchanged_keys -= drafted_keys
            renderings = render_records(_record_by_key(key) for key in sorted(up_to_date_keys | unchanged_keys))
            rerendered = [_last_public_rendering(key) for key in sorted(set(restored_keys) - unchanged_keys - drafted_keys)]
            resolve_all_references([*rerendered, *renderings])
            _store_or_refuse(release, renderings, EditionCause.CONTENT)
            _store_or_refuse(release, rerendered, EditionCause.REFERENCE)
            releases.rerender_referrers(release, {rendering.key for rendering in (*renderings, *rerendered)})
            releases.close_release(release)
        return undone_merge


@dataclass(frozen=True)
class MergeImpact:
    """Consequences of a merge for readers."""

    redirects_readers: bool
    """True if the merged record is public, so that its address will redirect to the survivor."""
    publish_survivor_reason: str
    """Reason why the survivor may, or must, be published too; '' if it is published anyway, or nothing is public."""
    must_publish_survivor: bool
    """True if the merge is refused unless the survivor is published too."""


def assess_merge_impact(plan: merging.MergePlan) -> MergeImpact:
    """Assess what a planned merge would change for readers."""
    up_to_date = _up_to_date_by_key([plan.merged, plan.survivor])
    merged_up_to_date, survivor_up_to_date = (
        up_to_date.get(_key_of_record(plan.merged)),
        up_to_date.get(_key_of_record(plan.survivor)),
    )
    if merged_up_to_date is not None and survivor_up_to_date is None:
        return MergeImpact(True, f"“{plan.survivor}” is not public yet.", True)
    if survivor_up_to_date is None or (merged_up_to_date and survivor_up_to_date):
        return MergeImpact(merged_up_to_date is not None, "", False)
    consequence = f"what comes to “{plan.survivor}” waits for its next edition."
    if not survivor_up_to_date:
        return MergeImpact(
            merged_up_to_date is not None, f"“{plan.survivor}” has changes that are not public yet: {consequence}", False
        )
    if merged_up_to_date is None:
        return MergeImpact(False, f"“{plan.merged}” was not public: {consequence}", False)
    return MergeImpact(True, f"“{plan.merged}” has changes that are not public yet: {consequence}", False)


def _key_of_record(record: Curated) -> PublicKey:
    return public_kind(record), record.slug


def _record_by_key(key: PublicKey) -> Curated:
    return model_for_kind(key[0]).objects.get(slug=key[1])


def _records_written_by_steps(steps: Iterable[Mapping]) -> set[Curated]:
    """Return the records that `steps` write to, or to which the child rows belong that they write to."""
    records: dict[tuple[type, int], Curated] = {}
    for step in steps:
        model = apps.get_model(step["model"])
        for values in filter(None, (step["before"], step["after"])):
            parents: dict[Any, int | None] = {model: step["pk"]} if issubclass(model, Curated) else {}
            if issubclass(model, Child):
                parents = {model._meta.get_field(name).related_model: values.get(f"{name}_id") for name in model.PARENT_FIELDS}
            for parent_model, pk in parents.items():
                if pk is not None and (parent_model, pk) not in records:
                    record = parent_model._default_manager.get(pk=pk)
                    records[parent_model, pk] = record.as_kind if isinstance(record, Entity) else record
    return set(records.values())


def _up_to_date_by_key(records: Iterable[Curated]) -> dict[PublicKey, bool]:
    """Return, for each of `records` that is public, True if its live edition was rendered from its current version."""
    records = list(records)
    live_versions = live_edition_versions(records)
    return {key: live_versions[key] == record.version for record in records if (key := _key_of_record(record)) in live_versions}


def _planned_tombstones(plan: merging.MergePlan) -> dict[PublicKey, str]:
    """Map the records that the merge takes out of public view to the slug that their address redirects to, '' for none."""
    redirects = {_key_of_record(plan.merged): plan.survivor.slug} if plan.merged.status == Status.PUBLISHED else {}
    for affected_row in plan.rows_with_outcome(MergeOutcome.IDENTICAL) + plan.rows_with_outcome(MergeOutcome.LOOP):
        if isinstance(affected_row.row, Relation) and affected_row.before["status"] == Status.PUBLISHED:
            twin = affected_row.twin.row if affected_row.twin else None
            redirects[_key_of_record(affected_row.row)] = twin.slug if isinstance(twin, Relation) else ""
    return redirects


def _records_hidden_by_merge(merge: Merge) -> list[Curated]:
    """Return the merged record, and the relations that the merge set aside."""
    hidden_relation_ids = [
        step["pk"]
        for step in merge.rows
        if step["model"] == "entities.relation" and step["before"].get("status") != step["after"].get("status")
    ]
    return [Entity.objects.get(pk=merge.merged_id).as_kind, *Relation.objects.filter(pk__in=hidden_relation_ids)]


def _fill_merge_release(
    release: releases.OpenRelease,
    keys_to_render: set[PublicKey],
    redirects: Mapping[PublicKey, str],
    merged_key: PublicKey,
    survivor_key: PublicKey,
    up_to_date: Mapping[PublicKey, bool],
):
    """Publish a merge: tombstones first, then records without other changes from their working copies, then the referrers."""
    for tombstone in releases.write_tombstones(release, redirects, redirects):
        key = (tombstone.kind, tombstone.slug)
        # Tells unmerging whether the record had pending changes.
        Edition.objects.filter(pk=tombstone.pk).update(version=_record_by_key(key).version if up_to_date.get(key) else 0)
    renderings = render_records(_record_by_key(key) for key in sorted(keys_to_render))
    survivor_embeds = {
        rendering.key: rendered_references.embedded_form(rendering.document)
        for rendering in renderings
        if rendering.key == survivor_key
    } or live_embedded_forms([survivor_key])
    rendered_keys = {rendering.key for rendering in renderings}
    if merged_key in redirects:
        release.changed_embeds[merged_key] = survivor_embeds[survivor_key]
        _replace_in_live_editions_of_changed_referrers(release, merged_key, survivor_key, rendered_keys, quotes_first=True)
    _refuse_if_any(
        [
            f"{kind} {slug} depends on {' '.join(missing_reference)}, which is not public"
            for (kind, slug), missing_reference in sorted(resolve_all_references(renderings))
        ]
    )
    _store_or_refuse(release, renderings, EditionCause.CONTENT)
    if merged_key in redirects:
        _replace_in_live_editions_of_changed_referrers(release, merged_key, survivor_key, rendered_keys, quotes_first=False)
    _refuse_if_any(
        [
            reason
            for rendering in releases.rerender_referrers(release, rendered_keys)
            if (reason := releases.why_unpublishable(rendering))
        ]
    )
    releases.close_release(release)


def _replace_in_live_editions_of_changed_referrers(
    release: releases.OpenRelease,
    merged_key: PublicKey,
    survivor_key: PublicKey,
    rendered_keys: set[PublicKey],
    *,
    quotes_first: bool,
) -> None:
    """Put the survivor into the live editions of records that refer to the merged one and have pending changes.

    `quotes_first` selects documents and quotes, which others embed; without it, all other records.
    """
    for edition in releases.referring_editions([merged_key]):
        key = (edition.kind, edition.slug)
        if key in rendered_keys or (edition.kind in ("quote", "document")) != quotes_first:
            continue
        document, evidence = json.loads(edition.document), json.loads(edition.evidence)
        _replace_stated_slug(evidence, merged_key, survivor_key)
        document, evidence = (
            _remove_duplicates(releases.resolve_changed_references(release, data)) for data in (document, evidence)
        )
        rendered_references.fill_in_derived_members(document, evidence)
        _store_or_refuse(release, [Rendering(*key, document, evidence, edition.version)], EditionCause.REFERENCE)
        rendered_keys.add(key)


def _replace_stated_slug(evidence: dict, merged_key: PublicKey, survivor_key: PublicKey) -> None:
    """Replace the merged record's slug by the survivor's in statements and in the verdicts on them."""
    slugs = {merged_key[1]: survivor_key[1]}
    for field, entry in evidence.get("evidence", {}).items():
        if field == "relation":
            rename = partial(rename_parties, slugs=slugs)
        elif any(_names(citation["value_ref"], merged_key) for citation in entry["citations"]):
            rename = partial(_renamed, slugs=slugs)
        else:
            continue
        for citation in entry["citations"]:
            if field == "relation" or _names(citation["value_ref"], merged_key):
                citation["value"] = rename(citation["value"])
        for resolution in entry["resolutions"]:
            resolution["settles"] = rename_stated_values(resolution["settles"], rename)
            if chosen := resolution["decides_for"]:
                [resolution["decides_for"]] = rename_stated_values([chosen], rename)


def _names(reference: dict | None, key: PublicKey) -> bool:
    return reference is not None and (reference["kind"], reference["slug"]) == key


def _renamed(value: str, slugs: Mapping[str, str]) -> str:
    return slugs.get(value, value)


def _remove_duplicates(data):
    """Return a copy of rendered `data` in which no list holds an item twice."""
    if isinstance(data, dict):
        return {member: _remove_duplicates(value) for member, value in data.items()}
    if isinstance(data, list):
        values = [_remove_duplicates(value) for value in data]
        return [value for position, value in enumerate(values) if value not in values[:position]]
    return data


def _unpublishable_without_past(restored_keys: list[PublicKey], unchanged_keys: set[PublicKey]) -> set[PublicKey]:
    """Return those of the records to restore of which there is no edition to restore, and no publishable working copy."""
    records = {key: _record_by_key(key) for key in restored_keys}
    return {
        (kind, slug)
        for (kind, slug), record in records.items()
        if not Edition.objects.filter(kind=kind, slug=slug, withdrawn=False).exists()
        and ((kind, slug) not in unchanged_keys or find_blockers([record], assumed_public=records.values()))
    }


def _last_public_rendering(key: PublicKey) -> Rendering:
    edition = Edition.objects.filter(kind=key[0], slug=key[1], withdrawn=False).order_by("-number")[0]
    return Rendering(*key, json.loads(edition.document), json.loads(edition.evidence))


def _store_or_refuse(release: releases.OpenRelease, renderings: list[Rendering], cause: str) -> None:
    reasons = [reason for rendering in renderings if (reason := releases.why_unpublishable(rendering))]
    _refuse_if_any([f"{reason}: publish what it depends on first" for reason in reasons])
    releases.store_changed_editions(release, renderings, cause=cause)


def _refuse_if_any(problems: list[str]) -> None:
    if problems:
        raise Refused(problems)
