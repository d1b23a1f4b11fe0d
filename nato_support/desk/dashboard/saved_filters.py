"""Saved filters: the filters, search and order of a list under a name. Each user has their own."""

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
"""Parameters of a list that hold a position in it, which are not saved."""


class SavedFilterForm(forms.ModelForm):
    """Form of the name of a saved filter."""

    class Meta:
        model = SavedFilter
        fields = ["name"]


def admin_of_list(label: str) -> ModelAdmin:
    """Return the admin of the list `label`, as app_model. Raises Http404 if there is none."""
    app, _, model = label.partition("_")
    try:
        return admin.site._registry[apps.get_model(app, model)]
    except (LookupError, ValueError) as error:
        raise Http404(f"There is no list {label}.") from error


def list_title(saved: SavedFilter) -> str:
    """Return the title of the list of a saved filter."""
    return capfirst(str(admin_of_list(saved.list).opts.verbose_name_plural))


def list_url(label: str) -> str:
    return reverse(f"admin:{label}_changelist")


def own_saved_filters(request: HttpRequest, label: str = "") -> list[SavedFilter]:
    """Return the user's saved filters, of one list or of all, in their order; none of a list that they may not see."""
    saved = SavedFilter.objects.filter(owner=request.user.pk)
    if label:
        saved = saved.filter(list=label)
    return [saved_filter for saved_filter in saved if _may_see_list(request, saved_filter.list)]


def _may_see_list(request: HttpRequest, label: str) -> bool:
    try:
        return admin_of_list(label).has_view_or_change_permission(request)
    except Http404:
        return False


def query_to_save(parameters: QueryDict) -> str:
    """Return the query without the position in the list."""
    query = parameters.copy()
    for name in PAGING_PARAMETERS & query.keys():
        del query[name]
    return query.urlencode()


# Applying


def apply_filter_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to the list as it was saved; parameters that it no longer has are dropped, with a message."""
    saved = _own_filter_or_404(request, pk)
    query, dropped = query_accepted_by_list(request, saved)
    if dropped:
        names = ", ".join(dropped)
        messages.warning(request, f"“{saved.name}” was applied without parameters that this list no longer has: {names}.")
    return HttpResponseRedirect(f"{list_url(saved.list)}?{query}" if query else list_url(saved.list))


def query_accepted_by_list(request: HttpRequest, saved: SavedFilter) -> tuple[str, list[str]]:
    """Return the query of `saved` as the list accepts it now, and the names of the parameters that it does not accept."""
    model_admin = admin_of_list(saved.list)
    query = QueryDict(saved.query)
    parameters = _parameters_of_list(request, model_admin)
    accepted, dropped = QueryDict(mutable=True), []
    for name, values in query.lists():
        if name in parameters and _list_accepts_parameter(request, model_admin, name, values):
            accepted.setlist(name, values)
        else:
            dropped.append(name)
    return accepted.urlencode(), dropped


def _parameters_of_list(request: HttpRequest, model_admin: ModelAdmin) -> set[str]:
    """Return the names of all parameters of a list."""
    changelist = _changelist_for_parameters(request, model_admin, QueryDict())
    return {SEARCH_VAR, ORDER_VAR}.union(*(spec.expected_parameters() for spec in changelist.filter_specs))


def _list_accepts_parameter(request: HttpRequest, model_admin: ModelAdmin, name: str, values: list[str]) -> bool:
    """Return whether the list can be filtered so: a value may have left its vocabulary."""
    query = QueryDict(mutable=True)
    query.setlist(name, values)
    try:
        _changelist_for_parameters(request, model_admin, query)
    except IncorrectLookupParameters:
        return False
    return True


def _changelist_for_parameters(request: HttpRequest, model_admin: ModelAdmin, parameters: QueryDict):
    original = request.GET
    request.GET = parameters
    try:
        return model_admin.get_changelist_instance(request)
    finally:
        request.GET = original


# Saving


@require_POST
def save_filter_view(request: HttpRequest) -> HttpResponse:
    """Save the filters, search and order of a list under a name, replacing a filter of that name."""
    label, query = request.POST.get("list", ""), query_to_save(QueryDict(request.POST.get("query", "")))
    if not admin_of_list(label).has_view_or_change_permission(request):
        raise PermissionDenied
    page = f"{list_url(label)}?{query}" if query else list_url(label)
    form = SavedFilterForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"The view was not saved. Name: {' '.join(map(str, form.errors['name']))}")
        return HttpResponseRedirect(page)
    with transaction.atomic():
        siblings = SavedFilter.objects.filter(owner=request.user.pk, list=label)
        last = siblings.aggregate(last=Max("position"))["last"]
        _, created = SavedFilter.objects.update_or_create(
            owner_id=request.user.pk,
            list=label,
            name=form.cleaned_data["name"],
            defaults={"query": query},
            create_defaults={"query": query, "position": 0 if last is None else last + 1},
        )
    messages.success(request, f"“{form.cleaned_data['name']}” was {'saved' if created else 'updated'}.")
    return HttpResponseRedirect(page)


def saved_filters_view(request: HttpRequest) -> HttpResponse:
    """List the user's saved filters, to be applied, renamed, ordered and deleted."""
    return _render_saved_filters(request)


@require_POST
def rename_filter_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a saved filter."""
    saved = _own_filter_or_404(request, pk)
    form = SavedFilterForm(request.POST, instance=saved)
    if form.is_valid():
        form.save()
        messages.success(request, f"Renamed to “{saved.name}”.")
        return HttpResponseRedirect(reverse("admin:desk_filters"))
    # The field keeps what was typed, with the error beside it.
    return _render_saved_filters(request, invalid_form=form)


@require_POST
def move_filter_up_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a filter up by one among those of its list."""
    saved = _own_filter_or_404(request, pk)
    with transaction.atomic():
        order = list(SavedFilter.objects.select_for_update().filter(owner=request.user.pk, list=saved.list))
        index = order.index(saved)
        if index:
            order[index - 1], order[index] = order[index], order[index - 1]
        for position, saved_filter in enumerate(order):
            saved_filter.position = position
        SavedFilter.objects.bulk_update(order, ["position"])
    return HttpResponseRedirect(reverse("admin:desk_filters"))


@require_POST
def delete_filter_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a saved filter."""
    saved = _own_filter_or_404(request, pk)
    saved.delete()
    messages.success(request, f"“{saved.name}” was deleted.")
    return HttpResponseRedirect(reverse("admin:desk_filters"))


def _own_filter_or_404(request: HttpRequest, pk: int) -> SavedFilter:
    saved = get_object_or_404(SavedFilter, pk=pk, owner=request.user.pk)
    if not admin_of_list(saved.list).has_view_or_change_permission(request):
        raise PermissionDenied
    return saved


def _render_saved_filters(request: HttpRequest, invalid_form: SavedFilterForm | None = None) -> HttpResponse:
    lists: dict[str, list[dict]] = {}
    for saved_filter in own_saved_filters(request):
        form = invalid_form if invalid_form is not None and invalid_form.instance.pk == saved_filter.pk else None
        row: dict[str, Any] = {
            "saved": saved_filter,
            "name": form["name"].value() if form else saved_filter.name,
            "errors": form.errors.get("name", []) if form else [],
            "first": list_title(saved_filter) not in lists,
        }
        lists.setdefault(list_title(saved_filter), []).append(row)
    context = admin.site.each_context(request) | {"title": "Saved views", "lists": lists}
    return TemplateResponse(request, "desk/dashboard/saved_filters.html", context, status=400 if invalid_form else 200)
