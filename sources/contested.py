"""Which fields of a record are contested: their citations differ, or one contradicts, and no resolution stands."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from entities.citable import MANY_VALUED
from entities.vocabulary import Stance
from sources.models import Citation, Resolution


@dataclasses.dataclass(slots=True)
class FieldEvidence:
    """The citations of one field, what they state, and the resolution that stands, if one does."""

    field: str
    # Rows or their printed shapes: what has a value and a stance, or settles values with a verdict on a day.
    citations: list[Any] = dataclasses.field(default_factory=list)
    resolutions: list[Any] = dataclasses.field(default_factory=list)

    @property
    def statements(self) -> list[str]:
        """The different values stated, in the order of the citations; a contradiction counts as one of its own."""
        stated = (c.value if c.stance != Stance.CONTRADICTS else f"not {c.value}" for c in self.citations)
        return list(dict.fromkeys(stated))

    @property
    def differs(self) -> bool:
        contradicted = any(citation.stance == Stance.CONTRADICTS for citation in self.citations)
        return contradicted or (self.field not in MANY_VALUED and len(self.statements) > 1)

    @property
    def resolution(self) -> Any | None:
        """The newest resolution that judged every value now stated; None if there is none."""
        stated = {citation.value for citation in self.citations}
        standing = [r for r in self.resolutions if stated <= set(r.settles)]
        return max(standing, key=lambda r: (r.decided_on, r.pk or 0), default=None)

    @property
    def contested(self) -> bool:
        resolution = self.resolution
        return self.differs and (resolution is None or resolution.verdict == "disputed")


def by_field(citations: Iterable[Citation], resolutions: Iterable[Resolution]) -> dict[str, FieldEvidence]:
    """Citations and resolutions of one record, gathered by field, fields in alphabetical order."""
    found: dict[str, FieldEvidence] = {}
    for citation in citations:
        found.setdefault(citation.field, FieldEvidence(citation.field)).citations.append(citation)
    for resolution in resolutions:
        if resolution.field in found:
            found[resolution.field].resolutions.append(resolution)
    return dict(sorted(found.items()))
