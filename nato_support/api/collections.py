"""Collections of the API: the kinds that each lists, its filters and its default order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property

from rest_framework.serializers import Serializer

from entities import vocabulary as v
from entities.citable_fields import CITABLE_FIELDS
from entities.countries import COUNTRIES
from entities.likeness.latin_words import latin_words
from entities.serializers import COUNTRY_CODE_PATTERN, ENTITY_KINDS, PLURALS
from entities.serializers import SHAPES_BY_KIND as ENTITY_SHAPES
from nato_support.api import parameters as p
from nato_support.api import short_list_paging, sparse_fields
from sources.serializers import SHAPES as SOURCE_SHAPES

SHAPES: dict[str, type[Serializer]] = ENTITY_SHAPES | SOURCE_SHAPES
ORDERINGS = ("date", "-date", "name", "-name", "release", "-release")
DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE = 50, 500
MAX_SLUGS, MAX_FACETS = 100, 5
SLUG_PATTERN = "[a-z0-9]+(-[a-z0-9]+)*"
# Codes that people use although ISO 3166-1 has another.
_OTHER_COUNTRY_CODES = {"UK": "GB", "EL": "GR"}


def _slug_shaped_parameter(name: str, help: str, pattern: str, example: str, lookup: p.Lookup) -> p.Parameter:
    """Return a parameter whose values are written as slugs are; of another text, its faults suggest such a form."""
    parameter = p.pattern_parameter(name, help, pattern, example=example, lookup=lookup)

    def parse_value(text: str) -> tuple[str, ...]:
        try:
            return parameter.parse(text)
        except p.ParameterFault as fault:
            kind, slash, name = text[:200].rpartition("/")
            likely = f"{kind}{slash}{'-'.join(latin_words(name))}"
            fits = likely != text and re.fullmatch(pattern, likely)
            raise p.ParameterFault(fault.code, did_you_mean=[likely] if fits else [], **fault.members) from None

    return replace(parameter, parse=parse_value)


def _reference_parameter(name: str, help: str, *kinds: str) -> p.Parameter:
    """Return a parameter that takes the slug of a record of one of `kinds`, with or without its kind, and gives kind/slug."""
    prefixes = "|".join(kinds)
    example = f"{kinds[0]}/a-slug" if len(kinds) > 1 else "a-slug"
    slug = _slug_shaped_parameter(name, help, rf"(({prefixes})/)?{SLUG_PATTERN}", example, p.Lookup(kinds))

    def parse_slug(text: str) -> tuple[str, ...]:
        slug.parse(text)
        return (text,) if "/" in text else tuple(f"{kind}/{text}" for kind in kinds)

    component = f"{kinds[0].title()}Slugs" if len(kinds) == 1 else "EntitySlugs"
    return replace(slug, parse=parse_slug, component=component)


def _slug_parameter(kinds: tuple[str, ...]) -> p.Parameter:
    """Return a parameter that takes slugs, and gives kind/slug for each of `kinds`."""
    slug = _slug_shaped_parameter("slug", "These records, by their slugs.", SLUG_PATTERN, "a-slug", p.Lookup(kinds))

    def parse_slug(text: str) -> tuple[str, ...]:
        return tuple(f"{kind}/{value}" for value in slug.parse(text) for kind in kinds)

    return replace(slug, parse=parse_slug, max_values=MAX_SLUGS, component="Slugs")


def _country_parameter(name: str, help: str, *kinds: str) -> p.Parameter:
    """Return a parameter that takes the country of a record of one of `kinds`, of the list's own if none is given."""
    term_field = "nationality" if name == "nationality" else "country"
    codes = sorted(COUNTRIES)

    def parse_code(text: str) -> tuple[str, ...]:
        if text not in COUNTRIES:
            raise p.ParameterFault("not_allowed", allowed=codes, did_you_mean=_likely_country_codes(text))
        return (text,)

    # The OpenAPI document does not list all codes of the standard, but only these are accepted.
    schema = {"type": "string", "pattern": COUNTRY_CODE_PATTERN, "example": "NO"}
    parameter = p.choice_parameter(name, help, codes)
    return replace(parameter, parse=parse_code, schema=schema, component="Countries", lookup=p.Lookup(kinds, (term_field,)))


