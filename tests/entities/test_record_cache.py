"""The names of the working copy in memory: read again where they changed, and only there."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from entities.likeness.register_names import register_names
from entities.models import Entity, Name
from tests import world as make


def names_in_memory():
    return {entity.slug: (entity.name, *entity.other_names) for entity in register_names.refresh().rows.values()}


@pytest.fixture
def board(db):
    make.a_person("fell", name="Ada Fell")
    return make.an_organisation("board", name="Kite Board")


def test_nothing_is_read_again_while_nothing_changes(board, django_assert_num_queries):
    before = register_names.refresh()
    with django_assert_num_queries(2):
        assert register_names.refresh() is before
    board.summary = "It meets on Mondays."
    board.save()
    # The record changed, its names did not.
    assert register_names.refresh() is before


def test_names_that_change_come_and_go(board):
    assert names_in_memory() == {"fell": ("Ada Fell",), "board": ("Kite Board",)}
    alias = Name.objects.create(entity=board, text="KB")
    assert names_in_memory()["board"] == ("Kite Board", "KB")
    alias.delete()
    assert names_in_memory()["board"] == ("Kite Board",)
    board.delete()
    assert names_in_memory() == {"fell": ("Ada Fell",)}


def test_a_change_that_is_taken_back_is_forgotten(board):
    board.updated_at = timezone.now() - timedelta(days=2)
    Entity.objects.filter(pk=board.pk).update(updated_at=board.updated_at)
    names_in_memory()
    with pytest.raises(RuntimeError), transaction.atomic():
        board.name = "Board of Kites"
        board.save()
        assert names_in_memory()["board"] == ("Board of Kites",)
        raise RuntimeError
    assert names_in_memory()["board"] == ("Kite Board",)


def test_a_change_committed_late_is_not_missed(board):
    names_in_memory()
    # Another transaction began before the newest change, and commits after it was seen.
    earlier = timezone.now() - timedelta(seconds=20)
    Entity.objects.filter(slug="fell").update(name="Ada Hill", version=2, updated_at=earlier)
    assert names_in_memory()["fell"] == ("Ada Hill",)


def test_a_record_loaded_with_an_old_timestamp_is_not_missed(board):
    names_in_memory()
    old = make.an_organisation("old-board", name="Old Board")
    Entity.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=900))
    assert names_in_memory()["old-board"] == ("Old Board",)


def test_words_find_what_the_names_are_now(board):
    register_names.refresh()
    assert [hit.row.slug for hit in register_names.find(["bord"], 5)] == ["board"]
    board.name = "Balloon field"
    board.slug = "field"
    board.save()
    register_names.refresh()
    assert register_names.find(["bord"], 5) == []
    assert [hit.row.slug for hit in register_names.find(["field"], 5, lambda entity: entity.kind == "organisation")] == ["field"]
    assert register_names.find(["field"], 5, lambda entity: entity.kind == "person") == []
