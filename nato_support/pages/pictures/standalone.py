"""A picture as a file of its own, for downloads and frames: its styles within it, full addresses, and whom to credit.

Editors of drawings and makers of bitmaps know no variables of CSS, so its colours are written out.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from nato_support.pages.pictures.drawing import Picture, tag
from nato_support.pages.pictures.text_widths import wrap_text

_STYLES = Path(__file__).parents[1] / "static" / "pages" / "pictures.css"
_MARGIN = 12
_TITLE_SIZE, _TITLE_LINE, _MAX_TITLE_LINES = 16, 21, 3
_CREDIT_SIZE, _CREDIT_LINE, _MAX_CREDIT_LINES = 11, 15, 4
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_MEDIA = re.compile(r"(?m)^@media ([^{]*) \{\n((?: +.*\n)*)\}\n")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COLOURS = ("color", "fill", "stroke", "stop-color")
_OF_PAGES = ("display", "height", "max-width", "width", "margin-inline", "cursor")
"""Properties that place a picture on a page."""


def standalone_svg(picture: Picture, site: str, credit: str, source: str = "", *, by_night: bool = True) -> str:
    """Return the picture as a document. `site` is put before its addresses.

    Its title is shown above it, and `credit` beneath; `source` says within the file where it is from and on which terms. With
    `by_night`, it is dark where its readers prefer that.
    """
    # As a file it is shown whatever the width.
    content = str(picture.svg).replace("picture-wide ", "").replace('href="/', f'href="{escape(site)}/')
    # What is linked within the page has no target in a file.
    content = re.sub(r' href="#[^"]*"', "", content)
    room = picture.width - 2 * _MARGIN
    title = wrap_text(picture.title, _TITLE_SIZE, room, _MAX_TITLE_LINES, bold=True)
    top = len(title) * _TITLE_LINE + 10
    content = content.replace("<svg ", f'<svg y="{top}" ', 1)
    lines = wrap_text(credit, _CREDIT_SIZE, room, _MAX_CREDIT_LINES)
    bottom = top + picture.height
    texts = [
        tag("text", escape(line), x=_MARGIN, y=22 + at * _TITLE_LINE, font_size=_TITLE_SIZE, font_weight="600")
        for at, line in enumerate(title)
    ] + [
        tag("text", escape(line), x=_MARGIN, y=bottom + 12 + at * _CREDIT_LINE, font_size=_CREDIT_SIZE, class_="quiet")
        for at, line in enumerate(lines)
    ]
    height = bottom + 11 + len(lines) * _CREDIT_LINE
    # Nobody knows on what ground a file is shown.
    ground = tag("rect", width=picture.width, height=height, class_="ground")
    return tag(
        "svg",
        tag("style", escape(standalone_styles(by_night=by_night)))
        + tag("metadata", escape(source or credit))
        + tag("g", ground, class_="picture")
        + content
        + tag("g", "".join(texts), class_="picture"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {picture.width} {height}",
        width=picture.width,
        height=height,
    )


@cache
def standalone_styles(*, by_night: bool = True) -> str:
    """Return the styles of a file: those of pages without what depends on the page, each colour written out."""
    text = _COMMENT.sub("", _STYLES.read_text(encoding="utf-8"))
    night = "".join(rules for query, rules in _MEDIA.findall(text) if query == "(prefers-color-scheme: dark)")
    text = _MEDIA.sub("", text)
    rules = [*_rules(text)]
    by_day = _variables(text)
    styles = "".join(_written_out(rules, by_day))
    if by_night:
        colours = [(selector, [pair for pair in pairs if pair[0] in _COLOURS]) for selector, pairs in rules]
        dark = "".join(_written_out(colours, by_day | _variables(night)))
        styles += f"@media (prefers-color-scheme: dark){{{dark}}}"
    return styles


@cache
def styles_hash() -> str:
    """Return the source expression by which a content security policy allows the styles of a file, and no others."""
    return f"'sha256-{b64encode(sha256(standalone_styles().encode()).digest()).decode()}'"


def _rules(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield selector and (property, value) of each rule, without variables and what places a picture on a page."""
    for selector, body in _RULE.findall(text):
        pairs = [(name.strip(), value.strip()) for name, _, value in (part.partition(":") for part in body.split(";"))]
        yield selector.strip(), [pair for pair in pairs if pair[0] and not pair[0].startswith("--") and pair[0] not in _OF_PAGES]


def _variables(text: str) -> dict[str, str]:
    return dict(re.findall(r"(--[a-z-]+): ([^;]+);", text))


def _written_out(rules: list[tuple[str, list[tuple[str, str]]]], variables: dict[str, str]) -> Iterator[str]:
    for selector, pairs in rules:
        body = ";".join(f"{name}:{value}" for name, value in pairs)
        if body:
            yield f"{selector}{{{re.sub(r'var[(](--[a-z-]+)[)]', lambda found: variables[found[1]], body)}}}"
