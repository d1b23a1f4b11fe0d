"""Appearance of the admin: title, colours and sidebar (django-unfold's settings)."""

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse_lazy


def environment_label(request) -> list[str] | None:
    """Return the label in the corner that tells a developer's machine from the register itself."""
    return ["LOCAL", "warning"] if settings.DEBUG else None


def _permission_to_view(model: str):
    app, name = model.split(".")
    return lambda request: request.user.has_perm(f"{app}.view_{name}") or request.user.has_perm(f"{app}.change_{name}")


def _may_change(model: str):
    app, name = model.split(".")
    return lambda request: request.user.has_perm(f"{app}.change_{name}")


def _sidebar_item(title: str, icon: str, model: str, url_name: str = "", shortcut: str = "", queue: str = "") -> dict:
    """Return a sidebar entry: the list of `model`, or the page `url_name`, for users who may see the model.

    `shortcut` is the letter that opens it after g; `queue` names the counter of its badge in
    nato_support.desk.dashboard.queue_counts.
    """
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{url_name or model.replace('.', '_') + '_changelist'}"),
        "permission": _permission_to_view(model),
        "active": _is_current_page(url_name or f"{model.replace('.', '_')}_"),
        "shortcut": shortcut,
        "badge": f"nato_support.desk.dashboard.queue_counts.{queue}_badge" if queue else "",
    }


def _is_current_page(url_name_prefix: str):
    """Return a test for requests of a page whose URL name begins with `url_name_prefix`, subpages included."""
    return lambda request: bool(request.resolver_match) and (request.resolver_match.url_name or "").startswith(url_name_prefix)


UNFOLD = {
    "SITE_TITLE": "NATO support register",
    "SITE_HEADER": "NATO support register",
    "SITE_SUBHEADER": "Who promised what, according to whom",
    "SITE_SYMBOL": "fact_check",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("desk/favicon.svg")}],
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SHOW_BACK_BUTTON": True,
    "ENVIRONMENT": "nato_support.desk.admin_settings.environment_label",
    "DASHBOARD_CALLBACK": "nato_support.desk.dashboard.home.home_page",
    "BORDER_RADIUS": "6px",
    "STYLES": [
        lambda request: static("desk/desk.css"),
        lambda request: static("desk/theme.css"),
        lambda request: static("desk/records/concurrency.css"),
        lambda request: static("desk/records/history.css"),
        lambda request: static("desk/dashboard/palette.css"),
        lambda request: static("desk/dashboard/home.css"),
        lambda request: static("desk/teamwork/teamwork.css"),
    ],
    "SCRIPTS": [
        lambda request: static("desk/desk.js"),
        lambda request: static("desk/keys.js"),
        lambda request: static("desk/records/concurrency.js"),
        lambda request: static("desk/dashboard/palette.js"),
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
                "title": "Review",
                "items": [
                    {"title": "Overview", "icon": "dashboard", "link": reverse_lazy("admin:index"), "shortcut": "h"},
                    {
                        "title": "Notifications",
                        "icon": "notifications",
                        "link": reverse_lazy("admin:desk_notifications"),
                        "active": _is_current_page("desk_notifications"),
                        "badge": "nato_support.desk.dashboard.queue_counts.notifications_badge",
                    },
                    _sidebar_item("Review", "rate_review", "publishing.submission", shortcut="r", queue="waiting"),
                    _sidebar_item("Reports from readers", "feedback", "reports.readerreport", queue="reports"),
                    _sidebar_item("To check", "playlist_add_check", "desk.dismisseddoubt", url_name="desk_doubts", shortcut="k"),
                    _sidebar_item(
                        "Likely duplicates", "content_copy", "entities.duplicatecandidate", shortcut="u", queue="duplicates"
                    ),
                    _sidebar_item("Merges", "merge", "entities.merge"),
                ],
            },
            {
                "title": "Register",
                "items": [
                    _sidebar_item("Commitments", "handshake", "entities.commitment", shortcut="c"),
                    _sidebar_item("Organisations", "account_balance", "entities.organisation", shortcut="o"),
                    _sidebar_item("Facilities", "location_on", "entities.facility"),
                    _sidebar_item("Persons", "person", "entities.person", shortcut="p"),
                    _sidebar_item("Posts", "badge", "entities.post"),
                    _sidebar_item("Events", "event", "entities.event", shortcut="e"),
                    _sidebar_item("Relations", "hub", "entities.relation", shortcut="l"),
                ],
            },
            {
                "title": "Sources",
                "items": [
                    _sidebar_item("Documents", "article", "sources.sourcedocument", shortcut="d"),
                    # The texts are private to those who may change a document.
                    _sidebar_item("Search texts", "manage_search", "sources.sourcedocument", "desk_text_search", "t")
                    | {"permission": _may_change("sources.sourcedocument")},
                    _sidebar_item("Quotes", "format_quote", "sources.sourcequote", shortcut="q"),
                    _sidebar_item("Citations", "link", "sources.citation"),
                    _sidebar_item("Resolutions", "gavel", "sources.resolution"),
                    _sidebar_item("Contested facts", "balance", "sources.resolution", url_name="sources_contested", shortcut="x"),
                    _sidebar_item(
                        "Failing quotes",
                        "report",
                        "sources.sourcequote",
                        url_name="sources_failing",
                        shortcut="f",
                        queue="failing",
                    ),
                    _sidebar_item("Coverage", "fact_check", "sources.citation", url_name="sources_coverage", shortcut="v"),
                ],
            },
            {
                "title": "Published",
                "items": [
                    _sidebar_item("Releases", "new_releases", "publishing.release"),
                    _sidebar_item("Editions", "menu_book", "publishing.edition"),
                ],
            },
            {
                "title": "Vocabulary",
                "collapsible": True,
                "items": [
                    _sidebar_item("Relation types", "schema", "entities.relationtype"),
                    _sidebar_item("Allowed kinds", "join", "entities.relationjoin"),
                ],
            },
            {
                "title": "Across all records",
                "collapsible": True,
                "items": [
                    _sidebar_item("All entities", "list", "entities.entity"),
                    _sidebar_item("Names", "translate", "entities.name"),
                    _sidebar_item("Identifiers", "fingerprint", "entities.identifier"),
                    _sidebar_item("Measures", "straighten", "entities.measure"),
                    _sidebar_item("Milestones", "flag", "entities.milestone"),
                    _sidebar_item("Deleted records", "restore_from_trash", "entities.entity", url_name="entities_deleted"),
                ],
            },
            {
                "title": "People",
                "collapsible": True,
                "items": [
                    _sidebar_item("Users", "manage_accounts", "auth.user"),
                    _sidebar_item("Groups", "groups", "auth.group"),
                ],
            },
        ],
    },
}
