"""Form of a citation: it warns where the source's own words say another value."""

from typing import Any

from django.forms import ModelForm

from entities.citable_fields import record_kind
from sources.evidence.evidence_rule import explain_misreading
from sources.evidence.named_records import records_named_by
from sources.models import Citation


class CitationForm(ModelForm):
    """A citation whose words are read as another value is saved once its note names the value and says why."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        citation: Citation = self.instance
        for name, value in (cleaned or {}).items():
            if name in ("quote", "entity", "relation", "field", "value", "as_stated", "note"):
                setattr(citation, name, value)
        target = citation.entity or citation.relation
        if not self.errors and target is not None and citation.quote_id:
            kind = record_kind(target)
            if message := explain_misreading(kind, citation, records_named_by([(kind, citation)])):
                self.add_error("note", f"{message[:1].upper()}{message[1:]}.")
        return cleaned
