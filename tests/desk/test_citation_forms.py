"""Citations as editors read and type them: fields by their labels, values in words, errors without internal keys."""

import re

import pytest
from django import forms

from entities.models import Commitment, Event, Facility, Organisation, Relation
from sources.models import Citation, SourceQuote
from tests import world as make
from tests.desk.conftest import filled_in, page, save, shown_form, with_new

NOTE = "As the test has it, so that nothing is read out of the words: "


@pytest.fixture
def aid(world):
    """A measure of the commitment that is stated as at least €40 billion."""
    words = {"kind": "money", "value": 40_000_000_000, "unit": "", "currency": "EUR", "qualifier": "at_least"}
    return make.a_measure(world.kites, "aid", as_stated="at least €40 billion", **words)


def typed(desk, world, field: str, value: str, record=None, prefix="citations", **fields) -> tuple[int, dict, dict]:
    """Add a citation on the page of `record`; the status, the errors of the new row, and what was sent."""
    record = record or world.kites
    words = {"polarity": "affirms", "quote": str(world.quote.pk), "as_stated": "", "note": ""}
    data = with_new(shown_form(desk, page(record, "change")), prefix, field=field, value=value, **words | fields)
    response = desk.post(page(record, "change"), data)
    if response.status_code == 302:
        return 302, {}, data
    formset = next(each.formset for each in response.context["inline_admin_formsets"] if each.formset.prefix == prefix)
    return response.status_code, dict(formset.errors[-1]), data


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("Nature", "Refusal", ("nature", "refusal")),
        ("category", "Equipment", ("category", "equipment")),
        ("due", "14 June 2024", ("due", "2024-06-14")),
        ("Due", "by the end of 2024", ("due", "../2024")),
        ("Committed by", "Ruritania", ("committed_by", "ruritania")),
        ("committed by", "ruritania", ("committed_by", "ruritania")),
        ("Announced at", "the lake meeting", ("announced_at", "lake-meeting")),
        ("Measure: at least €40 billion", "about 40 billion EUR", ("measures.aid", "about 40000000000 EUR")),
        ("measures.aid", "at_least 40000000000 EUR", ("measures.aid", "at_least 40000000000 EUR")),
        ("Milestone: announced, 9 July 2024", "agreed, 14 June 2024", ("milestones.announced", "agreed 2024-06-14")),
    ],
)
def test_fields_and_values_are_typed_in_words(desk, world, aid, field, value, stored):
    status, errors, _ = typed(desk, world, field, value)
    added = Citation.objects.latest("pk")
    assert (status, errors, added.field, added.value) == (302, {}, *stored)


@pytest.mark.parametrize(
    ("field", "value", "where", "says"),
    [
        ("Subject", "Arcadia", "field", "“Subject” is no field of this commitment. It has Name, "),
        ("measures.gone", "7 kites", "field", "The record has no such measure any more: choose another field."),
        ("nature", "a gift", "value", "“a gift” is none of pledge, decision, "),
        ("due", "14/06/2024", "value", "“14/06/2024” is not a date: write it as “14 June 2024”"),
        ("due", "30 February 2024", "value", "is no day of the calendar"),
        ("Measure: 40 kites", "plenty", "value", "“plenty” is not an amount: write it as “at least €40 billion”"),
        ("milestones.announced", "one day", "value", "“one day” is not a step: "),
        ("committed_by", "Ruritanja", "value", "No organisation is called “Ruritanja”. Did you mean Ruritania"),
        ("committed_by", "Lake Meeting", "value", "No organisation is called “Lake Meeting”."),
        ("committed_by", "x" * 500, "value", "No organisation is called"),
        ("committed_by", "x" * 501, "value", "at most 500 characters"),
        ("committed_by", "Arc\0adia", "value", "Null characters are not allowed."),
        ("nat\0ure", "pledge", "field", "is no field of this commitment"),
        ("x" * 5000, "pledge", "field", "is no field of this commitment"),
        ("", "pledge", "field", "This field is required."),
        ("nature", "", "value", "This field is required."),
    ],
)
def test_what_cannot_be_read_is_refused_in_plain_words(desk, world, field, value, where, says):
    status, errors, _ = typed(desk, world, field, value)
    assert status == 200 and set(errors) == {where}
    assert len(errors[where]) == 1 and says in errors[where][0]
    assert not re.search(
        r"slug|committed_by|at_least|announced_at", str(errors).replace(field or " ", "").replace("(at most", "")
    )
    assert Citation.objects.count() == 1


def test_a_name_that_two_records_share_is_asked_for_by_its_public_id(desk, world):
    make.an_organisation("ruritania-2", name="Ruritania", type="company")
    _, errors, _ = typed(desk, world, "committed_by", "Ruritania")
    assert "Ruritania (public id ruritania) and Ruritania (public id ruritania-2)" in errors["value"][0]
    assert typed(desk, world, "committed_by", "ruritania-2")[0] == 302


