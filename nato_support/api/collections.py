"""The collections of the API: which kinds each lists, what it can be filtered by, and in which order it comes."""

from dataclasses import dataclass, field, replace
from functools import cached_property

from rest_framework.serializers import Serializer

from entities import vocabulary as v
from entities.countries import COUNTRIES
from entities.serializers import ENTITY_KINDS, PLURALS
from entities.serializers import SHAPES as ENTITY_SHAPES
from nato_support.api import choosing, paging
from nato_support.api import parameters as p
from sources.serializers import SHAPES as SOURCE_SHAPES

SHAPES: dict[str, type[Serializer]] = ENTITY_SHAPES | SOURCE_SHAPES
ORDERINGS = ("date", "-date", "name", "-name", "stamp", "-stamp")
PAGE_SIZE, LARGEST_PAGE = 50, 500
MOST_SLUGS, MOST_FACETS = 100, 5
SLUG = "[a-z0-9]+(-[a-z0-9]+)*"


def _reference(name: str, help: str, *kinds: str) -> p.Parameter:
    """The slug of a record of one of `kinds`, with or without its kind before it; means kind/slug."""
    before = "|".join(kinds)
    slug = p.matching(name, help, rf"(({before})/)?{SLUG}", example=f"{kinds[0]}/a-slug" if len(kinds) > 1 else "a-slug")

    def read(text: str) -> tuple[str, ...]:
        slug.read(text)
        return (text,) if "/" in text else tuple(f"{kind}/{text}" for kind in kinds)

    return p.Parameter(name, help, read, slug.schema, many=True, listed=True, reference=True)


def _slug(kinds: tuple[str, ...]) -> p.Parameter:
    """The records of these slugs; means kind/slug of each kind that there is."""
    slug = p.matching("slug", "These records, by their slugs.", SLUG, example="a-slug")

    def read(text: str) -> tuple[str, ...]:
        return tuple(f"{kind}/{one}" for one in slug.read(text) for kind in kinds)

    return replace(slug, read=read, reference=True, most=MOST_SLUGS)


def _country(name: str, help: str) -> p.Parameter:
    return p.choice(name, help, sorted(COUNTRIES))


PAGING = (
    p.number("page_size", "How many results a page has.", LARGEST_PAGE, PAGE_SIZE),
    paging.cursor("Where a page starts: from `next` or `previous`, never made by hand."),
    p.flag("count", "Adds `count`, the number of all results: exact up to 10,000, and always for a whole collection."),
)
AS_OF = p.matching(
    "as_of",
    "What the register said then: a day (its end, UTC), an instant, or stamp:N.",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?|stamp:[0-9]{1,15}",
    example="stamp:1",
    longest=40,
    many=False,
)
_EVERY_LIST = (
    p.date("date_from", "Whose time reaches into the span from this day, month or year on."),
    p.date("date_to", "Whose time begins no later than this day, month or year ends."),
    p.span("date_overlaps", "Whose time and this span have a day in common; a month or year stands for all of its days."),
    p.span("date_within", "Whose time lies in this span, whatever day of it is meant."),
    p.date("date_before", "Whose time is over before this day, month or year begins."),
    p.date("date_after", "Whose time begins after this day, month or year ends."),
    p.flag("date_known", "Whether the register has a date for it."),
    p.words("q", 'Full text: all of these words, "a phrase", a beginning*.', longest=300, many=False),
)
_SOURCES = (
    _reference("document", "Resting on, or taken from, this document.", "document"),
    _reference("publisher", "Resting on a document of this publisher.", "organisation"),
)
_SAID = (
    p.span("said_overlaps", "Resting on words that may have been said in this span; published, where that day is not known."),
    p.span("said_within", "Resting on words that were said in this span for certain; published, where that day is not known."),
)
_FIDELITY = p.choice("fidelity", "Resting on words that are original or translated.", v.Fidelity.values)
_EVIDENCE = (
    *_SOURCES,
    _reference("quote", "Resting on this quote.", "quote"),
    _reference("speaker", "Resting on words of this person.", "person"),
    _reference("occasion", "Resting on words said at this event.", "event"),
    *_SAID,
    _FIDELITY,
    p.flag("contested", "Whether sources differ on any of its fields, with no resolution that stands."),
    p.matching("contested_field", "Contested in this field, such as start or measures.staff.", r"[a-z_]+(\.[a-z0-9-]+)?"),
)
_ENTITY = (
    *_EVIDENCE,
    p.words("name", "Any of its names, whole; upper and lower case are the same.", fold=True),
    p.matching(
        "identifier", "An identifier of it, as scheme:value.", r"[a-z0-9-]+:[!-~]+", example="wikidata:Q7184", longest=700
    ),
    _reference("related_to", "In a relation with this entity, of the type asked for if any is.", *ENTITY_KINDS),
    p.matching("relation_type", "In a relation of this type.", SLUG, example="part-of"),
    p.choice("measure", "With an amount of this kind.", v.MeasureKind.values),
    p.matching("currency", "With an amount stated in this currency (ISO 4217).", "[A-Z]{3}", example="EUR", longest=3),
    p.words("unit", "With an amount of these, as printed, such as person or aircraft.", longest=80),
    p.amount("amount_min", "With an amount stated in the currency or unit asked for of no less; a range may reach it."),
    p.amount("amount_max", "With an amount stated in the currency or unit asked for of no more; a range may begin below."),
    p.flag("converted", "Whether conversions into the currency asked for count, too; they do not unless asked."),
)
_PLACE = (_country("country", "ISO 3166-1 alpha-2."), p.words("locality", "Town or place, as printed."))
_OF_KIND: dict[str, tuple[p.Parameter, ...]] = {
    "organisation": (
        *_ENTITY,
        p.choice("type", "Type of organisation.", v.OrganisationType.values),
        _country("country", "ISO 3166-1 alpha-2."),
    ),
    "facility": (
        *_ENTITY,
        *_PLACE,
        p.choice("type", "Type of facility.", v.FacilityType.values),
        p.choice("condition", "Its state, as far as a source says.", v.Condition.values),
        _reference("operator", "Operated by this organisation.", "organisation"),
    ),
    "person": (
        *_ENTITY,
        _country("nationality", "ISO 3166-1 alpha-2."),
        p.words("family_name", "Family name, as printed."),
    ),
    "post": (
        *_ENTITY,
        p.words("rank", "Rank that goes with it, as printed."),
        _reference("organisation", "A position in this organisation.", "organisation"),
    ),
    "event": (*_ENTITY, *_PLACE, p.choice("type", "Type of event.", v.EventType.values)),
    "commitment": (
        *_ENTITY,
        p.choice("nature", "What sort of undertaking it is.", v.Nature.values),
        p.choice("category", "What it is about.", v.Category.values),
        p.choice("stage", "Stage of its newest milestone.", v.Stage.values),
        _reference("party", "Undertaken by this organisation, or for it.", "organisation"),
        _reference("committed_by", "Undertaken by this organisation, among others.", "organisation"),
        _reference("beneficiary", "For this organisation.", "organisation"),
        _country("party_country", "Undertaken by an organisation of this country, or for one."),
        _country("committed_by_country", "Undertaken by an organisation of this country."),
        _country("beneficiary_country", "For an organisation of this country."),
        _reference("part_of", "Part of this package.", "commitment"),
        _reference("facility", "About this facility.", "facility"),
        _country("facility_country", "About a facility in this country."),
        _reference("event", "Announced at this event, with a milestone at it, or resting on words said at it.", "event"),
        _reference("announced_at", "Announced at this event.", "event"),
        _reference("milestone_at", "With a milestone at this event.", "event"),
    ),
    "relation": (
        *_EVIDENCE,
        p.matching("type", "Type of relation.", SLUG, example="part-of"),
        _reference("entity", "With this entity at either end.", *ENTITY_KINDS),
        _reference("subject", "From this entity.", *ENTITY_KINDS),
        _reference("object", "To this entity.", *ENTITY_KINDS),
        p.words("role", "Role, as printed."),
        p.words("name", "The relation as a sentence, whole; upper and lower case are the same.", fold=True),
    ),
    "document": (
        _SOURCES[1],
        p.words("language", "BCP 47 code of its language."),
        p.words("translated_from", "Language that it was translated from."),
        p.words("name", "Its headline, whole; upper and lower case are the same.", fold=True),
    ),
    "quote": (
        *_SOURCES,
        _reference("speaker", "Said by this person.", "person"),
        _reference("occasion", "Said at this event.", "event"),
        p.choice("quote_kind", "Direct speech, a fragment, reported speech or narration.", v.QuoteKind.values),
        replace(_FIDELITY, help="Whether the words are original or translated."),
        *_SAID,
    ),
}


