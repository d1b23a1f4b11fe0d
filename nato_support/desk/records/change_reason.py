"""Reason for a change, asked on every form and stored in the history."""

from django import forms

from entities.fields import strip_control_characters, validate_no_controls
from entities.models import change_set

REASON_MAX_LENGTH = 500


class ReasonForm(forms.Form):
    """Reason for a change; optional everywhere."""

    reason = forms.CharField(required=False, max_length=REASON_MAX_LENGTH, validators=[validate_no_controls], strip=True)


def posted_reason(request, name: str = "reason") -> str:
    """Return the posted reason, cut to REASON_MAX_LENGTH, without control characters."""
    return strip_control_characters(request.POST.get(name, ""))[:REASON_MAX_LENGTH]


class ChangeReasonMixin:
    """Reason field of a change form; the reason is stored with the change."""

    change_form_after_template = "desk/history/reason.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with change_set(by=request.user, reason=posted_reason(request, "_reason")):
            context = {**(extra_context or {}), "reason": request.POST.get("_reason", "")}
            return super().changeform_view(request, object_id, form_url, context)
