"""Terms and dates by which an edition is found, computed from the rendered record alone."""

from collections.abc import Iterator

from entities.dates import GOES_ON, OPEN_END, OPEN_START, days_in_force
from entities.deliveries import overdue_days
from entities.serializers import date_shape_bounds
from entities.vocabulary import Modality
from nato_support.publishing import rendered_references
from nato_support.publishing.editions import sortable_numbers, totals_row
from nato_support.publishing.editions.name_keys import further_names, name_term

NO_FIRST_DAY = "0000-00-00"
"""In the index, the first day of something that may have begun at any time."""

# Kind -> the literal members of the document that lists can be filtered by.
_LITERAL_MEMBERS = {
    "organisation": ("type", "country"),
    "facility": ("type", "country", "locality", "condition"),
    "person": ("nationality", "family_name"),
    "post": ("rank",),
    "event": ("type", "country", "locality"),
    "commitment": ("nature", "category", "stage"),
    "relation": ("modality", "role"),
    "document": ("language", "translated_from"),
    "quote": ("quote_kind",),
}
REFERENCE_FIELDS = (
    "announced_at",
    "beneficiary",
    "committed_by",
    "concerns",
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
"""Every term of a reference to another record: by these, referring editions are found."""

# A list is filtered by one of its members.
_TERM_OF_MEMBER = {"speakers": "speaker"}


def edition_terms(document: dict, evidence: dict) -> list[tuple[str, str]]:
    """Return the (field, value) pairs of an edition, each once; the value of a reference is kind/slug."""
    terms: dict[tuple[str, str], None] = {}
    for member in _LITERAL_MEMBERS[document["kind"]]:
        # The edition that a relation had before may lack a member that came later.
        if document.get(member) is not None:
            terms[member, document[member][:700]] = None
    for member, kind, slug in rendered_references.iterate_references([document, evidence]):
        terms[_TERM_OF_MEMBER.get(member, member), f"{kind}/{slug}"] = None
    for field in document.get("contested", ()):
        terms["contested", field] = None
    if document.get("contested"):
        terms["is_contested", "true"] = None
    for field in document.get("denied", ()):
        terms["denied", field] = None
    for entry in evidence.get("evidence", {}).values():
        terms["agreement", entry["agreement"]] = None
        if entry["resolution"]:
            terms["verdict", entry["resolution"]["verdict"]] = None
        # An edition of before basis was told has none.
        for limit in (entry.get("basis") or {"limits": ()})["limits"]:
            terms["basis", limit] = None
    if document["kind"] == "relation":
        terms["type", document["type"]["slug"]] = None
        for end in ("subject", "object"):
            terms["entity", f"{document[end]['kind']}/{document[end]['slug']}"] = None
        terms |= dict.fromkeys(_relation_time_terms(document))
    for measure in (*document.get("measures", ()), *document.get("conversions", ())):
        for field, value in _measure_terms(measure):
            terms[field, value] = None
    for quote in _quotes_relied_on(document, evidence):
        terms["fidelity", quote["fidelity"]] = None
        if utterance := quote.get("utterance"):
            terms["utterance", utterance] = None
        if said_on := quote["said_on"] or quote["document"]["published_on"]:
            terms |= dict.fromkeys(_date_terms("said", said_on))
    for identifier in evidence.get("identifiers", ()):
        terms["identifier", f"{identifier['scheme']}:{identifier['value']}"] = None
    for name in all_names(document, evidence):
        terms["name", name_term(name)] = None
    for member in ("due", "period"):
        if document.get(member):
            terms[member, "/".join(_bounds_of_dates(document[member]))] = None
    for measure in document.get("measures", ()):
        if measure.get("as_of"):
            terms["measure_as_of", "/".join(_bounds_of_dates(measure["as_of"]))] = None
    if document.get("due") and (days := _days_overdue(document)):
        terms["overdue", "/".join(days)] = None
    for span in _later_years_reached(*date_bounds(document)):
        terms["spans", span] = None
    if document["kind"] == "commitment":
        for chunk in totals_row.split_totals_row(document):
            terms[totals_row.TOTALS_FIELD, chunk] = None
    return list(terms)


def _date_terms(field: str, date: dict) -> Iterator[tuple[str, str]]:
    """Yield the term of a date, from its first to its last day, and another one if these lie in different years."""
    first_day, last_day = date_shape_bounds(date)
    yield field, f"{first_day}/{last_day}"
    if first_day[:4] != last_day[:4]:
        yield f"{field}_across_years", f"{first_day}/{last_day}"


def _relation_time_terms(document: dict) -> Iterator[tuple[str, str]]:
    """Yield when a relation is in force, from its first to its last day, and each day on which its sources state it."""
    modality = document.get("modality", Modality.IN_FORCE)
    first, until = date_bounds(document)
    if modality == Modality.IN_FORCE and first:
        yield "in_force", f"{first}/{until}"
    elif modality in (Modality.IN_FORCE, Modality.CLAIMED):
        # From its first day on, if that is known, it may have been.
        yield "perhaps_in_force", f"{first or NO_FIRST_DAY}/{until or OPEN_END}"
    for date in document.get("attested", ()):
        yield from _date_terms("attested", date)


def _measure_terms(measure: dict) -> Iterator[tuple[str, str]]:
    """Yield the terms of an amount: its kind and, with its currency or unit, its number or both ends of its range.

    Conversions concern money only and have fields of their own, so that none is taken for a stated amount.
    """
    prefix = "converted_" if measure.get("conversion_of") else ""
    if not prefix:
        yield "measure", measure["kind"]
    if measure["currency"]:
        yield f"{prefix}currency", measure["currency"]
    elif measure["unit"]:
        yield "unit", measure["unit"]
    unit_or_currency = measure["currency"] or measure["unit"]
    if unit_or_currency and measure["upper"] is not None:
        yield (
            f"{prefix}amount_range",
            f"{unit_or_currency}={sortable_numbers.sortable_number(measure['value'])}/{sortable_numbers.sortable_number(measure['upper'])}",
        )
    elif unit_or_currency and measure["value"] is not None:
        yield f"{prefix}amount", f"{unit_or_currency}={sortable_numbers.sortable_number(measure['value'])}"


def _quotes_relied_on(document: dict, evidence: dict) -> Iterator[dict]:
    """Yield the quotes that a record rests on; for a quote, the quote itself."""
    if document["kind"] == "quote":
        yield document
    for entry in evidence.get("evidence", {}).values():
        for citation in entry["citations"]:
            yield citation["quote"]


def _later_years_reached(first: str, until: str) -> list[str]:
    """List the years after the first that a record reaches into, so that earlier beginnings are found; or GOES_ON."""
    if not (first and until):
        return []
    if first == OPEN_START or until == OPEN_END:
        return [GOES_ON]
    return [f"{year:04}" for year in range(int(first[:4]) + 1, int(until[:4]) + 1)]


def date_bounds(document: dict) -> tuple[str, str]:
    """Return the first and last day of a record's date, YYYY-MM-DD, or empty strings if it has none.

    Organisations and relations: the days on which they may be in force, with OPEN_END as the last where there is no end. Events:
    their time. Quotes: when they were said, else published. Commitments: from their first milestone to their last; one of
    which is known only by when it was, such as ../2024, is not taken for the first. OPEN_START or OPEN_END where a date is open.
    """
    kind = document["kind"]
    if kind == "commitment":
        dates = [milestone["date"] for milestone in document["milestones"] if milestone["date"]]
        if not dates:
            return "", ""
        first_day = min((date["earliest"] for date in dates if date["earliest"]), default=OPEN_START)
        return first_day, max(date_shape_bounds(date)[1] for date in dates)
    if kind == "quote":
        return _bounds_of_dates(document["said_on"] or document["document"]["published_on"])
    if kind == "document":
        return _bounds_of_dates(document["published_on"])
    if kind == "organisation":
        return _days_of_validity(document["founded"], document["dissolved"])
    if kind == "relation":
        return _days_of_validity(document["start"], document["end"])
    return _bounds_of_dates(document.get("start"), document.get("end"))


def _days_of_validity(start: dict | None, end: dict | None) -> tuple[str, str]:
    return days_in_force(date_shape_bounds(start)[0] if start else None, date_shape_bounds(end)[1] if end else None)


def _days_overdue(document: dict) -> tuple[str, str] | None:
    """Return the first and last day on which a commitment with a due date is overdue; None if it never is."""
    final_days = [
        _bounds_of_dates(milestone["date"])[0] for milestone in document["milestones"] if milestone["stage"] == document["stage"]
    ]
    return overdue_days(_bounds_of_dates(document["due"])[1], document["stage"], max(final_days, default=""))


def _bounds_of_dates(first: dict | None, last: dict | None = None) -> tuple[str, str]:
    last = last or first
    return (date_shape_bounds(first)[0] if first else ""), (date_shape_bounds(last)[1] if last else "")


def display_name(document: dict) -> str:
    """Return the name of a record in lists; for a quote, its words."""
    return (document.get("name") or document["exact"])[:700]


def all_names(document: dict, evidence: dict) -> list[str]:
    """Return the names of a rendered record, its own first; a quote has none."""
    return [name for name in (document.get("name"), *further_names(evidence)) if name]
