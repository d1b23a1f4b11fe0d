"""Records on the pages of review: what each brings, what was said to it, and what keeps it back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from entities.history.record_snapshots import snapshot_fields
from entities.models import Curated
from nato_support.desk.records.difference_display import DisplayedDifference, display_differences, summarise_difference
from nato_support.desk.review.review_urls import record_form_url, record_token
from nato_support.publishing.models.submissions import Comment
from nato_support.publishing.published_versions import live_edition_versions
from nato_support.publishing.rendering import model_for_kind, public_kind
from nato_support.publishing.review.pending_changes import PendingChanges, find_changes_since

BEFORE_LABEL, AFTER_LABEL = "public now", "to be public"


@dataclass
class RecordCard:
    """One record with its difference from what the public sees."""

    found: PendingChanges
    shown: DisplayedDifference
    preview: str = ""
    outdated_quotes: list[Curated] = field(default_factory=list)
    """Quotes that it rests on and that readers go on seeing as they were: they have changes that do not go along."""
    moved: bool = False
    """Whether it was changed since it was sent."""
    comments: dict[str, list[Comment]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    ticked: dict[str, str] = field(default_factory=dict)

    @property
    def record(self) -> Curated:
        return self.found.record

    @property
    def name(self) -> str:
        """`commitment/12`"""
        return record_token(self.record)

    @property
    def kind(self) -> str:
        return public_kind(self.record)

    @property
    def page(self) -> str:
        return record_form_url(self.record)

    @property
    def seen(self) -> str:
        return f"{self.name}/{self.record.version}"

    @property
    def places(self) -> int:
        return len(self.found.difference.fields) + len(self.found.difference.rows)

    @property
    def other_comments(self) -> list[Comment]:
        """Comments on the whole record, and on fields that do not differ or are gone."""
        differing = set(_field_addresses(self.shown))
        return [comment for place, said in self.comments.items() if place not in differing for comment in said]

    @property
    def unchanged(self) -> list[str]:
        """What the fields are called that are as the public sees them."""
        changed = {change.name for change in self.found.difference.fields}
        filled = self.found.difference.after.values or {}
        fields = [f for f in snapshot_fields(self.found.difference.after.model) if f.name not in changed]
        return [str(f.verbose_name) for f in fields if filled.get(f.name) not in (None, "", [])]


def build_record_cards(
    found: list[PendingChanges], user, going: Iterable[Curated], actions_template: str = ""
) -> list[RecordCard]:
    """`found` as `user` may see them, in a constant number of queries; `going` are all that are to be public together."""
    told = display_differences([one.difference for one in found], user=user)
    behind = _outdated_quotes(found, going)
    made = []
    for one, difference in zip(found, told, strict=True):
        difference.before_label, difference.after_label = BEFORE_LABEL, AFTER_LABEL
        difference.actions_template = actions_template
        quotes = [behind[pk] for pk in sorted(_cited_quote_keys(one) & behind.keys())]
        made.append(RecordCard(one, difference, _preview_url(one.record), quotes))
    return made


def _cited_quote_keys(one: PendingChanges) -> set[int]:
    """The keys of the quotes that are cited on it."""
    return {row.values["quote"] for row in one.difference.after.rows.values() if "quote" in row.values}


def _outdated_quotes(found: list[PendingChanges], going: Iterable[Curated]) -> dict[int, Curated]:
    """Those quotes cited on `found` that are shown as they stand, while readers will see them as they were published."""
    along = {one.pk for one in going if public_kind(one) == "quote"}
    quotes = model_for_kind("quote")._default_manager.in_bulk(set().union(*map(_cited_quote_keys, found)) - along)
    public = live_edition_versions(quotes.values())
    return {pk: one for pk, one in quotes.items() if public.get((public_kind(one), one.slug), one.version) != one.version}


def _preview_url(record: Curated) -> str:
    meta = model_for_kind(public_kind(record))._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_preview", args=[record.pk])
    except NoReverseMatch:
        return ""


def _field_addresses(one: DisplayedDifference) -> Iterable[str]:
    rows = [row for group in one.groups for row in group.rows]
    item: Any
    for item in (*one.fields, *rows, *(f for row in rows for f in row.fields)):
        yield item.address
        yield from (source.address for source in getattr(item, "sources", ()))


def comments_by_field(comments: Iterable[Comment]) -> dict[str, dict[str, list[Comment]]]:
    """Comments by record, as `commitment/12`, and there by field; "" for what is about the whole."""
    found: dict[str, dict[str, list[Comment]]] = defaultdict(lambda: defaultdict(list))
    for comment in comments:
        found[f"{comment.kind}/{comment.record}" if comment.kind else ""][comment.field].append(comment)
    return found


def describe_changes_since(records: Iterable[Curated], looked_at: datetime | None) -> list[dict[str, Any]]:
    """What changed in `records` since somebody opened a page, and by whom."""
    if looked_at is None:
        return []
    found = find_changes_since(dict.fromkeys(records, looked_at))
    people = get_user_model().objects.in_bulk({pk for one in found for pk in one.authors})
    return [
        {
            "record": one.record,
            "name": record_token(one.record),
            "what": summarise_difference(one.difference) if one.difference else "saved, and put back as it was",
            "who": ", ".join(sorted(people[pk].get_username() for pk in one.authors if pk in people)),
        }
        for one in found
    ]


def page_opened_at(given) -> datetime | None:
    """When the page was opened from which a form comes; None if it does not say so."""
    try:
        when = parse_datetime(given.get("looked_at", ""))
    except ValueError:
        return None
    return when if when and timezone.is_aware(when) and 2000 < when.year < 9000 else None


def review_context(request, title: str) -> dict[str, Any]:
    request.current_app = admin.site.name
    return {**admin.site.each_context(request), "title": title, "opts": None, "looked_at": timezone.now().isoformat()}
