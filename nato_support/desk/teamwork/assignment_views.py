"""Assigning a record to oneself or another, by a day if one is named, and giving it back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from entities.models import Curated
from entities.numbers import integer_or_none
from entities.refusals import Refused
from nato_support.desk.review.record_tokens_and_review_urls import record_form_url
from nato_support.desk.teamwork.teamwork_requests import get_viewable_record, posted_day, posted_person
from nato_support.publishing.review import permissions
from nato_support.publishing.teamwork import assigning


@require_POST
def assign_view(request, record_kind: str, pk: int) -> HttpResponse:
    """Assign a record: `to`, `due`, and as `expected` the assignee on the page."""
    record = _get_changeable_record(request, record_kind, pk)
    try:
        person, due_on = posted_person(request.POST), posted_day(request.POST)
        expected = integer_or_none(request.POST.get("expected", ""))
        assigning.assign_record(record, to=person, by=request.user, due_on=due_on, expected=expected)
    except Refused as refusal:
        return _redirect_with_refusal(request, record, refusal)
    whom = "you" if person == request.user else person.get_username()
    messages.success(request, f"Assigned to {whom}{f', by {due_on:%-d %B %Y}' if due_on else ''}.")
    return HttpResponseRedirect(record_form_url(record))


@require_POST
def unassign_view(request, record_kind: str, pk: int) -> HttpResponse:
    """Free a record from its assignee, who is posted as `expected`."""
    record = _get_changeable_record(request, record_kind, pk)
    try:
        assigning.unassign_record(record, by=request.user, expected=integer_or_none(request.POST.get("expected", "")))
    except Refused as refusal:
        return _redirect_with_refusal(request, record, refusal)
    messages.success(request, "The record is no longer assigned.")
    return HttpResponseRedirect(record_form_url(record))


def _get_changeable_record(request, record_kind: str, pk: int) -> Curated:
    record = get_viewable_record(request.user, record_kind, pk)
    if not permissions.may_change_kind(request.user, record_kind):
        raise PermissionDenied
    return record


def _redirect_with_refusal(request, record: Curated, refusal: Refused) -> HttpResponse:
    messages.error(request, f"Nothing was changed. {refusal}.")
    return HttpResponseRedirect(record_form_url(record))
