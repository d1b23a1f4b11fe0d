"""Reading of the forms on the review pages: texts, record versions and the time when a page was opened."""

from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from entities.fields import strip_control_characters


def posted_text(request, name: str) -> str:
    """Return the text of a form field without control characters; '' if it is missing."""
    return strip_control_characters(request.POST.get(name, ""))


def posted_opening_time(form_data) -> datetime | None:
    """Return when the page of a posted form was opened; None if it is missing, naive or out of range."""
    try:
        opened_at = parse_datetime(form_data.get("opened_at", ""))
    except ValueError:
        return None
    return opened_at if opened_at and timezone.is_aware(opened_at) and 2000 < opened_at.year < 9000 else None
