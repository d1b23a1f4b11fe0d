"""The records whose names are the words of citations."""

from types import SimpleNamespace

import pytest

from entities.models import Name
from sources.evidence.named_records import records_named_by
from tests import world as make

pytestmark = pytest.mark.django_db


def named(words, field="beneficiary", kind="commitment"):
    return records_named_by([(kind, SimpleNamespace(field=field, as_stated=words))])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Arcadia", "Arcadia"),
        ("Arcadia", "the ARCADIA’s"),
        ("Arcadia", "“Arcadia”"),
        # An article may belong to the name or to the sentence.
        ("The Kingdom of Ruritania", "the Kingdom of Ruritania"),
        ("The Kingdom of Ruritania", "Kingdom of Ruritania"),
        # The database lowers the case of these in part, or not at all.
        ("Österlund", "Österlund’s"),
        ("Österlund", "the Österlund"),
        ("Straßland", "STRAßLAND"),
        ("Аркадія", "Аркадія"),
    ],
)
def test_a_record_is_found_by_its_name_without_regard_to_article_possessive_and_case(name, words):
    make.an_organisation("the-one", name=name)
    make.an_organisation("another", name="Sylvania")
    [records] = named(words).values()
    assert records == {("organisation", "the-one")}


def test_all_records_of_a_name_are_found_by_every_name_but_mentions():
    lake = make.an_organisation("lake-union", name="Union of the Lake")
    meeting = make.an_event("lake-meeting", name="Lake")
    Name.objects.create(entity=lake, text="the Lake", kind="alias")
    Name.objects.create(entity=make.a_person("ada-fell"), text="Lake", kind="mention")
    assert named("the Lake") == {"lake": {("organisation", lake.slug), ("event", meeting.slug)}}
    assert named("their union") == {}


def test_only_words_for_fields_that_refer_to_records_are_looked_up(django_assert_num_queries):
    make.an_organisation("arcadia")
    with django_assert_num_queries(0):
        assert named("Arcadia", "conditions") == named("Arcadia", "name", "organisation") == named("") == {}
    with django_assert_num_queries(2):
        assert named("Arcadia", "organisation", "post") == {"arcadia": {("organisation", "arcadia")}}
