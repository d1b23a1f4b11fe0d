"""Labels of the field addresses that comments are about, for people: never a key of a row."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst

from entities.formatting import cited_field_label
from entities.models.curated import Child
from entities.numbers import integer_or_none
from sources.models import Citation, SourceQuote

MOST_WORDS = 6
"""Words of a passage or a row that name it."""


def labels_of_addresses(addresses: Iterable[str]) -> dict[str, str]:
    """Return the label of each field address, in a constant number of queries for each model of rows among them.

    "Summary" for summary, "Name: Kyiv, text" for entities.name/17/text, and for a citation the field and the first words of its
    passage: "Nature: “We pledge forty kites, no more …”". Rows deleted since are found in their history.
    """
    wanted = {address for address in addresses if address}
    keys_by_model: dict[type[models.Model], set[int]] = {}
    for address in wanted:
        if place := _row_of(address):
            keys_by_model.setdefault(place[0], set()).add(place[1])
    rows: dict[tuple[type[models.Model], int], str] = {}
    for model, keys in keys_by_model.items():
        rows |= {(model, key): label for key, label in _row_labels(model, keys).items()}
    return {address: _label(address, rows) for address in wanted}


def _row_of(address: str) -> tuple[type[models.Model], int] | None:
    """Return model and key of the row that an address names; None if it is a field of the record or names no row."""
    model_label, _, rest = address.partition("/")
    key = integer_or_none(rest.partition("/")[0])
    try:
        model = apps.get_model(model_label)
    except (LookupError, ValueError):
        return None
    return (model, key) if key is not None and issubclass(model, Child) else None


def _row_labels(model: type[models.Model], keys: set[int]) -> dict[int, str]:
    rows: dict[int, Any] = dict(model._default_manager.order_by().in_bulk(keys))
    if deleted := keys - rows.keys():
        history: Any = model.history.model
        for version in history.objects.filter(id__in=deleted).order_by("history_date", "history_id"):
            rows[version.id] = version.instance
    if issubclass(model, Citation):
        passages = dict(
            SourceQuote.objects.order_by()
            .filter(pk__in={citation.quote_id for citation in rows.values()})
            .values_list("pk", "exact")
        )
        return {
            key: f"{cited_field_label(citation.field)}: “{_first_words(passages[citation.quote_id])}”"
            if citation.quote_id in passages
            else cited_field_label(citation.field)
            for key, citation in rows.items()
        }
    return {key: f"{capfirst(str(model._meta.verbose_name))}: {_first_words(str(row))}" for key, row in rows.items()}


def _first_words(text: str) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= MOST_WORDS else f"{' '.join(words[:MOST_WORDS])} …"


def _label(address: str, row_labels: dict[tuple[type[models.Model], int], str]) -> str:
    place = _row_of(address)
    if place is None:
        return capfirst(address.replace("_", " ")) if "/" not in address else "a part deleted since"
    model, _ = place
    name = address.split("/", 2)[2] if address.count("/") > 1 else ""
    label = row_labels.get(place, f"{capfirst(str(model._meta.verbose_name))} deleted since")
    if not name:
        return label
    try:
        return f"{label}, {model._meta.get_field(name).verbose_name}"  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return label
