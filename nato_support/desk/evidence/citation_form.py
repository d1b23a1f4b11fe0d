"""Form of a citation: fields and values in words; it warns where the source's own words say another value."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.forms import ModelForm

from entities.citable_fields import record_kind
from entities.models import Entity, Relation
from nato_support.desk.evidence.cited_fields import CitedFieldFormMixin, read_cited_field
from nato_support.desk.evidence.typed_citation_values import names_to_edit, read_citation_value, words_to_edit
from sources.evidence.evidence_rule import explain_misreading
from sources.evidence.named_records import records_named_by
from sources.models import Citation

_VALUE_HELP = "What the passage states: “pledge”, “14 June 2024”, “at least €40 billion”, the name of a record."


class CitationForm(CitedFieldFormMixin, ModelForm):
    """A citation whose words are read as another value is saved once its note names the value and says why.

    Its value is shown in the words in which it can be typed back, and read from them.
    """

    field_help = "Which fact of the record the passage is evidence for."
    typed_field_help = "Which fact: “Nature”, “Committed by” ..., or an amount as “Measure: €40 billion”."
    names: ClassVar[Mapping[str, str] | None] = None
    """What `names_to_edit` gives for the citations of the page; None to look them up for each."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        citation: Citation = self.instance
        target = self.record or citation.entity or citation.relation
        if "field" in self.fields:
            self.fields["field"] = self.make_field_field(target, citation.field)
        if "value" in self.fields:
            shown = self.fields["value"].widget.attrs
            shown["data-kind"] = record_kind(target) if target else ""
            self.fields["value"].help_text = _VALUE_HELP
            if citation.pk and target is not None:
                kind = record_kind(target)
                names = names_to_edit([(kind, citation.field, citation.value)]) if self.names is None else self.names
                self.initial["value"] = words_to_edit(kind, citation.field, citation.value, names)
                shown["data-value"] = citation.value

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        citation: Citation = self.instance
        target = self.record or cleaned.get("entity", citation.entity) or cleaned.get("relation", citation.relation)
        if target is not None:
            self._read_words(target, cleaned)
        for name, value in cleaned.items():
            if name in ("quote", "entity", "relation", "field", "value", "as_stated", "note"):
                setattr(citation, name, value)
        if not self.errors and target is not None and citation.quote_id:
            kind = record_kind(target)
            if message := explain_misreading(kind, citation, records_named_by([(kind, citation)])):
                self.add_error("note", f"{message[:1].upper()}{message[1:]}.")
        return cleaned

    def _read_words(self, target: Entity | Relation, cleaned: dict[str, Any]) -> None:
        """Replace the typed field and value by what a citation stores; what was not touched stays as it is stored."""
        stored = (self.instance.field, self.instance.value)
        field = stored[0]
        try:
            if cleaned.get("field"):
                field = cleaned["field"] = read_cited_field(target, self.groups_of(target), cleaned["field"])
        except ValidationError as error:
            self.add_error("field", error)
            return
        try:
            if "value" in cleaned and field:
                unchanged = field == stored[0] and cleaned["value"] == self.initial.get("value")
                cleaned["value"] = stored[1] if unchanged else read_citation_value(target, field, cleaned["value"])
        except ValidationError as error:
            self.add_error("value", error)

    def _update_errors(self, errors: ValidationError) -> None:
        # What was refused in plain words is not refused again in those of the model.
        if hasattr(errors, "error_dict"):
            errors.error_dict = {
                name: problems
                for name, problems in errors.error_dict.items()
                if not (name in ("field", "value") and ({"field", "value"} & self.errors.keys()))
            }
        super()._update_errors(errors)
