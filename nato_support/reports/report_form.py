"""The form of a report: every value bounded and cleaned, whatever was typed or sent."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext, gettext_lazy

from entities.fields import strip_control_characters
from nato_support.reports.models import LONGEST_ADDRESS, LONGEST_CONTACT, LONGEST_TEXT, Problem

_is_web_address = URLValidator(schemes=["http", "https"])


class _TextField(forms.CharField):
    """Text without control characters, which nobody sees and so nobody could remove."""

    def to_python(self, value: Any) -> str:
        return strip_control_characters(super().to_python(value) or "")


class _LineField(_TextField):
    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class ReportForm(forms.Form):
    """What a reader fills in. `website` is hidden: programs fill it in."""

    problem = forms.ChoiceField(label=gettext_lazy("What is wrong or missing"), choices=Problem, widget=forms.RadioSelect)
    text = _TextField(
        label=gettext_lazy("In your words"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    source_url = _LineField(
        label=gettext_lazy("Web address of a source (optional)"),
        help_text=gettext_lazy("A page or file that anyone can open says most."),
        required=False,
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocapitalize": "off", "spellcheck": "false", "placeholder": "https://"}
        ),
    )
    contact = _LineField(
        label=gettext_lazy("How to reach you (optional)"),
        help_text=gettext_lazy("If you want to be asked back. Not required, and never published."),
        required=False,
        max_length=LONGEST_CONTACT,
    )
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_source_url(self) -> str:
        address = self.cleaned_data["source_url"]
        return _address_with_ascii_host(address) if address else ""

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(gettext("Empty this field: it is there to tell programs from people."))
        return ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "text" in values and "source_url" in values and not (values["text"] or values["source_url"]):
            self.add_error("text", gettext("Write what is wrong, or give the address of a source."))
        return values


def _address_with_ascii_host(address: str) -> str:
    """Return a web address with its host in ASCII, so that a host that looks like another one is seen for what it is."""
    refused = ValidationError(gettext("This is no web address. It begins with https:// or http://."))
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        has_user, port = "@" in parts.netloc, parts.port
    except ValueError:
        raise refused from None
    if has_user:
        raise ValidationError(gettext("Leave out the name before the @ in the address."))
    written = f"[{host}]" if ":" in host else host
    ascii_address = parts._replace(netloc=written if port is None else f"{written}:{port}").geturl()
    try:
        _is_web_address(ascii_address)
    except ValidationError:
        raise refused from None
    if len(ascii_address) > LONGEST_ADDRESS:
        raise ValidationError(gettext("This address is too long."))
    return ascii_address
