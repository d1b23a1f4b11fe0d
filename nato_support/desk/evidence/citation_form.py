"""Form of a citation: fields and values in words; it warns where the source's own words say another value."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.forms import ModelForm
from unfold.widgets import INPUT_CLASSES, UnfoldAdminSelectWidget

from entities.citable_fields import record_kind
from entities.formatting import cited_field_label
from entities.models import Entity, Relation
from nato_support.desk.evidence.cited_fields import (
    CitedFieldField,
    FieldGroups,
    ListedTextInput,
    cited_field_labels,
    cited_fields_of,
    labels_of_every_kind,
    read_cited_field,
)
from nato_support.desk.evidence.typed_citation_values import names_to_edit, read_citation_value, words_to_edit
from sources.evidence.evidence_rule import explain_misreading
from sources.evidence.named_records import records_named_by
from sources.models import Citation

_FIELD_HELP = "Which fact of the record the passage is evidence for."
_TYPED_FIELD_HELP = "Which fact: “Nature”, “Committed by” ..., or an amount as “Measure: €40 billion”."
_VALUE_HELP = "What the passage states: “pledge”, “14 June 2024”, “at least €40 billion”, the name of a record."


class CitationForm(ModelForm):
    """A citation whose words are read as another value is saved once its note names the value and says why.

    Its value is shown in the words in which it can be typed back, and read from them.
    """

    record: ClassVar[Entity | Relation | None] = None
    """The record whose page shows the form; None where each row has its own."""
    fields_of: ClassVar[Mapping[Entity | Relation, FieldGroups]] = {}
    """Fields of the records of the page; those of others are looked up."""
    names: ClassVar[Mapping[str, str] | None] = None
    """What `names_to_edit` gives for the citations of the page; None to look them up for each."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        citation: Citation = self.instance
        target = self.record or citation.entity or citation.relation
        if "field" in self.fields:
            self.fields["field"] = self._field_field(target, citation)
        if "value" in self.fields:
            shown = self.fields["value"].widget.attrs
            shown["data-kind"] = record_kind(target) if target else ""
            self.fields["value"].help_text = _VALUE_HELP
            if citation.pk and target is not None:
                kind = record_kind(target)
                names = names_to_edit([(kind, citation.field, citation.value)]) if self.names is None else self.names
                self.initial["value"] = words_to_edit(kind, citation.field, citation.value, names)
                shown["data-value"] = citation.value

    def _field_field(self, target: Entity | Relation | None, citation: Citation) -> CitedFieldField:
        """Return the field to choose from those of `target`; to type, where the record is yet to be chosen."""
        groups = self._groups_of(target)
        if target is None:
            widget: Any = ListedTextInput(labels_of_every_kind(), {"class": " ".join(INPUT_CLASSES)})
        else:
            if citation.field and citation.field not in cited_field_labels(groups):
                groups = [*groups, ("Other", [(citation.field, cited_field_label(citation.field))])]
            widget = UnfoldAdminSelectWidget()
        help_text = _FIELD_HELP if target else _TYPED_FIELD_HELP
        return CitedFieldField(label="Field", choices=[("", "choose"), *groups], widget=widget, help_text=help_text)

    def _groups_of(self, target: Entity | Relation | None) -> FieldGroups:
        if target is None:
            return []
        return self.fields_of.get(target) or cited_fields_of([target])[target]

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
                field = cleaned["field"] = read_cited_field(target, self._groups_of(target), cleaned["field"])
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
