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

from entities.admin.differences import Shown, shown, summary_of
from entities.models import Curated
from entities.snapshots import fields_of
from nato_support.editions.live import live_versions
from nato_support.editions.printing import kind_of, model_of
from nato_support.review.addresses import name_of, page_of_record
from nato_support.review.models import Comment
from nato_support.review.pending import Pending, changed_since

WAS, IS_NOW = "public now", "to be public"


@dataclass
class Card:
    """One record with its difference from what the public sees."""

    found: Pending
    shown: Shown
    preview: str = ""
    behind: list[Curated] = field(default_factory=list)
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
        return name_of(self.record)

    @property
    def kind(self) -> str:
        return kind_of(self.record)

    @property
    def page(self) -> str:
        return page_of_record(self.record)

    @property
    def seen(self) -> str:
        return f"{self.name}/{self.record.version}"

    @property
    def places(self) -> int:
        return len(self.found.difference.fields) + len(self.found.difference.rows)

    @property
    def elsewhere(self) -> list[Comment]:
        """Comments on the whole record, and on fields that do not differ or are gone."""
        differing = set(_addresses(self.shown))
        return [comment for place, said in self.comments.items() if place not in differing for comment in said]

    @property
    def unchanged(self) -> list[str]:
        """What the fields are called that are as the public sees them."""
        changed = {change.name for change in self.found.difference.fields}
        filled = self.found.difference.after.values or {}
        fields = [f for f in fields_of(self.found.difference.after.model) if f.name not in changed]
        return [str(f.verbose_name) for f in fields if filled.get(f.name) not in (None, "", [])]


def cards(found: list[Pending], user, going: Iterable[Curated], actions_template: str = "") -> list[Card]:
    """`found` as `user` may see them, in a constant number of queries; `going` are all that are to be public together."""
    told = shown([one.difference for one in found], user=user)
    behind = _behind(found, going)
    made = []
    for one, difference in zip(found, told, strict=True):
        difference.was_called, difference.is_called = WAS, IS_NOW
        difference.actions_template = actions_template
        quotes = [behind[pk] for pk in sorted(_quoted(one) & behind.keys())]
        made.append(Card(one, difference, _preview_of(one.record), quotes))
    return made


def _quoted(one: Pending) -> set[int]:
    """The keys of the quotes that are cited on it."""
    return {row.values["quote"] for row in one.difference.after.rows.values() if "quote" in row.values}


def _behind(found: list[Pending], going: Iterable[Curated]) -> dict[int, Curated]:
    """Those quotes cited on `found` that are shown as they stand, while readers will see them as they were published."""
    along = {one.pk for one in going if kind_of(one) == "quote"}
    quotes = model_of("quote")._default_manager.in_bulk(set().union(*map(_quoted, found)) - along)
    public = live_versions(quotes.values())
    return {pk: one for pk, one in quotes.items() if public.get((kind_of(one), one.slug), one.version) != one.version}


def _preview_of(record: Curated) -> str:
    meta = model_of(kind_of(record))._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_preview", args=[record.pk])
    except NoReverseMatch:
        return ""


def _addresses(one: Shown) -> Iterable[str]:
    rows = [row for group in one.groups for row in group.rows]
    item: Any
    for item in (*one.fields, *rows, *(f for row in rows for f in row.fields)):
        yield item.address
        yield from (source.address for source in getattr(item, "sources", ()))


def by_place(comments: Iterable[Comment]) -> dict[str, dict[str, list[Comment]]]:
    """Comments by record, as `commitment/12`, and there by field; "" for what is about the whole."""
    found: dict[str, dict[str, list[Comment]]] = defaultdict(lambda: defaultdict(list))
    for comment in comments:
        found[f"{comment.kind}/{comment.record}" if comment.kind else ""][comment.field].append(comment)
    return found


def told_since(records: Iterable[Curated], looked_at: datetime | None) -> list[dict[str, Any]]:
    """What changed in `records` since somebody opened a page, and by whom."""
    if looked_at is None:
        return []
    found = changed_since(dict.fromkeys(records, looked_at))
    people = get_user_model().objects.in_bulk({pk for one in found for pk in one.authors})
    return [
        {
            "record": one.record,
            "name": name_of(one.record),
            "what": summary_of(one.difference) if one.difference else "saved, and put back as it was",
            "who": ", ".join(sorted(people[pk].get_username() for pk in one.authors if pk in people)),
        }
        for one in found
    ]


def looked_at(given) -> datetime | None:
    """When the page was opened from which a form comes; None if it does not say so."""
    try:
        when = parse_datetime(given.get("looked_at", ""))
    except ValueError:
        return None
    return when if when and timezone.is_aware(when) and 2000 < when.year < 9000 else None


def context_of(request, title: str) -> dict[str, Any]:
    request.current_app = admin.site.name
    return {**admin.site.each_context(request), "title": title, "opts": None, "looked_at": timezone.now().isoformat()}
