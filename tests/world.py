"""Makers of an invented world. Each takes what matters to the test and fills in the rest; `slug` names what is made."""

from collections.abc import Iterable

from entities.citable_fields import EvidenceClass, record_kind, stated_value_type
from entities.field_values import record_field_values
from entities.models import (
    Commitment,
    Event,
    Facility,
    Measure,
    Milestone,
    Organisation,
    Person,
    Post,
    Relation,
    RelationJoin,
    RelationType,
)
from entities.vocabulary import Kind
from sources.document_text import values_made_from_text
from sources.evidence.evidence_rule import supporting_citations
from sources.evidence.field_coverage import evidence_of_records
from sources.models import Citation, SourceDocument, SourceQuote

# What the Arcadian Courier is taken to have printed; quotes of the world stand in it.
ARTICLE = (
    "VALLEYTOWN, July 9 – Arcadia will give Ruritania 40 kites, its minister said on Tuesday.\n\n"
    "“We pledge forty kites, no more and no less,” Ada Fell told reporters at the Lake Meeting. "
    "About 700 clerks are to count them in Harbourton, officials said.\n"
    # So long that what the tests quote is a small part of it.
    + "\nThe wind was good, the sky was clear, and nobody was in a hurry to go home.\n"
    * 20
)


def _titled(slug: str) -> str:
    return slug.replace("-", " ").title()


def an_organisation(slug: str = "arcadia", **fields) -> Organisation:
    return Organisation.objects.create(**{"slug": slug, "name": _titled(slug), "type": "state"} | fields)


def a_facility(slug: str = "kite-yard", **fields) -> Facility:
    return Facility.objects.create(**{"slug": slug, "name": _titled(slug), "type": "plant"} | fields)


def a_person(slug: str = "ada-fell", **fields) -> Person:
    return Person.objects.create(**{"slug": slug, "name": _titled(slug)} | fields)


def a_post(organisation: Organisation, slug: str = "minister-of-kites", **fields) -> Post:
    return Post.objects.create(**{"slug": slug, "name": _titled(slug), "organisation": organisation} | fields)


def an_event(slug: str = "lake-meeting", **fields) -> Event:
    return Event.objects.create(**{"slug": slug, "name": _titled(slug), "type": "meeting"} | fields)


def a_commitment(slug: str = "forty-kites", by: Iterable[Organisation] = (), **fields) -> Commitment:
    words = {"slug": slug, "name": _titled(slug), "nature": "pledge", "category": "equipment"}
    commitment = Commitment.objects.create(**words | fields)
    commitment.committed_by.set(by)
    return commitment


def a_measure(entity, key: str = "kites", **fields) -> Measure:
    words = {"kind": "items", "value": 40, "unit": "kite", "as_stated": "40 kites"}
    return Measure.objects.create(**{"entity": entity, "key": key} | words | fields)


def a_milestone(commitment: Commitment, stage: str = "announced", date: str = "2024-07-09", **fields) -> Milestone:
    return Milestone.objects.create(commitment=commitment, stage=stage, date=date, **fields)


def verb_forms(label: str, prefix: str = "") -> dict[str, str]:
    """The forms of a verb that begins with is or has, by the fields that hold them."""
    verb, _, rest = label.partition(" ")
    plural, past, infinitive = {"is": ("are", "was", "be"), "has": ("have", "had", "have")}[verb]
    forms = {"label": verb, "plural_label": plural, "past_label": past, "infinitive": infinitive}
    return {f"{prefix}{name}": f"{form} {rest}" for name, form in forms.items()}


def a_relation_type(slug: str = "part-of", *joins: tuple[str, str]) -> RelationType:
    """A type that may join the given pairs of kinds: organisations, if none is given."""
    words = _titled(slug).lower()
    made, _ = RelationType.objects.get_or_create(
        slug=slug, defaults=verb_forms(f"is {words}") | verb_forms(f"has {words}", "inverse_")
    )
    for subject, object in joins or [(Kind.ORGANISATION, Kind.ORGANISATION)]:
        RelationJoin.objects.get_or_create(type=made, subject_kind=subject, object_kind=object)
    return made


def a_relation(subject, object, type: RelationType | None = None, **fields) -> Relation:
    return Relation.objects.create(type=type or a_relation_type(), subject=subject, object=object, **fields)


def a_document(slug: str = "courier-2024-07-09", text: str = ARTICLE, **fields) -> SourceDocument:
    words = {"slug": slug, "title": "Arcadia to give kites", "published_on": "2024-07-09", "language": "en", "text": text}
    proof = values_made_from_text(text) if text else {}
    return SourceDocument.objects.create(**words | proof | fields)


def a_quote(
    document: SourceDocument,
    exact: str = "We pledge forty kites, no more and no less",
    speakers: Iterable[Person] = (),
    **fields,
) -> SourceQuote:
    """A quote that stands in the document's text, at its true place."""
    start = document.text.index(exact)
    words = {"exact": exact, "start": start, "end": start + len(exact)}
    quote = SourceQuote.objects.create(**{"document": document, "kind": "direct_speech"} | words | fields)
    quote.speakers.set(speakers)
    return quote


def a_citation(quote: SourceQuote, target, field: str = "nature", value: str = "pledge", **fields) -> Citation:
    """A citation in the whole passage's words, with a note that names the value, as nobody reads it out of them."""
    key = "relation" if isinstance(target, Relation) else "entity"
    # Of a record nothing is read out of a whole passage, and its note would keep the slug when the record is merged.
    is_record = field == "relation" or isinstance(stated_value_type(record_kind(target), field), tuple)
    note = "As the test has it." if is_record else f"{value}, as the test has it."
    words = {"as_stated": " ".join(quote.exact.split()), "note": note}
    return Citation.objects.create(quote=quote, field=field, value=value, **{key: target}, **words | fields)


def a_relation_citation(quote: SourceQuote, relation: Relation, **fields) -> Citation:
    """A citation for the one fact that a relation is: as the register has it, unless `value` says otherwise."""
    return a_citation(quote, relation, "relation", **{"value": relation.citation_value} | fields)


def cite_values(quote: SourceQuote, *records) -> None:
    """Cite `quote` for each stated value of `records` that no citation affirms yet."""
    evidence = evidence_of_records(records)
    for record, values in record_field_values(records).items():
        for field, value, needed in values:
            proof = supporting_citations(record_kind(record), field, value, evidence[record].get(field))
            if needed == EvidenceClass.STATED and not proof:
                a_citation(quote, record, field, value)
