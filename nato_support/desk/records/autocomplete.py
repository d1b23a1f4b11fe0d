"""What is offered where another record is picked."""

from django.contrib.admin.views.autocomplete import AutocompleteJsonView

from entities.models import Entity
from entities.models.curated import Curated


class RecordAutocompleteView(AutocompleteJsonView):
    """Suggestions that tell records of one name apart: by their kind, and by where they stand."""

    def serialize_result(self, obj, to_field_name):
        found = super().serialize_result(obj, to_field_name)
        if isinstance(obj, Entity):
            found["text"] += f" · {obj.get_kind_display()}, {obj.get_status_display()}"
        elif isinstance(obj, Curated):
            found["text"] += f" · {obj.get_status_display()}"
        return found
