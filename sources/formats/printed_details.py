"""Bibliography that an article prints above and below its text: headline, byline, publisher, dateline and days.

Read in English, Ukrainian, Polish, German and French. All of it is a proposal; what may mean something else is not proposed.
"""

import re
from collections.abc import Iterator

from sources.formats.author_names import AGENCIES, NAME_WORD, PUBLISHER_NAME, clean_author_names, is_title
from sources.formats.extracted_document import ExtractedDocument
from sources.formats.language_guess import guess_language
from sources.formats.printed_dates import DAY_PATTERN, MONTH_AND_DAY, read_day

_HEAD_LINES, _TAIL_LINES, _LONGEST_LINE = 10, 3, 200
_DATELINE_LINES = 6

_PARTICLE = r"(?:von|van|de|der|den|da|di|du|la|le|al|el|ter|zu|af|bin)"
_PERSON = rf"{NAME_WORD}(?:\s+(?:{_PARTICLE}\s+)?{NAME_WORD}){{1,3}}"
_AND = r"(?:and|und|et|i|oraz|та|і|й|&)"
_BYLINE = re.compile(
    rf"(?:(?i:by|von|par|autor(?:ka|in|zy)?|author|автор(?:ка|и)?|текст|text|tekst|oprac(?:owa[łl]a?)?\.?)\s*:?)\s+"
    rf"(?P<names>{_PERSON}(?:(?:,\s*|\s+{_AND}\s+){_PERSON})*|(?i:{'|'.join(map(re.escape, sorted(AGENCIES)))})\b)"
    rf"(?P<rest>\s*(?:[,|•·/(–—-].*)?)"
)
_NO_PERSON = re.compile(
    r"\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June|July|August|September|October"
    r"|November|December|The|This|That|These|Our|Their|Popular|Contrast|Then|Now)\b"
)
_AGENCY = rf"(?i:{'|'.join(map(re.escape, sorted(AGENCIES, key=len, reverse=True)))})"
_AGENCY_ALONE = re.compile(rf"\(?({_AGENCY})\)?")
_AGENCY_FIRST = re.compile(rf"\(?({_AGENCY})\)?\s*[-–—]\s+\S")
_SOURCE = re.compile(r"(?i:source|quelle|źródło|джерело)\s*:\s*(?P<name>[^.;|]{2,80})")
_DATELINE = re.compile(
    rf"(?P<place>{NAME_WORD}(?:[\s/-]+{NAME_WORD}){{0,3}}(?:,\s+{NAME_WORD}(?:\s+{NAME_WORD}){{0,2}})??)"
    rf"(?:,\s+(?P<day>[^()\n]{{3,30}}?))?\s+\((?P<agency>[^()\n\d]{{2,40}})\)\s*(?:[-–—:.]|(?=[^\W\d_]))"
)
_PUBLISHED_LABEL = (
    r"published|posted|publication date|date of publication|first published|released|date|veröffentlicht|erschienen|publiziert"
    r"|opublikowano|data publikacji|publikacja|dodano|data|опубліковано|дата публікації|дата|publié|publication|paru|mis en ligne"
)
_UPDATED_LABEL = (
    r"last updated|updated|last modified|modified|changed|last edited|edited|reviewed|revised|corrected|amended"
    r"|aktualisiert|zuletzt geändert|geändert|stand|zaktualizowano"
    r"|aktualizacja|ostatnia aktualizacja|zmieniono|оновлено|змінено|mise? à jour|modifiée?|actualisée?"
)
_LABEL = re.compile(rf"\b(?:(?P<updated>{_UPDATED_LABEL})|(?P<published>{_PUBLISHED_LABEL}))\b", re.IGNORECASE)
_DAY = re.compile(DAY_PATTERN, re.IGNORECASE)
_AROUND_A_DAY = re.compile(
    r"\b(?:\d{1,2}\s*[:.h]\s*\d{2}|\d{1,2}\s*h|[ap]\.?m\.?|uhr|godz|о|um|at|à|le|am|on|dnia|року|р|r|г|e[sd]?t|gmt|utc|cest|cet|eest|eet|bst"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    r"|poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela|понеділок|вівторок|середа|четвер|п.?ятниця|субота|неділя"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b\.?",
    re.IGNORECASE,
)


def read_printed_details(draft: ExtractedDocument) -> None:
    """Fill in what `draft` does not know yet from the lines of its text, with where each was read in `origins`."""
    lines = [line.strip() for line in draft.text.split("\n", 200) if line.strip()]
    if not draft.language and (language := guess_language(draft.text)):
        _propose(draft, "language", language, "its commonest words")
    head = [line for line in lines[:_HEAD_LINES] if len(line) <= _LONGEST_LINE]
    tail = [line for line in draft.text[-1_000:].split("\n")[-_TAIL_LINES:] if len(line.strip()) <= _LONGEST_LINE]
    details = [line for line in head if _is_detail(line)]
    if not draft.title:
        draft.title = next((line for line in lines[:_HEAD_LINES] if line not in details and is_title(line)), "")
        draft.title = draft.title if len(draft.title) <= _LONGEST_LINE else ""
    # A headline may look like a byline; so may a sentence below the article.
    for line in [line for line in head if line != draft.title] + [line.strip() for line in tail if _is_detail(line.strip())]:
        _read_byline(draft, line)
        _read_publisher_line(draft, line)
    _read_days(draft, [line for line in head if line != draft.title])
    for line in lines[:_DATELINE_LINES]:
        _read_dateline(draft, line)


