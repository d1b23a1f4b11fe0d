"""Command palette and global search: results as JSON while typing, and as a page."""

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
from nato_support.desk.text_search.text_search_view import may_search_texts, text_search_url
from sources.models import SourceDocument

RESULTS_WHILE_TYPING = 8
"""Records shown in the palette."""
RESULTS_PER_PAGE = 25
LONGEST_QUERY = 200
"""Characters of the query that are used."""


def palette_view(request: HttpRequest) -> JsonResponse:
    """Return the sidebar pages, new records and saved filters that the user may open, as JSON."""
    sidebar = admin.site.each_context(request)["sidebar_navigation"]
    items = [item for group in sidebar for item in group["items"] if item["has_permission"]]
    pages = [
        {"title": item["title"], "address": str(item["link"]), "key": f"g {item['shortcut']}" if item.get("shortcut") else ""}
        for item in items
    ]
    pages += [
        {"title": "Saved views", "address": reverse("admin:desk_filters")},
        {"title": "Preferences", "address": reverse("admin:desk_preferences")},
    ]
    filters = [
        {
            "title": saved_filter.name,
            "address": reverse("admin:desk_filter", args=[saved_filter.pk]),
            "about": list_title(saved_filter),
        }
        for saved_filter in own_saved_filters(request)
    ]
    return JsonResponse({"pages": pages, "new": _creatable_kinds(request), "filters": filters})


def _creatable_kinds(request: HttpRequest) -> list[dict[str, str]]:
    """Return the kinds of record that the user may add."""
    models = [apps.get_model(label) for label in SEARCHED_MODELS.values()]
    kinds = []
    for model in models:
        meta = model._meta
        if model in admin.site._registry and admin.site._registry[model].has_add_permission(request):
            page = reverse(f"admin:{meta.app_label}_{meta.model_name}_add")
            kinds.append({"title": capfirst(str(meta.verbose_name)), "address": page})
            if model is SourceDocument:
                intake = reverse("admin:sources_sourcedocument_intake")
                kinds.append({"title": "Document from a text, file or saved page", "address": intake})
    return kinds


def quick_search_view(request: HttpRequest) -> JsonResponse:
    """Return the best matches of the words typed so far, as JSON."""
    typed = _typed_words(request)
    hits = search_working_copy(typed, request.user, limit=RESULTS_WHILE_TYPING)
    results = [
        {
            "title": hit.title,
            "address": hit.address,
            "about": hit.detail,
            "kind": kind_label(hit.kind),
            "status": Status(hit.status).label,
        }
        for hit in hits.results
    ]
    if typed and may_search_texts(request.user):
        results.append(
            {"title": _text_search_label(typed), "address": text_search_url(typed), "about": "", "kind": "", "status": ""}
        )
    return JsonResponse({"results": results})


def _text_search_label(typed: str) -> str:
    return f"Search the texts for “{typed}”"


def search_page_view(request: HttpRequest) -> HttpResponse:
    """Render the search results, a page at a time, with the kinds as facets."""
    typed = _typed_words(request)
    kind = request.GET.get("kind", "")
    hits = search_working_copy(typed, request.user, kind if kind in SEARCHED_MODELS else "")
    page = Paginator(hits.results, RESULTS_PER_PAGE).get_page(request.GET.get("p"))
    facets = [
        {
            "label": capfirst(kind_label(facet_kind)),
            "count": count,
            "page": f"?{urlencode({'q': typed, 'kind': facet_kind})}",
            "current": facet_kind == kind,
        }
        for facet_kind, count in hits.counts.items()
    ]
    total = sum(hits.counts.values())
    facets.insert(
        0, {"label": "All", "count": total, "page": f"?{urlencode({'q': typed})}", "current": kind not in SEARCHED_MODELS}
    )
    context = admin.site.each_context(request) | {
        "title": "Search",
        "typed": typed,
        "kind": kind if kind in SEARCHED_MODELS else "",
        "page": page,
        "rows": [
            {"hit": facet_kind, "kind": kind_label(facet_kind.kind), "status": Status(facet_kind.status)} for facet_kind in page
        ],
        "facets": facets,
        "text_search": text_search_url(typed) if may_search_texts(request.user) else "",
        "earlier": f"?{urlencode({'q': typed, 'kind': kind, 'p': page.previous_page_number()})}" if page.has_previous() else "",
        "later": f"?{urlencode({'q': typed, 'kind': kind, 'p': page.next_page_number()})}" if page.has_next() else "",
    }
    return TemplateResponse(request, "desk/dashboard/search.html", context)


def kind_label(kind: str) -> str:
    """Return the label of a kind of record."""
    return str(apps.get_model(SEARCHED_MODELS[kind])._meta.verbose_name)


def _typed_words(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_QUERY]
