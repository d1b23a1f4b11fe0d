"""Records in addresses and forms: `commitment/12,organisation/3`, each with the version seen as `commitment/12/7`."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from entities.models import Curated
from entities.untrusted import whole_number
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.rendering import PUBLIC_KINDS, model_for_kind, public_kind

MAX_RECORDS = 1000
"""So many records are sent, published or withdrawn from one page."""


def record_token(record: Curated) -> str:
    return f"{public_kind(record)}/{record.pk}"


def records_by_token(names: Iterable[str]) -> list[Curated]:
    """The records of `names`, in their order; what names none is left out. One query for each kind."""
    keys: dict[str, list[int]] = {}
    wanted = list(dict.fromkeys(names))[:MAX_RECORDS]
    for name in wanted:
        kind, _, key = name.partition("/")
        if kind in PUBLIC_KINDS and (pk := whole_number(key)) is not None:
            keys.setdefault(kind, []).append(pk)
    found = {
        f"{kind}/{pk}": record for kind, pks in keys.items() for pk, record in model_for_kind(kind).objects.in_bulk(pks).items()
    }
    return [found[name] for name in wanted if name in found]


def parse_seen_versions(values: Iterable[str]) -> dict[Curated, int]:
    """The records of a form with their versions on the page, from its values `commitment/12/7`."""
    seen = {
        name: number
        for value in values
        for name, _, version in [value.rpartition("/")]
        if (number := whole_number(version)) is not None
    }
    return {record: seen[record_token(record)] for record in records_by_token(seen)}


def record_form_url(record: Curated) -> str:
    meta = model_for_kind(public_kind(record))._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def publish_page_url(records: Iterable[Curated]) -> str:
    """Where `records` are sent for review or published."""
    return f"{reverse('admin:publishing_submission_new')}?{_records_query_string(records)}"


def withdraw_page_url(records: Iterable[Curated]) -> str:
    return f"{reverse('admin:publishing_submission_withdraw')}?{_records_query_string(records)}"


def submission_page_url(submission: Submission) -> str:
    return reverse("admin:publishing_submission_change", args=[submission.pk])


def _records_query_string(records: Iterable[Curated]) -> str:
    return urlencode({"records": ",".join(record_token(record) for record in records)}, safe="/,")
