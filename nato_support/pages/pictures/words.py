"""Words of the pictures: kinds, stages, dates and units as readers see them, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from entities.formatting import format_partial_date, format_period
from entities.serializers import date_shape_text
from entities.vocabulary import REACHED_STAGES, CommitmentCategory, EventType, FacilityType, Modality, Nature, OrganisationType

KIND_HEADINGS: Mapping[str, str | Promise] = {
    "organisation": gettext_lazy("Organisations"),
    "facility": gettext_lazy("Facilities"),
    "person": gettext_lazy("Persons"),
    "post": gettext_lazy("Posts"),
    "event": gettext_lazy("Events"),
    "commitment": gettext_lazy("Commitments"),
}
"""Kind of entity -> heading, in the order in which pictures show them."""
TYPE_LABELS: Mapping[str, Mapping[str, str]] = {
    "organisation": dict(OrganisationType.choices),
    "facility": dict(FacilityType.choices),
    "event": dict(EventType.choices),
    "commitment": dict(Nature.choices),
}
"""Kind of entity -> its types, or natures, with their labels."""
_CATEGORY_LABELS = dict(CommitmentCategory.choices)
_STAGE_LABELS = dict(REACHED_STAGES)
_MODALITY_LABELS = dict(Modality.choices)


def capitalised(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def type_label(kind: str, type: str) -> str:
    """Return the label of a type of a kind of entity."""
    return gettext(TYPE_LABELS.get(kind, {}).get(type, type.replace("_", " ")))


def stage_label(stage: str) -> str:
    """Return the label of a stage."""
    return gettext(_STAGE_LABELS.get(stage, stage.replace("_", " ")))


def category_label(category: str) -> str:
    """Return the label of a category of commitment."""
    return gettext(_CATEGORY_LABELS.get(category, category))


def nature_label(nature: str) -> str:
    """Return the label of a nature of commitment."""
    return type_label("commitment", nature)


def modality_label(modality: str) -> str:
    """Return the label of a modality."""
    return gettext(_MODALITY_LABELS.get(modality, modality))


def date_words(date: Mapping[str, Any], *, throughout: bool = False) -> str:
    """Return a date of the API in words, no more precise than it is; `throughout` if all of it is meant, not some day within."""
    text = date_shape_text(dict(date))
    return format_period(text) if throughout else format_partial_date(text)


def relation_type_label(type: str, label: str) -> str:
    """Return the label of a type of relation, in the language of the request; `label` if it has none there.

    Types belong to the register, so the catalogue has those that come with it, by their slugs. Ukrainian has a noun for each,
    which fits any number and tense.
    """
    translated = pgettext("type of relation", type)
    return label if translated == type else translated


def edge_label(edge: Mapping[str, Any]) -> str:
    """Return the label of an edge of `graph/`: of a relation, its verb; of the field of an entity, its name."""
    return relation_type_label(edge["type"], edge["label"]) if edge["modality"] else gettext(edge["label"])


def quoted(words: str) -> str:
    """Return words in quotation marks."""
    return pgettext("quotation", "“%(words)s”") % {"words": words}


def amount_unit(kind: str, currency: str | None, unit: str | None) -> str:
    """Return the currency or unit of an amount; where no source names one, what its kind counts."""
    return currency or unit or ("person" if kind == "headcount" else "item")


def count_words(count: int) -> str:
    """Return "1 commitment", "12 commitments"."""
    return ngettext("%(count)s commitment", "%(count)s commitments", count) % {"count": count}


def list_words(parts: Sequence[str], limit: int, separator: str = ", ") -> str:
    """Return the first `limit` parts, and how many more there are."""
    text = separator.join(parts[:limit])
    if len(parts) > limit:
        return gettext("%(listed)s and %(count)s more") % {"listed": text, "count": len(parts) - limit}
    return text
