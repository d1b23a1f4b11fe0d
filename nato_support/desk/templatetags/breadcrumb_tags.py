"""The way from the front page to the page that is shown."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

register = template.Library()

# The end of an address's name -> what the page below a record or a list is called.
_SUBPAGE_TITLES = {
    "add": "Add",
    "delete": "Delete",
    "history": "History",
    "preview": "Preview",
    "intake": "New document",
    "retext": "Replace the text",
    "coverage": "Coverage",
}
# Pages that stand below another one without saying so.
_PARENT_PAGES = {"sources_contested_field": ("Contested facts", "admin:sources_contested")}


@dataclass(frozen=True)
class Breadcrumb:
    """One page on the way; the page itself has no address."""

    title: str
    address: str = ""


@register.inclusion_tag("desk/breadcrumbs.html", takes_context=True)
def breadcrumbs(context) -> dict[str, Any]:
    """The steps that lead here. A page may give its own, as pairs of title and address, in `trail`."""
    request = context["request"]
    steps = [Breadcrumb(*step) for step in context.get("trail", ())] or _breadcrumbs_to_page(context, request)
    if not steps or context.get("is_popup"):
        return {"steps": [], "here": context.get("title") or "Overview"}
    home = Breadcrumb("Overview", reverse("admin:index"))
    return {"steps": [home, *steps[:-1]], "here": steps[-1].title}


def _breadcrumbs_to_page(context, request) -> list[Breadcrumb]:
    match = request.resolver_match
    name = (match.url_name if match else None) or ""
    title = str(context.get("title") or "")
    if name == "index":
        return []
    if name in _PARENT_PAGES:
        parent, address = _PARENT_PAGES[name]
        return [Breadcrumb(parent, reverse(address)), Breadcrumb(title)]
    opts = context.get("opts")
    if not opts:
        return [Breadcrumb(title)]
    steps = [Breadcrumb(capfirst(str(opts.verbose_name_plural)), _page_url_if_allowed(request, opts, "changelist"))]
    record = context.get("original") or context.get("object")
    page = name.removeprefix(f"{opts.app_label}_{opts.model_name}_")
    if record is not None and not isinstance(record, str):
        # The desk is headed by what is read there.
        called = "Its record" if page == "read" else str(record)
        steps.append(Breadcrumb(called, _page_url_if_allowed(request, record._meta, "change", record.pk)))
    if page not in ("changelist", "change"):
        steps.append(Breadcrumb(_SUBPAGE_TITLES.get(page, title)))
    return steps


def _page_url_if_allowed(request, opts, page: str, *args) -> str:
    """Where that page is; '' if there is none, or if it is none for this reader."""
    may = any(request.user.has_perm(f"{opts.app_label}.{verb}_{opts.model_name}") for verb in ("view", "change"))
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args) if may else ""
    except NoReverseMatch:
        return ""
