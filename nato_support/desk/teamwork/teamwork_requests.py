"""What the forms for comments and assignments send: the record of the address, a person, a day."""

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404

from entities.models import Curated
from entities.numbers import integer_or_none
from entities.refusals import Refused
from nato_support.desk.review.record_tokens_and_review_urls import records_by_token
from nato_support.publishing.review import permissions


def get_viewable_record(user: Any, record_kind: str, pk: int) -> Curated:
    """Return the record of an address. 404 if it does not exist, 403 if `user` may not see it."""
    records = records_by_token([f"{record_kind}/{pk}"])
    if not records:
        raise Http404
    if not permissions.may_view_records(user, records):
        raise PermissionDenied
    return records[0]


def posted_person(data: Any) -> User:
    """Return the user whose key was posted as `to`."""
    key = integer_or_none(data.get("to", ""))
    person = User.objects.filter(pk=key, is_active=True).first() if key is not None else None
    if person is None:
        raise Refused(["Choose a person"])
    return person


def posted_day(data: Any) -> date | None:
    """Return the day posted as `due`, None if it is empty."""
    text = data.get("due", "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10] if len(text) == 10 else "")
    except ValueError:
        raise Refused(["Give the day as year-month-day, such as 2026-12-03"]) from None
