"""Base of the history pages of a record: its key and name, the states that URLs name, and rendering.

A state is named by a point: `now`, `public`, `edition-3`, or the time of a change (2026-11-22T10:00:00.123456+00:00). All
points are of the record whose page it is; changes of other records are not found here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from entities.history.record_snapshots import (
    RecordDifference,
    RecordSnapshot,
    snapshot_at,
    take_snapshot,
)
from entities.models import Curated
from entities.numbers import integer_or_none
from nato_support.publishing.models.public_tables import Edition, EditionCause
from nato_support.publishing.published_versions import published_snapshot
from nato_support.publishing.rendering import public_kind


@dataclass
class HistoryPoint:
    """State of the record: its name in URLs, its label and its values."""

    name: str
    label: str
    snapshot: RecordSnapshot


def forbidden_row_changes(user, difference: RecordDifference) -> list[str]:
    """Return what `user` may not do of `difference`: reverting gives nobody further permissions."""
    refusals: dict[str, None] = {}
    for change in difference.rows:
        meta = change.row.model._meta
        verb = "add" if change.before is None else "delete" if change.after is None else "change"
        if not user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}"):
            refusals[f"You may not {verb} {meta.verbose_name_plural}."] = None
    return list(refusals)


class HistoryPageBase:
    """Base of the mixins for each history page of a record; the model admin provides the attributes."""

    model: Any
    opts: Any
    admin_site: Any
    get_object: Any
    has_view_permission: Any
    has_change_permission: Any
    has_delete_permission: Any
    message_user: Any

    def key_and_record(self, request, object_id) -> tuple[int, Curated | None]:
        """Return the key and the record, None if it was deleted. Raises Http404 if there never was one."""
        record = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if record is not None:
            return record.pk, record
        key = integer_or_none(unquote(object_id))
        if key is None or not self.model.history.filter(**{self.model._meta.pk.attname: key}).exists():
            raise Http404
        return key, None

    def last_known_name(self, pk: int) -> str:
        version = self.model.history.filter(**{self.model._meta.pk.attname: pk}).order_by("-history_date").first()
        return next((str(getattr(version, name)) for name in ("name", "title", "slug") if getattr(version, name, "")), str(pk))

    def history_kind(self) -> str:
        return getattr(self.model, "KIND", None) or public_kind(self.model())

    def history_url(self, name: str, pk: int, *more) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[pk, *more])

    def render_history_page(self, request, pk, record, name: str, context: dict, extra: dict | None = None, status: int = 200):
        pages = {
            view_name: self.history_url(view_name, pk) for view_name in ("history", "compare", "revert", "restore", "change")
        }
        return TemplateResponse(
            request,
            f"desk/history/{name}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "record": record,
                "original": record,
                "pages": pages,
                "query": self._history_query(request),
                **context,
                **(extra or {}),
            },
            status=status,
        )

    def _history_query(self, request) -> str:
        query = request.GET.copy()
        query.pop("p", None)
        return f"{query.urlencode()}&" if query else ""

    def resolve_history_point(self, name: str, pk: int, record: Curated | None) -> HistoryPoint:
        """Return the state called `name`; Http404 if there is none."""
        if name == "now":
            return HistoryPoint(name, "now", take_snapshot(record) if record else RecordSnapshot(self.model, pk, None, {}))
        if name == "public" and record is not None:
            live = published_snapshot(record)
            return HistoryPoint(name, "the published version", live or RecordSnapshot(self.model, pk, None, {}))
        if name.startswith("edition-") and record is not None:
            number = name.removeprefix("edition-")
            editions = Edition.objects.filter(
                kind=self.history_kind(), slug=record.slug, cause=EditionCause.CONTENT
            ).select_related("release")
            edition = editions.filter(number=integer_or_none(number) or 0).first()
            if edition is None:
                raise Http404
            return HistoryPoint(name, f"edition {edition.number}", snapshot_at(self.model, pk, edition.release.released_at))
        try:
            moment = datetime.fromisoformat(name)
            # The first and last representable times have no local time.
            label = f"{timezone.localtime(moment):%-d %B %Y, %H:%M:%S}" if moment.tzinfo else ""
        except (ValueError, OverflowError):
            raise Http404 from None
        if not label:
            raise Http404
        return HistoryPoint(name, label, snapshot_at(self.model, pk, moment))
