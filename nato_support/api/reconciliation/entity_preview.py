"""A small page about one entity, which clients show in a frame: the only answer that may be framed. It releases no script."""

from html import escape

from nato_support.api.dispatch import ApiResponse
from nato_support.api.problems import ApiProblem
from nato_support.api.reconciliation import live_entities
from nato_support.api.reconciliation.entity_properties import country_name
from nato_support.api.reconciliation.entity_types import describe_entity
from nato_support.api.reconciliation.live_entities import LiveEntity

PREVIEW_MEDIA_TYPE = "text/html; charset=utf-8"
_MAX_NAMES_SHOWN = 12
_FRAMED_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE = "body{font:14px/1.4 sans-serif;margin:.6em;color:#1a1a1a;background:#fff}h1{font-size:1.1em;margin:0}p{margin:.3em 0}"


def preview_response(id: str, site: str) -> ApiResponse:
    """The page. A problem if there is no such public entity."""
    found = live_entities.find_live_entities([id])
    if id not in found:
        raise ApiProblem("not-found", "There is no public entity of this id.")
    return ApiResponse(_preview_html(found[id], site).encode(), PREVIEW_MEDIA_TYPE, extra_headers=_FRAMED_HEADERS)


def _preview_html(record: LiveEntity, site: str) -> str:
    address = escape(f"{site}{record.lean['href']}")
    name = escape(record.name)
    also = ", ".join(map(escape, dict.fromkeys(record.other_names[:_MAX_NAMES_SHOWN])))
    lines = [
        f'<h1><a href="{address}" target="_blank" rel="noopener">{name}</a></h1>',
        f"<p>{escape(describe_entity(record.lean, country_name(record.lean)))}</p>",
        f"<p>Also: {also}</p>" if also else "",
    ]
    head = f'<meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(lines)}</body></html>'
