"""Records on the review pages: their changes, the comments on them, and what changed since a page was opened."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import strip_tags

from entities.history.record_snapshots import snapshot_fields
from entities.models import Curated
from nato_support.desk.page_context import admin_page_context
from nato_support.desk.records.citations_beside_values import documents_of_cited_quotes
from nato_support.desk.records.difference_display import display_differences, summarise_difference
from nato_support.desk.records.displayed_differences import DisplayedDifference
from nato_support.desk.review.change_lines import ChangeTable, build_change_table
from nato_support.desk.review.record_tokens_and_review_urls import record_form_url, record_token, version_token
from nato_support.desk.review.source_texts import quotes_with_documents
from nato_support.publishing.models.comments import Comment
from nato_support.publishing.published_versions import live_edition_versions
from nato_support.publishing.rendering import model_for_kind, public_kind
from nato_support.publishing.review.pending_changes import PendingChanges, find_changes_since
from sources.models import SourceQuote

BEFORE_LABEL, AFTER_LABEL = "published now", "new version"


@dataclass
class RecordCard:
    """Card of a record, with the difference between its published version and the working copy."""

    pending: PendingChanges
    difference: DisplayedDifference
    table: ChangeTable = field(default_factory=ChangeTable)
    quote: SourceQuote | None = None
    """The record, if it is a quote, with its document."""
    preview: str = ""
    outdated_quotes: list[Curated] = field(default_factory=list)
    """Quotes cited on it with changes that are not published along: readers keep seeing their published version."""
    changed_since_sent: bool = False
    comments: dict[str, list[Comment]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    """Comments typed and not saved, by field address."""

    @property
    def record(self) -> Curated:
        return self.pending.record

    @property
    def name(self) -> str:
        return record_token(self.record)

    @property
    def kind(self) -> str:
        return public_kind(self.record)

    @property
    def page(self) -> str:
        return record_form_url(self.record)

    @property
    def seen(self) -> str:
        return version_token(self.record)

    @property
    def comments_beside_no_difference(self) -> list[Comment]:
        """Comments on the whole record, and on fields that do not differ or no longer exist."""
        differing = set(_addresses_shown(self.table))
        return [comment for address, comments in self.comments.items() if address not in differing for comment in comments]

    @property
    def one_line(self) -> str:
        """All values of the record but its name and technical ones, as a line of text without links."""
        values = (strip_tags(field.now) for line in self.table.lines for field in line.fields if field.address != "title")
        return " · ".join(unescape(value) for value in values)

    @property
    def unchanged_labels(self) -> list[str]:
        """Labels of the filled fields that are as published."""
        changed = {change.name for change in self.pending.difference.fields}
        values = self.pending.difference.after.values or {}
        fields = [column for column in snapshot_fields(self.pending.difference.after.model) if column.name not in changed]
        return [str(column.verbose_name) for column in fields if values.get(column.name) not in (None, "", [])]


def build_record_cards(
    pending_records: list[PendingChanges], user, published_together: Iterable[Curated], actions_template: str = ""
) -> list[RecordCard]:
    """Return a card for each of `pending_records` as `user` may see it, in a constant number of queries.

    `published_together` are all records that the page would publish at once.
    """
    differences = display_differences([pending.difference for pending in pending_records], user=user)
    quotes = quotes_with_documents(
        {pending.record.pk for pending in pending_records if public_kind(pending.record) == "quote"}, user
    )
    outdated = _outdated_quotes(pending_records, published_together)
    cards = []
    for pending, difference in zip(pending_records, differences, strict=True):
        difference.before_label, difference.after_label = BEFORE_LABEL, AFTER_LABEL
        difference.actions_template = actions_template
        outdated_quotes = [outdated[pk] for pk in sorted(_cited_quote_keys(pending) & outdated.keys())]
        quote = quotes.get(pending.record.pk) if public_kind(pending.record) == "quote" else None
        table = build_change_table(difference, quote)
        cards.append(RecordCard(pending, difference, table, quote, _preview_url(pending.record), outdated_quotes))
    return cards


def _cited_quote_keys(pending: PendingChanges) -> set[int]:
    return {row.values["quote"] for row in pending.difference.after.rows.values() if "quote" in row.values}


def _outdated_quotes(pending_records: list[PendingChanges], published_together: Iterable[Curated]) -> dict[int, Curated]:
    """Return the cited quotes whose working copy differs from what readers will see, by key."""
    along = {record.pk for record in published_together if public_kind(record) == "quote"}
    cited = set().union(*map(_cited_quote_keys, pending_records)) - along
    quotes = model_for_kind("quote")._default_manager.in_bulk(cited)
    versions = live_edition_versions(quotes.values())
    return {
        pk: quote
        for pk, quote in quotes.items()
        if versions.get((public_kind(quote), quote.slug), quote.version) != quote.version
    }


def _preview_url(record: Curated) -> str:
    meta = model_for_kind(public_kind(record))._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_preview", args=[record.pk])
    except NoReverseMatch:
        return ""


def _addresses_shown(table: ChangeTable) -> Iterable[str]:
    """Yield the addresses beside which comments are shown."""
    for line in table.lines:
        yield line.item.address
        if line.row:
            yield line.row.address
        yield from (source.address for source in line.sources if source.action)


def comments_by_field(comments: Iterable[Comment]) -> dict[str, dict[str, list[Comment]]]:
    """Group comments by record token and field address; '' stands for the whole submission or the whole record."""
    grouped: dict[str, dict[str, list[Comment]]] = defaultdict(lambda: defaultdict(list))
    for comment in comments:
        grouped[f"{comment.kind}/{comment.record}" if comment.kind else ""][comment.field].append(comment)
    return grouped


def describe_changes_since(records: Iterable[Curated], opened_at: datetime | None) -> list[dict[str, Any]]:
    """Summarise what changed in `records` since somebody opened a page, and by whom; empty if the time is unknown."""
    if opened_at is None:
        return []
    changes = find_changes_since(dict.fromkeys(records, opened_at))
    documents = documents_of_cited_quotes(change.difference for change in changes)
    users = get_user_model().objects.in_bulk({pk for change in changes for pk in change.authors})
    return [
        {
            "record": change.record,
            "name": record_token(change.record),
            "summary": summarise_difference(change.difference, documents)
            if change.difference
            else "saved without lasting changes",
            "authors": ", ".join(sorted(users[pk].get_username() for pk in change.authors if pk in users)),
        }
        for change in changes
    ]


def review_context(request, title: str) -> dict[str, Any]:
    """Return the context of a review page, with the time at which it was opened."""
    return admin_page_context(request, title) | {"opened_at": timezone.now().isoformat()}
