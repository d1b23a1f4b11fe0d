"""Which fields of a record are contested: their citations differ, or one contradicts, and no resolution stands."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q
from django.utils import timezone

from entities.citable import MANY_VALUED_FIELDS
from entities.models import Change, Entity, Relation
from entities.models.locking import lock_rows
from entities.refusals import Stale
from entities.vocabulary import Action, Stance, Verdict
from sources.models import Citation, Resolution
from sources.models.citation import statement_text


class ContestState(models.TextChoices):
    """Where a field stands whose sources differ."""

    OPEN = "open", "open"
    DISPUTED = "disputed", "disputed"
    SETTLED = "settled", "settled"


@dataclasses.dataclass(slots=True)
class FieldEvidence:
    """The citations of one field, what they state, and the resolution that stands, if one does."""

    field: str
    # Rows or their printed shapes: what has a value and a stance, or settles statements with a verdict on a day.
    citations: list[Any] = dataclasses.field(default_factory=list)
    resolutions: list[Any] = dataclasses.field(default_factory=list)

    @property
    def statements(self) -> list[str]:
        """The different values stated, in the order of the citations; a contradiction counts as one of its own."""
        return list(dict.fromkeys(statement_text(citation.value, citation.stance) for citation in self.citations))

    @property
    def differs(self) -> bool:
        contradicted = any(citation.stance == Stance.CONTRADICTS for citation in self.citations)
        return contradicted or (self.field not in MANY_VALUED_FIELDS and len(self.statements) > 1)

    @property
    def resolution(self) -> Any | None:
        """The newest resolution that judged every statement now made; None if there is none."""
        stated = set(self.statements)
        standing = [r for r in self.resolutions if stated <= set(r.settles)]
        return max(standing, key=lambda r: (r.decided_on, r.pk or 0), default=None)

    @property
    def contested(self) -> bool:
        return self.differs and self.state != ContestState.SETTLED

    @property
    def state(self) -> ContestState:
        """Of a field that differs: whether it waits for an editor, was settled, or was found to be disputed."""
        resolution = self.resolution
        if resolution is None:
            return ContestState.OPEN
        return ContestState.DISPUTED if resolution.verdict == Verdict.DISPUTED else ContestState.SETTLED

    @property
    def version(self) -> str:
        """Another one as soon as anything that an editor judges by, a citation or a resolution, is not what it was."""
        judged = [
            [[c.pk, c.quote_id, c.value, c.stance, c.as_stated] for c in sorted(self.citations, key=lambda c: c.pk)],
            [[r.pk, r.verdict, r.reason, r.settles] for r in sorted(self.resolutions, key=lambda r: r.pk)],
        ]
        return hashlib.sha256(json.dumps(judged).encode()).hexdigest()


def group_evidence_by_field(citations: Iterable[Citation], resolutions: Iterable[Resolution]) -> dict[str, FieldEvidence]:
    """Citations and resolutions of one record, gathered by field, fields in alphabetical order."""
    found: dict[str, FieldEvidence] = {}
    for citation in citations:
        found.setdefault(citation.field, FieldEvidence(citation.field)).citations.append(citation)
    for resolution in resolutions:
        if resolution.field in found:
            found[resolution.field].resolutions.append(resolution)
    return dict(sorted(found.items()))


def evidence_of_record(target: Entity | Relation) -> dict[str, FieldEvidence]:
    """The evidence of each field of `target` that is cited."""
    return group_evidence_by_field(target.citations.order_by("pk"), target.resolutions.all())


class FieldKey(NamedTuple):
    """One field of one record: of an entity or, where that is None, of a relation."""

    entity: int | None
    relation: int | None
    field: str


@dataclasses.dataclass(frozen=True, slots=True)
class ContestedField:
    """A field whose citations differ, as a queue lists it; `newest` is the key of its newest citation."""

    place: FieldKey
    citations: int
    newest: int
    state: ContestState


_KEY_COLUMNS = ("entity_id", "relation_id", "field")
_STATEMENTS_DIFFER = (~Q(field__in=MANY_VALUED_FIELDS) & ~Q(first=F("last"))) | Q(contradictions__gt=0)


def find_contested_fields(within: Q | None = None) -> list[ContestedField]:
    """Every field whose citations differ, settled ones included, that with the newest citation first.

    `within` narrows by what all citations of a field share: their record or the field itself. Five statements, whatever
    the number of citations: of fields that do not differ, and of those never resolved, no citation is fetched.
    """
    judged = evidence_of_resolved_fields()
    found = []
    # Apart, so that each follows its index instead of sorting all citations.
    for end in ("entity", "relation"):
        groups = (
            Citation.objects.filter(within or Q(), **{f"{end}__isnull": False})
            .order_by()
            .values_list(f"{end}_id", "field")
            .annotate(number=Count("pk"), newest=Max("pk"), first=Min("value"), last=Max("value"))
            .annotate(contradictions=Count("pk", filter=Q(stance=Stance.CONTRADICTS)))
            .filter(_STATEMENTS_DIFFER)
        )
        for target, field, number, newest, *_ in groups:
            place = FieldKey(target, None, field) if end == "entity" else FieldKey(None, target, field)
            found.append(ContestedField(place, number, newest, judged[place].state if place in judged else ContestState.OPEN))
    return sorted(found, key=lambda field: -field.newest)


def evidence_of_resolved_fields() -> dict[FieldKey, FieldEvidence]:
    """What is stated and resolved of every field that was ever resolved, in rows as narrow as the rule needs."""
    found: dict[FieldKey, FieldEvidence] = {}
    judged = Resolution.objects.order_by().values_list(*_KEY_COLUMNS, "pk", "verdict", "settles", "decided_on", named=True)
    for row in judged:
        place = FieldKey(row.entity_id, row.relation_id, row.field)
        found.setdefault(place, FieldEvidence(row.field)).resolutions.append(row)
    for end in ("entity", "relation"):
        resolved = Resolution.objects.filter(**{end: OuterRef(end), "field": OuterRef("field")})
        stated = (
            Citation.objects.order_by()
            .filter(Exists(resolved))
            .values_list(*_KEY_COLUMNS, "value", "stance", named=True)
            .distinct()
        )
        for row in stated:
            if one := found.get(FieldKey(row.entity_id, row.relation_id, row.field)):
                one.citations.append(row)
    return found


def citations_to_compare() -> models.QuerySet[Citation]:
    """Citations with all that is looked at where they stand side by side, without the texts of their documents."""
    related = ("entity", "relation__type", "relation__subject", "relation__object", "quote__document__publisher")
    private = ("quote__document__text", "quote__document__fingerprint")
    return Citation.objects.select_related(*related, "quote__speaker", "quote__occasion").defer(*private).order_by("pk")


FIELDS_PER_QUERY = 250
"""How many fields one statement asks for: SQLite refuses conditions a thousand deep."""


def fetch_evidence(places: Iterable[FieldKey]) -> dict[FieldKey, FieldEvidence]:
    """The citations and resolutions of each of `places`, in two statements for each AT_ONCE of them."""
    found = {place: FieldEvidence(place.field) for place in places}
    wanted = list(found)
    for at in range(0, len(wanted), FIELDS_PER_QUERY):
        here = Q()
        for place in wanted[at : at + FIELDS_PER_QUERY]:
            about = Q(relation=place.relation) if place.entity is None else Q(entity=place.entity)
            here |= about & Q(field=place.field)
        for citation in citations_to_compare().filter(here):
            found[FieldKey(citation.entity_id, citation.relation_id, citation.field)].citations.append(citation)
        for resolution in Resolution.objects.filter(here).select_related("decided_by").order_by("decided_on", "pk"):
            found[FieldKey(resolution.entity_id, resolution.relation_id, resolution.field)].resolutions.append(resolution)
    return found


def field_key_of(target: Entity | Relation, field: str) -> FieldKey:
    return FieldKey(None, target.pk, field) if isinstance(target, Relation) else FieldKey(target.pk, None, field)


def resolve_field(target: Entity | Relation, field: str, *, verdict: str, reason: str, by: Any, seen: str) -> Resolution:
    """Records the verdict on `field` of `target` for all that is stated now; that of the same day is replaced, its history
    kept. `seen` is the version of the evidence that was judged.

    Raises Stale if the evidence is another one by now, ValidationError without a verdict or a reason.
    """
    with transaction.atomic():
        # Whoever adds a citation meanwhile raises the version of the record, and so waits for this row.
        lock_rows([(type(target), target.pk)])
        place = field_key_of(target, field)
        evidence = fetch_evidence([place])[place]
        if evidence.version != seen:
            raise Stale("A citation or a verdict came in meanwhile: look at the statements again.")
        if not evidence.differs:
            raise ValidationError("There is nothing to resolve: the sources do not differ.")
        key = {"entity_id": place.entity, "relation_id": place.relation, "field": field}
        today = timezone.localdate().isoformat()
        resolution = Resolution.objects.filter(**key, decided_on=today).first() or Resolution(**key, decided_on=today)
        resolution.verdict, resolution.reason, resolution.decided_by = verdict, reason, by
        resolution.settles = sorted(evidence.statements)
        resolution.full_clean()
        _set_history_user(by, resolution)
        resolution.save()
        return resolution


def undo_last_resolution_change(resolution: Resolution, by: Any) -> None:
    """Undoes the last change of what `resolution` says: what it said before comes back; if it was new, it goes.

    It stays with the record that has it now: that a merge moved it is taken back by unmerging. Raises ValidationError if
    the merge also changed what it says.
    """
    with transaction.atomic():
        present = Resolution.objects.select_for_update().get(pk=resolution.pk)
        _set_history_user(by, present)
        verdicts = _verdicts_given(present)
        if len(verdicts) < 2:
            present.delete()
            return
        for name, value in zip(_JUDGED, verdicts[1], strict=True):
            setattr(present, name, value)
        present.save()


_JUDGED = ("verdict", "reason", "settles", "decided_on", "decided_by_id")
"""What an editor says in a resolution; the rest of its columns say where it belongs."""


def _verdicts_given(resolution: Resolution) -> list[tuple]:
    """What the resolution has said one after the other, the newest first, back to where a merge changed it."""
    rows = list(resolution.history.order_by("-history_date", "-history_id"))
    changes = Change.objects.filter(pk__in={row.change_id for row in rows}, act__in=(Action.MERGE, Action.UNMERGE))
    merges = set(changes.values_list("pk", flat=True))
    given = []
    for row, earlier in zip(rows, [*rows[1:], None], strict=True):
        said = _said(row)
        if earlier is None or (row.change_id not in merges and _place_then(row) == _place_then(earlier)):
            given.append(said)
        elif said != _said(earlier):
            given.append(said)
            if len(given) < 2:
                raise ValidationError("A merge changed this verdict last: take the merge back, or give a new verdict.")
            break
    return given


def _said(row: Any) -> tuple:
    return tuple(getattr(row, name) for name in _JUDGED)


def _place_then(row: Any) -> FieldKey:
    return FieldKey(row.entity_id, row.relation_id, row.field)


def _set_history_user(user: Any, resolution: Any) -> None:
    """Has the next entry in the history of `resolution` name `user`."""
    resolution._history_user = user
