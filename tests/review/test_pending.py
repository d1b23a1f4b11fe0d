"""What waits to be public, of many records at once: the same as one snapshot after the other tells."""

import pytest

from entities.models import Name, one_change
from entities.snapshots import difference, snapshot
from nato_support.editions.live import live_snapshot
from nato_support.editions.publishing import publish, withdraw
from nato_support.review.pending import pending
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
    for found in pending(records):
        then, now = live_snapshot(found.record), snapshot(found.record)
        assert found.difference.after == now and found.difference.after.fingerprint == now.fingerprint
        if then is None:
            assert found.record == new and found.is_new
        else:
            assert found.difference == difference(then, now)
    assert [bool(found.difference) for found in pending(records)] == [True, True, False, False, False, False, True]


def test_an_author_is_whoever_brought_in_what_the_public_does_not_see(public, anna, edith, jan, changed_by):
    kites = public.kites
    assert pending([kites])[0].authors == frozenset()
    changed_by(anna, kites, summary="Forty of them.")
    changed_by(edith, public.measure, value=50)
    assert pending([kites])[0].authors == {anna.pk, edith.pk}
    # Putting back what the edition says makes nobody an author.
    changed_by(jan, public.measure, value=40)
    changed_by(jan, kites, summary="")
    found = pending([kites])[0]
    assert found.authors == {anna.pk, edith.pk} and not found.difference
    with one_change(by=jan):
        public.citation.delete()
    assert jan.pk not in pending([kites])[0].authors
    row = by(jan, public.measure)
    row.delete()
    assert jan.pk in pending([kites])[0].authors
    publish([public.arcadia], by=anna)
    assert pending([public.arcadia])[0].authors == frozenset()


def test_of_what_was_withdrawn_everything_waits(public, anna):
    withdraw([public.alliance], by=anna)
    public.alliance.refresh_from_db()
    found = pending([public.alliance])[0]
    assert found.is_new and found.difference.after.values


@pytest.mark.parametrize("number", [3, 60])
def test_queries_do_not_grow_with_the_records(public, number, django_assert_num_queries):
    records = [public.kites, *(make.an_organisation(f"state-{n}") for n in range(number))]
    # Editions; commitments with their givers, organisations; six models of parts, two of them with two ends.
    with django_assert_num_queries(10):
        pending(records)
