"""Suggestions of the autocomplete widgets."""

from django.contrib.admin.views.autocomplete import AutocompleteJsonView

from entities.models import Entity
from entities.models.curated import Curated


class RecordAutocompleteView(AutocompleteJsonView):
    """Labels suggestions with kind and status, which tell records of the same name apart."""

    def serialize_result(self, obj, to_field_name):
        result = super().serialize_result(obj, to_field_name)
        if isinstance(obj, Entity):
            result["text"] += f" · {obj.get_kind_display()}, {obj.get_status_display()}"
        elif isinstance(obj, Curated):
            result["text"] += f" · {obj.get_status_display()}"
        return result
