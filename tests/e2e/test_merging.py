"""Two people at once: one merges what the other edits. Nothing is merged unseen, nothing that was written is lost."""

import urllib.request

import pytest
from django.urls import reverse

from entities.models import Merge, Organisation
from tests import world as make
from tests.invented import publish_cited

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def twin(public):
    twin = make.an_organisation("arcadian-republic", founded="1949-04", summary="A state of kites.")
    publish_cited(public.quote, twin)
    return twin


def change(record) -> str:
    return reverse("admin:entities_organisation_change", args=[record.pk])


def test_a_merge_meets_an_edit_and_is_taken_back(public, twin, at_work, live_server):
    anna, edith = at_work("anna", "contributor"), at_work("edith", "editor")

    edith.goto(reverse("admin:entities_organisation_merge_into", args=[twin.pk]))
    edith.get_by_label("Find the organisation to keep").fill("Arcadia")
    edith.keyboard.press("Enter")
    edith.get_by_role("link", name="Arcadia", exact=True).click()
    edith.get_by_role("radio", name="name of Arcadia: Arcadia").check()
    edith.get_by_label("Reason why they are the same or different").fill("One state, two spellings.")

    # Anna has the one open that will be gone, and saves the other.
    anna.goto(change(public.arcadia))
    anna.locator("#id_country").fill("NO")
    anna.get_by_role("button", name="Save and continue editing").click()
    anna.get_by_text("was changed successfully").wait_for()
    anna.goto(change(twin))
    anna.locator("#id_summary").fill("Anna wrote this meanwhile.")

    edith.get_by_role("button", name="Merge", exact=True).click()
    edith.get_by_role("alert").get_by_text("The records have changed since you opened this page").wait_for()
    assert not Merge.objects.exists()
    assert edith.get_by_role("radio", name="name of Arcadia: Arcadia").is_checked()
    assert edith.get_by_label("Reason why they are the same or different").input_value() == "One state, two spellings."
    edith.get_by_role("button", name="Merge", exact=True).click()
    edith.get_by_text("was merged into").wait_for()

    with urllib.request.urlopen(f"{live_server.url}/api/v1/organisations/{twin.slug}/") as answer:
        assert answer.url.endswith("/api/v1/organisations/arcadia/")

    anna.get_by_role("button", name="Save and continue editing").click()
    anna.get_by_role("heading", name="was merged into").wait_for()
    anna.get_by_text("Anna wrote this meanwhile.").wait_for()
    anna.get_by_text("One state, two spellings.").wait_for()

    edith.goto(change(twin))
    edith.get_by_role("link", name="View or undo the merge").click()
    edith.get_by_label("Reason why they are different").fill("Two states after all.")
    edith.get_by_role("button", name="Unmerge").click()
    edith.get_by_text("was restored as a separate record").wait_for()
    assert Organisation.objects.get(pk=twin.pk).merged_into is None
    with urllib.request.urlopen(f"{live_server.url}/api/v1/organisations/{twin.slug}/") as answer:
        assert answer.url.endswith(f"/api/v1/organisations/{twin.slug}/")
