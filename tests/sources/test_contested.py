"""When a field is contested, and when a resolution stands."""

from types import SimpleNamespace

import pytest

from sources.contested import FieldEvidence


def evidence(*citations, field="measures.staff", resolutions=()):
    return FieldEvidence(
        field,
        [SimpleNamespace(value=value, stance=stance) for value, stance in citations],
        [SimpleNamespace(settles=s, verdict=v, decided_on=d, pk=1) for s, v, d in resolutions],
    )


ABOUT, NEARLY = ("about 700 person", "supports"), ("nearly 700 person", "supports")


@pytest.mark.parametrize(
    ("citations", "contested"),
    [
        ([ABOUT], False),
        ([ABOUT, ABOUT], False),
        ([ABOUT, NEARLY], True),
        ([ABOUT, ("about 700 person", "contradicts")], True),
        ([("about 700 person", "contradicts")], True),
        ([ABOUT, ("about 700 person", "qualifies")], False),
        ([ABOUT, ("nearly 700 person", "qualifies")], True),
    ],
)
def test_a_field_is_contested_if_its_citations_differ(citations, contested):
    assert evidence(*citations).contested is contested


def test_a_field_with_many_values_is_not_contested_by_having_them():
    assert not evidence(("JTAC", "supports"), ("Joint Centre", "supports"), field="names").contested


def test_a_resolution_that_judged_every_value_stands():
    field = evidence(ABOUT, NEARLY, resolutions=[([ABOUT[0], NEARLY[0]], "compatible_precision", "2024-08-01")])
    assert field.resolution
    assert not field.contested


def test_a_new_value_reopens_the_field():
    field = evidence(
        ABOUT, NEARLY, ("up_to 900 person", "supports"), resolutions=[([ABOUT[0], NEARLY[0]], "source_error", "2024-08-01")]
    )
    assert field.resolution is None
    assert field.contested


def test_a_verdict_of_disputed_stands_but_leaves_the_field_contested():
    field = evidence(ABOUT, NEARLY, resolutions=[([ABOUT[0], NEARLY[0]], "disputed", "2024-08-01")])
    assert field.resolution
    assert field.contested


def test_the_newest_standing_resolution_counts():
    values = [ABOUT[0], NEARLY[0]]
    field = evidence(ABOUT, NEARLY, resolutions=[(values, "disputed", "2024-08-01"), (values, "source_error", "2024-09")])
    assert field.resolution.verdict == "source_error"