def _propose(draft: ExtractedDocument, field: str, value: str, origin: str) -> None:
    if value and not getattr(draft, field):
        setattr(draft, field, value)
        draft.origins[field] = origin


def _quoted(line: str) -> str:
    return f"“{line if len(line) <= 80 else f'{line[:79]}…'}”"


def _is_detail(line: str) -> bool:
    """Return whether a line is nothing but a byline, a publisher or a day."""
    is_name = PUBLISHER_NAME.fullmatch(line) or _AGENCY_ALONE.fullmatch(line) or _SOURCE.fullmatch(line)
    return bool(_byline(line) or is_name) or any(True for _ in _days_of_line(line))


def _byline(line: str) -> re.Match | None:
    match = _BYLINE.fullmatch(line)
    return match if match and not _NO_PERSON.search(match["names"]) and not line.endswith((".", "?", "!")) else None


def _read_byline(draft: ExtractedDocument, line: str) -> None:
    if not (match := _byline(line)):
        return
    parts = [part.strip(" ()") for part in re.split(r"[,|•·/–—]|\s-\s", match["rest"])]
    names = re.split(r",\s*", match["names"])
    publishers = [name for name in (*names, *parts) if PUBLISHER_NAME.fullmatch(name) or _AGENCY_ALONE.fullmatch(name)]
    persons = [name for name in names if name not in publishers] or names
    if not draft.authors:
        _propose(draft, "authors", clean_author_names([", ".join(persons)]), f"the line {_quoted(line)}")
    if publishers and publishers[0] not in persons:
        _propose(draft, "publisher", publishers[0], f"the line {_quoted(line)}")


def _read_publisher_line(draft: ExtractedDocument, line: str) -> None:
    if source := _SOURCE.fullmatch(line):
        _propose(draft, "publisher", source["name"].strip(), f"the line {_quoted(line)}")
    elif agency := _AGENCY_ALONE.fullmatch(line):
        _propose(draft, "publisher", agency[1], f"the line {_quoted(line)}")
    elif PUBLISHER_NAME.fullmatch(name := _DAY.sub("", line).strip(" ,|•·–—-()")):
        _propose(draft, "publisher", name, f"the line {_quoted(line)}")


def _read_dateline(draft: ExtractedDocument, line: str) -> None:
    """Read the opening of a report: KYIV, July 11 (Ukrinform) —, Berlin (dpa) -, (dpa) -, Reuters -."""
    if agency := _AGENCY_FIRST.match(line):
        return _propose(draft, "publisher", agency[1], f"the opening {_quoted(line[: agency.end() - 1].strip())}")
    match = _DATELINE.match(line[:150])
    if not match:
        return
    agency_name = match["agency"].strip()
    is_dateline = bool(match["day"]) or match["place"].isupper()
    if agency_name.casefold() not in AGENCIES and not (is_dateline and PUBLISHER_NAME.fullmatch(agency_name)):
        return
    opening = f"the dateline {_quoted(match[0].strip())}"
    _propose(draft, "publisher", agency_name, opening)
    day = match["day"] or ""
    value, problem = read_day(day, draft.language)
    if value and not draft.updated_on:
        _propose(draft, "published_on", value, opening)
    elif problem:
        draft.warnings.append(f"The dateline gives a day that is not certain: {problem}")
    elif MONTH_AND_DAY.fullmatch(day.strip(" .")) and not draft.published_on:
        draft.warnings.append(f"The dateline gives “{day.strip()}” without a year: no day of publication is proposed from it.")


def _days_of_line(line: str) -> Iterator[tuple[str, str]]:
    """Yield the field and the printed day for each day of a line that names days of publication or update, and little else."""
    # Publisher and day may stand behind the authors: By Ada Fell, Kite News, 11 July 2024.
    line = byline["rest"] if (byline := _byline(line)) else line
    if not (days := list(_DAY.finditer(line))):
        return
    labels = list(_LABEL.finditer(line))
    rest = _DAY.sub(" ", line)
    rest = _AROUND_A_DAY.sub(" ", _LABEL.sub(" ", rest))
    words = re.findall(r"[^\W\d_]+", rest)
    # A place may stand before the day, and a name after a label.
    if len(words) > (4 if labels else 2) or (words and not labels and not all(word[0].isupper() for word in words)):
        return
    if not labels and len(days) > 1:
        return
    for day in days:
        label = next((label for label in reversed(labels) if label.start() < day.start()), None)
        if labels and label is None:
            continue
        yield ("updated_on" if label and label["updated"] else "published_on"), day[0]


def _read_days(draft: ExtractedDocument, lines: list[str]) -> None:
    for field in ("published_on", "updated_on"):
        if getattr(draft, field):
            continue
        values: dict[str, str] = {}
        for line in lines:
            for line_field, printed in _days_of_line(line):
                if line_field == field:
                    value, problem = read_day(printed, draft.language)
                    if value:
                        values.setdefault(value, line)
                    elif problem:
                        draft.warnings.append(f"{problem} It was not taken as a day of the document.")
        if len(values) == 1:
            [(value, line)] = values.items()
            _propose(draft, field, value, f"the line {_quoted(line)}")
        elif values:
            draft.warnings.append(f"Several lines name a day ({', '.join(sorted(values))}): none was taken.")
