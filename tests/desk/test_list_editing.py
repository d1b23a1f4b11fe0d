"""Names, amounts and milestones are edited in their lists."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Measure, Milestone, Name
from nato_support.roles import ensure_groups
from tests import world as make
from tests.desk.conftest import page

LISTS = (Name, Measure, Milestone)


@pytest.fixture
def rows(kites, arcadia):
    """A row in each of the lists."""
    return {
        Name: Name.objects.create(entity=arcadia, text="Arcadian Republic", kind="official", language="en", script="Latn"),
        Measure: make.a_measure(kites),
        Milestone: make.a_milestone(kites),
    }


def shown(browser, model) -> dict:
    """What a browser would send of the list as it is shown."""
    formset = browser.get(page(model, "changelist")).context["cl"].formset
    data = {"_save": "Save"}
    for form in (formset.management_form, *formset.forms):
        data |= {field.html_name: "" if field.value() is None else str(field.value()) for field in form}
    return data


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [(Name, "text", "Republic of Arcadia"), (Measure, "as_stated", "forty kites"), (Milestone, "date", "2024-07-10")],
)
def test_a_cell_is_saved_and_raises_the_version_of_its_record(desk, administrator, rows, model, field, value):
    row = rows[model]
    before = type(row.parent).objects.get(pk=row.parent.pk).version
    answer = desk.post(page(model, "changelist"), shown(desk, model) | {f"form-0-{field}": value})
    assert answer.status_code == 302
    row = model.objects.get(pk=row.pk)
    assert getattr(row, field) == value
    assert row.parent.version == before + 1
    assert row.history.first().history_user == administrator
    assert row.history.count() == 2


def test_pressing_save_changes_nothing(desk, rows):
    for model in LISTS:
        desk.post(page(model, "changelist"), shown(desk, model))
        assert rows[model].history.count() == 1


@pytest.mark.parametrize("model", LISTS)
def test_every_cell_is_named_by_its_column_its_record_and_its_row(desk, rows, model):
    html = desk.get(page(model, "changelist")).text
    fields = re.findall(r"<(?:input|select)[^>]* name=\"form-0-(?!id)[^>]*>", html)
    assert len(fields) >= 2
    assert all(re.search(r'aria-label="\w[^"]* of \w[^"]*, row 1"', field) for field in fields), fields


@pytest.mark.parametrize("model", LISTS)
def test_a_viewer_reads_the_list_and_may_not_change_it(client, rows, model):
    user = User.objects.create_user("vera", is_staff=True)
    user.groups.add(ensure_groups()["viewer"])
    client.force_login(user)
    assert 'name="form-0-' not in client.get(page(model, "changelist")).text
    assert (
        client.post(page(model, "changelist"), {"_save": "Save", "form-TOTAL_FORMS": 0, "form-INITIAL_FORMS": 0}).status_code
        == 403
    )


def test_what_is_wrong_is_said_beside_its_cell_and_what_was_typed_stays(desk, rows):
    answer = desk.post(page(Name, "changelist"), shown(desk, Name) | {"form-0-language": "English", "form-0-text": "Arcadia!"})
    assert "Use a BCP 47 tag, such as uk." in answer.text
    assert 'value="Arcadia!"' in answer.text
    assert Name.objects.get().text == "Arcadian Republic"


def test_a_rule_about_columns_that_the_list_does_not_change_is_kept_too(desk, rows):
    answer = desk.post(page(Measure, "changelist"), shown(desk, Measure) | {"form-0-currency": "EUR"})
    assert "Money has a currency and no unit; anything else has no currency." in answer.text
    assert Measure.objects.get().currency == ""


def test_a_value_that_is_there_already_is_refused(desk, rows, arcadia):
    Name.objects.create(entity=arcadia, text="Arcady")
    answer = desk.post(page(Name, "changelist"), shown(desk, Name) | {"form-0-text": "Arcadian Republic"})
    assert answer.status_code == 200
    assert "This name is already there." in answer.text


def test_nobody_s_change_is_overwritten_unseen(desk, rows):
    held = shown(desk, Name)
    Name.objects.filter(pk=rows[Name].pk).update(text="Arcady")
    answer = desk.post(page(Name, "changelist"), held | {"form-0-text": "Arkadien"})
    assert Name.objects.get().text == "Arcady"
    assert "Arcady" in answer.text and "meanwhile" in answer.text and "save again to keep it" in answer.text


def test_what_another_person_changed_in_another_cell_stays(desk, rows):
    held = shown(desk, Name)
    Name.objects.filter(pk=rows[Name].pk).update(text="Arcady")
    desk.post(page(Name, "changelist"), held | {"form-0-kind": "former"})
    assert (Name.objects.get().text, Name.objects.get().kind) == ("Arcady", "former")


@pytest.mark.parametrize("model", LISTS)
def test_a_long_list_costs_no_more_queries(desk, db, model):
    def add(numbers):
        for n in numbers:
            commitment = make.a_commitment(f"pledge-{n}")
            Name.objects.create(entity=commitment, text=f"Name {n}")
            make.a_measure(commitment)
            make.a_milestone(commitment, event=make.an_event(f"meeting-{n}"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(page(model, "changelist")).status_code == 200
        return len(seen)

    add(range(3))
    few = queries()
    add(range(3, 30))
    assert queries() == few
