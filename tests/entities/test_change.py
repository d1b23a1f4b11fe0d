"""The rows of history that one action writes belong together."""

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from entities.models import Change, change_set

pytestmark = pytest.mark.django_db


def change_of(row):
    return row.history.latest().change


def test_what_one_act_writes_is_one_change(arcadia, ruritania):
    by = User.objects.create_user("edith")
    with change_set(by=by, action="import", reason="A list of states", source="courier-2024-07-09") as given:
        for state in (arcadia, ruritania):
            state.summary = "A state."
            state.save()
    assert change_of(arcadia) == change_of(ruritania) == Change.objects.get()
    change = Change.objects.get()
    assert (change.pk, change.by, change.action, change.reason, change.source) == (
        given,
        by,
        "import",
        "A list of states",
        "courier-2024-07-09",
    )


def test_outside_of_any_a_row_has_none(arcadia):
    arcadia.save()
    assert change_of(arcadia) is None
    assert not Change.objects.exists()


def test_what_writes_nothing_leaves_nothing():
    with change_set(reason="Nothing came of it"):
        pass
    assert not Change.objects.exists()


def test_an_inner_one_joins_and_tells_what_was_not_known(arcadia):
    with change_set():
        arcadia.save()
        with change_set(action="publish", reason="Ready"), change_set(action="edit", reason="Later"):
            arcadia.save()
    (change,) = Change.objects.all()
    assert (change.action, change.reason) == ("publish", "Ready")
    assert arcadia.history.filter(change=change).count() == 2


def test_a_change_outlives_a_transaction_of_it_that_failed(arcadia):
    with change_set(reason="Second try"):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            arcadia.save()
            1 / 0  # noqa: B018
        arcadia.save()
    assert change_of(arcadia).reason == "Second try"
