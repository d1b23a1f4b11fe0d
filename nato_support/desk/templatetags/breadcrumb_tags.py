"""Template tag with the breadcrumbs of the page."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

register = template.Library()

# Last part of a URL name -> title of the page below a record or a list.
_SUBPAGE_TITLES = {
    "add": "Add",
    "delete": "Delete",
    "history": "History",
    "preview": "Preview",
    "intake": "New document",
    "replace_document_text": "Replace the text",
    "coverage": "Coverage",
}
# URL name -> title and URL name of the page above, where the URL does not say it.
_PARENT_PAGES = {"sources_contested_field": ("Contested facts", "admin:sources_contested")}


@dataclass(frozen=True)
class Breadcrumb:
    """A page on the way; the current page has no URL."""

    title: str
    address: str = ""


@register.inclusion_tag("desk/breadcrumbs.html", takes_context=True)
def breadcrumbs(context) -> dict[str, Any]:
    """Return the steps to the current page. A page may pass its own as `breadcrumbs`, pairs of title and URL."""
    request = context["request"]
    steps = [Breadcrumb(*step) for step in context.get("breadcrumbs", ())] or _breadcrumbs_to_page(context, request)
    if not steps or context.get("is_popup"):
        return {"steps": [], "here": context.get("title") or "Overview"}
    home = Breadcrumb("Overview", reverse("admin:index"))
    return {"steps": [home, *steps[:-1]], "here": steps[-1].title}


def _breadcrumbs_to_page(context, request) -> list[Breadcrumb]:
    match = request.resolver_match
    url_name = (match.url_name if match else None) or ""
    title = str(context.get("title") or "")
    if url_name == "index":
        return []
    if url_name in _PARENT_PAGES:
        parent, address = _PARENT_PAGES[url_name]
        return [Breadcrumb(parent, reverse(address)), Breadcrumb(title)]
    opts = context.get("opts")
    if not opts:
        return [Breadcrumb(title)]
    steps = [Breadcrumb(capfirst(str(opts.verbose_name_plural)), _page_url_if_allowed(request, opts, "changelist"))]
    record = context.get("original") or context.get("object")
    page_name = url_name.removeprefix(f"{opts.app_label}_{opts.model_name}_")
    if record is not None and not isinstance(record, str):
        # The heading of the desk is the title of the document already.
        record_title = "Document details" if page_name == "read" else str(record)
        steps.append(Breadcrumb(record_title, _page_url_if_allowed(request, record._meta, "change", record.pk)))
    if page_name not in ("changelist", "change"):
        steps.append(Breadcrumb(_SUBPAGE_TITLES.get(page_name, title)))
    return steps


def _page_url_if_allowed(request, opts, page: str, *args) -> str:
    """Return the URL of that page; '' if there is none or the user may not see it."""
    allowed = any(request.user.has_perm(f"{opts.app_label}.{verb}_{opts.model_name}") for verb in ("view", "change"))
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args) if allowed else ""
    except NoReverseMatch:
        return ""
