"""Saved filters: a list as somebody likes to see it, kept under a name, applied in one click. Everybody has only their own."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from nato_support.desk.models import SavedFilter

PAGING_PARAMETERS = {"p", "all", "e", "_popup", "_to_field", "_facets", "_changelist_filters"}
"""Parameters of a list that say how far somebody has leafed, not what they look at."""


class SavedFilterForm(forms.ModelForm):
    class Meta:
        model = SavedFilter
        fields = ["name"]


def admin_of_list(label: str) -> ModelAdmin:
    """The admin of the list `label`, as app_model. Raises Http404 if there is none."""
    app, _, model = label.partition("_")
    try:
        return admin.site._registry[apps.get_model(app, model)]
    except (LookupError, ValueError) as error:
        raise Http404(f"There is no list {label}.") from error


def list_title(one: SavedFilter) -> str:
    """What the rows of its list are called."""
    return capfirst(str(admin_of_list(one.list).opts.verbose_name_plural))


def list_url(label: str) -> str:
    return reverse(f"admin:{label}_changelist")


def own_saved_filters(request: HttpRequest, label: str = "") -> list[SavedFilter]:
    """The filters that whoever asks has saved, of one list or of all, in their order; none of a list that they may not see."""
    saved = SavedFilter.objects.filter(owner=request.user.pk)
    if label:
        saved = saved.filter(list=label)
    return [one for one in saved if _may_see_list(request, one.list)]


def _may_see_list(request: HttpRequest, label: str) -> bool:
    try:
        return admin_of_list(label).has_view_or_change_permission(request)
    except Http404:
        return False


def query_to_save(parameters: QueryDict) -> str:
    """What narrows and orders a list, without how far somebody has leafed in it."""
    kept = parameters.copy()
    for name in PAGING_PARAMETERS & kept.keys():
        del kept[name]
    return kept.urlencode()


# Use


def apply_filter_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens the list as it was saved; what it does not know any more is left out, and said."""
    saved = _own_filter_or_404(request, pk)
    query, dropped = query_accepted_by_list(request, saved)
    if dropped:
        names = ", ".join(dropped)
        messages.warning(request, f"“{saved.name}” was applied without what this list does not know (any more): {names}.")
    return HttpResponseRedirect(f"{list_url(saved.list)}?{query}" if query else list_url(saved.list))


def query_accepted_by_list(request: HttpRequest, saved: SavedFilter) -> tuple[str, list[str]]:
    """The query of `saved` as its list takes it now, and the names of the parameters that it does not take."""
    model_admin = admin_of_list(saved.list)
    asked = QueryDict(saved.query)
    known = _parameters_of_list(request, model_admin)
    kept, dropped = QueryDict(mutable=True), []
    for name, values in asked.lists():
        if name in known and _list_accepts_parameter(request, model_admin, name, values):
            kept.setlist(name, values)
        else:
            dropped.append(name)
    return kept.urlencode(), dropped


def _parameters_of_list(request: HttpRequest, model_admin: ModelAdmin) -> set[str]:
    """The parameters that a list takes."""
    changelist = _changelist_for_parameters(request, model_admin, QueryDict())
    return {SEARCH_VAR, ORDER_VAR}.union(*(spec.expected_parameters() for spec in changelist.filter_specs))


def _list_accepts_parameter(request: HttpRequest, model_admin: ModelAdmin, name: str, values: list[str]) -> bool:
    """Whether the list can be narrowed so: a value may have left its vocabulary."""
    asked = QueryDict(mutable=True)
    asked.setlist(name, values)
    try:
        _changelist_for_parameters(request, model_admin, asked)
    except IncorrectLookupParameters:
        return False
    return True


def _changelist_for_parameters(request: HttpRequest, model_admin: ModelAdmin, parameters: QueryDict):
    given = request.GET
    request.GET = parameters
    try:
        return model_admin.get_changelist_instance(request)
    finally:
        request.GET = given


# Keeping


@require_POST
def save_filter_view(request: HttpRequest) -> HttpResponse:
    """Keeps the filters, search and order of a list under a name; a filter of that name is replaced."""
    label, query = request.POST.get("list", ""), query_to_save(QueryDict(request.POST.get("query", "")))
    if not admin_of_list(label).has_view_or_change_permission(request):
        raise PermissionDenied
    page = f"{list_url(label)}?{query}" if query else list_url(label)
    form = SavedFilterForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"The filters were not saved. Name: {' '.join(map(str, form.errors['name']))}")
        return HttpResponseRedirect(page)
    with transaction.atomic():
        others = SavedFilter.objects.filter(owner=request.user.pk, list=label)
        last = others.aggregate(last=Max("position"))["last"]
        _, created = SavedFilter.objects.update_or_create(
            owner_id=request.user.pk,
            list=label,
            name=form.cleaned_data["name"],
            defaults={"query": query},
            create_defaults={"query": query, "position": 0 if last is None else last + 1},
        )
    messages.success(request, f"“{form.cleaned_data['name']}” was {'saved' if created else 'replaced by what you see now'}.")
    return HttpResponseRedirect(page)


def saved_filters_view(request: HttpRequest) -> HttpResponse:
    """All that somebody has saved: to be applied, named anew, put in order, deleted."""
    return _render_saved_filters(request)


@require_POST
def rename_filter_view(request: HttpRequest, pk: int) -> HttpResponse:
    saved = _own_filter_or_404(request, pk)
    form = SavedFilterForm(request.POST, instance=saved)
    if form.is_valid():
        form.save()
        messages.success(request, f"It is called “{saved.name}” now.")
        return HttpResponseRedirect(reverse("admin:desk_filters"))
    # What was typed stays in its field, and the reason beside it.
    return _render_saved_filters(request, refused=form)


@require_POST
def move_filter_up_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Moves a filter one place up among those of its list."""
    saved = _own_filter_or_404(request, pk)
    with transaction.atomic():
        order = list(SavedFilter.objects.select_for_update().filter(owner=request.user.pk, list=saved.list))
        at = order.index(saved)
        if at:
            order[at - 1], order[at] = order[at], order[at - 1]
        for position, one in enumerate(order):
            one.position = position
        SavedFilter.objects.bulk_update(order, ["position"])
    return HttpResponseRedirect(reverse("admin:desk_filters"))


@require_POST
def delete_filter_view(request: HttpRequest, pk: int) -> HttpResponse:
    saved = _own_filter_or_404(request, pk)
    saved.delete()
    messages.success(request, f"“{saved.name}” was deleted.")
    return HttpResponseRedirect(reverse("admin:desk_filters"))


def _own_filter_or_404(request: HttpRequest, pk: int) -> SavedFilter:
    saved = get_object_or_404(SavedFilter, pk=pk, owner=request.user.pk)
    if not admin_of_list(saved.list).has_view_or_change_permission(request):
        raise PermissionDenied
    return saved


def _render_saved_filters(request: HttpRequest, refused: SavedFilterForm | None = None) -> HttpResponse:
    lists: dict[str, list[dict]] = {}
    for one in own_saved_filters(request):
        form = refused if refused is not None and refused.instance.pk == one.pk else None
        row: dict[str, Any] = {
            "saved": one,
            "name": form["name"].value() if form else one.name,
            "errors": form.errors.get("name", []) if form else [],
            "first": list_title(one) not in lists,
        }
        lists.setdefault(list_title(one), []).append(row)
    context = admin.site.each_context(request) | {"title": "Saved filters", "lists": lists}
    return TemplateResponse(request, "desk/dashboard/saved_filters.html", context, status=400 if refused else 200)
