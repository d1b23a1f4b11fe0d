"""Records that private rows are about, by kind and primary key: they may be deleted, and restored under the same key."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from entities.vocabulary import Kind

RECORD_KINDS = (*Kind.values, "relation", "quote", "document")
"""Every kind of record, as private rows name them."""


def user_foreign_key(help_text: str) -> models.ForeignKey:
    """Return a column for a user whose account may be deleted later."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text=help_text
    )


def is_record_key() -> Q:
    """Return the condition that `kind` and `record` name a record."""
    return Q(kind__in=RECORD_KINDS, record__isnull=False)
