"""What an editor does at the desk of a document: capture, link, revise, remove, decide, mark as read; and take it back.

Each operation runs in one transaction and leaves a step that `undo` takes back and `redo` takes again. The text itself
decides: words that do not stand at their place, character for character, are refused.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.deletion import Collector

from entities.field_values import parse_typed_amount
from entities.models import Entity, Event, Facility, Measure, Organisation, Person, Relation, change_set
from entities.refusals import Refused
from entities.slugs import free_slug
from entities.vocabulary import Action, Kind, Stance, Status, SuggestionKind, SuggestionOutcome, Verification
from sources import anchoring
from sources.capture.fact_candidates import NEW_MEASURE
from sources.models import Citation, DeskStep, ReadMark, SourceDocument, SourceQuote, SuggestionDecision
from sources.suggestions.suggestion import Suggestion
from sources.verification import check_quote

DRAFT_MODELS: dict[Kind, Any] = {
    Kind.PERSON: Person,
    Kind.ORGANISATION: Organisation,
    Kind.FACILITY: Facility,
    Kind.EVENT: Event,
}
"""Kinds of which a name in a text may become a draft."""


@dataclass(frozen=True, slots=True)
class CitedFact:
    """What a passage is evidence for: one value of one field of a record or relation."""

    target: Entity | Relation
    field: str
    value: str
    stance: str = Stance.SUPPORTS
    as_stated: str = ""
    note: str = ""


@dataclass(slots=True)
class StepRecorder:
    """An operation under way: the rows that it has written so far, and what it did to the document."""

    document: SourceDocument
    by: Any
    label: str = ""
    changes: list[dict[str, Any]] = field(default_factory=list)

    def make(self, row: models.Model) -> models.Model:
        row.save()
        # As the database holds it: 9 may have become 9.00.
        row.refresh_from_db()
        self.changes.append({"model": row._meta.label_lower, "pk": row.pk, "before": None, "after": _column_values(row)})
        return row

    def change(self, row: models.Model, **values: Any) -> bool:
        """Whether anything was changed."""
        before = _column_values(row)
        for name, value in values.items():
            setattr(row, name, value)
        after = _column_values(row)
        changed = [name for name in after if before[name] != after[name]]
        if not changed:
            return False
        _validate_row(row)
        row.save()
        # Only what this step changed is put back: another's change of another field stays.
        self.changes.append(
            {
                "model": row._meta.label_lower,
                "pk": row.pk,
                "before": {name: before[name] for name in changed},
                "after": {name: after[name] for name in changed},
            }
        )
        return True

    def delete(self, row: models.Model) -> None:
        self.changes.append({"model": row._meta.label_lower, "pk": row.pk, "before": _column_values(row), "after": None})
        row.delete()

    def keep(self, label: str) -> DeskStep:
        """Stores the step; what was undone before it can no longer be done again."""
        DeskStep.objects.filter(document=self.document, taken_by=self.by, undone=True).delete()
        return DeskStep.objects.create(document=self.document, taken_by=self.by, label=label[:300], changes=self.changes)


P = ParamSpec("P")
R = TypeVar("R")


def _in_change_set_of_document(operation: Callable[P, R]) -> Callable[P, R]:
    """Runs an operation (on what, by whom, ...) in one transaction, as one change that names the document it was done from."""

    @wraps(operation)
    def run(*args: P.args, **given: P.kwargs) -> R:
        what: Any = args[0]
        by: Any = given["by"] if "by" in given else args[1]
        with change_set(by=by, act=Action.CAPTURE, source=_document_of_evidence(what).slug), transaction.atomic():
            return operation(*args, **given)

    return run


def _document_of_evidence(what: SourceDocument | SourceQuote | Citation) -> SourceDocument:
    if isinstance(what, Citation):
        what = what.quote
    return what if isinstance(what, SourceDocument) else what.document


@_in_change_set_of_document
def capture_quote(
    document: SourceDocument,
    by,
    *,
    start: int,
    end: int,
    exact: str,
    facts: Iterable[CitedFact] = (),
    suggestion: Suggestion | None = None,
    **said: Any,
) -> tuple[SourceQuote, DeskStep]:
    """Makes the passage `document.text[start:end]`, which must be `exact`, a quote and cites it on `facts`.

    `said` holds kind, fidelity, speaker, attribution, said_on and occasion of the quote. Raises Refused.
    """
    step = _begin_step(document, by)
    if SourceQuote.objects.filter(document=document, start=start, end=end).exists():
        raise Refused("This passage is a quote already: open it, and link it to more facts.")
    quote = _create_quote(step, start, end, exact, said)
    cited = _create_citations(step, quote, facts)
    if suggestion is not None:
        _record_decision(step, suggestion, _decision_outcome(suggestion, quote), quote)
    return quote, step.keep(f"Captured “{quote}”{_link_summary(cited)}")


@_in_change_set_of_document
def add_draft_record(
    document: SourceDocument,
    by,
    suggestion: Suggestion,
    *,
    kind: str,
    name: str,
    start: int,
    end: int,
    said: Mapping[str, Any],
) -> tuple[SourceQuote, DeskStep]:
    """Makes a draft of a record that the register does not know yet, with the passage that names it as its evidence.

    `kind` is one of NEW_KINDS; the passage from `start` to `end` becomes a quote if it is none, of which `said` says kind,
    speaker and the like. Raises Refused.
    """
    step = _begin_step(document, by)
    model = DRAFT_MODELS.get(Kind(kind)) if kind in Kind.values else None
    if model is None:
        raise Refused(errors={"kind": ["Say what it is: a person, an organisation, a facility or an event."]})
    record = model(name=name, slug=free_slug(Entity, name))
    if model is Person:
        record.given_name, _, record.family_name = name.rpartition(" ")
    else:
        record.type = "other"
    _validate_row(record)
    step.make(record)
    quote = SourceQuote.objects.filter(document=document, start=start, end=end).first()
    if quote is None:
        quote = _create_quote(step, start, end, document.text[start:end], said)
    stated = suggestion.exact if suggestion.exact in quote.exact else ""
    _create_citations(step, quote, [CitedFact(record, "name", name, as_stated=" ".join(stated.split()))])
    _record_decision(
        step, suggestion, SuggestionOutcome.ACCEPTED if name == suggestion.proposal["name"] else SuggestionOutcome.EDITED, quote
    )
    return quote, step.keep(f"Added {record.get_kind_display()} {name} as a draft")


@_in_change_set_of_document
def link_quote(quote: SourceQuote, by, facts: Iterable[CitedFact], suggestion: Suggestion | None = None) -> DeskStep:
    """Cites `quote` on more facts. Raises Refused."""
    step = StepRecorder(quote.document, by)
    cited = _create_citations(step, quote, facts)
    if not cited:
        raise Refused(errors={"facts": ["Choose at least one fact."]})
    if suggestion is not None:
        _record_decision(step, suggestion, SuggestionOutcome.ACCEPTED, quote)
    return step.keep(f"Linked “{quote}”{_link_summary(cited)}")


@_in_change_set_of_document
def revise_quote(
    quote: SourceQuote,
    by,
    *,
    version: int,
    start: int | None = None,
    end: int | None = None,
    facts: Iterable[CitedFact] = (),
    suggestion: Suggestion | None = None,
    **said: Any,
) -> DeskStep:
    """Changes what is said of a quote, moves its edges within the text, cites it on more `facts`.

    Raises Refused, also if the quote changed since `version`.
    """
    step, values = _begin_step(quote.document, by), dict(said)
    _check_quote_version(quote, version)
    if start is not None and end is not None and (start, end) != (quote.start, quote.end):
        values |= _anchor_values(quote, quote.document.text, start, end)
    changed = step.change(quote, **values)
    cited = _create_citations(step, quote, facts)
    if not changed and not cited:
        raise Refused("Nothing was changed.")
    if suggestion is not None and cited:
        _record_decision(step, suggestion, SuggestionOutcome.ACCEPTED, quote)
    return step.keep(f"{'Changed' if changed else 'Kept'} “{quote}”{_link_summary(cited)}")


@_in_change_set_of_document
def reanchor_quote(quote: SourceQuote, by, *, version: int, sha256: str, start: int, end: int) -> DeskStep:
    """Places a quote anew, at a passage that an editor saw in the text with the hash `sha256`. Raises Refused.

    That may be where it stands already, but between other words than were kept with it. The quote takes the words of the
    passage, whatever they are: who calls this has shown them.
    """
    # Whoever replaces the text waits until the quote is placed, and checks it anew.
    document = SourceDocument.objects.select_for_update().get(pk=quote.document_id)
    _check_quote_version(quote, version)
    if document.sha256 != sha256:
        raise Refused("The text of this document was replaced meanwhile. Look again at where the words stand in it.")
    step = StepRecorder(document, by)
    if not step.change(quote, **_anchor_values(quote, document.text, start, end)):
        raise Refused("This quote stands there already.")
    return step.keep(f"Placed “{quote}”")


def citations_lost_in(quote: SourceQuote, exact: str) -> list[Citation]:
    """The citations of `quote` whose words, as stated, do not stand in `exact`."""
    words = " ".join(exact.split())
    return [citation for citation in quote.citations.all() if citation.as_stated not in words]


@_in_change_set_of_document
def remove_quote(quote: SourceQuote, by, *, version: int | None = None, cited: Collection[int] | None = None) -> DeskStep:
    """Deletes a quote that was never public, with its citations.

    Raises Refused, also if it changed since `version` or has other citations than those with the keys `cited`.
    """
    if version is not None:
        _check_quote_version(quote, version)
    if cited is not None and {*cited} != {*quote.citations.values_list("pk", flat=True)}:
        raise Refused("Somebody linked or unlinked this quote meanwhile. Look at it again.")
    if quote.status in (Status.PUBLISHED, Status.WITHDRAWN):
        raise Refused("This quote is or was public: withdraw it instead.")
    step, label = StepRecorder(quote.document, by), f"Removed “{quote}”"
    for row in (*quote.citations.all(), *quote.suggested_by.all(), quote):
        step.delete(row)
    return step.keep(label)


@_in_change_set_of_document
def unlink_citation(citation: Citation, by, *, seen: tuple[str, str] | None = None) -> DeskStep:
    """Takes a quote away from one fact. Raises Refused if that is no longer the value and stance `seen`."""
    if seen is not None and seen != (citation.value, citation.stance):
        raise Refused(f"Somebody changed this fact meanwhile: it {citation.get_stance_display()} “{citation.value}” now.")
    step, label = StepRecorder(citation.quote.document, by), f"Unlinked {citation.target}, {citation}"
    step.delete(citation)
    return step.keep(label)


@_in_change_set_of_document
def reject_suggestions(document: SourceDocument, by, suggestions: Sequence[Suggestion]) -> DeskStep:
    """Remembers that these suggestions are wrong, in one step; none of them is offered again."""
    step = StepRecorder(document, by)
    for suggestion in suggestions:
        _record_decision(step, suggestion, SuggestionOutcome.REJECTED, None)
    return step.keep(f"Rejected {_suggestions_summary(suggestions)}")


@_in_change_set_of_document
def toggle_read_mark(document: SourceDocument, by, start: int, end: int) -> DeskStep:
    """Marks the passage as read, with nothing more to capture in it; if it was, takes the mark away."""
    if not 0 <= start < end <= len(document.text):
        raise Refused("The text has no such passage.")
    step = _begin_step(document, by)
    here = ReadMark.objects.filter(document=document, text_sha256=document.sha256, start=start).first()
    if here:
        step.delete(here)
        return step.keep("Marked as unread")
    step.make(ReadMark(document=document, text_sha256=document.sha256, start=start, end=end, marked_by=by))
    return step.keep("Marked as read")


@_in_change_set_of_document
def undo_step(document: SourceDocument, by) -> DeskStep:
    """Takes back the newest step of this editor at this desk. Raises Refused if others have built on it since."""
    _begin_step(document, by)
    step = DeskStep.objects.filter(document=document, taken_by=by, undone=False).first()
    if step is None:
        raise Refused("There is nothing to undo.")
    for change in reversed(step.changes):
        _restore_row(change, have=change["after"], want=change["before"])
    DeskStep.objects.filter(pk=step.pk).update(undone=True)
    return step


@_in_change_set_of_document
def redo_step(document: SourceDocument, by) -> DeskStep:
    """Takes the step again that was undone last. Raises Refused if that is no longer possible."""
    _begin_step(document, by)
    step = DeskStep.objects.filter(document=document, taken_by=by, undone=True).order_by("pk").first()
    if step is None:
        raise Refused("There is nothing to redo.")
    for change in step.changes:
        _restore_row(change, have=change["before"], want=change["after"])
    DeskStep.objects.filter(pk=step.pk).update(undone=False)
    return step


def _begin_step(document: SourceDocument, by) -> StepRecorder:
    """A step at the desk of `document`: until it is done nobody else replaces the text. Refused if somebody did."""
    held = SourceDocument.objects.select_for_update().filter(pk=document.pk).values_list("sha256", flat=True).first()
    if held != document.sha256:
        raise Refused("The text of this document was replaced meanwhile. Reload the page.")
    return StepRecorder(document, by)


def _create_quote(step: StepRecorder, start: int, end: int, exact: str, said: Mapping[str, Any]) -> SourceQuote:
    document = step.document
    _check_passage(document, start, end, exact)
    place = anchoring.passage_at(document.text, start, end)
    quote = SourceQuote(document=document, start=start, end=end, verification=Verification.TEXT, **said)
    quote.exact, quote.prefix, quote.suffix = place.exact, place.prefix, place.suffix
    _validate_row(quote, exclude=("slug",))
    step.make(quote)
    return quote


def _check_quote_version(quote: SourceQuote, version: int) -> None:
    # As it is now, whenever `quote` was read; whoever else saves it waits.
    held = SourceQuote.objects.select_for_update().filter(pk=quote.pk).values_list("version", flat=True).first()
    if not quote.version == version == held:
        raise Refused(f"Somebody changed this quote meanwhile (version {held}, not {version}). Look at it again.")


def _anchor_values(quote: SourceQuote, text: str, start: int, end: int) -> dict[str, Any]:
    """What is said of `quote` where it stands in the passage `text[start:end]`."""
    if not 0 <= start < end <= len(text):
        raise Refused("The text has no such passage.")
    passage = anchoring.passage_at(text, start, end)
    if lost := citations_lost_in(quote, passage.exact):
        raise Refused(f"“{lost[0].as_stated}”, cited for {lost[0].field}, would no longer stand in the passage.")
    found = {"start": start, "end": end, "exact": passage.exact, "prefix": passage.prefix, "suffix": passage.suffix}
    return found | {"verification": Verification.TEXT}


def _check_passage(document: SourceDocument, start: int, end: int, exact: str) -> None:
    if not document.text:
        raise Refused("The text of this document is not held: attach it first.")
    if not 0 <= start < end <= len(document.text) or document.text[start:end] != exact:
        raise Refused("These words do not stand there in the text as it is now. Reload the page and select them again.")
    if not exact.strip():
        raise Refused("Select some words: this is only space.")


def _create_citations(step: StepRecorder, quote: SourceQuote, facts: Iterable[CitedFact]) -> list[Citation]:
    cited = []
    for number, fact in enumerate(facts):
        key = "relation" if isinstance(fact.target, Relation) else "entity"
        if fact.field == NEW_MEASURE and key == "entity":
            fact = replace(fact, field=f"measures.{_create_measure(step, fact, f'facts.{number}.').key}")
        row = Citation(quote=quote, field=fact.field, value=fact.value, stance=fact.stance, as_stated=fact.as_stated)
        row.note = fact.note
        setattr(row, key, fact.target)
        _validate_row(row, prefix=f"facts.{number}.")
        step.make(row)
        cited.append(row)
    return cited


def _create_measure(step: StepRecorder, fact: CitedFact, prefix: str) -> Measure:
    """A new measure of the record, of the amount that the fact states."""
    try:
        amount = parse_typed_amount(fact.value)
    except ValueError as error:
        raise Refused(errors={f"{prefix}value": [str(error)]}) from None
    record = Entity.objects.get(pk=fact.target.pk)
    measure = Measure(entity=record, as_stated=fact.as_stated or fact.value, **amount)
    _validate_row(measure, prefix=prefix, exclude=("key",))
    step.make(measure)
    return measure


def _record_decision(step: StepRecorder, suggestion: Suggestion, outcome: str, quote: SourceQuote | None) -> None:
    document = step.document
    if SuggestionDecision.objects.filter(document=document, key=suggestion.key).exists():
        raise Refused(f"“{suggestion.exact[:80]}” was decided already.")
    step.make(
        SuggestionDecision(
            document=document,
            key=suggestion.key,
            kind=suggestion.kind,
            text_sha256=document.sha256,
            start=suggestion.start,
            end=suggestion.end,
            exact=suggestion.exact,
            proposal=suggestion.proposal,
            rule=suggestion.rule,
            score=suggestion.score,
            outcome=outcome,
            quote=quote,
            decided_by=step.by,
        )
    )


def _decision_outcome(suggestion: Suggestion, quote: SourceQuote) -> str:
    """Accepted if the quote says just what was proposed, edited otherwise."""
    if suggestion.kind != SuggestionKind.QUOTATION:
        return SuggestionOutcome.ACCEPTED
    proposed = suggestion.proposal
    as_proposed = (
        (quote.start, quote.end) == (suggestion.start, suggestion.end)
        and quote.kind == proposed["quote_kind"]
        and (quote.speaker.slug if quote.speaker else "") == proposed["speaker"]
        and quote.said_on == proposed["said_on"]
    )
    return SuggestionOutcome.ACCEPTED if as_proposed else SuggestionOutcome.EDITED


def _validate_row(row: models.Model, prefix: str = "", exclude: Iterable[str] = ()) -> None:
    try:
        row.full_clean(exclude=set(exclude))
    except ValidationError as error:
        said = error.message_dict
        raise Refused(errors={prefix + ("" if name == "__all__" else name): words for name, words in said.items()}) from None


def _link_summary(cited: Sequence[Citation]) -> str:
    return f", linked to {len(cited)} fact{'s' if len(cited) > 1 else ''}" if cited else ""


def _suggestions_summary(suggestions: Sequence[Suggestion]) -> str:
    return f"“{suggestions[0].exact[:80]}”" if len(suggestions) == 1 else f"{len(suggestions)} suggestions"


# What follows from a row, or counts its saves, is not put back: the save works it out.
_DERIVED_COLUMNS = {"version", "updated_at"}


def _column_values(row: models.Model) -> dict[str, Any]:
    found = {}
    for column in row._meta.concrete_fields:
        if column.generated or column.primary_key or column.name in _DERIVED_COLUMNS:
            continue
        value = getattr(row, column.attname)
        if not isinstance(value, str | int | float | bool | list | dict | type(None)):
            value = value.isoformat() if hasattr(value, "isoformat") else str(value)
        found[column.attname] = value
    return found


def _restore_row(change: Mapping[str, Any], *, have: Mapping | None, want: Mapping | None) -> None:
    """Brings a row from `have` to `want` (None: no row), if it still is as `have` says."""
    model = apps.get_model(change["model"])
    row = model._default_manager.filter(pk=change["pk"]).first()
    if have is None:
        if row is not None:
            raise Refused("This is there again already.")
        assert want is not None
        made = model(pk=change["pk"])
        _assign_columns(made, want)
        _check_unmerged(made)
        _validate_row(made)
        _check_quote_verified(made)
        made.save(force_insert=True)
        return
    if row is None:
        raise Refused("Somebody has deleted this meanwhile.")
    now = _column_values(row)
    if any(now[name] != value for name, value in have.items() if name != "status"):
        raise Refused(f"Somebody has changed this meanwhile: {row}.")
    if want is None:
        if getattr(row, "status", Status.DRAFT) in (Status.PUBLISHED, Status.WITHDRAWN):
            raise Refused(f"This is or was public: withdraw it instead. {row}")
        if _has_dependents(row):
            raise Refused(f"Other facts rest on it by now: {row}.")
        row.delete()
        return
    _assign_columns(row, want)
    _check_unmerged(row)
    _validate_row(row)
    _check_quote_verified(row)
    row.save()


def _check_unmerged(row: models.Model) -> None:
    """Refuses a row that would name a record which was merged into another since."""
    columns = [
        column for column in row._meta.concrete_fields if column.related_model and issubclass(column.related_model, Entity)
    ]
    keys = {getattr(row, column.attname) for column in columns}
    for named in Entity.objects.filter(pk__in=keys - {None}, merged_into__isnull=False).select_related("merged_into"):
        raise Refused(f"“{named}” was merged into “{named.merged_into}” meanwhile: do it anew for that one.")


def _check_quote_verified(row: models.Model) -> None:
    """Refuses a quote that is said to stand in the text and, since that was replaced, does not."""
    if (
        isinstance(row, SourceQuote)
        and row.verification in (Verification.TEXT, Verification.FINGERPRINT)
        and not check_quote(row)
    ):
        raise Refused(f"The text was replaced meanwhile, and “{row}” does not stand there any more.")


def _has_dependents(row: models.Model) -> bool:
    """Whether others have built on `row`: deleting it would take theirs along, or leave citations of what is not there."""
    if isinstance(row, Measure) and Citation.objects.filter(entity=row.entity_id, field=f"measures.{row.key}").exists():
        return True
    collector = Collector(using=row._state.db or "default", origin=row)
    try:
        collector.collect([row])
    except models.ProtectedError:
        return True
    # A person is a row of the table of entities, too.
    along = [one for found in collector.data.values() for one in found if one.pk != row.pk or not isinstance(row, type(one))]
    return bool(along) or any(rows.exists() for rows in collector.fast_deletes)


def _assign_columns(row: models.Model, values: Mapping[str, Any]) -> None:
    columns = {column.attname: column for column in row._meta.concrete_fields}
    for name, value in values.items():
        setattr(row, name, columns[name].to_python(value) if value is not None else None)
