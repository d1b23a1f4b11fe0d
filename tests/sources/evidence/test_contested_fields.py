"""When a field is contested, and when a resolution stands."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from entities.refusals import Stale
from sources.evidence.contested_fields import find_contested_and_settled_fields
from sources.evidence.resolution_operations import resolve_field, undo_last_resolution_change
from sources.evidence.statement_comparison import Statement
from sources.evidence.statements import FieldEvidence, fetch_evidence, field_key_of
from sources.models import Resolution
from tests import world as make


def evidence(*citations, field="measures.staff", resolutions=()):
    return FieldEvidence(
        "organisation",
        field,
        [SimpleNamespace(value=value, polarity=polarity) for value, polarity in citations],
        [
            SimpleNamespace(settles=[Statement(*one).as_json() for one in judged], verdict=v, decided_on=d, pk=1)
            for judged, v, d in resolutions
        ],
    )


ABOUT, NEARLY, MANY = ("about 700 person", "affirms"), ("nearly 700 person", "affirms"), ("about 900 person", "affirms")
DENIED = ("about 700 person", "denies")


@pytest.mark.parametrize(
    ("citations", "contested"),
    [
        ([ABOUT], False),
        ([ABOUT, ABOUT], False),
        ([ABOUT, MANY], True),
        # What qualifies the same number needs no resolution.
        ([ABOUT, NEARLY], False),
        ([ABOUT, ("about 700.00 person", "affirms")], False),
        ([ABOUT, NEARLY, MANY], True),
        ([ABOUT, DENIED], True),
        ([("about 700.0 person", "affirms"), DENIED], True),
        # Nobody affirms what is denied.
        ([DENIED], False),
        ([MANY, DENIED], False),
        ([("about 900 person", "denies"), DENIED], False),
    ],
)
def test_a_field_is_contested_if_two_statements_cannot_both_hold(citations, contested):
    assert evidence(*citations).contested is contested


def test_a_field_with_many_values_is_not_contested_by_having_them():
    assert not evidence(("JTAC", "affirms"), ("Joint Centre", "affirms"), field="names").contested
    assert evidence(("JTAC", "affirms"), ("jtac", "denies"), field="names").contested


def test_own_words_are_not_compared():
    assert not evidence(("A kite.", "affirms"), ("A boat.", "affirms"), ("A kite.", "denies"), field="summary").contested


def test_a_resolution_that_judged_every_value_stands():
    field = evidence(ABOUT, MANY, resolutions=[([ABOUT, MANY], "different_scope", "2024-08-01")])
    assert field.resolution
    assert not field.contested


def test_a_new_value_reopens_the_field():
    field = evidence(ABOUT, MANY, ("exactly 5 person", "affirms"), resolutions=[([ABOUT, MANY], "source_error", "2024-08-01")])
    assert field.resolution is None
    assert field.contested


def test_a_value_written_otherwise_or_that_differs_from_none_reopens_nothing():
    judged = [ABOUT, MANY]
    again = evidence(ABOUT, MANY, ("about 900.0 person", "affirms"), resolutions=[(judged, "source_error", "2024-08-01")])
    assert again.resolution and not again.contested
    names = [("JTAC", "affirms"), ("JTAC", "denies")]
    field = evidence(*names, ("Joint Centre", "affirms"), field="names", resolutions=[(names, "source_error", "2024-08-01")])
    assert field.resolution and not field.contested


def test_a_verdict_of_disputed_stands_but_leaves_the_field_contested():
    field = evidence(ABOUT, MANY, resolutions=[([ABOUT, MANY], "disputed", "2024-08-01")])
    assert field.resolution
    assert field.contested


def test_the_newest_standing_resolution_counts():
    values = [ABOUT, MANY]
    field = evidence(ABOUT, MANY, resolutions=[(values, "disputed", "2024-08-01"), (values, "source_error", "2024-09")])
    assert field.resolution.verdict == "source_error"


def test_a_new_contradiction_of_a_value_already_judged_reopens_the_field():
    field = evidence(ABOUT, MANY, resolutions=[([ABOUT, MANY], "different_scope", "2024-08-01")])
    assert not field.contested
    field.citations.append(SimpleNamespace(value=DENIED[0], polarity="denies"))
    assert field.resolution is None
    assert field.contested


def test_a_resolution_that_judged_a_contradiction_stands():
    field = evidence(ABOUT, DENIED, resolutions=[([ABOUT, DENIED], "source_error", "2024-08-01")])
    assert not field.contested


# The queue


@pytest.fixture
def differing(world):
    """The nature of the kites differs, one source denies that of the tents; the kites' category is agreed, their names many."""
    world.second = make.a_quote(world.document, "Arcadia will give Ruritania 40 kites")
    world.tents = make.a_commitment("tents")
    make.a_citation(world.second, world.kites, "nature", "plan")
    make.a_citation(world.quote, world.kites, "category", "equipment")
    make.a_citation(world.second, world.kites, "category", "equipment")
    make.a_citation(world.quote, world.kites, "names", "Forty")
    make.a_citation(world.second, world.kites, "names", "Kites")
    make.a_citation(world.second, world.tents, "nature", "pledge")
    make.a_citation(world.quote, world.tents, "nature", "pledge", polarity="denies")
    make.a_relation_citation(world.quote, world.alliance)
    make.a_relation_citation(world.second, world.alliance, value="in_force: arcadia part-of ruritania")
    return world


