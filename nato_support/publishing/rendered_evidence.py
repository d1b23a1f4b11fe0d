"""Evidence of rendered records, in the form in which that of the working copy is judged."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from entities.serializers import date_shape_text
from sources.evidence.statements import FieldEvidence


def evidence_of_rendering(kind: str, cited_fields: Mapping[str, Any]) -> dict[str, FieldEvidence]:
    """Return field -> evidence of a rendered record of `kind`. A resolution has its rendered form as `shape`."""
    return {
        field: FieldEvidence(
            kind,
            field,
            [_citation_of(field, data) for data in entry["citations"]],
            [_resolution_of(data, position) for position, data in enumerate(entry["resolutions"])],
        )
        for field, entry in cited_fields.items()
    }


def _citation_of(field: str, data: Mapping[str, Any]) -> SimpleNamespace:
    quote = data["quote"] or {}
    document = quote.get("document") or {}
    published_on = document.get("published_on")
    return SimpleNamespace(
        field=field,
        value=data["value"],
        polarity=data["polarity"],
        as_stated=data["as_stated"] or "",
        note=data["note"] or "",
        stance=data["stance"],
        quote=SimpleNamespace(
            pk=quote.get("slug", ""),
            slug=quote.get("slug", ""),
            exact=quote.get("exact", ""),
            utterance=quote.get("utterance") or "",
            speaker_keys=frozenset(speaker["slug"] for speaker in quote.get("speakers") or ()),
            attribution=quote.get("attribution") or "",
            said_on=date_shape_text(quote["said_on"]) if quote.get("said_on") else "",
            fidelity=quote.get("fidelity", ""),
            # What is public was verified when it became so.
            verification="",
            document=SimpleNamespace(
                slug=document.get("slug", ""),
                published_on=date_shape_text(published_on) if published_on else "",
                language=document.get("language") or "",
                translated_from=document.get("translated_from") or "",
                publisher=(document.get("publisher") or {}).get("slug") or document.get("slug", ""),
            ),
        ),
    )


def _resolution_of(data: dict[str, Any], position: int) -> SimpleNamespace:
    return SimpleNamespace(
        shape=data,
        settles=data["settles"],
        decides_for=data["decides_for"],
        verdict=data["verdict"],
        decided_on=data["decided_on"]["value"],
        pk=position,
    )
