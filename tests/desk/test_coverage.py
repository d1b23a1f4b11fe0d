"""What the admin says of the evidence that records have."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.vocabulary import Status
from nato_support.desk.evidence import coverage_views
from tests import world as make
from tests.desk.conftest import page

pytestmark = pytest.mark.django_db

LIST = "/admin/sources/citation/coverage/"


def listed(response) -> list[str]:
    return [row["record"].slug for row in response.context["rows"]]


def test_the_page_of_a_record_says_what_evidence_each_field_has(desk, public):
    make.a_citation(make.a_quote(public.document, "40 kites", fidelity="translation"), public.kites, "category", "equipment")
    make.a_milestone(public.kites, "delivered", "2025-09")
    public.kites.citations.filter(field="beneficiary").update(as_stated="")
    text = desk.get(page(public.kites, "change")).text
    for words in (
        "Measure “kites”",
        "40 kites",
        "Arcadian Courier",
        "no evidence",
        "not borne out by its evidence",
        "one publisher only",
        "translations only",
    ):
        assert words in text, words
    assert "Gaps</th>" in desk.get(page(public.alliance, "change")).text


def test_a_record_that_is_not_there_yet_has_no_coverage(desk, db):
    assert "Gaps</th>" not in desk.get(page(make.Commitment, "add")).text


def test_the_list_puts_what_lacks_most_first(desk, records):
    bare = make.a_commitment("bare", beneficiary=make.an_organisation("bare-land"))
    found = listed(desk.get(LIST))
    assert found.index(bare.slug) < found.index("forty-kites") and "arcadia-works-alongside-ruritania" in found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=relation", ["arcadia-works-alongside-ruritania"]),
        ("kind=commitment", ["forty-kites"]),
        ("kind=commitment&gap=failed", []),
        ("kind=commitment&gap=nothing", ["forty-kites"]),
        ("kind=commitment&gap=not_borne_out", []),
        ("gap=anonymous", []),
        ("kind=commitment&gap=nonsense&p=nonsense", ["forty-kites"]),
    ],
)
def test_the_list_is_narrowed(desk, public, query, found):
    make.a_milestone(public.kites, "delivered", "2025-09")
    assert listed(desk.get(f"{LIST}?{query}")) == found


def test_what_was_withdrawn_is_not_listed(desk, records, world):
    type(world.kites).objects.filter(pk=world.kites.pk).update(status=Status.WITHDRAWN)
    assert "forty-kites" not in listed(desk.get(LIST))


def test_of_very_many_records_those_changed_last_are_looked_through_and_it_says_so(desk, records, world, monkeypatch):
    monkeypatch.setattr(coverage_views, "MAX_EXAMINED_RECORDS", 2)
    world.kites.save()
    response = desk.get(LIST)
    assert len(listed(response)) == 3 and "forty-kites" in listed(response)
    assert "most recently changed records were examined" in response.text
    assert "were examined" not in desk.get(f"{LIST}?kind=relation").text


def test_who_may_not_see_citations_sees_no_coverage(client, db):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(LIST).status_code == 403


def test_as_many_questions_for_many_records_as_for_few(desk, records):
    desk.get(LIST)
    with CaptureQueriesContext(connection) as few:
        desk.get(LIST)
    for n in range(10):
        make.a_commitment(f"c-{n}", by=[records[0]])
        make.a_person(f"p-{n}")
    with CaptureQueriesContext(connection) as many:
        desk.get(LIST)
    assert len(many) == len(few)
