"""Made-up answers of the API for pictures: graphs of any size, timelines and totals."""

import random
from collections.abc import Sequence
from typing import Any

from entities.dates import PartialDate
from entities.serializers import PLURALS, date_shape
from entities.vocabulary import Modality

KINDS = ("organisation", "facility", "person", "post", "event", "commitment")
_TYPES = {
    "organisation": ("state", "union", "company", "media"),
    "facility": ("headquarters", "airfield"),
    "event": ("summit", "meeting", "visit"),
    "commitment": ("pledge", "decision", "plan", "refusal", "forecast"),
}
_WORDS = "kite harbour of the northern council for training and repair wool support to neighbouring islands in winter".split()


def made_up_node(chance: random.Random, number: int, depth: int = 1) -> dict[str, Any]:
    kind = chance.choice(KINDS)
    name = " ".join(chance.choice(_WORDS) for _ in range(chance.randint(1, 9))).capitalize()
    slug = f"{name.lower().replace(' ', '-')[:40]}-{number}"
    type = chance.choice(_TYPES.get(kind, ("",)))
    reference = {"kind": kind, "slug": slug, "name": name, "href": f"/api/v1/{PLURALS[kind]}/{slug}/"}
    return reference | {"depth": depth, "is_expanded": False, "more": [], "type": type}


def made_up_edge(chance: random.Random, number: int, source: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
    modality = chance.choice([None, *Modality.values])
    members = ("kind", "slug", "name", "href")
    return {
        "type": "part-of",
        "label": chance.choice(["is part of", "concerns", "is to be hosted by", "according to Ruritania, objects to"]),
        "source": {member: source[member] for member in members},
        "target": {member: target[member] for member in members},
        "modality": modality,
        "attested": [],
        "in_force": chance.choice([None, "yes", "not_known"]),
        "contested": chance.random() < 0.15,
        "record": f"/api/v1/relations/edge-{number}/",
        "evidence": [{"quote": "invented"}],
    }


def made_up_graph(size: int, seed: int = 1, *, is_hub: bool = False) -> dict[str, Any]:
    """Return a graph of `size` nodes: a hub is linked to all others and they to nobody else; else anybody to anybody."""
    chance = random.Random(seed * 1000 + size)
    nodes = [
        made_up_node(chance, number, depth=int(number > 0) + int(number > size // 2 and not is_hub)) for number in range(size)
    ]
    edges = []
    for number in range(1, size):
        other = nodes[0] if is_hub else nodes[chance.randrange(number)]
        edges.append(made_up_edge(chance, number, *chance.sample([nodes[number], other], 2)))
    for number in range(0 if is_hub else size // 2):
        edges.append(made_up_edge(chance, size + number, *chance.sample(nodes, 2)))
    return {"root": nodes[0], "nodes": nodes, "edges": edges, "is_truncated": False}


def with_one_more(graph: dict[str, Any], seed: int) -> dict[str, Any]:
    """Return the graph with one more node, linked to one or two of the others."""
    chance = random.Random(seed)
    node = made_up_node(chance, 10_000 + seed, chance.choice([1, 2]))
    others = chance.sample(graph["nodes"], chance.randint(1, 2))
    edges = [made_up_edge(chance, 10_000 + 10 * seed + at, node, other) for at, other in enumerate(others)]
    return {**graph, "nodes": [*graph["nodes"], node], "edges": [*graph["edges"], *edges]}


def made_up_timeline(facts: Sequence[tuple[str, str, dict[str, Any]]]) -> dict[str, Any]:
    """Return a timeline of (date, fact, further members), each of a record of its own."""
    results = []
    for at, (date, fact, members) in enumerate(facts):
        kind = "quote" if fact == "quote" else "commitment"
        reference = {
            "kind": kind,
            "slug": f"kite-{at}",
            "name": f"Kite number {at}",
            "href": f"/api/v1/{PLURALS[kind]}/kite-{at}/",
        }
        defaults = {"field": fact, "stage": "agreed", "modality": None, "contested": False}
        results.append(
            {"date": date_shape(str(PartialDate.parse(date))), "fact": fact, "record": reference, **defaults, **members}
        )
    return {"entity": {"kind": "organisation", "slug": "arcadia", "name": "Arcadia"}, "results": results}


RURITANIA = {"kind": "organisation", "slug": "ruritania", "name": "Ruritania", "href": "/api/v1/organisations/ruritania/"}


def made_up_sum(kind: str, currency: str | None, unit: str | None, low: int, high: int, **members: Any) -> dict[str, Any]:
    numbers = {"low": str(low), "high": str(high), "is_open_ended": False, "commitments": 1, "qualifiers": {"none": 1}}
    return {"beneficiary": RURITANIA, "kind": kind, "currency": currency, "unit": unit, **numbers, **members}


def made_up_ladder(kind: str, currency: str | None, unit: str | None, **stages: tuple[int, int]) -> dict[str, Any]:
    rungs = [
        {"stage": stage, "low": str(low), "high": str(high), "is_open_ended": False, "commitments": 1}
        for stage, (low, high) in stages.items()
    ]
    return {"beneficiary": RURITANIA, "kind": kind, "currency": currency, "unit": unit, "rungs": rungs}


def made_up_totals(sums: list[dict], ladder: list[dict], matched: int = 3) -> dict[str, Any]:
    return {"matched": matched, "included": {"count": len(sums), "sums": sums, "ladder": ladder}, "groups_overlap": False}
