"""Records in addresses and forms, as tokens such as commitment/12, and the addresses of the review pages."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from entities.models import Curated
from entities.numbers import integer_or_none
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.rendering import PUBLIC_KINDS, model_for_kind, public_kind

MAX_RECORDS = 1000
"""Records that one page sends for review, publishes or withdraws, at most."""


def record_token(record: Curated) -> str:
    """Return the kind and key of `record`: commitment/12."""
    return f"{public_kind(record)}/{record.pk}"


def version_token(record: Curated) -> str:
    """Return the kind, key and version of `record` as a form sends them: commitment/12/7."""
    return f"{record_token(record)}/{record.version}"


def records_by_token(tokens: Iterable[str]) -> list[Curated]:
    """Return the records of `tokens` in their order, without those that do not exist, with one query for each kind."""
    keys: dict[str, list[int]] = {}
    requested = list(dict.fromkeys(tokens))[:MAX_RECORDS]
    for token in requested:
        kind, _, key = token.partition("/")
        if kind in PUBLIC_KINDS and (pk := integer_or_none(key)) is not None:
            keys.setdefault(kind, []).append(pk)
    records = {
        f"{kind}/{pk}": record for kind, pks in keys.items() for pk, record in model_for_kind(kind).objects.in_bulk(pks).items()
    }
    return [records[token] for token in requested if token in records]


def parse_seen_versions(values: Iterable[str]) -> dict[Curated, int]:
    """Return the records of a form with the versions that its page showed, from values such as commitment/12/7."""
    versions = {
        token: number
        for value in values
        for token, _, version in [value.rpartition("/")]
        if (number := integer_or_none(version)) is not None
    }
    return {record: versions[record_token(record)] for record in records_by_token(versions)}


def record_form_url(record: Curated) -> str:
    """Return the address of the admin form of `record`."""
    meta = model_for_kind(public_kind(record))._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def publish_page_url(records: Iterable[Curated]) -> str:
    """Return the address of the page that sends `records` for review or publishes them."""
    return f"{reverse('admin:publishing_submission_new')}?{_records_query_string(records)}"


def work_page_url(document: Curated) -> str:
    """Return the address of the page that sends all unsent work on a document for review, or publishes it."""
    return f"{reverse('admin:publishing_submission_new')}?{urlencode({'document': document.pk})}"


def withdraw_page_url(records: Iterable[Curated]) -> str:
    """Return the address of the page that withdraws `records`."""
    return f"{reverse('admin:publishing_submission_withdraw')}?{_records_query_string(records)}"


def submission_page_url(submission: Submission) -> str:
    """Return the address of the page of a submission."""
    return reverse("admin:publishing_submission_change", args=[submission.pk])


def _records_query_string(records: Iterable[Curated]) -> str:
    return urlencode({"records": ",".join(record_token(record) for record in records)}, safe="/,")
