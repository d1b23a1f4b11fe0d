"""What the palette offers, and the search over everything: as JSON while one types, and as a page."""

from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from entities.vocabulary import Status
from nato_support.desk.dashboard.global_search import SEARCHED_MODELS, search_working_copy
from nato_support.desk.dashboard.saved_filters import list_title, own_saved_filters

RESULTS_WHILE_TYPING = 8
"""So many records are shown in the palette."""
RESULTS_PER_PAGE = 25
LONGEST_QUERY = 200
"""So many characters of what is typed are looked at."""


def palette_view(request: HttpRequest) -> JsonResponse:
    """The pages of the sidebar, the kinds of record and the saved filters that are open to whoever asks."""
    sidebar = admin.site.each_context(request)["sidebar_navigation"]
    items = [item for group in sidebar for item in group["items"] if item["has_permission"]]
    pages = [
        {"title": item["title"], "address": str(item["link"]), "key": f"g {item['go']}" if item.get("go") else ""}
        for item in items
    ]
    pages += [
        {"title": "Saved filters", "address": reverse("admin:desk_filters")},
        {"title": "Preferences", "address": reverse("admin:desk_preferences")},
    ]
    filters = [
        {"title": one.name, "address": reverse("admin:desk_filter", args=[one.pk]), "about": list_title(one)}
        for one in own_saved_filters(request)
    ]
    return JsonResponse({"pages": pages, "new": _creatable_kinds(request), "filters": filters})


def _creatable_kinds(request: HttpRequest) -> list[dict[str, str]]:
    """The records that one may make."""
    models = [apps.get_model(label) for label in SEARCHED_MODELS.values()]
    offered = []
    for model in models:
        meta = model._meta
        if model in admin.site._registry and admin.site._registry[model].has_add_permission(request):
            page = reverse(f"admin:{meta.app_label}_{meta.model_name}_add")
            offered.append({"title": capfirst(str(meta.verbose_name)), "address": page})
    return offered


def quick_search_view(request: HttpRequest) -> JsonResponse:
    """The best of what is called by the words typed so far."""
    answer = search_working_copy(_typed_words(request), request.user, most=RESULTS_WHILE_TYPING)
    results = [
        {
            "title": one.title,
            "address": one.address,
            "about": one.about,
            "kind": kind_label(one.kind),
            "status": Status(one.status).label,
        }
        for one in answer.results
    ]
    return JsonResponse({"results": results})


def search_page_view(request: HttpRequest) -> HttpResponse:
    """All that is called by some words, a page at a time, with the kinds as facets."""
    typed = _typed_words(request)
    kind = request.GET.get("kind", "")
    answer = search_working_copy(typed, request.user, kind if kind in SEARCHED_MODELS else "")
    page = Paginator(answer.results, RESULTS_PER_PAGE).get_page(request.GET.get("p"))
    facets = [
        {
            "label": capfirst(kind_label(one)),
            "count": count,
            "page": f"?{urlencode({'q': typed, 'kind': one})}",
            "current": one == kind,
        }
        for one, count in answer.counts.items()
    ]
    every = sum(answer.counts.values())
    facets.insert(
        0, {"label": "All", "count": every, "page": f"?{urlencode({'q': typed})}", "current": kind not in SEARCHED_MODELS}
    )
    context = admin.site.each_context(request) | {
        "title": "Search",
        "typed": typed,
        "kind": kind if kind in SEARCHED_MODELS else "",
        "page": page,
        "rows": [{"found": one, "kind": kind_label(one.kind), "status": Status(one.status)} for one in page],
        "facets": facets,
        "earlier": f"?{urlencode({'q': typed, 'kind': kind, 'p': page.previous_page_number()})}" if page.has_previous() else "",
        "later": f"?{urlencode({'q': typed, 'kind': kind, 'p': page.next_page_number()})}" if page.has_next() else "",
    }
    return TemplateResponse(request, "desk/dashboard/search.html", context)


def kind_label(kind: str) -> str:
    """What a kind of record is called in the admin."""
    return str(apps.get_model(SEARCHED_MODELS[kind])._meta.verbose_name)


def _typed_words(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_QUERY]
