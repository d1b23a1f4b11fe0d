"""Signed tokens of report forms: which fact a form is about, when it was opened, and the address that its report will have.

They stand in for the cookies of Django's CSRF protection, which public pages do without. One form makes one report.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass

from django.core import signing

FORM_EXPIRES_AFTER = 86_400
"""Seconds after which a form must be sent once more."""
_SALT = "nato_support.reports.form"


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """A form as it was given to a reader."""

    secret: str
    """Token of the address of its report."""
    age: float
    """Seconds since it was opened."""

    @property
    def is_expired(self) -> bool:
        return self.age > FORM_EXPIRES_AFTER


def make_form_token(about: list) -> str:
    """Return the token of a new form; `about` names the fact, in JSON's types."""
    return signing.dumps([secrets.token_urlsafe(24), int(time.time()), about], salt=_SALT)


def read_form_token(token: str, about: list) -> OpenedForm | None:
    """Return the form that `token` was given to; None if it is forged or of another fact."""
    try:
        secret, opened_at, fact = signing.loads(token[:2_000], salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return OpenedForm(secret, time.time() - opened_at) if fact == about else None


def hash_token(secret: str) -> str:
    """Return what is kept of the token of an address."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
