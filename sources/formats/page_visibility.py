"""What the readers of a web page see of its elements."""

import re
from typing import Any

_UNSEEN = frozenset(
    "script style noscript template head svg iframe object embed video audio canvas map select option datalist textarea input "
    "button annotation annotation-xml rp".split()
)
_ROOTS = frozenset({"html", "body", "main", "article"})
_STRUCK = frozenset({"del", "s", "strike"})
_HIDDEN_STYLE = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|font-size:0(?:px|em|rem|%)?(?:;|!|$)|opacity:0(?:\.0+)?(?:;|!|$)"
    r"|(?:left|top|text-indent):-\d{3,}|clip:rect\((?:0|1px)[^)]*\))"
)
_HIDDEN_CLASS = re.compile(
    r"(?:[\w-]*[-_])?(?:sr-only|visually-?hidden|screen-?reader(?:-(?:text|only))?|a11y-hidden|assistive-text|element-invisible)|u-hidden"
)
_HIDDEN_UNLESS_RESPONSIVE = frozenset({"hidden", "d-none", "is-hidden"})
_STRUCK_CLASSES = frozenset({"line-through", "strike", "strikethrough", "text-strike", "text-decoration-line-through"})


def is_hidden(element: Any) -> bool:
    """Return whether an element is never shown to readers: a script, a form field, hidden by attribute, style or class."""
    if element.tag in _UNSEEN:
        return True
    if element.tag in _ROOTS:
        return False
    if element.get("hidden", "until-found").lower() != "until-found" or (element.tag == "dialog" and element.get("open") is None):
        return True
    style = re.sub(r"\s", "", element.get("style") or "").lower()
    if style and _HIDDEN_STYLE.search(style):
        return True
    classes = set((element.get("class") or "").split())
    # Such a class may be undone for wide screens: hidden md:block, d-none d-md-block.
    undone = any(":" in name or (name.startswith("d-") and name != "d-none") for name in classes)
    return any(map(_HIDDEN_CLASS.fullmatch, classes)) or (bool(classes & _HIDDEN_UNLESS_RESPONSIVE) and not undone)


def is_struck(element: Any) -> bool:
    """Return whether an element is struck out, by its tag, style or class."""
    if element.tag in _STRUCK:
        return True
    style = (element.get("style") or "").lower()
    return "line-through" in style or not _STRUCK_CLASSES.isdisjoint((element.get("class") or "").split())


def visible_text(element: Any, limit: int | None = None) -> str:
    """Return the text of an element without what is hidden or struck out in it, up to about `limit` characters."""
    pieces: list[str] = []
    length = 0
    waiting = [element]
    while waiting and (limit is None or length <= limit):
        part = waiting.pop()
        if isinstance(part, str):
            pieces.append(part)
            length += len(part)
        else:
            if part is not element and part.tail:
                waiting.append(part.tail)
            if isinstance(part.tag, str) and not is_hidden(part) and not is_struck(part):
                waiting.extend(reversed(part))
                waiting.append(part.text or "")
    return "".join(pieces)