def _likely_country_codes(text: str) -> list[str]:
    """Return the codes that may be meant by a text: in lower case, in other use, or the name of the country."""
    code = text.strip().upper()
    code = _OTHER_COUNTRY_CODES.get(code, code)
    if code in COUNTRIES:
        return [code]
    codes_by_name = {name.casefold(): code for code, name in COUNTRIES.items()}
    name = text.strip().casefold()
    likely_names = [name] if name in codes_by_name else get_close_matches(name, codes_by_name)
    return [codes_by_name[likely] for likely in likely_names]


def _field_parameter(name: str, help: str, term_field: str) -> p.Parameter:
    """Return a parameter that takes a citable field, of which records have a term `term_field`."""
    lookup = p.Lookup((), (term_field,), _citable_fields)
    return p.pattern_parameter(name, help, r"[a-z_]+(\.[a-z0-9-]+)?", lookup=lookup)


def _citable_fields(kinds: Sequence[str]) -> set[str]:
    """Return the citable fields of records of `kinds`; measures and milestones have keys of their own."""
    return {name for kind in kinds for name in CITABLE_FIELDS.get(kind, ())}


def _identifier_variants(text: str) -> set[str]:
    """Return the identifiers that may be meant by one: those that are spelt alike belong to others."""
    scheme, _, value = text.partition(":")
    schemes = (scheme, *v.IdentifierScheme.values)
    return {f"{scheme}:{spelling}" for scheme in schemes for spelling in (value, value.upper(), value.lower())} - {text}


