"""How the admin looks: its title, colours and sidebar (django-unfold's settings)."""

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse_lazy


def environment(request) -> list[str] | None:
    """The label in the corner that tells a machine of one's own from the register itself."""
    return ["Own machine", "warning"] if settings.DEBUG else None


def _may_view(model: str):
    app, name = model.split(".")
    return lambda request: request.user.has_perm(f"{app}.view_{name}") or request.user.has_perm(f"{app}.change_{name}")


def _item(title: str, icon: str, model: str, page: str = "", go: str = "", waits: str = "") -> dict:
    """An entry of the sidebar: the list of `model`, or the page of that name, for those who may see the model.

    `go` is the letter that leads there after g; `waits` says how to count what waits there (nato_support.workplace.counts).
    """
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{page or model.replace('.', '_') + '_changelist'}"),
        "permission": _may_view(model),
        "active": _stands_at(page or f"{model.replace('.', '_')}_"),
        "go": go,
        "badge": f"nato_support.workplace.counts.{waits}_badge" if waits else "",
    }


def _stands_at(names: str):
    """Whether the page asked for is one of those whose names begin with `names`: pages may lie below the list of a model."""
    return lambda request: bool(request.resolver_match) and (request.resolver_match.url_name or "").startswith(names)


UNFOLD = {
    "SITE_TITLE": "NATO support register",
    "SITE_HEADER": "NATO support register",
    "SITE_SUBHEADER": "Who promised what, according to whom",
    "SITE_SYMBOL": "fact_check",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("register/favicon.svg")}],
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SHOW_BACK_BUTTON": True,
    "ENVIRONMENT": "nato_support.admin_settings.environment",
    "DASHBOARD_CALLBACK": "nato_support.workplace.front.front_page",
    "BORDER_RADIUS": "6px",
    "STYLES": [
        lambda request: static("register/admin.css"),
        lambda request: static("register/together.css"),
        lambda request: static("register/history.css"),
        lambda request: static("register/palette.css"),
        lambda request: static("register/front.css"),
    ],
    "SCRIPTS": [
        lambda request: static("register/admin.js"),
        lambda request: static("register/keys.js"),
        lambda request: static("register/together.js"),
        lambda request: static("register/palette.js"),
    ],
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 254)",
            "100": "oklch(93.2% .032 255)",
            "200": "oklch(88.2% .059 254)",
            "300": "oklch(80.9% .105 251)",
            "400": "oklch(70.7% .150 254)",
            "500": "oklch(60% .160 257)",
            "600": "oklch(50% .155 259)",
            "700": "oklch(43% .140 260)",
            "800": "oklch(37% .115 261)",
            "900": "oklch(31% .090 262)",
            "950": "oklch(24% .065 263)",
        },
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": [
            {
                "title": "Register",
                "items": [
                    {"title": "Overview", "icon": "dashboard", "link": reverse_lazy("admin:index"), "go": "h"},
                    _item("Commitments", "handshake", "entities.commitment", go="c"),
                    _item("Organisations", "account_balance", "entities.organisation", go="o"),
                    _item("Facilities", "location_on", "entities.facility"),
                    _item("Persons", "person", "entities.person", go="p"),
                    _item("Posts", "badge", "entities.post"),
                    _item("Events", "event", "entities.event", go="e"),
                    _item("Relations", "hub", "entities.relation", go="l"),
                ],
            },
            {
                "title": "Sources",
                "items": [
                    _item("Documents", "article", "sources.sourcedocument", go="d"),
                    _item("Quotes", "format_quote", "sources.sourcequote", go="q"),
                    _item("Citations", "link", "sources.citation"),
                    _item("Resolutions", "gavel", "sources.resolution"),
                    _item("Contested facts", "balance", "sources.resolution", page="sources_contested", go="x"),
                    _item("Failing quotes", "report", "sources.sourcequote", page="sources_failing", go="f", waits="failing"),
                    _item("Coverage", "fact_check", "sources.citation", page="sources_coverage", go="v"),
                ],
            },
            {
                "title": "Review",
                "items": [
                    _item("Review", "rate_review", "review.submission", go="r", waits="waiting"),
                    _item("Likely duplicates", "content_copy", "entities.likeness", go="u", waits="likenesses"),
                    _item("Merges", "merge", "entities.merge"),
                ],
            },
            {
                "title": "Published",
                "items": [
                    _item("Print runs", "print", "editions.printrun"),
                    _item("Editions", "menu_book", "editions.edition"),
                ],
            },
            {
                "title": "Vocabulary",
                "collapsible": True,
                "items": [
                    _item("Relation types", "schema", "entities.relationtype"),
                    _item("What types join", "join", "entities.relationjoin"),
                ],
            },
            {
                "title": "Across all records",
                "collapsible": True,
                "items": [
                    _item("All entities", "list", "entities.entity"),
                    _item("Names", "translate", "entities.name"),
                    _item("Identifiers", "fingerprint", "entities.identifier"),
                    _item("Measures", "straighten", "entities.measure"),
                    _item("Milestones", "flag", "entities.milestone"),
                    _item("Deleted records", "restore_from_trash", "entities.entity", page="entities_deleted"),
                ],
            },
            {
                "title": "People",
                "collapsible": True,
                "items": [
                    _item("Users", "manage_accounts", "auth.user"),
                    _item("Groups", "groups", "auth.group"),
                ],
            },
        ],
    },
}
