"""Labels of fields whose name in the database says too little to an editor."""

from typing import Any

from django.utils.text import capfirst

FIELD_LABELS = {
    "slug": "public id",
    "exact": "passage",
    "fidelity": "wording",
    "as_stated": "in the source's words",
    "dating": "how dates were established",
    "sha256": "SHA-256",
    "url": "URL",
    "archived_url": "archived URL",
}
"""Field name -> label, as it stands within a sentence."""


def column_label(column: Any) -> str:
    """Return the label of a model field."""
    return FIELD_LABELS.get(column.name, str(column.verbose_name))


def form_label(name: str, default: str | None) -> str | None:
    """Return the label of the form field `name`, capitalised; `default` where the register has none of its own."""
    return capfirst(FIELD_LABELS[name]) if name in FIELD_LABELS else default
