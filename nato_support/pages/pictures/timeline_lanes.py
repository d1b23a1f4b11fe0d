"""Lanes of a timeline: one for each record with its dated facts, and one for all quotes of the same date."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext, ngettext

from entities.serializers import date_shape_bounds, date_shape_text
from nato_support.pages.page_urls import page_path
from nato_support.pages.pictures.states import STATES
from nato_support.pages.pictures.words import capitalised, date_words, quoted, stage_label

_PLANNED = ("planned", "expected", "conditional")


class Span(NamedTuple):
    """Time that a fact can mean. A day is a span of one day; None is open."""

    first: datetime.date | None
    last: datetime.date | None
    kind: str
    """`day`; `within`, some day of a month, year or interval; `throughout` for a period."""
    is_soft: bool
    """About, or not certain."""
    is_planned: bool
    contested: bool
    fact: str
    words: str
    """The fact and its date."""
    date: str
    """The date in words."""


class Lane(NamedTuple):
    label: str
    href: str
    kind: str
    """Kind of the record."""
    spans: Sequence[Span]
    state: str = ""
    """One of STATES, if the record is not public as it is drawn."""

    @property
    def note(self) -> str:
        """Its state in words, to stand behind its label."""
        return f" ({STATES[self.state].words})" if self.state else ""


def timeline_lanes(facts: Sequence[Mapping[str, Any]]) -> list[Lane]:
    """Return the lanes of the facts of `timeline/`, the earliest first."""
    by_record: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for fact in facts:
        record = fact["record"]
        key = ("quote", date_shape_text(fact["date"])) if fact["fact"] == "quote" else (record["kind"], record["slug"])
        by_record.setdefault(key, []).append(fact)
    lanes = []
    for _, of_record in sorted(by_record.items()):
        ordered = sorted(
            of_record, key=lambda fact: (*date_shape_bounds(fact["date"]), fact["fact"], fact["field"], fact["record"]["slug"])
        )
        lanes.append(_quotes_lane(ordered) if ordered[0]["fact"] == "quote" else _record_lane(ordered))
    return sorted(lanes, key=_lane_order)


def fact_words(fact: Mapping[str, Any]) -> str:
    """Return what a fact of `timeline/` says of its record: a stage, "due", "began"."""
    if fact["fact"] == "milestone":
        return stage_label(fact["stage"])
    if fact["fact"] in ("event_start", "relation_start"):
        return gettext("is to begin") if fact["modality"] in _PLANNED else gettext("began")
    if fact["fact"] in ("event_end", "relation_end"):
        return gettext("is to end") if fact["modality"] in _PLANNED else gettext("ended")
    return {
        "founded": gettext("was founded"),
        "dissolved": gettext("was dissolved"),
        "due": gettext("is due"),
        "period": gettext("is meant for this time"),
        "measure": gettext("amount as of"),
        "quote": gettext("was said or published"),
    }[fact["fact"]]


def _record_lane(facts: Sequence[Mapping[str, Any]]) -> Lane:
    record = facts[0]["record"]
    spans = tuple(dict.fromkeys(map(_span, facts)))
    return Lane(record["name"], page_path(record["href"]), record["kind"], spans, record.get("state", ""))


def _quotes_lane(facts: Sequence[Mapping[str, Any]]) -> Lane:
    record = facts[0]["record"]
    if len(facts) == 1:
        return Lane(quoted(record["name"]), page_path(record["href"]), "quote", (_span(facts[0]),), record.get("state", ""))
    label = ngettext("%(count)s quote", "%(count)s quotes", len(facts)) % {"count": len(facts)}
    return Lane(label, page_path(record["href"]), "quote", (_span(facts[0]),))


def _span(fact: Mapping[str, Any]) -> Span:
    date = fact["date"]
    first, last = (datetime.date.fromisoformat(day) if day else None for day in (date["earliest"], date["latest"]))
    kind = "throughout" if fact["fact"] == "period" else "day" if first is not None and first == last else "within"
    said = date_words(date, throughout=kind == "throughout")
    return Span(
        first,
        last,
        kind,
        date["is_approximate"] or date["is_uncertain"],
        fact["modality"] in _PLANNED or fact["fact"] == "due",
        fact["contested"],
        fact["fact"],
        f"{capitalised(fact_words(fact))}: {said}",
        said,
    )


def _lane_order(lane: Lane) -> tuple:
    days = [span.first or span.last for span in lane.spans]
    first = min(day for day in days if day)
    return first, max(span.last or datetime.date.max for span in lane.spans), lane.kind, lane.label, lane.href
