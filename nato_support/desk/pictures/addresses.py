"""Addresses of records in the admin by kind and slug, to which pictures lead: a picture knows no primary keys."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from entities.serializers import PLURALS
from nato_support.desk.dashboard.global_search import SEARCHED_MODELS, change_page_of_kind, visible_kinds
from nato_support.pages.page_urls import page_path
from nato_support.publishing.rendering import model_for_kind

_KINDS = {plural: kind for kind, plural in PLURALS.items()}
_LIST_FILTERS = {"type": "type__exact", "nature": "nature__exact"}


def desk_path(api_path: str) -> str:
    """Return the path in the admin beside a path of the API: /api/v1/events/x/ -> /admin/record/events/x/."""
    return reverse("admin:desk_record_list", args=["x"]).removesuffix("/x/") + page_path(api_path)


def record_redirect_view(request: HttpRequest, collection: str, slug: str) -> HttpResponse:
    """Lead to the change page of a record. Raises Http404 if there is none."""
    kind = _visible_kind(request, collection)
    return HttpResponseRedirect(change_page_of_kind(kind, get_object_or_404(model_for_kind(kind), slug=slug).pk))


def list_redirect_view(request: HttpRequest, collection: str) -> HttpResponse:
    """Lead to the list of a kind, with the filters by type or nature that a picture sets."""
    page = reverse(f"admin:{SEARCHED_MODELS[_visible_kind(request, collection)].replace('.', '_')}_changelist")
    query = urlencode([(_LIST_FILTERS[name], value) for name, value in request.GET.items() if name in _LIST_FILTERS])
    return HttpResponseRedirect(f"{page}?{query}" if query else page)


def _visible_kind(request: HttpRequest, collection: str) -> str:
    if collection not in _KINDS:
        raise Http404
    if _KINDS[collection] not in visible_kinds(request.user):
        raise PermissionDenied
    return _KINDS[collection]
