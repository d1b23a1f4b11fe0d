"""What waits to be public, of many records at once: the same as one snapshot after the other tells."""

import pytest

from entities.history.record_snapshots import compare_snapshots, take_snapshot
from entities.models import Name, change_set
from nato_support.publishing.publication import publish, withdraw
from nato_support.publishing.published_versions import published_snapshot
from nato_support.publishing.review.pending_changes import find_pending_changes
from tests import world as make


def by(user, row):
    row._history_user = user
    return row


def test_it_is_what_the_snapshots_differ_in(public, anna, changed_by):
    kites, arcadia = public.kites, public.arcadia
    changed_by(anna, kites, summary="Forty of them.")
    kites.committed_by.set([public.ruritania])
    changed_by(anna, public.measure, value=50)
    public.milestone.delete()
    Name.objects.create(entity=arcadia, text="Old Arcadia")
    new = make.an_organisation("elbonia")
    moved = public.kites.citations.get(field="nature")
    moved.entity, moved.field, moved.value = (
        arcadia.entity_ptr if hasattr(arcadia, "entity_ptr") else arcadia.entity,
        "name",
        "Arcady",
    )
    moved.save()
    records = [kites, arcadia, public.ruritania, public.alliance, public.document, public.quote, new]
    for one in records:
        one.refresh_from_db()
    for found in find_pending_changes(records):
        then, now = published_snapshot(found.record), take_snapshot(found.record)
        assert found.difference.after == now and found.difference.after.fingerprint == now.fingerprint
        if then is None:
            assert found.record == new and found.is_new
        else:
            assert found.difference == compare_snapshots(then, now)
    assert [bool(found.difference) for found in find_pending_changes(records)] == [True, True, False, False, False, False, True]


def test_an_author_is_whoever_brought_in_what_the_public_does_not_see(public, anna, edith, jan, changed_by):
    kites = public.kites
    assert find_pending_changes([kites])[0].authors == frozenset()
    changed_by(anna, kites, summary="Forty of them.")
    changed_by(edith, public.measure, value=50)
    assert find_pending_changes([kites])[0].authors == {anna.pk, edith.pk}
    # Putting back what the edition says makes nobody an author.
    changed_by(jan, public.measure, value=40)
    changed_by(jan, kites, summary="")
    found = find_pending_changes([kites])[0]
    assert found.authors == {anna.pk, edith.pk} and not found.difference
    with change_set(by=jan):
        public.citation.delete()
    assert jan.pk not in find_pending_changes([kites])[0].authors
    row = by(jan, public.measure)
    row.delete()
    assert jan.pk in find_pending_changes([kites])[0].authors
    publish([public.arcadia], by=anna)
    assert find_pending_changes([public.arcadia])[0].authors == frozenset()


def test_of_what_was_withdrawn_everything_waits(public, anna):
    withdraw([public.alliance], by=anna)
    public.alliance.refresh_from_db()
    found = find_pending_changes([public.alliance])[0]
    assert found.is_new and found.difference.after.values


@pytest.mark.parametrize("number", [3, 60])
def test_queries_do_not_grow_with_the_records(public, number, django_assert_num_queries):
    records = [public.kites, *(make.an_organisation(f"state-{n}") for n in range(number))]
    # Editions; commitments with their givers, organisations; six models of parts, two of them with two ends.
    with django_assert_num_queries(11):
        find_pending_changes(records)
