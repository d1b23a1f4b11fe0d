"""The page that shows a record as it would be public."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Commitment, Name
from nato_support.publishing.models.public_tables import Edition
from nato_support.roles import ensure_groups
from tests import world as make
from tests.desk.conftest import page

NAMES = ("arcadia", "yard", "ada", "minister", "meeting", "kites", "alliance", "document", "quote")
TABS = ("readers", "programs", "checks")


@pytest.fixture
def look(client, db):
    """A viewer's browser."""
    user = User.objects.create_user("vera", is_staff=True)
    user.groups.add(ensure_groups()["viewer"])
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tab", TABS)
def test_every_kind_can_be_looked_at_by_whoever_may_see_it(look, world, records, name, tab):
    response = look.get(page(getattr(world, name), "preview"), {"tab": tab})
    assert response.status_code == 200
    assert not Edition.objects.exists()


def test_whoever_may_not_see_a_record_sees_no_preview(client, world):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(page(world.kites, "preview")).status_code == 403


def test_a_preview_of_nothing_is_not_found(desk, kites):
    assert desk.get(page(kites, "preview").replace(str(kites.pk), "999999")).status_code == 404


def test_readers_see_words_passages_and_sources(desk, world, records):
    html = desk.get(page(world.kites, "preview")).text
    for words in ("40 kites", "Announced", "9 July 2024", "We pledge forty kites", "Ada Fell", "Arcadia to give kites", "Pledge"):
        assert words.lower() in html.lower()
    assert "not public yet" in html


def test_nothing_is_flagged_once_all_is_public(desk, public):
    assert "not public yet" not in desk.get(page(public.kites, "preview")).text


def test_both_statements_of_a_contested_field_stand_side_by_side(desk, world, records):
    make.a_citation(world.quote, world.kites, "nature", "refusal")
    html = desk.get(page(world.kites, "preview")).text
    assert "Sources disagree" in html
    assert 'aria-label="pledge"' in html and 'aria-label="refusal"' in html


def test_what_a_passage_says_besides_the_value_is_told(desk, world, records):
    other = make.a_quote(world.document, "40 kites")
    make.a_citation(world.quote, world.kites, "nature", "refusal", polarity="denies")
    make.a_citation(other, world.kites, "measures.kites", "about 40 kite")
    html = desk.get(page(world.kites, "preview")).text
    assert "Denies “refusal”." in html and "Qualifies it: “about 40 kite”." in html
    assert "Not refusal" not in html and "not refusal" not in html
    make.a_citation(other, world.kites, "nature", "refusal")
    html = desk.get(page(world.kites, "preview")).text
    assert 'refusal <span class="badge is-denied">denied</span>' in html


def test_a_relation_is_told_from_either_party_as_far_as_its_sources_go(desk, world, records):
    hosts = make.a_relation(
        world.arcadia, world.yard, make.a_relation_type("part-of", ("organisation", "facility")), modality="planned"
    )
    make.a_relation_citation(world.quote, hosts)
    attested = '<span class="quiet">attested 9 July 2024</span>'
    for record, words in ((world.arcadia, "is to be part of"), (world.yard, "is to have part of")):
        text = desk.get(page(record, "preview")).text
        assert words in text and attested in text


def test_languages_are_told_by_name(desk, world, records):
    type(world.document).objects.filter(pk=world.document.pk).update(translated_from="en > und")
    html = desk.get(page(world.kites, "preview")).text
    assert "translated from English, from an unknown language" in html


def test_members_that_differ_from_what_is_live_are_marked(desk, public):
    public.kites.summary = "Forty of them."
    public.kites.save()
    response = desk.get(page(public.kites, "preview"), {"tab": "programs"})
    marked = {one.name: one.mark for one in response.context["members"] if one.mark}
    assert marked == dict.fromkeys(("edition", "release", "summary", "links"), "changed")


def test_what_is_private_stays_private(look, world, records):
    """Neither the text of a document nor anything else that only editors read."""
    for tab in TABS:
        assert "About 700 clerks" not in look.get(page(world.document, "preview"), {"tab": tab}).text


def test_what_keeps_a_record_back_is_told_with_what_it_rests_on(desk, world, records):
    response = desk.get(page(world.kites, "preview"), {"tab": "checks"})
    assert any("Arcadia</a>, which is not public" in problem for problem in response.context["problems"])
    assert world.arcadia.pk in [one["record"].pk for one in response.context["unpublished"]]
    assert page(world.arcadia, "preview") in response.text


def test_hostile_words_are_shown_as_they_stand(desk, world, records):
    Commitment.objects.filter(pk=world.kites.pk).update(name="<script>alert(1)</script>")
    for tab in TABS:
        assert "<script>alert(1)" not in desk.get(page(world.kites, "preview"), {"tab": tab}).text


def test_the_page_of_a_record_links_its_preview(desk, kites):
    html = desk.get(page(kites, "change")).text
    assert page(kites, "preview") in html
    assert 'data-key="v"' in html


@pytest.mark.parametrize("tab", TABS)
def test_a_full_record_costs_no_more_queries(desk, world, records, tab):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(page(world.kites, "preview"), {"tab": tab}).status_code == 200
        return len(seen)

    def add(numbers):
        for n in numbers:
            Name.objects.create(entity=world.kites, text=f"Name {n}")
            make.a_measure(world.kites, f"more-{n}")
            make.a_citation(world.quote, world.kites, f"measures.more-{n}", "40 kite")
            make.a_relation(
                world.kites, make.a_commitment(f"other-{n}"), make.a_relation_type("is-like", ("commitment", "commitment"))
            )

    add(range(3))
    few = queries()
    add(range(3, 20))
    assert queries() == few