PAGING_PARAMETERS = (
    p.number_parameter("page_size", "Number of results per page.", MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE),
    short_list_paging.cursor_parameter("Start of the page, taken from `next` or `previous`."),
    p.boolean_parameter(
        "count", "Adds `count`, the number of all results: exact up to 10,000, and always for a whole collection."
    ),
)
AS_OF_PARAMETER = p.pattern_parameter(
    "as_of",
    "State of the register at the end of a day (UTC), at an instant, or at release:N.",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?|release:[0-9]{1,15}",
    example="release:1",
    max_length=40,
    many=False,
)
_LIST_PARAMETERS = (
    p.date_parameter("date_from", "Ends on or after the first day of this day, month or year."),
    p.date_parameter("date_to", "Begins on or before the last day of this day, month or year."),
    p.date_span_parameter("date_overlaps", "Overlaps this span; a month or year stands for all of its days."),
    p.date_span_parameter("date_within", "Lies entirely within this span, whichever day is meant."),
    p.date_parameter("date_before", "Ends before this day, month or year begins."),
    p.date_parameter("date_after", "Begins after this day, month or year ends."),
    p.boolean_parameter("date_known", "true: with a date in the register; false: without one."),
    p.text_parameter("q", 'Full text: all of these words, "a phrase", a beginning*.', max_length=300, many=False),
)
_UTTERANCES = p.Lookup(("quote",), ("utterance",))
_NAMES = p.Lookup((), ("name",))
RELATION_TYPES = p.Lookup(("relation",), ("type",))
_SOURCE_FILTERS = (
    _reference_parameter("document", "Rests on, or was taken from, this document.", "document"),
    _reference_parameter("publisher", "Rests on a document of this publisher.", "organisation"),
)
_SAID_ON_FILTERS = (
    p.date_span_parameter(
        "said_overlaps",
        "Rests on words that may have been said in this span; the day of publication counts where that is unknown.",
    ),
    p.date_span_parameter(
        "said_within", "Rests on words certainly said in this span; the day of publication counts where that is unknown."
    ),
)
_FIDELITY_FILTER = p.choice_parameter("fidelity", "Rests on words that are original or translated.", v.Fidelity.values)
_EVIDENCE_FILTERS = (
    *_SOURCE_FILTERS,
    _reference_parameter("quote", "Rests on this quote.", "quote"),
    _reference_parameter("speaker", "Rests on words of this person, alone or with others.", "person"),
    _slug_shaped_parameter("utterance", "Rests on a quote of this utterance.", SLUG_PATTERN, "pledge-of-kites", _UTTERANCES),
    _reference_parameter("occasion", "Rests on words said at this event.", "event"),
    *_SAID_ON_FILTERS,
    _FIDELITY_FILTER,
    p.boolean_parameter("contested", "true: sources differ on a field, and no resolution is in force; false: no such field."),
    _field_parameter("contested_field", "Contested in this field, such as start or measures.staff.", "contested"),
    p.choice_parameter("agreement", "The sources of one of its fields agree in this way.", v.Agreement.values),
    p.choice_parameter("basis", "One of its fields rests on no more than this.", v.BasisLimit.values),
    p.choice_parameter("verdict", "A resolution with this verdict is in force on one of its fields.", v.Verdict.values),
    _field_parameter("denied", "A source denies a value of this field, such as names or measures.staff.", "denied"),
)
_ENTITY_FILTERS = (
    *_EVIDENCE_FILTERS,
    p.text_parameter("name", "One of its names in full, case-insensitive.", fold=True, lookup=_NAMES),
    p.pattern_parameter(
        "identifier",
        "One of its identifiers, as scheme:value.",
        r"[a-z0-9-]+:[!-~]+",
        example="wikidata:Q7184",
        max_length=700,
        lookup=p.Lookup((), ("identifier",), likely_values=_identifier_variants),
    ),
    _reference_parameter("related_to", "In a relation with this entity, of `relation_type` if given.", *ENTITY_KINDS),
    _slug_shaped_parameter(
        "relation_type",
        "In a relation of this type, planned and claimed ones included.",
        SLUG_PATTERN,
        "part-of",
        RELATION_TYPES,
    ),
    p.choice_parameter("relation_modality", "In a relation of this modality, of `relation_type` if given.", v.Modality.values),
    p.choice_parameter("measure", "With an amount of this kind.", v.MeasureKind.values),
    p.pattern_parameter(
        "currency",
        "With an amount stated in this currency (ISO 4217).",
        "[A-Z]{3}",
        example="EUR",
        max_length=3,
        lookup=p.Lookup((), ("currency", "converted_currency")),
    ),
    p.text_parameter(
        "unit",
        "With an amount in this unit, as recorded, such as person or aircraft.",
        max_length=80,
        lookup=p.Lookup((), ("unit",)),
    ),
    p.amount_parameter(
        "amount_min", "With an amount of at least this in the requested currency or unit; a range matches if its upper end does."
    ),
    p.amount_parameter(
        "amount_max", "With an amount of at most this in the requested currency or unit; a range matches if its lower end does."
    ),
    p.boolean_parameter("converted", "Include amounts converted into the requested currency; they are left out by default."),
)
_PLACE_FILTERS = (
    _country_parameter("country", "ISO 3166-1 alpha-2."),
    p.text_parameter("locality", "Town or place, exactly as recorded.", lookup=p.Lookup((), ("locality",))),
)
_FILTERS_BY_KIND: dict[str, tuple[p.Parameter, ...]] = {
    "organisation": (
        *_ENTITY_FILTERS,
        p.choice_parameter("type", "Type of organisation.", v.OrganisationType.values),
        _country_parameter("country", "ISO 3166-1 alpha-2."),
    ),
    "facility": (
        *_ENTITY_FILTERS,
        *_PLACE_FILTERS,
        p.choice_parameter("type", "Type of facility.", v.FacilityType.values),
        p.choice_parameter("condition", "Its state, as far as a source says.", v.FacilityCondition.values),
        _reference_parameter("operator", "Operated by this organisation.", "organisation"),
    ),
    "person": (
        *_ENTITY_FILTERS,
        _country_parameter("nationality", "ISO 3166-1 alpha-2."),
        p.text_parameter("family_name", "Family name, exactly as recorded.", lookup=p.Lookup((), ("family_name",))),
    ),
    "post": (
        *_ENTITY_FILTERS,
        p.text_parameter("rank", "Rank of the post, exactly as recorded.", lookup=p.Lookup((), ("rank",))),
        _reference_parameter("organisation", "A position in this organisation.", "organisation"),
    ),
    "event": (*_ENTITY_FILTERS, *_PLACE_FILTERS, p.choice_parameter("type", "Type of event.", v.EventType.values)),
    "commitment": (
        *_ENTITY_FILTERS,
        p.choice_parameter("nature", "Nature of the commitment.", v.Nature.values),
        p.choice_parameter("category", "Subject of the commitment.", v.CommitmentCategory.values),
        p.choice_parameter(
            "stage",
            "Stage of its newest milestone; delivered_in_part until the promised amount has come.",
            [value for value, _ in v.REACHED_STAGES],
        ),
        p.date_parameter("due_before", "Due before this day, month or year begins, whichever day is meant."),
        p.date_parameter("due_after", "Due after this day, month or year ends, whichever day is meant."),
        p.date_span_parameter(
            "period", "Meant for a time that shares a day with this span; a month or year stands for its days."
        ),
        p.state_or_day_parameter(
            "overdue",
            "true: on this day (UTC) the time by which it is due is wholly past, and it is not delivered, refused or dropped;"
            " false: it is not overdue, or not due; a day: it was overdue on that day.",
        ),
        _reference_parameter("party", "Undertaken by this organisation, for it, or concerning it.", "organisation"),
        _reference_parameter("committed_by", "Undertaken by this organisation, among others.", "organisation"),
        _reference_parameter("beneficiary", "For this organisation.", "organisation"),
        _reference_parameter("concerns", "Creating, changing or about this organisation.", "organisation"),
        _country_parameter(
            "party_country", "Undertaken by an organisation of this country, for one, or concerning one.", "organisation"
        ),
        _country_parameter("committed_by_country", "Undertaken by an organisation of this country.", "organisation"),
        _country_parameter("beneficiary_country", "For an organisation of this country.", "organisation"),
        _country_parameter("concerns_country", "Creating, changing or about an organisation of this country.", "organisation"),
        _reference_parameter("part_of", "Part of this package.", "commitment"),
        _reference_parameter("facility", "About this facility.", "facility"),
        _country_parameter("facility_country", "About a facility in this country.", "facility"),
        _reference_parameter(
            "event", "Announced at this event, with a milestone at it, or resting on words said at it.", "event"
        ),
        _reference_parameter("announced_at", "Announced at this event.", "event"),
        _reference_parameter("milestone_at", "With a milestone at this event.", "event"),
    ),
    "relation": (
        *_EVIDENCE_FILTERS,
        _slug_shaped_parameter("type", "Type of relation.", SLUG_PATTERN, "part-of", RELATION_TYPES),
        _reference_parameter("entity", "With this entity at either end.", *ENTITY_KINDS),
        _reference_parameter("subject", "From this entity.", *ENTITY_KINDS),
        _reference_parameter("object", "To this entity.", *ENTITY_KINDS),
        p.choice_parameter("modality", "In force, planned, expected, conditional or claimed.", v.Modality.values),
        p.date_parameter(
            "in_force",
            "In force at this time: begun, not ended, and told as a fact. Those of which it is not known are left out"
            " (`left_out` counts them): without a start, or only claimed.",
        ),
        p.date_span_parameter(
            "attested", "Stated by its sources in this span: the day on which the words were said or, if unknown, published."
        ),
        p.text_parameter("role", "Role, exactly as recorded.", lookup=p.Lookup((), ("role",))),
        p.text_parameter("name", "The relation as a full sentence, case-insensitive.", fold=True, lookup=_NAMES),
    ),
    "document": (
        _SOURCE_FILTERS[1],
        p.text_parameter("language", "BCP 47 code of its language.", lookup=p.Lookup((), ("language",))),
        p.text_parameter("translated_from", "Language that it was translated from.", lookup=p.Lookup((), ("translated_from",))),
        p.text_parameter("name", "Its headline in full, case-insensitive.", fold=True, lookup=_NAMES),
    ),
    "quote": (
        *_SOURCE_FILTERS,
        _reference_parameter("speaker", "Said by this person, alone or with others.", "person"),
        _slug_shaped_parameter("utterance", "A wording or part of this utterance.", SLUG_PATTERN, "pledge-of-kites", _UTTERANCES),
        _reference_parameter("occasion", "Said at this event.", "event"),
        p.choice_parameter("quote_kind", "Direct speech, a fragment, reported speech or narration.", v.QuoteKind.values),
        replace(_FIDELITY_FILTER, help="Original or translated wording."),
        *_SAID_ON_FILTERS,
    ),
}


