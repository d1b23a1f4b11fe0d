"""A drawing: SVG elements written one after the other, with the boxes of its labels, and the picture that it becomes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from django.utils.safestring import SafeString, mark_safe

from nato_support.pages.pictures.text_widths import text_width

WIDE, NARROW = 960, 360
"""Widths for which pictures are drawn, in pixels: a column of text on a desk, and a phone of 390 with its margins."""
# Almost no value has one, and to look is quicker than to replace each.
_SPECIAL = re.compile('[&<>"\n\r\t]')
_ASCENT, _DESCENT = 0.8, 0.22
"""Height of the tallest and depth of the deepest letter, in units of the size of the type."""


class Box(NamedTuple):
    """Rectangle of a label."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def overlaps(self, other: "Box") -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True)
class Picture:
    """A finished picture."""

    svg: SafeString
    title: str
    description: str
    """Sentences that tell those who do not see the picture what it shows."""
    width: int
    height: int
    labels: Sequence[Box]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    """The data of the picture in words and numbers, one cell for each of `columns`."""
    row_ids: Sequence[str] = ()
    """Ids that the first rows have in the table beneath, because parts of the picture link to them."""

    def __html__(self) -> str:
        return self.svg


def number_text(value: float) -> str:
    """Return a coordinate with one decimal at most."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _attribute_text(value: object) -> str:
    """Return the value of an attribute with its quotation marks."""
    if isinstance(value, float):
        return f'"{number_text(value)}"'
    text = str(value)
    return quoteattr(text) if _SPECIAL.search(text) else f'"{text}"'


@lru_cache(maxsize=256)
def _attribute_name(key: str) -> str:
    return key.rstrip("_").replace("__", ":").replace("_", "-")


def tag(name: str, content: str = "", **attributes: object) -> str:
    """Return an element. `class_` and `stroke_width` become class and stroke-width; attributes that are None are left out."""
    pairs = "".join(
        [f" {_attribute_name(key)}={_attribute_text(value)}" for key, value in attributes.items() if value is not None]
    )
    return f"<{name}{pairs}>{content}</{name}>" if content else f"<{name}{pairs}/>"


def text_span(text: str, **attributes: object) -> str:
    """Return a part of a text with attributes of its own."""
    return tag("tspan", escape(text), **attributes)


@dataclass
class Drawing:
    """A picture under construction. `name` is unique on the page, since the ids of the drawing begin with it."""

    name: str
    width: int
    labels: list[Box] = field(default_factory=list)
    _elements: list[str] = field(default_factory=list)
    _definitions: dict[str, str] = field(default_factory=dict)

    @property
    def is_narrow(self) -> bool:
        return self.width <= NARROW

    @property
    def prefix(self) -> str:
        """Beginning of the ids of this drawing."""
        return f"{self.name}-{self.width}"

    def add(self, name: str, content: str = "", **attributes: object) -> None:
        """Add an element."""
        self._elements.append(tag(name, content, **attributes))

    def content(self) -> str:
        """Return the elements so far."""
        return "".join(self._elements)

    def adopt_definitions(self, part: "Drawing") -> None:
        """Take over the definitions of a part that was drawn apart."""
        self._definitions |= part._definitions

    def reference(self, name: str, definition: str) -> str:
        """Return `url(#...)` of a definition, an element with {id} in it, that is written once."""
        id = f"{self.prefix}-{name}"
        self._definitions[name] = definition.replace("{id}", id)
        return f"url(#{id})"

    def label(
        self, x: float, y: float, text: str, size: float, *, anchor: str = "start", bold: bool = False, class_: str | None = None
    ) -> str:
        """Return a text element whose box is kept. `y` is its base line."""
        return self.label_of_parts(x, y, [(text, None)], size, anchor=anchor, bold=bold, class_=class_)

    def label_of_parts(
        self,
        x: float,
        y: float,
        parts: Iterable[tuple[str, str | None]],
        size: float,
        *,
        anchor: str = "start",
        bold: bool = False,
        class_: str | None = None,
    ) -> str:
        """Return a text element of several (text, class) in a line, whose box is kept."""
        parts = [part for part in parts if part[0]]
        whole = "".join(text for text, _ in parts)
        width = text_width(whole, size, bold=bold)
        left = x - width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        self.labels.append(Box(left, y - _ASCENT * size, left + width, y + _DESCENT * size, whole))
        content = "".join(
            escape(text) if part_class is None else text_span(text, class_=part_class) for text, part_class in parts
        )
        return tag(
            "text",
            content,
            x=float(x),
            y=float(y),
            font_size=size,
            text_anchor=None if anchor == "start" else anchor,
            font_weight="600" if bold else None,
            class_=class_,
            xml__space="preserve" if "  " in whole else None,
        )

    def add_label(self, x: float, y: float, text: str, size: float, **options) -> None:
        """Add a label; see `label`."""
        self._elements.append(self.label(x, y, text, size, **options))

    def finish(
        self,
        height: float,
        title: str,
        description: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        class_: str,
        has_links: bool,
        row_ids: Sequence[str] = (),
    ) -> Picture:
        """Return the picture. One with links is a group for screen readers, one without is an image."""
        pixels = round(height)
        title_id, description_id = f"{self.prefix}-title", f"{self.prefix}-desc"
        content = [tag("title", escape(title), id=title_id), tag("desc", escape(description), id=description_id)]
        if self._definitions:
            content.append(tag("defs", "".join(definition for _, definition in sorted(self._definitions.items()))))
        svg = tag(
            "svg",
            "".join(content + self._elements),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {self.width} {pixels}",
            width=self.width,
            height=pixels,
            role="group" if has_links else "img",
            aria_labelledby=title_id,
            aria_describedby=description_id,
            class_=f"picture picture-{'narrow' if self.is_narrow else 'wide'} {class_}",
        )
        # Every text and attribute was escaped where it was written.
        return Picture(
            mark_safe(svg),  # noqa: S308
            title,
            description,
            self.width,
            pixels,
            self.labels,
            columns,
            rows,
            row_ids,
        )


def overlapping_labels(labels: Sequence[Box]) -> list[tuple[Box, Box]]:
    """Return the pairs of labels that overlap."""
    ordered = sorted(labels, key=lambda box: box.top)
    pairs = []
    for at, box in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other.top >= box.bottom:
                break
            if box.overlaps(other):
                pairs.append((box, other))
    return pairs
