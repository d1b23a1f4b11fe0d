"""Reading of what the scripts of the document desk send: offsets, facts, suggestions and details of quotes."""

from collections.abc import Mapping
from typing import Any

from entities.models import Event, Person
from entities.numbers import integer_or_none, parse_integer
from entities.refusals import Refused
from entities.vocabulary import Fidelity, Polarity
from sources.capture import capture_operations, document_suggestions, fact_candidates
from sources.models import SourceDocument
from sources.suggestions.suggestion import Suggestion

MAX_FACTS_AT_ONCE = 50
MAX_SPEAKERS = 20
_QUOTE_TEXT_FIELDS = ("kind", "fidelity", "attribution", "reported_by", "said_on", "utterance", "note")


def facts_from_request(payload: Mapping[str, Any]) -> list[capture_operations.CitedFact]:
    """Return the facts that a quote is to be linked to. Raises Refused if there are more than MAX_FACTS_AT_ONCE."""
    facts = payload.get("facts", [])
    if len(facts) > MAX_FACTS_AT_ONCE:
        raise Refused(errors={"facts": [f"Link at most {MAX_FACTS_AT_ONCE} facts at a time."]})
    return [_fact_from_request(fact) for fact in facts]


def _fact_from_request(fact: Mapping[str, Any]) -> capture_operations.CitedFact:
    return capture_operations.CitedFact(
        fact_candidates.find_target_record(str(fact["target"])),
        str(fact["field"]).strip(),
        str(fact["value"]).strip(),
        str(fact.get("polarity") or Polarity.AFFIRMS),
        str(fact.get("as_stated") or "").strip(),
        str(fact.get("note") or "").strip(),
    )


def suggestion_from_request(document: SourceDocument, payload: Mapping[str, Any]) -> Suggestion | None:
    """Return the suggestion from which the form was opened, if it is still open."""
    if not payload.get("suggestion"):
        return None
    keys = [str(payload["suggestion"])]
    return next(iter(document_suggestions.find_open_suggestions(document, keys, parse_integer(payload["start"]))), None)


def quote_fields_from_request(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a quote: most as text, its speakers as a list of persons, its occasion as an event or None.

    Raises ValueError for a key that is no number, Refused for a record that no longer exists and for too many speakers.
    """
    fields: dict[str, Any] = {name: str(payload.get(name) or "").strip() for name in _QUOTE_TEXT_FIELDS}
    fields["fidelity"] = fields["fidelity"] or Fidelity.ORIGINAL
    speaker_keys = payload.get("speakers") or []
    if len(speaker_keys) > MAX_SPEAKERS:
        raise Refused(errors={"speakers": [f"Name at most {MAX_SPEAKERS} speakers of one quote."]})
    fields["speakers"] = [_record_from_key(Person, "speakers", key) for key in speaker_keys]
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
