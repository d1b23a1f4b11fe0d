"""No side door: what decides about the public is asked for its permission, wherever it is pressed; the rest decides nothing."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from entities.models import Commitment
from entities.vocabulary import ReviewState, Status
from nato_support.desk.review.submission_views import SUBMISSION_ACTIONS
from nato_support.publishing.models.comments import Comment
from nato_support.publishing.models.public_tables import Release
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.review import direct_publication
from nato_support.publishing.review import workflow as review
from nato_support.roles import GROUPS, ensure_groups
from tests import world as make
from tests.desk.conftest import filled_in, page, save, shown_form

NOBODY = "nobody"
MAY_DECIDE = {"editor", "administrator"}
MAY_SEND = {"contributor", "editor", "administrator"}


def browser(role: str) -> Client:
    client = Client()
    if role != NOBODY:
        user = User.objects.create_user(f"some-{role}", is_staff=True)
        user.groups.add(ensure_groups()[role])
        client.force_login(user)
    return client


@pytest.fixture
def sent(public, anna, changed_by):
    changed_by(anna, public.kites, name="Forty-one kites")
    return review.submit_records([public.kites], by=anna, note="It was forty-one.")


ADDRESSES = {
    "changelist": MAY_SEND,
    "new": MAY_SEND,
    "withdraw": MAY_DECIDE,
    "change": MAY_SEND,
}


@pytest.mark.parametrize("role", [*GROUPS, NOBODY])
@pytest.mark.parametrize("name", ADDRESSES)
def test_every_page_of_review_is_for_whom_it_is_meant(public, sent, role, name):
    args = [sent.pk] if name == "change" else []
    address = reverse(f"admin:publishing_submission_{name}", args=args)
    if name in ("new", "withdraw"):
        address += f"?records=commitment/{public.kites.pk}"
    answer = browser(role).get(address)
    if role == NOBODY:
        assert answer.status_code == 302 and "login" in answer["Location"]
    else:
        assert answer.status_code == (200 if role in ADDRESSES[name] else 403)


# What a role may do with what somebody else sent. A refusal with reasons (409) is not a prohibition.
WHO_MAY = {
    "assign": MAY_DECIDE,
    "unassign": MAY_DECIDE,
    "comment": MAY_DECIDE,
    "send-back": MAY_DECIDE,
    "recall": MAY_DECIDE,
    "publish": MAY_DECIDE,
    "add": MAY_DECIDE,
    "revert": MAY_DECIDE,
    "check": MAY_DECIDE,
}
GIVEN = {"answer": "Why?", "comment:": "Well."}


@pytest.mark.parametrize("role", [*GROUPS, NOBODY])
@pytest.mark.parametrize("verb", SUBMISSION_ACTIONS)
def test_every_verb_is_for_whom_it_is_meant(public, sent, role, verb):
    tents = make.a_commitment("tents")
    name = f"commitment/{public.kites.pk}"
    public.kites.refresh_from_db()
    given = GIVEN | {"seen": [f"{name}/{public.kites.version}"], "revert": [f"{name}:name"], "add": [f"commitment/{tents.pk}"]}
    client = browser(role)
    address = reverse("admin:publishing_submission_act", args=[sent.pk, verb])
    assert client.get(address).status_code == (302 if role == NOBODY else 405)
    answer = client.post(address, given)
    sent.refresh_from_db()
    if role in WHO_MAY[verb]:
        assert answer.status_code in (302, 409)
        return
    assert answer.status_code == (302 if role == NOBODY else 403)
    assert (sent.state, sent.taken_by, Comment.objects.count(), sent.records.count()) == (ReviewState.WAITING, None, 0, 1)
    assert Release.objects.count() == 1 and Commitment.objects.get(pk=public.kites.pk).name == "Forty-one kites"


@pytest.mark.parametrize("role", [*GROUPS, NOBODY])
@pytest.mark.parametrize("do", ["submit", "publish", "publish_unreviewed", "withdraw"])
def test_every_way_to_the_public_is_for_whom_it_is_meant(public, changed_by, anna, role, do):
    kites = changed_by(anna, public.kites, name="Forty-one kites")
    name = f"commitment/{kites.pk}"
    address = reverse(f"admin:publishing_submission_{'withdraw' if do == 'withdraw' else 'new'}")
    answer = browser(role).post(
        address, {"do": do, "record": [name], "seen": [f"{name}/{kites.version}"], "note": "So.", "reason": "So."}
    )
    allowed = role in (MAY_SEND if do == "submit" else MAY_DECIDE)
    assert answer.status_code == (302 if allowed or role == NOBODY else 403)
    assert (Release.objects.count() == 2) == (allowed and do != "submit")
    assert Submission.objects.filter(state=ReviewState.WAITING).exists() == (allowed and do == "submit")


def test_a_form_does_not_set_the_status(world, anna):
    client = Client()
    client.force_login(anna)
    data = shown_form(client, page(world.kites, "change"))
    save(client, world.kites, data | {"status": "published", "version": "99", "summary": "Forty."})
    assert (world.kites.status, world.kites.summary) == (Status.DRAFT, "Forty.") and world.kites.version < 99
    for shown in (client.get(page(Commitment, "add")), client.get(page(world.kites, "change"))):
        assert not {"status", "version"} & set(shown.context["adminform"].form.fields)


def test_saving_as_new_makes_nothing_public(public, anna):
    client = Client()
    client.force_login(anna)
    data = shown_form(client, page(public.kites, "change"))
    client.post(page(public.kites, "change"), data | {"_saveasnew": "1", "slug": "copy", "name": "Copy"})
    assert set(Commitment.objects.values_list("slug", "status")) <= {("forty-kites", "published"), ("copy", "draft")}
    assert Release.objects.count() == 1


@pytest.mark.parametrize(
    "action", ["publish_selected", "withdraw_selected", "submit_selected", "delete_selected", "publish", "status"]
)
def test_a_forged_action_does_nothing(public, people, action):
    viewer = people("vera", "viewer")
    client = Client()
    client.force_login(viewer)
    data = {"_selected_action": [public.kites.pk], "action": action, "post": "yes"}
    client.post(page(Commitment, "changelist"), data)
    public.kites.refresh_from_db()
    assert public.kites.status == Status.PUBLISHED and Release.objects.count() == 1 and not Submission.objects.exists()


def test_a_cell_of_a_list_does_not_set_the_status(public, anna):
    client = Client()
    client.force_login(anna)
    data = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-entity_ptr": str(public.kites.pk),
        "form-0-entity": str(public.kites.pk),
        "form-0-status": "withdrawn",
        "_save": "Save",
    }
    client.post(page(Commitment, "changelist"), data)
    public.kites.refresh_from_db()
    assert public.kites.status == Status.PUBLISHED


def test_what_was_public_does_not_become_public_by_the_history(public, anna, edith, changed_by):
    """Putting a record back to when it was published leaves it withdrawn, and its withdrawal public."""
    then = public.kites.history.filter(status=Status.PUBLISHED).latest()
    direct_publication.withdraw_with_reason(
        [public.kites], by=edith, versions={public.kites: public.kites.version}, reason="Never flew."
    )
    public.kites.refresh_from_db()
    client = Client()
    client.force_login(edith)
    meta = Commitment._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_simple_history", args=[public.kites.pk, then.history_id])
    shown = client.get(address)
    if shown.status_code == 200 and shown.context and "adminform" in shown.context:
        client.post(address, filled_in(shown))
    public.kites.refresh_from_db()
    assert public.kites.status == Status.WITHDRAWN and Release.objects.count() == 2


def test_a_comment_or_a_value_of_another_submission_is_refused(public, sent, anna, edith, changed_by):
    changed_by(anna, public.yard, locality="Harbour")
    other = review.submit_records([public.yard], by=anna, note="The yard.")
    client = Client()
    client.force_login(edith)
    name = f"facility/{public.yard.pk}"
    for verb in ("comment", "send-back"):
        answer = client.post(
            reverse("admin:publishing_submission_act", args=[sent.pk, verb]), {"answer": "So.", f"comment:{name}:locality": "Hm."}
        )
        assert answer.status_code == 409
    public.yard.refresh_from_db()
    answer = client.post(
        reverse("admin:publishing_submission_act", args=[sent.pk, "revert"]),
        {"seen": [f"{name}/{public.yard.version}"], "revert": [f"{name}:locality"]},
    )
    assert answer.status_code == 409 and not Comment.objects.exists()
    public.yard.refresh_from_db()
    assert public.yard.locality == "Harbour" and other.comments.count() == 0


def test_a_comment_on_a_record_that_was_deleted_is_given_back(sent, edith):
    tents = make.a_commitment("tents")
    review.add_to_submission(sent, [tents], by=edith)
    place = f"comment:commitment/{tents.pk}:name"
    Commitment.objects.get(pk=tents.pk).delete()
    client = Client()
    client.force_login(edith)
    answer = client.post(reverse("admin:publishing_submission_act", args=[sent.pk, "comment"]), {place: "How many tents?"})
    assert answer.status_code == 409 and not Comment.objects.exists()
    assert "Your comment “How many tents?” is on a record that has been deleted" in answer.text


@pytest.mark.parametrize("records", ["", "commitment", "commitment/0", "password/1", "commitment/99999999999999999999", "a/b,c"])
def test_what_names_no_record_is_not_there(edith, records):
    client = Client()
    client.force_login(edith)
    for name in ("new", "withdraw"):
        assert client.get(reverse(f"admin:publishing_submission_{name}") + f"?records={records}").status_code == 404


def test_an_unknown_verb_or_submission_is_not_there(sent, edith):
    client = Client()
    client.force_login(edith)
    assert client.post(reverse("admin:publishing_submission_act", args=[sent.pk, "delete"])).status_code == 404
    token = f"{sent.records.get().kind}/{sent.records.get().record}"
    for name in ("new", "withdraw"):
        answer = client.post(reverse(f"admin:publishing_submission_{name}"), {"do": "delete", "record": [token]})
        assert answer.status_code == 404
    assert client.post(reverse("admin:publishing_submission_act", args=[sent.pk + 7, "assign"])).status_code == 404
    assert client.post(f"/admin/review/submission/{sent.pk}/delete/", {"post": "yes"}).status_code == 404
    assert Submission.objects.count() == 1


def test_who_sent_it_takes_it_back_and_comments_and_decides_nothing(public, sent, anna):
    client = Client()
    client.force_login(anna)
    comment_url = reverse("admin:publishing_submission_act", args=[sent.pk, "comment"])
    assert client.post(comment_url, {"comment:": "Please."}).status_code == 302
    assert client.post(reverse("admin:publishing_submission_act", args=[sent.pk, "publish"])).status_code == 403
    assert client.post(reverse("admin:publishing_submission_act", args=[sent.pk, "recall"])).status_code == 302
    sent.refresh_from_db()
    assert sent.state == ReviewState.TAKEN_BACK
