"""Rows written from plain values: read as JSON, set, signed, and refused where a rule forbids them."""

import json
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from entities.models import Measure, Name
from entities.refusals import Refused
from entities.row_writing import (
    all_column_values,
    delete_row,
    insert_row,
    plain_field_value,
    refuse_broken_rules,
    run_until_all_succeed,
    set_columns,
    set_many_to_many,
    update_row,
)


@pytest.fixture
def anna(db):
    return User.objects.create_user("anna")


def test_a_row_written_from_its_plain_values_is_the_same_row(world, anna):
    values = json.loads(json.dumps(all_column_values(world.measure)))
    copy = Measure(pk=world.measure.pk)
    set_columns(copy, values)
    world.measure.delete()
    insert_row(copy, anna, "It is needed.")
    stored = Measure.objects.get(pk=copy.pk)
    assert all_column_values(stored) == values
    assert isinstance(copy.value, Decimal)


def test_columns_are_set_by_column_or_by_field(world):
    name = Name()
    set_columns(name, {"entity": world.kites.pk})
    assert name.entity.pk == world.kites.pk
    set_columns(name, {"entity_id": world.arcadia.pk})
    assert name.entity.pk == world.arcadia.pk


def test_every_write_is_signed_by_its_author_with_the_first_hundred_characters_of_the_reason(world, anna):
    name = Name(entity=world.kites, text="Kites")
    insert_row(name, anna, "because " * 20)
    name.text = "The kites"
    update_row(name, anna, "a reason")
    delete_row(name, anna)
    signatures = Name.history.order_by("history_id").values_list("history_user", "history_change_reason")
    assert list(signatures)[-3:] == [(anna.pk, ("because " * 20)[:100]), (anna.pk, "a reason"), (anna.pk, None)]


def test_lists_are_signed_like_their_row(world, anna):
    update_row(world.kites, anna, "a reason")
    set_many_to_many(world.kites, {"committed_by": [world.ruritania.pk], "summary": "is no list"})
    assert plain_field_value(world.kites, "committed_by") == [world.ruritania.pk]
    assert world.kites.history.latest().history_user == anna


def test_an_update_of_some_columns_leaves_the_others_as_they_are_stored(world, anna):
    stale = Measure.objects.get(pk=world.measure.pk)
    Measure.objects.filter(pk=stale.pk).update(as_stated="meanwhile")
    stale.value = 41
    update_row(stale, anna, changed={"value", "entity_id"})
    stored = Measure.objects.get(pk=stale.pk)
    assert (stored.value, stored.as_stated) == (41, "meanwhile")


def test_an_insert_overwrites_nothing(world, anna):
    taken = Name.objects.create(entity=world.kites, text="Kites")
    with (
        pytest.raises(Refused, match="Name “Other” cannot come back"),
        refuse_broken_rules(Name(text="Other"), conflict="{kind} “{row}” cannot come back: {problem}"),
    ):
        insert_row(Name(pk=taken.pk, entity=world.kites, text="Other"), anna)


def test_a_protected_row_is_not_deleted(world, anna):
    with pytest.raises(Refused, match="cannot be deleted: .* depends on it"):
        delete_row(world.arcadia, anna)


def test_each_problem_is_a_sentence_sorted_by_field(world):
    with pytest.raises(Refused) as refusal, refuse_broken_rules(Name(text="Kites"), field_prefix="name."):
        raise ValidationError({"text": ["Too long.", "Too short."], "__all__": "No."})
    assert refusal.value.errors == {
        "name.text": ["Name “Kites”: Too long.", "Name “Kites”: Too short."],
        "name.": ["Name “Kites”: No."],
    }
    with pytest.raises(Refused) as refusal, refuse_broken_rules(Name(text="Kites"), invalid="{problem}"):
        raise ValidationError("No.")
    assert refusal.value.errors == {"": ["No."]}


@pytest.mark.django_db
def test_jobs_that_wait_for_others_are_run_after_them():
    done = []

    def first():
        if "second" not in done:
            raise Refused("The second must come first.")
        done.append("first")

    run_until_all_succeed([first, lambda: done.append("second")])
    assert done == ["second", "first"]


@pytest.mark.django_db
def test_jobs_that_never_succeed_give_each_reason_once():
    def refuse():
        raise Refused("Never.")

    with pytest.raises(Refused) as refusal:
        run_until_all_succeed([refuse, refuse])
    assert refusal.value.problems == ["Never."]
