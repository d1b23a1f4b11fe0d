"""Columns of a list that each user has chosen to see."""

from django.contrib import messages
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from nato_support.desk.dashboard.saved_filters import admin_of_list, list_url
from nato_support.desk.models import ListColumns


def column_name(column) -> str:
    """Return the name of an entry of `list_display`, a name itself or a function."""
    return getattr(column, "__name__", column)


def columns_to_choose(model_admin) -> list[str]:
    """Return the names of the columns that may be hidden: not the first one, nor those that lead to a row or are edited."""
    always = {
        *map(column_name, model_admin.list_display[:1]),
        *(model_admin.list_display_links or ()),
        *model_admin.list_editable,
    }
    return [name for name in map(column_name, model_admin.list_display) if name not in always]


def hidden_columns(user_pk: int | None, model_admin) -> set[str]:
    """Return the names of the columns that the user does not see: those of the list's default without a choice of theirs."""
    may_hide = set(columns_to_choose(model_admin))
    chosen = ListColumns.objects.filter(owner=user_pk, list=list_label(model_admin)).values_list("hidden", flat=True).first()
    return may_hide.intersection(model_admin.list_hidden if chosen is None else chosen)


def list_label(model_admin) -> str:
    """Return the label of the list, as app_model."""
    return model_admin.opts.label_lower.replace(".", "_")


def column_choices(model_admin, hidden: set[str]) -> list[dict]:
    """Return name, label and whether it is shown of each column that may be hidden."""
    may_hide = columns_to_choose(model_admin)
    return [
        {
            "name": name,
            "label": capfirst(str(label_for_field(column, model_admin.model, model_admin))),
            "shown": name not in hidden,
        }
        for column in model_admin.list_display
        if (name := column_name(column)) in may_hide
    ]


@require_POST
def save_list_columns_view(request: HttpRequest) -> HttpResponse:
    """Save the columns that the user chose for a list, or return to its default; columns that it lacks are ignored."""
    label, query = request.POST.get("list", ""), QueryDict(request.POST.get("query", "")).urlencode()
    model_admin = admin_of_list(label)
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    if "reset" in request.POST:
        ListColumns.objects.filter(owner=request.user.pk, list=label).delete()
        messages.success(request, "The list shows its usual columns again.")
    else:
        shown = request.POST.getlist("column")
        hidden = [name for name in columns_to_choose(model_admin) if name not in shown]
        ListColumns.objects.update_or_create(owner_id=request.user.pk, list=label, defaults={"hidden": hidden})
        messages.success(request, "Your choice of columns was saved.")
    return HttpResponseRedirect(f"{list_url(label)}?{query}" if query else list_url(label))