def test_values_are_shown_as_they_can_be_typed_back(desk, world, aid):
    make.a_citation(world.quote, world.kites, "committed_by", "arcadia")
    make.a_citation(world.quote, world.kites, "measures.aid", "at_least 40000000000 EUR")
    make.a_citation(world.quote, world.kites, "due", "2024-06-14")
    response = desk.get(page(world.kites, "change"))
    formset = next(each.formset for each in response.context["inline_admin_formsets"] if each.formset.prefix == "citations")
    shown = {form["field"].value(): form["value"].value() for form in formset.initial_forms}
    assert shown == {"nature": "pledge", "committed_by": "Arcadia", "measures.aid": "at least €40 billion", "due": "14 June 2024"}
    assert "Measure: at least €40 billion" in response.text and "at least €40,000,000,000" in response.text
    save(desk, world.kites, filled_in(response))
    assert set(Citation.objects.values_list("value", flat=True)) == {
        "pledge",
        "arcadia",
        "at_least 40000000000 EUR",
        "2024-06-14",
    }


def test_a_relation_is_typed_with_the_names_of_its_parties(desk, world):
    make.a_relation_citation(world.quote, world.alliance)
    citation = Citation.objects.latest("pk")
    data = shown_form(desk, page(world.alliance, "change"))
    shown = data["citations-0-value"]
    assert shown.count(" | ") == 2 and "Arcadia" in shown and "arcadia" not in shown
    save(desk, world.alliance, data | {"citations-0-value": shown.replace("in force", "planned"), "citations-0-note": NOTE})
    citation.refresh_from_db()
    assert citation.value.startswith("planned: arcadia ")


def test_the_table_shows_the_whole_passage_with_the_cited_words_marked(desk, world):
    Citation.objects.filter(pk=world.citation.pk).update(as_stated="pledge forty kites")
    text = desk.get(page(world.kites, "change")).text
    assert "We <mark>pledge forty kites</mark>, no more and no less" in text
    assert '<summary><span class="field">Nature</span></summary>' in " ".join(text.split())


def test_on_the_page_of_a_quote_the_record_is_chosen_with_the_field(desk, world):
    fields = {"entity": str(world.kites.pk), "relation": ""}
    status, errors, _ = typed(desk, world, "Committed by", "Ruritania", record=world.quote, **fields)
    assert (status, errors) == (302, {}) and Citation.objects.latest("pk").value == "ruritania"
    status, errors, _ = typed(desk, world, "Start", "2024", record=world.quote, **fields)
    assert status == 200 and "“Start” is no field of this commitment" in errors["field"][0]


def test_records_are_found_for_the_value_of_a_citation(desk, client, world):
    address = "/admin/sources/citation/records/"
    found = desk.get(address, {"kinds": "organisation", "words": "rurit\0"}).json()["results"]
    assert [record["slug"] for record in found] == ["ruritania"]
    desk.logout()
    assert client.get(address, {"words": "rurit"}).status_code == 302


@pytest.mark.parametrize("model", [Commitment, Organisation, Facility, Event, Relation, SourceQuote])
def test_nothing_is_chosen_on_a_new_record(desk, db, model):
    response = desk.get(page(model, "add"))
    asked = {
        name: field
        for name, field in response.context["adminform"].form.fields.items()
        if type(field) is forms.TypedChoiceField and field.required and name != "fidelity"
    }
    assert asked
    for name, field in asked.items():
        assert field.choices[0][0] == "" and not response.context["adminform"].form[name].value(), name


@pytest.mark.parametrize(
    ("typed_date", "stored"),
    [
        ("14 June 2024", "2024-06-14"),
        ("by the end of 2024", "../2024"),
        ("between 15 June and 8 July 2024", "2024-06-15/2024-07-08"),
        ("2024-06~", "2024-06~"),
        ("", ""),
    ],
)
def test_dates_of_records_are_typed_as_they_are_shown(desk, world, typed_date, stored):
    save(desk, world.kites, shown_form(desk, page(world.kites, "change")) | {"due": typed_date})
    assert world.kites.due == stored


@pytest.mark.parametrize("typed_date", ["31 June 2024", "06/07/2024", "soon", "1" * 61, "20\x0024"])
def test_a_date_that_cannot_be_read_stays_in_its_input(desk, world, typed_date):
    response = desk.post(page(world.kites, "change"), shown_form(desk, page(world.kites, "change")) | {"due": typed_date})
    assert response.status_code == 200 and set(response.context["adminform"].form.errors) == {"due"}
