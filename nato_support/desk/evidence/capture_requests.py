"""Reading of what the scripts of the document desk send: offsets, facts, suggestions and details of quotes."""

from collections.abc import Iterable, Mapping
from typing import Any

from entities.citable_fields import record_kind
from entities.models import Event, Person
from entities.numbers import integer_or_none, parse_integer
from entities.refusals import Refused
from entities.typed_values import read_typed_value
from entities.vocabulary import Fidelity, Polarity
from nato_support.desk.evidence.suggestion_acceptance import fields_of_naming_quote
from sources.capture import capture_operations, document_suggestions, fact_candidates
from sources.capture.record_creation import NamingPassage, NewRecord, StatedValue
from sources.models import SourceDocument
from sources.suggestions.suggestion import Suggestion

MAX_FACTS_AT_ONCE = 50
MAX_RECORDS_AT_ONCE = 10
MAX_SPEAKERS = 20
NEW_RECORD_PREFIX = "new:"
_QUOTE_TEXT_FIELDS = ("kind", "fidelity", "attribution", "reported_by", "said_on", "utterance", "note")


def facts_from_request(user, payload: Mapping[str, Any]) -> list[capture_operations.CitedFact]:
    """Return the facts that a quote is to be linked to. Raises Refused if there are more than MAX_FACTS_AT_ONCE."""
    facts = payload.get("facts", [])
    if len(facts) > MAX_FACTS_AT_ONCE:
        raise Refused(errors={"facts": [f"Link at most {MAX_FACTS_AT_ONCE} facts at a time."]})
    return [_fact_from_request(user, fact, f"facts.{number}.") for number, fact in enumerate(facts)]


def _fact_from_request(user, fact: Mapping[str, Any], prefix: str) -> capture_operations.CitedFact:
    target = fact_candidates.find_target_record(str(fact["target"]))
    stated, kind = _stated_value_from_request(record_kind(target), fact, prefix), record_kind(target)
    fills = bool(fact.get("fills")) and user.has_perm(f"entities.change_{kind}")
    return capture_operations.CitedFact(
        target, stated.field, stated.value, stated.polarity, stated.as_stated, stated.note, fills=fills
    )


def _stated_value_from_request(kind: str, fact: Mapping[str, Any], prefix: str) -> StatedValue:
    """Return field, value and words of a fact; the value is read as people type it. Raises Refused if it cannot be."""
    field, typed = str(fact["field"]).strip(), str(fact["value"])
    try:
        value = read_typed_value(kind, field, typed)
    except ValueError as error:
        raise Refused(errors={f"{prefix}value": [str(error)]}) from None
    polarity = str(fact.get("polarity") or Polarity.AFFIRMS)
    return StatedValue(field, value, polarity, str(fact.get("as_stated") or "").strip(), str(fact.get("note") or "").strip())


def new_records_from_request(document: SourceDocument, user, payload: Mapping[str, Any]) -> list[NewRecord]:
    """Return the records to be added with a quote. Raises Refused for kinds that the user may not add, and for too many."""
    records = payload.get("records") or []
    if len(records) > MAX_RECORDS_AT_ONCE:
        raise Refused(errors={"records": [f"Add at most {MAX_RECORDS_AT_ONCE} records at a time."]})
    return [_new_record_from_request(document, user, record, f"records.{number}.") for number, record in enumerate(records)]


def _new_record_from_request(document: SourceDocument, user, record: Mapping[str, Any], prefix: str) -> NewRecord:
    kind, facts = str(record["kind"]), record.get("facts") or []
    if not user.has_perm(f"entities.add_{kind}"):
        raise Refused(errors={f"{prefix}kind": ["You may not add records of this kind: ask an editor."]})
    if len(facts) > MAX_FACTS_AT_ONCE:
        raise Refused(errors={f"{prefix}facts": [f"State at most {MAX_FACTS_AT_ONCE} facts of one record at a time."]})
    columns = {str(name): str(value) for name, value in dict(record.get("columns") or {}).items()}
    stated = (_stated_value_from_request(kind, fact, f"{prefix}facts.{number}.") for number, fact in enumerate(facts))
    naming = _naming_passage_from_request(document, record["named_at"], columns) if record.get("named_at") else None
    return NewRecord(str(record["ref"]), kind, columns, tuple(stated), naming)


def _naming_passage_from_request(
    document: SourceDocument, passage: Mapping[str, Any], columns: Mapping[str, str]
) -> NamingPassage:
    start, end = parse_integer(passage["start"]), parse_integer(passage["end"])
    fields, is_speaker = fields_of_naming_quote(document, start, end, columns.get("name", ""))
    return NamingPassage(start, end, str(passage["exact"]), fields, is_speaker)


def naming_ranges(new_records: Iterable[NewRecord]) -> list[tuple[int, int]]:
    """Return the ranges of the further passages that state the names of new records."""
    return [(record.naming.start, record.naming.end) for record in new_records if record.naming]


def suggestion_from_request(document: SourceDocument, payload: Mapping[str, Any]) -> Suggestion | None:
    """Return the suggestion from which the form was opened, if it is still open."""
    if not payload.get("suggestion"):
        return None
    keys = [str(payload["suggestion"])]
    return next(iter(document_suggestions.find_open_suggestions(document, keys, parse_integer(payload["start"]))), None)


def quote_fields_from_request(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a quote: most as text, its speakers as a list of persons, its occasion as an event or None.

    Speakers that are added with the quote are apart, as references to the new records: new:0.

    Raises ValueError for a key that is no number, Refused for a record that no longer exists and for too many speakers.
    """
    fields: dict[str, Any] = {name: str(payload.get(name) or "").strip() for name in _QUOTE_TEXT_FIELDS}
    fields["fidelity"] = fields["fidelity"] or Fidelity.ORIGINAL
    speaker_keys = payload.get("speakers") or []
    if len(speaker_keys) > MAX_SPEAKERS:
        raise Refused(errors={"speakers": [f"Name at most {MAX_SPEAKERS} speakers of one quote."]})
    refs = [key for key in speaker_keys if isinstance(key, str) and key.startswith(NEW_RECORD_PREFIX)]
    fields["speakers"] = [_record_from_key(Person, "speakers", key) for key in speaker_keys if key not in refs]
    fields["new_speakers"] = refs
    fields["occasion"] = _record_from_key(Event, "occasion", payload["occasion"]) if payload.get("occasion") else None
    return fields


def _record_from_key(model: type[Person] | type[Event], name: str, key: Any) -> Person | Event:
    pk = integer_or_none(key)
    if pk is None:
        raise ValueError(f"{name}: {key!r} is not the key of a record")
    record = model.objects.filter(pk=pk).first()
    if record is None:
        raise Refused(errors={name: ["This record is no longer in the register."]})
    return record


def search_words_from_request(request) -> str:
    """Return the search words of a query string, without NUL, which databases refuse."""
    return request.GET.get("words", "").replace("\0", "").strip()
