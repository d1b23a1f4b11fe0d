"""Ready references, in words and for reference managers: what a reader needs to find a quote or an edition again."""

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from entities.dates import DateInterval, DatePoint, PartialDate
from entities.formatting import format_partial_date

if TYPE_CHECKING:
    from sources.models import SourceQuote

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")
# BibTeX counts braces even where a backslash stands before them, so they are written as commands.
_TEX_COMMANDS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "€": r"\texteuro{}",
    "£": r"\pounds{}",
    "ß": r"{\ss}",
    "æ": r"{\ae}",
    "Æ": r"{\AE}",
    "ø": r"{\o}",
    "Ø": r"{\O}",
    "ł": r"{\l}",
    "Ł": r"{\L}",
    "œ": r"{\oe}",
    "Œ": r"{\OE}",
    "ı": r"{\i}",
    "\u00a0": "~",
} | {character: f"\\{character}" for character in "%&#_$"}
_TEX_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0327": "c",
    "\u0328": "k",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A work as others refer to it; what is not known is empty."""

    key: str
    """Name within a bibliography: ASCII letters, digits and hyphens."""
    title: str
    publisher: str = ""
    date: str = ""
    """Partial date."""
    version: str = ""
    """In words."""
    page: int | None = None
    url: str = ""
    retrieved: str = ""
    """Partial date."""
    licence: str = ""
    type: str = "webpage"
    """Of the types of CSL 1.0.2."""

    @property
    def words(self) -> str:
        """One line: “Arcadian Courier, “Arcadia to give kites”, 9 July 2024, p. 3, https://... (retrieved 1 August 2024)”."""
        parts = [
            self.publisher,
            f"“{self.title}”",
            self.version,
            format_partial_date(self.date),
            gettext("p. %(number)s") % {"number": self.page} if self.page else "",
            self.url,
        ]
        retrieved = gettext("retrieved %(day)s") % {"day": format_partial_date(self.retrieved)} if self.retrieved else ""
        return f"{', '.join(filter(None, parts))}{f' ({retrieved})' if retrieved else ''}"

    @property
    def bibtex(self) -> str:
        """An entry for BibTeX and biblatex, whatever characters the title has."""
        point = _first_point(self.date)
        fields = {
            # In double braces, no style changes its capitals, and a publisher is no first and last name.
            "author": f"{{{_tex(self.publisher)}}}" if self.publisher else "",
            "title": f"{{{_tex(self.title)}}}",
            "year": f"{point.year:04}" if point else "",
            "month": _MONTHS[point.month - 1] if point and point.month else "",
            "date": str(point).rstrip("~?") if point else "",
            "version": _tex(self.version),
            "pages": str(self.page or ""),
            "url": _url(self.url),
            "urldate": str(retrieved) if (retrieved := _first_point(self.retrieved)) and retrieved.day else "",
            "note": _tex(self.licence),
        }
        lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields.items() if value]
        return f"@misc{{{self.key},\n{''.join(lines)}}}\n"

    @property
    def csl_item(self) -> dict[str, Any]:
        """An item of CSL JSON, as csl-data.json of CSL 1.0.2 has it."""
        publisher = _plain(self.publisher)
        members = {
            "id": self.key,
            "type": self.type,
            "title": _plain(self.title),
            "author": [{"literal": publisher}] if publisher else None,
            "publisher": publisher,
            "issued": _csl_date(self.date),
            "version": _plain(self.version),
            "page": str(self.page or ""),
            "URL": _url(self.url),
            "accessed": _csl_date(self.retrieved),
            "note": _plain(self.licence),
        }
        return {name: value for name, value in members.items() if value}


def cite_quote(quote: "SourceQuote") -> str:
    """Return one line that cites the source of `quote`, whose document and publisher are loaded."""
    document = quote.document
    return Reference(
        key=quote.slug,
        title=document.title,
        publisher=document.publisher.name if document.publisher else "",
        date=document.published_on,
        page=quote.page,
        url=document.url or document.archived_url,
        retrieved=document.retrieved_on,
    ).words


def _date_points(text: str) -> list[DatePoint]:
    """Return the date, or both ends of an interval; nothing if an end is open or no date is known."""
    date = PartialDate.parse(text) if text else None
    points = [date.begin, date.end] if isinstance(date, DateInterval) else [date]
    return [point for point in points if isinstance(point, DatePoint)] if None not in points else []


def _first_point(text: str) -> DatePoint | None:
    return next(iter(_date_points(text)), None)


def _csl_date(text: str) -> dict[str, Any] | None:
    points = _date_points(text)
    if not points:
        # CSL has no open intervals.
        return {"literal": format_partial_date(text)} if text else None
    parts = [[part for part in (point.year, point.month, point.day) if part] for point in points]
    return {"date-parts": parts} | ({"circa": True} if any(point.mark for point in points) else {})


def _plain(text: str) -> str:
    """Return the text in one line, without characters that no file or terminal should get."""
    return _CONTROL.sub(" ", text).strip()


def _tex(text: str) -> str:
    """Return text for TeX. Letters of other scripts stay as they are: the tools of today read UTF-8."""
    return "".join(map(_tex_character, unicodedata.normalize("NFC", _plain(text))))


def _tex_character(character: str) -> str:
    if character in _TEX_COMMANDS:
        return _TEX_COMMANDS[character]
    parts = unicodedata.normalize("NFD", character)
    letter, accent = parts[0], _TEX_ACCENTS.get(parts[1:])
    if accent and letter.isascii():
        base = f"\\{letter}" if letter in "ij" and accent not in "ck" else letter
        return f"{{\\{accent}{{{base}}}}}"
    return character


def _url(url: str) -> str:
    """Return an address without what would end a field of BibTeX; the rest of it stands there as it is."""
    return _plain(url).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C").replace(" ", "%20")
