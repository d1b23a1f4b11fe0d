"""History of child rows, shown on the history page of their parent."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from simple_history.admin import SimpleHistoryAdmin

from entities.models import Entity
from entities.numbers import integer_or_none
from entities.vocabulary import Kind
from nato_support.desk.records.change_reason import ChangeReasonMixin


class ChildHistoryMixin(ChangeReasonMixin, SimpleHistoryAdmin):
    """Shows the history of a child row as that of its parent, filtered by the row."""

    def history_view(self, request, object_id, extra_context=None):
        key = integer_or_none(unquote(object_id))
        version = self.model.history.filter(id=key).order_by("-history_date", "-history_id").first() if key is not None else None
        if version is None:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        parent_field = next(name for name in self.model.PARENT_FIELDS if getattr(version, f"{name}_id") is not None)
        record_key, model = getattr(version, f"{parent_field}_id"), self.model._meta.get_field(parent_field).related_model
        page = self._parent_history_url(model, record_key)
        return HttpResponseRedirect(f"{page}?row={self.opts.label_lower}/{key}")

    def _parent_history_url(self, model: type[Any], key: int) -> str:
        name = model._meta.model_name
        if model is Entity:
            name = Kind(self._kind_of_entity(key)).value
        return reverse(f"admin:{model._meta.app_label}_{name}_history", args=[key])

    def _kind_of_entity(self, key: int) -> str:
        kind = Entity.objects.filter(pk=key).values_list("kind", flat=True).first()
        if kind:
            return kind
        deleted_kind = next((model for model in Entity.__subclasses__() if model.history.filter(id=key).exists()), None)
        if deleted_kind is None:
            raise Http404
        return str(deleted_kind.KIND)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Redirect to the history: rows are reverted with their record."""
        return self.history_view(request, object_id) if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET"])
