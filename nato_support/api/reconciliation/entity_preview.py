"""Small page about an entity, which clients show in a frame: the only response that may be framed. It runs no script."""

from html import escape

from nato_support.api.api_response import ApiResponse
from nato_support.api.problems import ApiProblem
from nato_support.api.reconciliation import live_entities
from nato_support.api.reconciliation.entity_types import describe_entity
from nato_support.api.reconciliation.live_entities import LiveEntity
from nato_support.api.reconciliation.property_values import country_name

PREVIEW_MEDIA_TYPE = "text/html; charset=utf-8"
_MAX_NAMES_SHOWN = 12
_FRAMED_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE = "body{font:14px/1.4 sans-serif;margin:.6em;color:#1a1a1a;background:#fff}h1{font-size:1.1em;margin:0}p{margin:.3em 0}"


def preview_response(id: str, site: str) -> ApiResponse:
    """Return the page. Raises a `not-found` problem unless a public entity has this id."""
    entities = live_entities.find_live_entities([id])
    if id not in entities:
        raise ApiProblem("not-found", "There is no public entity of this id.")
    return ApiResponse(_preview_html(entities[id], site).encode(), PREVIEW_MEDIA_TYPE, extra_headers=_FRAMED_HEADERS)


def _preview_html(record: LiveEntity, site: str) -> str:
    url = escape(f"{site}{record.document['href']}")
    name = escape(record.name)
    other_names = ", ".join(map(escape, dict.fromkeys(record.other_names[:_MAX_NAMES_SHOWN])))
    lines = [
        f'<h1><a href="{url}" target="_blank" rel="noopener">{name}</a></h1>',
        f"<p>{escape(describe_entity(record.document, country_name(record.document)))}</p>",
        f"<p>Also: {other_names}</p>" if other_names else "",
    ]
    head = f'<meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(lines)}</body></html>'
