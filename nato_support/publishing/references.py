"""Printed records as plain data: filling in what they refer to, and what follows from their evidence.

A reference is an object with `kind` and `slug`. `weave` replaces each by what a look-up gives for it, so a record can be
printed anew when something that it names is renamed or withdrawn, without its working copy, which may be ahead of it.
"""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from entities.citable import MANY_VALUED_FIELDS
from entities.serializers import record_path
from nato_support.publishing.editions.edition_encoding import compact_json
from sources.evidence.statements import FieldEvidence
from sources.serializers import EMBEDDED_MEMBERS

KEEP_REFERENCE: dict = {}
"""What a look-up gives for a reference that is to stay as it is."""

REQUIRED_REFERENCES = {"post": ("organisation",), "relation": ("subject", "object"), "quote": ("document",)}
"""Kind -> the references without which such a record cannot stand."""

ReferenceLookup = Callable[[str, str], dict | None]


def embedded_form(lean: dict) -> dict:
    """What other records show of a printed record."""
    kind = lean["kind"]
    if kind in EMBEDDED_MEMBERS:
        return {member: lean[member] for member in EMBEDDED_MEMBERS[kind]}
    return {"kind": kind, "slug": lean["slug"], "name": lean["name"], "href": record_path(kind, lean["slug"])}


def iterate_references(data: Any, under: str = "") -> Iterator[tuple[str, str, str]]:
    """(member, kind, slug) of every reference inside printed `data`, the ones inside others included."""
    if isinstance(data, dict):
        if "kind" in data and "slug" in data and under:
            yield under, data["kind"], data["slug"]
        for member, value in data.items():
            yield from iterate_references(value, member)
    elif isinstance(data, list):
        for value in data:
            yield from iterate_references(value, under)


def resolve_references(data: Any, look_up: ReferenceLookup, *, inside: bool = False) -> Any:
    """A copy of printed `data` with each reference replaced by what `look_up(kind, slug)` gives: an embedded record,
    KEEP to leave it, None to take it out. A citation without its quote, or without the record it states, goes too.
    """
    if isinstance(data, list):
        members = (resolve_references(value, look_up, inside=True) for value in data)
        return [new for old, new in zip(data, members, strict=True) if new is not None or old is None]
    if not isinstance(data, dict):
        return data
    if inside and "kind" in data and "slug" in data:
        found = look_up(data["kind"], data["slug"])
        if found is None:
            return None
        if found is not KEEP_REFERENCE:
            return found
    woven = {member: resolve_references(value, look_up, inside=True) for member, value in data.items()}
    if "stance" in data and (woven["quote"] is None or (data["value_ref"] and woven["value_ref"] is None)):
        return None
    return woven


def derive_from_evidence(lean: dict, extra: dict) -> None:
    """Works out, in place, everything that follows from the rest: agreement by field, contested fields, a relation's name."""
    evidence = {name: entry for name, entry in extra.get("evidence", {}).items() if entry["citations"]}
    for name, entry in evidence.items():
        _derive_field_agreement(name, entry)
    if "evidence" in extra:
        extra["evidence"] = evidence
        lean["contested"] = [name for name, entry in evidence.items() if entry["contested"]]
        lean["citations"] = sum(len(entry["citations"]) for entry in evidence.values())
    if lean["kind"] == "relation" and lean["subject"] and lean["object"]:
        lean["name"] = f"{lean['subject']['name']} {lean['type']['label']} {lean['object']['name']}"


def _derive_field_agreement(name: str, entry: dict) -> None:
    resolutions = [
        SimpleNamespace(
            shape=shape, settles=shape["settles"], verdict=shape["verdict"], decided_on=shape["decided_on"]["value"], pk=at
        )
        for at, shape in enumerate(entry["resolutions"])
    ]
    field = FieldEvidence(name, [SimpleNamespace(value=c["value"], stance=c["stance"]) for c in entry["citations"]], resolutions)
    standing = field.resolution
    for resolution in resolutions:
        resolution.shape["stands"] = resolution is standing
    entry["statements"] = field.statements
    entry["contested"] = field.contested
    entry["resolution"] = dict(standing.shape) if standing else None
    several = len(entry["citations"]) > 1
    if field.contested:
        entry["agreement"] = "contested"
    elif field.differs:
        entry["agreement"] = "resolved"
    else:
        entry["agreement"] = "agreed" if several and name not in MANY_VALUED_FIELDS else "single"


def write_numbers(lean: dict, edition: int, release: int) -> None:
    """Writes the edition's number and release into the printed record."""
    lean["edition"], lean["release"] = edition, release


def comparable_content(lean: dict, extra: dict) -> str:
    """The printed record without its number and release: equal texts say the same."""
    return compact_json([lean | {"edition": 0, "release": 0}, extra])