def queue(**within):
    return [(found.key, found.state) for found in find_contested_and_settled_fields(Q(**within))]


def seen(target, field):
    place = field_key_of(target, field)
    return fetch_evidence([place])[place].version


def decide(target, field, verdict="changed_over_time", reason="First a plan, then a pledge.", by=None, **decision):
    return resolve_field(target, field, verdict=verdict, reason=reason, user=by, seen_version=seen(target, field), **decision)


def test_the_queue_lists_each_field_that_differs_the_newest_citation_first(differing):
    kites, tents, alliance = (field_key_of(*of) for of in places(differing))
    assert queue() == [(alliance, "open"), (tents, "open"), (kites, "open")]
    make.a_citation(make.a_quote(differing.document, "Ada Fell"), differing.kites, "nature", "pledge")
    assert [place for place, _ in queue()] == [kites, alliance, tents]


def places(world):
    return (world.kites, "nature"), (world.tents, "nature"), (world.alliance, "relation")


def test_the_queue_can_be_narrowed(differing):
    assert queue(entity=differing.tents) == [(field_key_of(differing.tents, "nature"), "open")]


def test_the_queue_says_what_was_settled_or_found_disputed(differing):
    decide(differing.kites, "nature")
    decide(differing.tents, "nature", "disputed")
    assert dict(queue()) == {
        field_key_of(differing.kites, "nature"): "settled",
        field_key_of(differing.tents, "nature"): "disputed",
        field_key_of(differing.alliance, "relation"): "open",
    }


@pytest.mark.parametrize("polarity", ["affirms", "denies"])
def test_a_citation_that_states_something_new_reopens(differing, polarity):
    decide(differing.kites, "nature")
    value = "hope" if polarity == "affirms" else "pledge"
    make.a_citation(make.a_quote(differing.document, "Ada Fell"), differing.kites, "nature", value, polarity=polarity)
    assert dict(queue())[field_key_of(differing.kites, "nature")] == "open"


def test_the_queue_agrees_with_the_rule_for_each_field(differing):
    decide(differing.kites, "nature")
    decide(differing.alliance, "relation", "disputed")
    found = fetch_evidence([field.key for field in find_contested_and_settled_fields()])
    assert [(place, evidence.state) for place, evidence in found.items()] == queue()
    assert all(evidence.differs for evidence in found.values())


def test_the_queue_asks_few_questions_whatever_its_length(differing, django_assert_num_queries):
    decide(differing.kites, "nature")
    for n in range(10):
        more = make.a_commitment(f"more-{n}")
        make.a_citation(differing.quote, more, "nature", "pledge", polarity="denies")
        make.a_citation(differing.second, more, "nature", "pledge")
    with django_assert_num_queries(5):
        fields = find_contested_and_settled_fields()
    assert len(fields) == 13
    with django_assert_num_queries(3):
        fetch_evidence([field.key for field in fields])


# Resolving


