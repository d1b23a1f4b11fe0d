"""Width of a text before a browser has seen it: an upper bound over the fonts in which it may be shown."""

from itertools import accumulate

_WIDEST_FONT = {
    28: "'ijlìíîïīįıĺļії",
    32: " ,.IÌÍÎÏĪĮİł‘’ІЇ",
    36: "/:;\\f|·",
    40: "()-[]tľţť",
    44: "!rŕř",
    48: '"',
    52: "*J`“”„",
    56: "?L_cszçćčĹĻĽśşšźżž–гзсэєґ",
    60: "kvxyýÿķŁвтухчь",
    64: "$0123456789FTabdeghnopqu{}ßàáâãäåèéêëðñòóôõöøùúûüþāăąďđēėęěğģńņňōőŢŤūůűų€£«»ГТУабеклоряҐ",
    68: "EKPSYÈÉÊËÝÞĒĖĘĚĶŚŞŠŸЕЗРийнп",
    72: "ABVXZÀÁÂÃÄÅĀĂĄŹŻŽАБВКХЧЬЭдцъЄ",
    76: "CHNRUÇÑÙÚÛÜĆČŃŅŇŔŘŪŮŰŲИЙЛНПСЯм",
    80: "&DGOQÐÒÓÔÕÖØĎĐĞĢŌŐДОЦы",
    84: "#+<=>^w~Ъ×≥≈≤",
    88: "MМФфю",
    92: "Ыжш",
    96: "%щ",
    100: "WmÆæ—…→←",
    104: "@œ",
    108: "ŒЖШЮ№",
    112: "Щ",
}
"""Hundredths of the size of the type -> characters of that width at most in DejaVu Sans, the widest of the usual fonts."""


class _Widths(dict[str, int]):
    """Character -> width; one that is not in the table counts as wider than most."""

    def __missing__(self, character: str) -> int:
        return 110


_width_of = _Widths({character: width for width, characters in _WIDEST_FONT.items() for character in characters}).__getitem__
BOLD = 1.16
"""Width of a text in bold, compared with the same text in regular type."""
_ELLIPSIS = "…"
_LEFT_OUT_BEFORE_IT = " ,;:-–·"


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the greatest width of a text in units of `size`."""
    # A sum of whole numbers, which is the same in every version of Python.
    return sum(map(_width_of, text)) * size * (BOLD if bold else 1) / 100


def fit_text(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return the text, shortened at a word with an ellipsis if it is wider than `room`; empty if nothing fits."""
    units = room * 100 / (size * (BOLD if bold else 1))
    widths = list(accumulate(map(_width_of, text), initial=0))
    if widths[-1] <= units:
        return text
    for end in range(len(text) - 1, 0, -1):
        shortened = text[:end].rstrip(_LEFT_OUT_BEFORE_IT)
        if widths[len(shortened)] + _width_of(_ELLIPSIS) <= units:
            space = text.rfind(" ", 0, end + 1)
            # A word is cut only where the rest would say too little.
            return (text[:space].rstrip(_LEFT_OUT_BEFORE_IT) if space > end * 0.7 else shortened) + _ELLIPSIS
    return ""


def wrap_text(text: str, size: float, room: float, max_lines: int, *, bold: bool = False) -> list[str]:
    """Return the text in lines no wider than `room`, the last one shortened if there would be more than `max_lines`."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < max_lines - 1:
        count = 1
        while count < len(words) and text_width(" ".join(words[: count + 1]), size, bold=bold) <= room:
            count += 1
        lines.append(fit_text(" ".join(words[:count]), size, room, bold=bold))
        words = words[count:]
    if words:
        lines.append(fit_text(" ".join(words), size, room, bold=bold))
    return lines