@dataclass(frozen=True)
class Collection:
    """One collection: `name` in the address, the kinds that it lists, its own filters and its order."""

    name: str
    kinds: tuple[str, ...]
    filters: tuple[p.Parameter, ...] = field(repr=False)
    ordering: str = "name"

    @cached_property
    def parameters(self) -> dict[str, p.Parameter]:
        """Everything that its list takes, by name."""
        order = p.choice(
            "ordering",
            f"Order of the results; {self.ordering} unless asked. Unknown dates come last; -stamp has what changed last first.",
            ORDERINGS,
            many=False,
        )
        facets = p.choice("facets", "Adds `facets`: for each of these, how many results have which value.", tuple(self.facets))
        declared = (_slug(self.kinds), *self.filters, *_EVERY_LIST, order, replace(facets, most=MOST_FACETS), AS_OF, *PAGING)
        of_rows = {"fields": choosing.fields(self.kinds)} | choosing.include(self.kinds)
        return {parameter.name: parameter for parameter in declared} | of_rows

    @cached_property
    def of_detail(self) -> dict[str, p.Parameter]:
        """Everything that the detail of one of its records takes, by name."""
        return {AS_OF.name: AS_OF, "fields": choosing.fields(self.kinds, detail=True)} | choosing.include(self.kinds)

    @cached_property
    def of_edition(self) -> dict[str, p.Parameter]:
        """Everything that one edition of one of its records takes, by name."""
        return {"fields": choosing.fields(self.kinds, detail=True)}

    @cached_property
    def facets(self) -> dict[str, p.Parameter]:
        """The filters by whose values its results can be told apart."""
        # What words were said at is printed of the words alone, not of what rests on them.
        among = _FACETS if self.kinds == ("quote",) else _FACETS - {"occasion"}
        return {parameter.name: parameter for parameter in self.filters if parameter.name in among}

    @property
    def path(self) -> str:
        return f"/api/v1/{self.name}/"


_FACETS = frozenset(
    "announced_at beneficiary category committed_by condition country currency document entity facility fidelity kind language"
    " measure nationality nature occasion operator organisation part_of publisher quote_kind rank role speaker stage"
    " translated_from type unit".split()
)
_BY_DATE = ("commitment", "event", "quote", "document")
COLLECTIONS = {
    PLURALS[kind]: Collection(PLURALS[kind], (kind,), filters, "-date" if kind in _BY_DATE else "name")
    for kind, filters in _OF_KIND.items()
}
COLLECTIONS["entities"] = Collection(
    "entities", ENTITY_KINDS, (p.choice("kind", "Kind of entity.", ENTITY_KINDS), *_ENTITY), "name"
)
