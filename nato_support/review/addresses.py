"""Records in addresses and forms: `commitment/12,organisation/3`, each with the version seen as `commitment/12/7`."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from entities.models import Curated
from nato_support.editions.printing import KINDS, kind_of, model_of
from nato_support.review.models import Submission

AT_MOST = 1000
"""So many records are sent, published or withdrawn from one page."""


def name_of(record: Curated) -> str:
    return f"{kind_of(record)}/{record.pk}"


def records_named(names: Iterable[str]) -> list[Curated]:
    """The records of `names`, in their order; what names none is left out. One query for each kind."""
    keys: dict[str, list[int]] = {}
    wanted = list(dict.fromkeys(names))[:AT_MOST]
    for name in wanted:
        kind, _, key = name.partition("/")
        if kind in KINDS and key.isdecimal() and len(key) < 19:
            keys.setdefault(kind, []).append(int(key))
    found = {f"{kind}/{pk}": record for kind, pks in keys.items() for pk, record in model_of(kind).objects.in_bulk(pks).items()}
    return [found[name] for name in wanted if name in found]


def versions_seen(values: Iterable[str]) -> dict[Curated, int]:
    """The records of a form with their versions on the page, from its values `commitment/12/7`."""
    seen = {
        name: version
        for value in values
        for name, _, version in [value.rpartition("/")]
        if version.isdecimal() and len(version) < 10
    }
    return {record: int(seen[name_of(record)]) for record in records_named(seen)}


def page_of_record(record: Curated) -> str:
    meta = model_of(kind_of(record))._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def page_to_publish(records: Iterable[Curated]) -> str:
    """Where `records` are sent for review or published."""
    return f"{reverse('admin:review_submission_new')}?{_query(records)}"


def page_to_withdraw(records: Iterable[Curated]) -> str:
    return f"{reverse('admin:review_submission_withdraw')}?{_query(records)}"


def page_of_submission(submission: Submission) -> str:
    return reverse("admin:review_submission_change", args=[submission.pk])


def _query(records: Iterable[Curated]) -> str:
    return urlencode({"records": ",".join(name_of(record) for record in records)}, safe="/,")
