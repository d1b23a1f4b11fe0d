"""A small page about one entity, which clients show in a frame: the only answer that may be framed. It runs no script."""

from html import escape

from nato_support.api.answering import Answer
from nato_support.api.problems import Problem
from nato_support.api.reconciling import records
from nato_support.api.reconciling.kinds import described
from nato_support.api.reconciling.properties import country_of
from nato_support.api.reconciling.records import Record

MEDIA = "text/html; charset=utf-8"
_MOST_NAMES = 12
_FRAMED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE = "body{font:14px/1.4 sans-serif;margin:.6em;color:#1a1a1a;background:#fff}h1{font-size:1.1em;margin:0}p{margin:.3em 0}"


def preview(id: str, site: str) -> Answer:
    """The page. A problem if there is no such public entity."""
    found = records.named([id])
    if id not in found:
        raise Problem("not-found", "There is no public entity of this id.")
    return Answer(_page(found[id], site).encode(), MEDIA, more=_FRAMED)


def _page(record: Record, site: str) -> str:
    address = escape(f"{site}{record.lean['href']}")
    name = escape(record.name)
    also = ", ".join(map(escape, dict.fromkeys(record.other_names[:_MOST_NAMES])))
    lines = [
        f'<h1><a href="{address}" target="_blank" rel="noopener">{name}</a></h1>',
        f"<p>{escape(described(record.lean, country_of(record.lean)))}</p>",
        f"<p>Also: {also}</p>" if also else "",
    ]
    head = f'<meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(lines)}</body></html>'
