import pytest

from entities.models import Commitment, Organisation, Relation
from entities.vocabulary import Status
from nato_support.desk.records import record_lists
from tests import world as make
from tests.desk.conftest import page


def shown(desk, model, **query) -> list[str]:
    """Slugs of the rows that the list of `model` shows for `query`."""
    return [row.slug for row in desk.get(page(model, "changelist"), query).context["cl"].result_list]


@pytest.mark.parametrize("few", [1, 1000])
def test_the_filter_by_status_finds_the_same_rows_whether_they_are_few_or_many(desk, db, monkeypatch, few):
    monkeypatch.setattr(record_lists, "FEW_ROWS", few)
    for slug in ("one", "two", "three"):
        make.an_organisation(slug)
    Organisation.objects.filter(slug="two").update(status=Status.PUBLISHED)
    assert shown(desk, Organisation, status="draft") == ["three", "one"]
    assert shown(desk, Organisation, status="published") == ["two"]


@pytest.mark.parametrize(
    ("stage", "found"), [("announced", ["promised"]), ("delivered", ["kept"]), ("refused", []), ("none", ["silent"])]
)
def test_the_filter_by_stage_looks_at_the_newest_milestone(desk, db, stage, found):
    make.a_milestone(make.a_commitment("promised"), "announced")
    kept = make.a_commitment("kept")
    make.a_milestone(kept, "announced", "2024-07")
    make.a_milestone(kept, "delivered", "2025")
    make.a_commitment("silent")
    assert shown(desk, Commitment, stage=stage) == found


@pytest.mark.parametrize(("typed", "found"), [("1949", ["arcadia"]), ("1949-04", ["arcadia"]), ("1950", []), ("soon", [])])
def test_a_list_is_narrowed_by_a_year_a_month_or_a_day(desk, arcadia, typed, found):
    assert shown(desk, Organisation, founded_earliest=typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [("1948", ["spanning"]), ("1949", ["until"]), ("1949/..", ["until"]), ("../1948", ["spanning"]), ("1948-02/1949", ["until"])],
)
def test_a_date_is_found_by_its_first_day_or_if_that_is_open_by_its_last(desk, db, typed, found):
    make.an_organisation("spanning", founded="1948/1949")
    make.an_organisation("until", founded="../1949-04")
    make.an_organisation("unknown")
    assert shown(desk, Organisation, founded_earliest=typed) == found


def test_what_is_no_date_is_said_to_be_none(desk, arcadia):
    assert "“soon” is not a date" in desk.get(page(Organisation, "changelist"), {"founded_earliest": "soon"}).text


def test_a_list_is_narrowed_by_a_typed_code_in_any_case(desk, db):
    make.an_organisation("here", country="UA")
    make.an_organisation("there", country="PL")
    assert shown(desk, Organisation, country="ua") == ["here"]


@pytest.mark.parametrize("field", ["committed_by", "beneficiary"])
def test_commitments_are_narrowed_by_their_parties(desk, kites, arcadia, ruritania, field):
    make.a_commitment("other")
    party = arcadia if field == "committed_by" else ruritania
    assert shown(desk, Commitment, **{f"{field}__entity__exact": party.pk}) == ["forty-kites"]


def test_a_long_list_is_counted_up_to_a_bound_only(desk, db, monkeypatch):
    monkeypatch.setattr(record_lists.BoundedPaginator, "BOUND", 3)
    for n in range(5):
        make.an_organisation(f"number-{n}")
    assert "more than" in desk.get(page(Organisation, "changelist")).text
    assert "more than" not in desk.get(page(Organisation, "changelist"), {"q": "Number 4"}).text


def test_relations_are_listed_by_modality_and_in_force_only_if_they_are_facts(desk, world):
    fact, plan = (
        make.a_relation(world.arcadia, world.ruritania, role=modality, modality=modality, start="2024-07")
        for modality in ("in_force", "planned")
    )
    assert shown(desk, Relation, modality="planned") == [plan.slug]
    assert shown(desk, Relation, in_force_on="2024-08") == [fact.slug]


def test_a_relation_shows_the_days_on_which_its_sources_state_it(desk, world):
    make.a_relation_citation(world.quote, world.alliance)
    make.a_relation_citation(make.a_quote(world.document, "Ada Fell", said_on="2024-08"), world.alliance)
    assert "2024-07-09<br>2024-08" in desk.get(page(Relation, "changelist")).text
    assert "9 July 2024, August 2024" in desk.get(page(world.alliance, "change")).text
