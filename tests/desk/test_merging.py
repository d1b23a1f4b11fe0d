"""Merging at the desk: the preview, its buttons, who may press them, and the way back."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from entities.models import DuplicateDecision, Merge, Name, Organisation
from nato_support.publishing.publication import publish
from nato_support.publishing.review import workflow as review
from nato_support.roles import ensure_groups
from tests import world as make
from tests.desk.conftest import page, shown_form

KEEP = {"field:name": "survivor", "field:founded": "survivor", "field:type": "survivor", "reason": "One state."}


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def pair(one, other) -> str:
    return reverse("admin:entities_merge_pair", args=[one.pk, other.pk])


@pytest.fixture
def twin(world):
    twin = make.an_organisation("arcadian-republic", founded="1949", summary="A state of kites.")
    make.a_citation(world.quote, twin, "name", twin.name)
    return twin


def merged(desk, one, other, **more):
    seen = desk.get(pair(one, other)).context["plan"].digest
    return desk.post(pair(one, other), KEEP | {"seen": seen, "merge": ""} | more)


def test_the_preview_asks_only_what_differs_and_chooses_no_clash(desk, world, twin):
    shown = desk.get(pair(twin, world.arcadia))
    assert [cell.label for cell in shown.context["open"]] == ["name", "summary", "founded"]
    assert "2 to choose" in shown.text and shown.text.count("Choose one") == 2
    assert "Arcadian Republic</a>" in shown.text and "leads to" not in shown.text
    assert shown.context["swap"] == pair(world.arcadia, twin)


def test_merging_and_unmerging(desk, administrator, world, twin):
    response = merged(desk, twin, world.arcadia)
    assert response["Location"] == page(world.arcadia, "change")
    assert told(response) == ["“Arcadian Republic” was merged into “Arcadia”."]
    done = Merge.objects.get()
    assert (done.merged_by, done.reason) == (administrator, "One state.")
    shown = desk.get(page(done, "change"))
    assert "will be moved back automatically" in shown.text
    response = desk.post(page(done, "change"), {"seen": shown.context["back"].digest, "reason": "Two.", "unmerge": ""})
    assert response["Location"] == page(twin, "change")
    twin.refresh_from_db()
    assert twin.merged_into is None and "Undone on" in desk.get(page(done, "change")).text


def test_marks_that_nobody_sees_keep_no_reason_from_being_given(desk, world, twin):
    response = merged(desk, twin, world.arcadia, reason="One\u200e state.", note="They\x07 are one.")
    assert response.status_code == 302
    assert Merge.objects.get().reason == "One state."


def test_what_is_refused_keeps_what_was_chosen_and_typed(desk, world, twin):
    response = desk.post(pair(twin, world.arcadia), KEEP | {"seen": "stale", "merge": "", "field:founded": "merged"})
    assert response.status_code == 409 and "The records have changed since you opened this page" in response.text
    assert "One state.</textarea>" in response.text
    assert {cell.group.key: cell.group.chosen for cell in response.context["open"]}["founded"] == "merged"
    response = merged(desk, twin, world.arcadia, reason=" ")
    assert response.status_code == 400 and "Give the reason why" in response.text
    assert not Merge.objects.exists()


def test_the_wrong_direction_must_be_confirmed(desk, world, twin):
    for number in range(9):
        Name.objects.create(entity=twin, text=f"Kite State {number}")
    assert "Yes, keep" in desk.get(pair(twin, world.arcadia)).text
    assert "wrong direction" in merged(desk, twin, world.arcadia).text
    assert merged(desk, twin, world.arcadia, confirmed="on").status_code == 302


def test_not_the_same_is_noted_and_merges_nothing(desk, world, twin):
    desk.post(pair(twin, world.arcadia), {"different": "", "reason": "Two states."})
    found = DuplicateDecision.objects.get()
    assert (found.verdict, found.reason) == ("different", "Two states.") and not Merge.objects.exists()


def test_what_cannot_be_merged_offers_no_button(desk, world, twin):
    shown = desk.get(pair(world.ada, world.arcadia))
    assert "only records of one kind" in shown.text and 'name="merge"' not in shown.text


def test_what_readers_will_see_is_said_and_the_survivor_can_be_published_along(desk, public):
    draft = make.an_organisation("arcadian-draft", founded="1949-04")
    make.a_citation(public.quote, draft, "name", draft.name)
    shown = desk.get(pair(public.arcadia, draft))
    assert "will redirect to <code>arcadian-draft</code>" in shown.text and "(required)" in shown.text
    assert "publish it too" in merged(desk, public.arcadia, draft, confirmed="on").text
    assert merged(desk, public.arcadia, draft, confirmed="on", along="on").status_code == 302
    draft.refresh_from_db()
    assert draft.status == "published"


def test_nobody_publishes_their_own_work_by_way_of_a_merge(desk, public, administrator):
    draft = make.an_organisation("arcadian-draft", founded="1949-04")
    make.a_citation(public.quote, draft, "name", draft.name)
    draft.summary, draft._history_user = "Mine.", administrator
    draft.save()
    response = merged(desk, public.arcadia, draft, confirmed="on", along="on")
    assert response.status_code == 400 and "You wrote some of the unpublished changes of “Arcadian Draft”" in response.text
    draft.refresh_from_db()
    assert draft.status == "draft" and not Merge.objects.exists()


def test_what_waits_in_review_is_not_merged_away(desk, public, twin, administrator):
    public.arcadia.summary = "Of kites."
    public.arcadia.save()
    review.submit_records([public.arcadia], by=administrator, note="It has kites.")
    response = merged(desk, public.arcadia, twin, confirmed="on")
    assert response.status_code == 400 and "“Arcadia” is in review" in response.text
    assert not Merge.objects.exists()


def test_a_merged_record_leaves_lists_and_choices_and_is_only_looked_at(desk, world, twin):
    before = shown_form(desk, page(twin, "change"))
    merged(desk, twin, world.arcadia)
    # What it says of the merge is said once.
    desk.get(page(world.arcadia, "change"))
    assert "Arcadian Republic" not in desk.get(page(Organisation, "changelist")).text
    for asked in ("yes", "all"):
        assert "Arcadian Republic" in desk.get(page(Organisation, "changelist"), {"merged": asked}).text
    chosen = {"app_label": "entities", "model_name": "facility", "field_name": "operator", "term": "arcadian republic"}
    assert desk.get(reverse("admin:autocomplete"), chosen).json()["results"] == [
        {"id": str(world.arcadia.pk), "text": "Arcadia · organisation, draft"}
    ]
    shown = desk.get(page(twin, "change"))
    assert "merge-into" not in shown.text and "release-bar" not in shown.text
    assert "Merged into" in shown.text and page(Merge.objects.get(), "change") in shown.text and 'name="_save"' not in shown.text
    response = desk.post(page(twin, "change"), before | {"summary": "What I wrote meanwhile."})
    assert response.status_code == 409
    assert (
        "What I wrote meanwhile." in response.text
        and "One state." in response.text
        and page(world.arcadia, "change") in response.text
    )
    twin.refresh_from_db()
    assert twin.summary == "A state of kites."


def test_the_way_there_from_a_record_and_from_a_list(desk, world, twin):
    into = reverse("admin:entities_merge_into", args=[twin.pk])
    assert desk.get(reverse("admin:entities_organisation_merge_into", args=[twin.pk]))["Location"] == into
    assert pair(twin, world.arcadia) in desk.get(into, {"q": "arcad"}).text
    assert "No results" in desk.get(into, {"q": "zzz"}).text
    both = {"_selected_action": [twin.pk, world.arcadia.pk], "action": "merge_selected"}
    assert desk.post(page(Organisation, "changelist"), both)["Location"] == pair(twin, world.arcadia)
    one = both | {"_selected_action": [twin.pk]}
    assert "Select two records" in told(desk.post(page(Organisation, "changelist"), one))[0]


@pytest.mark.parametrize(("group", "status"), [("viewer", 403), ("contributor", 403), ("editor", 200)])
def test_the_permission_decides(client, desk, world, twin, django_user_model, group, status):
    merged(desk, twin, world.arcadia)
    other = make.an_organisation("kite-state")
    user = django_user_model.objects.create_user("olga", is_staff=True)
    user.groups.add(ensure_groups()[group])
    client.force_login(user)
    assert client.get(pair(other, world.arcadia)).status_code == status
    assert client.get(reverse("admin:entities_merge_into", args=[other.pk])).status_code == status
    posted = client.post(pair(other, world.arcadia), {"different": ""})
    assert posted.status_code == (302 if status == 200 else 403)
    done = Merge.objects.get()
    assert client.get(page(done, "change")).status_code == 200
    undone = client.post(page(done, "change"), {"seen": "stale"})
    assert undone.status_code == (409 if status == 200 else 403)


def test_a_link_merges_nothing(desk, world, twin):
    desk.get(pair(twin, world.arcadia), KEEP | {"merge": ""})
    assert not Merge.objects.exists()


@pytest.mark.parametrize("rows", [3, 60])
def test_the_preview_costs_the_same_however_many_rows(desk, world, twin, django_assert_max_num_queries, rows):
    for number in range(rows):
        Name.objects.create(entity=twin, text=f"Kite State {number}")
        make.a_post(twin, f"keeper-{number}")
        make.a_relation(twin, make.an_organisation(f"friend-{number}"))
    desk.get(pair(twin, world.arcadia))
    with django_assert_max_num_queries(90):
        desk.get(pair(twin, world.arcadia))


def test_publishing_a_merged_record_is_refused(desk, world, twin):
    merged(desk, twin, world.arcadia)
    with pytest.raises(Exception, match="unmerge it first"):
        publish([Organisation.objects.get(pk=twin.pk)])
