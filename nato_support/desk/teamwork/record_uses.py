"""Where a record is used: how many rows of each list refer to it, and the filter that lists them."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from unfold.contrib.filters.admin import DropdownFilter

from entities.models import Commitment, Curated, Entity, Facility, Post, Relation
from entities.numbers import integer_or_none
from nato_support.desk.records.referenced_row_labels import may_view_model
from nato_support.publishing.rendering import PUBLIC_KINDS, model_for_kind, public_kind
from sources.models import Citation, SourceDocument, SourceQuote

REFERENCES: dict[type[Model], tuple[str, ...]] = {
    Commitment: ("committed_by", "beneficiary", "concerns", "part_of", "facility", "announced_at", "milestones__event"),
    Relation: ("subject", "object"),
    Post: ("organisation",),
    Facility: ("operator",),
    SourceDocument: ("publisher",),
    SourceQuote: ("document", "speakers", "occasion"),
    Citation: ("entity", "relation", "quote"),
}
"""Model -> its fields that refer to other records. Rows that belong to a record (names, amounts ...) are no use of it."""
MOST_COUNTED = 10_000
PARAMETER = "uses"


class RecordUse(NamedTuple):
    """Rows of one list that refer to a record: their number, at most MOST_COUNTED, their name, and where they are listed."""

    count: int
    noun: str
    page: str

    @property
    def label(self) -> str:
        """The number, with a plus sign if there are more."""
        return f"{MOST_COUNTED:,}+" if self.count > MOST_COUNTED else f"{self.count:,}"


class RecordUses(NamedTuple):
    """All uses of a record that a user may see."""

    uses: list[RecordUse]

    @property
    def label(self) -> str:
        """The number of all uses, with a plus sign if a list has more than were counted."""
        total = sum(min(use.count, MOST_COUNTED) for use in self.uses)
        return f"{total:,}{'+' if any(use.count > MOST_COUNTED for use in self.uses) else ''}"


def uses_of_record(record: Curated, user: Any) -> RecordUses:
    """Return where `record` is used, as far as `user` may see it. One query for each list that can refer to its kind."""
    token = f"{public_kind(record)}/{record.pk}"
    uses = []
    for model, rows in _rows_that_use(type(record), record.pk):
        if not may_view_model(user, model):
            continue
        count = rows.order_by()[: MOST_COUNTED + 1].count()
        if count:
            meta = model._meta
            noun = str(meta.verbose_name if count == 1 else meta.verbose_name_plural).removeprefix("source ")
            page = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
            uses.append(RecordUse(count, noun, f"{page}?{urlencode({PARAMETER: token}, safe='/')}"))
    return RecordUses(uses)


class UsedRecordFilter(DropdownFilter):
    """Filter of a list by a record that its rows refer to, named in the address as `uses=organisation/12`."""

    title = "refers to"
    parameter_name = PARAMETER

    def lookups(self, request, model_admin):
        # There is no list to choose from: links on the pages of records lead here.
        token = request.GET.get(PARAMETER, "")
        record = _record_of_token(token, request.user)
        return [(token, str(record)[:80])] if record else [(token, "an unknown record")] if token else []

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        record = _record_of_token(self.value(), request.user)
        if record is None:
            return queryset.none()
        rows = dict(_rows_that_use(type(record), record.pk)).get(queryset.model)
        return queryset.none() if rows is None else queryset.filter(pk__in=rows.order_by().values("pk"))


def _rows_that_use(used: type[Model], pk: int) -> Iterator[tuple[type[Model], QuerySet]]:
    """Yield each model that can refer to records of `used`, with its rows that refer to `pk`."""
    lineage = {used, *used._meta.get_parent_list()}
    for model, paths in REFERENCES.items():
        fitting = [path for path in paths if _target_of(model, path) in lineage]
        if fitting:
            # A query for each field, so that each uses its own index.
            condition = Q(pk__in=[])
            for path in fitting:
                condition |= Q(pk__in=model._default_manager.order_by().filter(**{path: pk}).values("pk"))
            rows: QuerySet = model._default_manager.filter(condition)
            yield model, rows.filter(merged_into=None) if issubclass(model, Entity) else rows


def _target_of(model: type[Model], path: str) -> type[Model]:
    target: Any = model
    for name in path.split("__"):
        target = target._meta.get_field(name).related_model
    return target


def _record_of_token(token: str | None, user: Any) -> Curated | None:
    kind, _, key = (token or "").partition("/")
    pk = integer_or_none(key)
    if kind not in PUBLIC_KINDS or pk is None or not may_view_model(user, model_for_kind(kind)):
        return None
    rows = model_for_kind(kind)._default_manager.filter(pk=pk)
    return (rows.defer("text", "fingerprint") if kind == "document" else rows).first()