def test_a_verdict_is_kept_with_who_decided_and_what_it_judged(differing, django_user_model):
    edith = django_user_model.objects.create_user("edith")
    made = decide(differing.tents, "nature", by=edith)
    made.refresh_from_db()
    judged = [{"value": "pledge", "polarity": "affirms"}, {"value": "pledge", "polarity": "denies"}]
    assert (made.entity_id, made.decided_by, made.settles, made.decides_for) == (differing.tents.pk, edith, judged, None)
    assert made.decided_on == timezone.localdate().isoformat()
    assert made.history.get().history_user == edith


def test_resolving_again_on_the_same_day_changes_that_verdict_and_keeps_the_earlier_one_in_history(differing):
    first = decide(differing.alliance, "relation", "disputed")
    part_of, alongside = (f"in_force: arcadia {type} ruritania" for type in ("part-of", "works-alongside"))
    denying = make.a_quote(differing.document, "Ada Fell")
    make.a_relation_citation(denying, differing.alliance, value=part_of, polarity="denies")
    again = decide(differing.alliance, "relation", "source_error", "A slip of the pen.")
    assert again.pk == first.pk
    assert [tuple(statement.values()) for statement in again.settles] == [
        (part_of, "affirms"),
        (part_of, "denies"),
        (alongside, "affirms"),
    ]
    assert [version.verdict for version in again.history.all()] == ["source_error", "disputed"]


def test_a_verdict_may_decide_for_one_of_the_statements_that_differ(differing):
    made = decide(differing.kites, "nature", decides_for=Statement("plan"))
    assert Resolution.objects.get(pk=made.pk).decides_for == {"value": "plan", "polarity": "affirms"}
    with pytest.raises(ValidationError, match="one of the statements that it judges"):
        decide(differing.kites, "nature", decides_for=Statement("hope"))
    with pytest.raises(ValidationError, match="decide for none of them"):
        decide(differing.kites, "nature", "disputed", decides_for=Statement("plan"))


def test_what_came_in_meanwhile_refuses_the_verdict(differing):
    version = seen(differing.kites, "nature")
    make.a_citation(make.a_quote(differing.document, "Ada Fell"), differing.kites, "nature", "pledge")
    with pytest.raises(Stale, match="was added in the meantime"):
        resolve_field(differing.kites, "nature", verdict="disputed", reason="They differ.", user=None, seen_version=version)
    assert not Resolution.objects.exists()


def test_another_editors_verdict_refuses_the_verdict(differing):
    version = seen(differing.kites, "nature")
    decide(differing.kites, "nature")
    with pytest.raises(Stale):
        resolve_field(differing.kites, "nature", verdict="disputed", reason="They differ.", user=None, seen_version=version)


@pytest.mark.parametrize(
    ("field", "verdict", "reason", "wrong"),
    [
        ("nature", "disputed", "", "reason"),
        ("nature", "", "They differ.", "verdict"),
        ("nature", "draw", "They differ.", "verdict"),
        ("category", "disputed", "They differ.", "nothing to resolve"),
    ],
)
def test_a_verdict_needs_a_reason_and_a_difference(differing, field, verdict, reason, wrong):
    with pytest.raises(ValidationError, match=wrong):
        decide(differing.kites, field, verdict, reason)
    assert not Resolution.objects.exists()


def test_a_new_verdict_that_is_taken_back_is_gone(differing, django_user_model):
    edith = django_user_model.objects.create_user("edith")
    made = decide(differing.kites, "nature")
    undo_last_resolution_change(made, edith)
    assert dict(queue())[field_key_of(differing.kites, "nature")] == "open"
    assert Resolution.history.first().history_user == edith


def test_a_changed_verdict_that_is_taken_back_is_what_it_was(differing):
    decide(differing.kites, "nature", "disputed", "Who knows.")
    again = decide(differing.kites, "nature")
    undo_last_resolution_change(again, None)
    again.refresh_from_db()
    assert (again.verdict, again.reason) == ("disputed", "Who knows.")


def test_a_verdict_raises_the_version_of_its_record(differing):
    differing.kites.refresh_from_db()
    before = differing.kites.version
    decide(differing.kites, "nature")
    differing.kites.refresh_from_db()
    assert differing.kites.version == before + 1
