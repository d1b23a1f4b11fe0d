"""A picture as a file of its own, for downloads and frames: its styles within it, full addresses, and whom to credit."""

import re
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from nato_support.pages.pictures.drawing import Picture, tag
from nato_support.pages.pictures.text_widths import fit_text

_STYLES = Path(__file__).parents[1] / "static" / "pages" / "pictures.css"
_CREDIT_SIZE, _CREDIT_ROOM = 11, 26


def standalone_svg(picture: Picture, site: str, credit: str) -> str:
    """Return the picture as a document. `site` is put before its addresses; `credit` names origin, release and licence."""
    # As a file it is shown whatever the width.
    content = (
        str(picture.svg).replace("picture-wide ", "").replace("picture-narrow ", "").replace('href="/', f'href="{escape(site)}/')
    )
    # What is linked within the page has no target in a file.
    content = re.sub(r' href="#[^"]*"', "", content)
    shown_credit = fit_text(credit, _CREDIT_SIZE, picture.width - 24)
    line = tag("text", escape(shown_credit), x=12, y=picture.height + 12, font_size=_CREDIT_SIZE, class_="quiet")
    height = picture.height + _CREDIT_ROOM
    # Nobody knows on what ground a file is shown.
    ground = tag("g", tag("rect", width=picture.width, height=height, class_="ground"), class_="picture")
    return tag(
        "svg",
        tag("style", escape(_styles())) + tag("metadata", escape(credit)) + ground + content + tag("g", line, class_="picture"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {picture.width} {height}",
        width=picture.width,
        height=height,
    )


@cache
def _styles() -> str:
    """Return the styles without comments, and without those for pages, which show one picture of two, by day or by night."""
    text = re.sub(r"/\*.*?\*/", "", _STYLES.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(
        r"(?m)^\.picture-(wide|narrow) \{[^}]*\}\n|^@media \((?:min-width|prefers-color-scheme)[^{]*\{\n(?: +.*\n)*\}\n", "", text
    )
    return re.sub(r"\s+", " ", text).strip()
