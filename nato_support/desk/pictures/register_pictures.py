"""Pictures of the register from the working copies: the whole of it, its commitments by group, and its places."""

from collections import Counter
from collections.abc import Collection, Iterable

from django.urls import reverse

from entities.models import Commitment, Entity, Event, Facility, Relation
from entities.serializers import ENTITY_KINDS, record_path
from entities.vocabulary import DELIVERED_IN_PART, REACHED_STAGES, CommitmentCategory, Status
from nato_support.desk.pictures.record_pictures import DeskPicture, at_desk, edges_at_desk, map_of
from nato_support.desk.pictures.working_records import edge_edition, record_states
from nato_support.pages.pictures.drawing import NARROW, WIDE
from nato_support.pages.pictures.graph import graph_picture
from nato_support.pages.pictures.state_bars import StateGroup, state_bars_picture
from nato_support.pages.pictures.whole_graph import graph_of_editions
from nato_support.pages.pictures.words import capitalised
from nato_support.publishing.record_previews import preview_records

MAX_IN_WHOLE = 1_000
"""Most entities and relations of which the whole is drawn."""
MAX_COMMITMENTS = 10_000
"""Most commitments that are counted for a picture: each of them is read."""
MAX_PLACES = 500
"""Most facilities and events on the map."""
MAX_PARTIES = 12
"""Most parties with a bar of their own: those with the most commitments."""


def pictures_of_register(kinds: Collection[str]) -> list[DeskPicture]:
    """Return the pictures that have something to show, to somebody who may see `kinds`."""
    pictures = [_whole(kinds), *(_commitments() if "commitment" in kinds else ()), _map(kinds)]
    return [picture for picture in pictures if picture]


def _whole(kinds: Collection[str]) -> DeskPicture | None:
    entities = Entity.objects.filter(kind__in=set(ENTITY_KINDS) & set(kinds), merged_into=None).exclude(status=Status.WITHDRAWN)
    relations = Relation.objects.exclude(status=Status.WITHDRAWN) if "relation" in kinds else Relation.objects.none()
    records = [*entities[: MAX_IN_WHOLE + 1], *relations[: MAX_IN_WHOLE + 1]]
    if len(records) > MAX_IN_WHOLE:
        return None
    graph = graph_of_editions(edge_edition(preview) for preview in preview_records(records))
    if not graph["edges"]:
        return None
    states = record_states(records)
    graph |= {
        "nodes": [at_desk(node, states) for node in graph["nodes"]],
        "edges": edges_at_desk(graph["edges"], states),
    }
    wide, narrow = (graph_picture(graph, width, name="whole") for width in (WIDE, NARROW))
    return DeskPicture("whole", wide.title, wide, narrow, linked_column=1)


def _map(kinds: Collection[str]) -> DeskPicture | None:
    rows = [
        row
        for kind, model in (("facility", Facility), ("event", Event))
        if kind in kinds
        for row in model.objects.filter(merged_into=None).exclude(status=Status.WITHDRAWN)[: MAX_PLACES + 1]
    ]
    if len(rows) > MAX_PLACES:
        return None
    return map_of([preview.document for preview in preview_records(rows)], record_states(rows))


def _commitments() -> list[DeskPicture | None]:
    """Return the commitments by stage, category and party; a commitment of several parties stands with each."""
    standing = Commitment.objects.filter(merged_into=None).exclude(status=Status.WITHDRAWN)
    in_part = set(standing.delivered_in_part())
    rows = standing.with_newest_step().only("slug", "kind", "status", "version", "category").order_by("pk")
    commitments = list(rows[: MAX_COMMITMENTS + 1])
    if not commitments or len(commitments) > MAX_COMMITMENTS:
        return []
    states = record_states(commitments)
    state_of = {row.pk: states.get(record_path("commitment", row.slug), "") for row in commitments}
    stages = {row.pk: DELIVERED_IN_PART if row.pk in in_part else row.newest_step or "none" for row in commitments}
    links = Commitment.committed_by.through.objects.filter(commitment__in=standing)
    parties = list(links.values_list("commitment", "organisation", "organisation__name"))
    names = {str(organisation): name for _, organisation, name in parties}
    by_party = [(str(organisation), state_of[pk]) for pk, organisation, _ in parties if pk in state_of]
    stage_labels = {value: capitalised(label) for value, label in REACHED_STAGES} | {"none": "No milestone"}
    category_labels = {value: capitalised(str(label)) for value, label in CommitmentCategory.choices}
    largest = dict(Counter(party for party, _ in by_party).most_common(MAX_PARTIES))
    ordered = dict(sorted(names.items(), key=lambda item: (-largest.get(item[0], 0), item[1])))
    return [
        _bars("stage", "Commitments by stage", [(stages[pk], state) for pk, state in state_of.items()], stage_labels, "stage"),
        _bars(
            "category",
            "Commitments by category",
            [(row.category, state_of[row.pk]) for row in commitments],
            category_labels,
            "category__exact",
        ),
        _bars(
            "party",
            "Commitments by who undertakes them",
            [(party, state) for party, state in by_party if party in largest],
            ordered,
            "committed_by__id__exact",
            "" if len(names) <= MAX_PARTIES else f"Only the {MAX_PARTIES} with the most commitments are shown.",
        ),
    ]


def _bars(
    name: str, title: str, records: Iterable[tuple[str, str]], labels: dict[str, str], parameter: str, note: str = ""
) -> DeskPicture | None:
    """Return bars from (group, state) of each record, in the order of `labels`; `parameter` filters the list by a group."""
    counts: dict[str, Counter] = {}
    for group, state in records:
        counts.setdefault(group, Counter())[state] += 1
    page = reverse("admin:entities_commitment_changelist")
    groups = [
        StateGroup(label, counts[group], f"{page}?{parameter}={group}") for group, label in labels.items() if group in counts
    ]
    if not groups:
        return None
    wide, narrow = (state_bars_picture(groups, title, width, name=f"by-{name}") for width in (WIDE, NARROW))
    return DeskPicture(f"by-{name}", title, wide, narrow, linked_column=0, note=note)
