"""What an edition can be found by: its terms, its dates and its words, worked out from the printed record alone."""

from collections.abc import Iterator

from anyascii import anyascii

from entities.dates import GOES_ON, OPEN_END, days_in_force
from nato_support.publishing import references
from nato_support.publishing.editions import sortable_numbers, totals_row

# Kind -> the literal members of the lean shape that lists can be filtered by.
_LITERAL_MEMBERS = {
    "organisation": ("type", "country"),
    "facility": ("type", "country", "locality", "condition"),
    "person": ("nationality", "family_name"),
    "post": ("rank",),
    "event": ("type", "country", "locality"),
    "commitment": ("nature", "category", "stage"),
    "relation": ("role",),
    "document": ("language", "translated_from"),
    "quote": ("quote_kind",),
}
REFERENCE_FIELDS = (
    "announced_at",
    "beneficiary",
    "committed_by",
    "document",
    "event",
    "facility",
    "object",
    "occasion",
    "operator",
    "organisation",
    "part_of",
    "publisher",
    "quote",
    "speaker",
    "subject",
    "value_ref",
)
"""Every member under which a printed record may name another: the terms by which its editions are found to print anew."""


def edition_terms(lean: dict, extra: dict) -> list[tuple[str, str]]:
    """(field, value) pairs, each once; a reference's value is kind/slug."""
    found: dict[tuple[str, str], None] = {}
    for member in _LITERAL_MEMBERS[lean["kind"]]:
        if lean[member] is not None:
            found[member, lean[member][:700]] = None
    for member, kind, slug in references.iterate_references([lean, extra]):
        found[member, f"{kind}/{slug}"] = None
    for field in lean.get("contested", ()):
        found["contested", field] = None
    if lean.get("contested"):
        found["is_contested", "true"] = None
    if lean["kind"] == "relation":
        found["type", lean["type"]["slug"]] = None
        for end in ("subject", "object"):
            found["entity", f"{lean[end]['kind']}/{lean[end]['slug']}"] = None
    for measure in (*lean.get("measures", ()), *lean.get("conversions", ())):
        for field, value in _measure_terms(measure):
            found[field, value] = None
    for quote in _quotes_shown(lean, extra):
        found["fidelity", quote["fidelity"]] = None
        if said := quote["said_on"] or quote["document"]["published_on"]:
            found["said", f"{said['earliest']}/{said['latest']}"] = None
    for identifier in extra.get("identifiers", ()):
        found["identifier", f"{identifier['scheme']}:{identifier['value']}"] = None
    for name in _all_names(lean, extra):
        found["name", name.casefold()[:700]] = None
    for span in _spans(*date_bounds(lean)):
        found["spans", span] = None
    if lean["kind"] == "commitment":
        for piece in totals_row.split_totals_row(lean):
            found[totals_row.TOTALS_FIELD, piece] = None
    return list(found)


def _measure_terms(measure: dict) -> Iterator[tuple[str, str]]:
    """What an amount can be found by: its kind, and with its currency or unit its number, or both ends of its range.

    Conversions are of money, and have fields of their own: none is taken for what was stated.
    """
    converted = "converted_" if measure.get("conversion_of") else ""
    if not converted:
        yield "measure", measure["kind"]
    if measure["currency"]:
        yield f"{converted}currency", measure["currency"]
    elif measure["unit"]:
        yield "unit", measure["unit"]
    of = measure["currency"] or measure["unit"]
    if of and measure["upper"] is not None:
        yield (
            f"{converted}amount_range",
            f"{of}={sortable_numbers.sortable_number(measure['value'])}/{sortable_numbers.sortable_number(measure['upper'])}",
        )
    elif of and measure["value"] is not None:
        yield f"{converted}amount", f"{of}={sortable_numbers.sortable_number(measure['value'])}"


def _quotes_shown(lean: dict, extra: dict) -> Iterator[dict]:
    """The quotes that a record rests on; of a quote, itself."""
    if lean["kind"] == "quote":
        yield lean
    for entry in extra.get("evidence", {}).values():
        for citation in entry["citations"]:
            yield citation["quote"]


def _spans(first: str, until: str) -> list[str]:
    """The years after its first that a record reaches into, by which what began earlier is found; or GOES_ON."""
    if not (first and until):
        return []
    return [GOES_ON] if until == OPEN_END else [f"{year:04}" for year in range(int(first[:4]) + 1, int(until[:4]) + 1)]


def date_bounds(lean: dict) -> tuple[str, str]:
    """First and last day of the record's date, YYYY-MM-DD, empty where it has none.

    An organisation's and a relation's are the days on which it may be in force, OPEN_END the last where it goes on; an
    event's its time; a quote's when it was said, else published; a commitment's runs from its first milestone to its last.
    """
    kind = lean["kind"]
    if kind == "commitment":
        dated = [milestone["date"] for milestone in lean["milestones"] if milestone["date"]]
        return min((d["earliest"] for d in dated), default=""), max((d["latest"] for d in dated), default="")
    if kind == "quote":
        return _bounds_of_dates(lean["said_on"] or lean["document"]["published_on"])
    if kind == "document":
        return _bounds_of_dates(lean["published_on"])
    if kind == "organisation":
        return _lasting(lean["founded"], lean["dissolved"])
    if kind == "relation":
        return _lasting(lean["start"], lean["end"])
    return _bounds_of_dates(lean.get("start"), lean.get("end"))


def _lasting(start: dict | None, end: dict | None) -> tuple[str, str]:
    return days_in_force(start["earliest"] if start else None, end["latest"] if end else None)


def _bounds_of_dates(first: dict | None, last: dict | None = None) -> tuple[str, str]:
    last = last or first
    return (first["earliest"] if first else ""), (last["latest"] if last else "")


def searchable_text(lean: dict, extra: dict) -> str:
    """Everything that a reader may search a record by, names also in plain Latin letters."""
    names = _all_names(lean, extra)
    plain = [latin for name in names if (latin := anyascii(name)) != name]
    texts = [
        lean.get("exact"),
        lean.get("summary"),
        lean.get("conditions"),
        lean.get("locality"),
        lean.get("attribution"),
        lean.get("role"),
    ]
    if lean["kind"] == "quote" and lean["speaker"]:
        texts.append(lean["speaker"]["name"])
    return "\n".join([*names[1:], *plain, *(text for text in texts if text)])


def display_name(lean: dict) -> str:
    """What the record is called in lists: its name; for a quote its words."""
    return (lean.get("name") or lean["exact"])[:700]


def _all_names(lean: dict, extra: dict) -> list[str]:
    return [name for name in (lean.get("name"), *(name["text"] for name in extra.get("names", ()))) if name]
