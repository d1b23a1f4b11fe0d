"""Every model of the register is found by a key that people can read, and rows survive without primary keys."""

import pytest
from django.apps import apps

from entities.models import Change, DuplicateCandidate, DuplicateDecision, Merge
from nato_support.publishing.models import (
    Assignment,
    Comment,
    EditionTerm,
    MentionCount,
    NameKey,
    Notification,
    NotificationSettings,
    SearchEntry,
    Submission,
    SubmittedRecord,
)
from sources.models import CaptureStep, EarlierText, ReadMark, SuggestionDecision

# What one installation keeps of the work at its desk: no fixture holds it.
OF_THE_DESK = (
    Assignment,
    Change,
    Comment,
    CaptureStep,
    EarlierText,
    DuplicateDecision,
    DuplicateCandidate,
    Merge,
    Notification,
    NotificationSettings,
    ReadMark,
    Submission,
    SubmittedRecord,
    SuggestionDecision,
)
# Worked out from editions, and kept for look-ups alone.
DERIVED = (NameKey, MentionCount, SearchEntry)
MODELS = [
    model
    for app in ("entities", "sources", "publishing")
    for model in apps.get_app_config(app).get_models()
    if not model.__name__.startswith("Historical") and model not in (*OF_THE_DESK, *DERIVED)
]


@pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])
def test_each_row_is_found_by_its_natural_key(model, public):
    rows = model._default_manager.all()
    if model.__name__ not in ("Name", "Identifier", "Resolution"):
        assert rows, "the invented world has a row of it"
    for row in rows:
        assert model._default_manager.get_by_natural_key(*row.natural_key()) == row


def test_the_terms_of_an_edition_are_each_there_once(public):
    keys = [term.natural_key() for term in EditionTerm.objects.select_related("edition")]
    assert len(keys) == len(set(keys))
