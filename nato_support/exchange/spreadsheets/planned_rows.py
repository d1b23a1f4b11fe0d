"""Planned rows: the effect of each row of a file on the register."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices

NewRecordReference = dict[str, str]
"""{"coming": "entity/arcadia"}: a record that the file itself adds, which has no key in the database yet."""


class RowOutcome(TextChoices):
    """Outcome of importing a row."""

    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"


@dataclass
class PlannedRow:
    """The planned effect of one row. `before` and `after` hold snapshot values of its fields."""

    sheet: str
    number: int
    label: str = ""
    outcome: str = RowOutcome.UNCHANGED
    reasons: list[str] = field(default_factory=list)
    """Reasons for refusing it."""
    refused: list[str] = field(default_factory=list)
    """Fields that the reasons concern."""
    notes: list[str] = field(default_factory=list)
    """Remarks for the editor."""
    pk: int | None = None
    seen: int | None = None
    """Version of the record, or newest history of the child row, when the row was planned."""
    parent: Any = None
    """For a child row: the key of its record, or a reference to one that the file adds."""
    slug: str = ""
    """Public id of the record, or of the child row's record."""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    """Only what the row changes."""
    display_values: dict[str, str] = field(default_factory=dict)
    """Values of a new row as text."""
    new_references: list[str] = field(default_factory=list)
    """References by which other rows of the file may refer to a new one."""

    def refuse(self, reason: str, field: str = ""):
        """Refuse the row for a reason, which concerns `field` if one is given."""
        self.reasons.append(f"{field}: {reason}" if field else reason)
        self.refused += [field] if field else []
        self.outcome = RowOutcome.REFUSED

    @property
    def known_values(self) -> dict[str, Any]:
        """The values of `after` that need no other row of the file."""
        return {name: value for name, value in self.after.items() if not new_record_references(value)}

    @property
    def awaited_fields(self) -> list[tuple[str, str]]:
        """Field and slug of each row of the file that `after` refers to."""
        return [
            (name, reference["coming"].rpartition("/")[2])
            for name, value in self.after.items()
            for reference in new_record_references(value)
        ]

    @property
    def writes(self) -> bool:
        """True if the row changes the register."""
        return self.outcome in (RowOutcome.NEW, RowOutcome.CHANGED)


def new_record_references(value: Any) -> list[NewRecordReference]:
    """List the references to records that the file adds."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def same_value(value: Any, other_value: Any) -> bool:
    """Return True if two snapshot values are equal, whatever line ends the saving program used."""
    if value in (None, "", []) or other_value in (None, "", []):
        return value in (None, "", []) and other_value in (None, "", [])
    if isinstance(value, str) and isinstance(other_value, str):
        return value.replace("\r\n", "\n") == other_value.replace("\r\n", "\n")
    return value == other_value