@dataclass(frozen=True)
class Collection:
    """Collection: its name in the URL, the kinds that it lists, its own filters and its default ordering."""

    name: str
    kinds: tuple[str, ...]
    filters: tuple[p.Parameter, ...] = field(repr=False)
    ordering: str = "name"

    @cached_property
    def parameters(self) -> dict[str, p.Parameter]:
        """Parameters of its list, by name."""
        ordering = p.choice_parameter(
            "ordering",
            f"Order of the results; {self.ordering} by default. Unknown dates come last; -release puts the latest changes first.",
            ORDERINGS,
            many=False,
        )
        facets = p.choice_parameter(
            "facets", "Adds `facets`: for each of these fields, the number of results with each value.", tuple(self.facets)
        )
        declared = (
            _slug_parameter(self.kinds),
            *self.filters,
            *_LIST_PARAMETERS,
            ordering,
            replace(facets, max_values=MAX_FACETS),
            AS_OF_PARAMETER,
            *PAGING_PARAMETERS,
        )
        selection = {"fields": sparse_fields.fields_parameter(self.kinds)} | sparse_fields.include_parameter(self.kinds)
        return {parameter.name: parameter for parameter in declared} | selection

    @cached_property
    def detail_parameters(self) -> dict[str, p.Parameter]:
        """Parameters of the detail of one of its records, by name."""
        return {
            AS_OF_PARAMETER.name: AS_OF_PARAMETER,
            "fields": sparse_fields.fields_parameter(self.kinds, detail=True),
        } | sparse_fields.include_parameter(self.kinds)

    @cached_property
    def edition_parameters(self) -> dict[str, p.Parameter]:
        """Parameters of one edition of one of its records, by name."""
        return {"fields": sparse_fields.fields_parameter(self.kinds, detail=True)}

    @cached_property
    def facets(self) -> dict[str, p.Parameter]:
        """Filters whose values can be counted as facets, by name."""
        # Only quotes have terms of their occasion; other records are found by the quotes that they rest on.
        names = _FACET_NAMES if self.kinds == ("quote",) else _FACET_NAMES - {"occasion"}
        return {parameter.name: parameter for parameter in self.filters if parameter.name in names}

    @property
    def path(self) -> str:
        """Path of its list."""
        return f"/api/v1/{self.name}/"


_FACET_NAMES = frozenset(
    "agreement announced_at basis beneficiary category committed_by concerns condition country currency denied document entity"
    " facility fidelity kind language measure modality nationality nature occasion operator organisation part_of publisher"
    " quote_kind rank role speaker stage translated_from type unit utterance verdict".split()
)
_KINDS_ORDERED_BY_DATE = ("commitment", "event", "quote", "document")
COLLECTIONS = {
    PLURALS[kind]: Collection(PLURALS[kind], (kind,), filters, "-date" if kind in _KINDS_ORDERED_BY_DATE else "name")
    for kind, filters in _FILTERS_BY_KIND.items()
}
COLLECTIONS["entities"] = Collection(
    "entities", ENTITY_KINDS, (p.choice_parameter("kind", "Kind of entity.", ENTITY_KINDS), *_ENTITY_FILTERS), "name"
)
