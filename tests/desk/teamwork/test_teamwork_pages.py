"""Pages for comments, assignments and notifications: who may open and post what, and what they show."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from entities.history.record_snapshots import take_snapshot
from entities.models import Name
from nato_support.publishing.models import Assignment, Comment, Notification, Submission, SubmittedRecord
from nato_support.publishing.models.comments import LONGEST_COMMENT
from nato_support.publishing.teamwork import comment_threads
from nato_support.publishing.teamwork.assigning import assign_record
from tests import world as make
from tests.desk.conftest import page

TOMORROW = timezone.now().date() + timedelta(days=1)


def say(record, text, by, address=""):
    return comment_threads.comment_on_record(record, text, by=by, address=address, snapshot=take_snapshot(record))


def url(name, record, kind=""):
    return reverse(f"admin:desk_{name}", args=[kind or record.kind, record.pk])


ROLES = ("", "viewer", "contributor", "editor", "administrator")
POSTS = {
    "comment": (lambda w, c: (url("comment_add", w.kites), {"text": "Forty?", "field": "summary"}), (403, 302, 302, 302, 302)),
    "comment on a document": (
        lambda w, c: (url("comment_add", w.document, "document"), {"text": "?"}),
        (403, 302, 302, 302, 302),
    ),
    "reply": (lambda w, c: (reverse("admin:desk_comment_reply", args=[c.pk]), {"text": "Forty."}), (404, 302, 302, 302, 302)),
    "resolve": (lambda w, c: (reverse("admin:desk_comment_resolve", args=[c.pk]), {}), (404, 403, 302, 302, 302)),
    "reopen": (lambda w, c: (reverse("admin:desk_comment_reopen", args=[c.pk]), {}), (404, 403, 302, 302, 302)),
    "assign": (
        lambda w, c: (url("assign", w.kites), {"to": User.objects.get(username="worker").pk}),
        (403, 403, 302, 302, 302),
    ),
    "unassign": (lambda w, c: (url("unassign", w.kites), {"expected": ""}), (403, 403, 302, 302, 302)),
    "people": (lambda w, c: (url("people", w.kites), None), (403, 200, 200, 200, 200)),
    "notifications": (lambda w, c: (reverse("admin:desk_notifications"), None), (200, 200, 200, 200, 200)),
    "mark read": (lambda w, c: (reverse("admin:desk_notifications_read"), {"all": "1"}), (302, 302, 302, 302, 302)),
    "feed settings": (lambda w, c: (reverse("admin:desk_feed_settings"), {}), (302, 302, 302, 302, 302)),
    "desk comment": (
        lambda w, c: (page(w.document, "comment"), {"start": 0, "end": 9, "exact": w.document.text[:9], "text": "?"}),
        (403, 403, 200, 200, 200),
    ),
}


@pytest.mark.parametrize("name", POSTS)
def test_every_address_for_every_role(client, world, people, name):
    ask, expected = POSTS[name]
    author = people("worker", "contributor")
    answers = []
    for role in ROLES:
        Assignment.objects.all().delete()
        comment = say(world.kites, "Forty?", author)
        client.force_login(people(f"of-{role}", role))
        address, data = ask(world, comment)
        if name == "desk comment":
            answer = client.post(address, data, content_type="application/json")
        else:
            answer = client.get(address) if data is None else client.post(address, data)
        answers.append(answer.status_code)
    assert tuple(answers) == expected


@pytest.mark.parametrize("name", [name for name in POSTS if name not in ("people", "notifications")])
def test_a_link_from_elsewhere_changes_nothing(desk, world, anna, name, people):
    people("worker", "contributor")
    comment = say(world.kites, "Forty?", anna)
    address, _ = POSTS[name][0](world, comment)
    assert desk.get(address).status_code == 405
    assert Comment.objects.count() == 1 and not Assignment.objects.exists()


@pytest.mark.parametrize("name", POSTS)
def test_who_is_not_signed_in_is_sent_to_sign_in(client, world, anna, name, people):
    people("worker", "contributor")
    address, data = POSTS[name][0](world, say(world.kites, "Forty?", anna))
    answer = client.post(address, data or {})
    assert answer.status_code in (302, 403) and "/login/" in answer.get("Location", "/login/")
    assert Comment.objects.count() == 1


HOSTILE = ["9" * 20, "-1", "abc", "1\0", "١٢", "7" * 5000, ""]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_refused(desk, world, value):
    comment = desk.post(url("comment_add", world.kites), {"text": "Forty?", "field": value or "x"})
    assert comment.status_code == 409
    for data in ({"to": value}, {"to": "1", "due": value or "2026-13-45"}, {"to": "1", "expected": value or "-"}):
        assert desk.post(url("assign", world.kites), data).status_code == 302
    assert desk.post(reverse("admin:desk_notifications_read"), {"notification": [value] * 100}).status_code == 302
    assert desk.get(f"{url('people', world.kites)}?{urlencode({'term': value})}").status_code == 200
    lists = ("entities_commitment", "sources_citation", "entities_entity")
    assert {desk.get(f"/admin/{name.replace('_', '/')}/?uses=organisation/{value}").status_code for name in lists} <= {200, 302}
    json = desk.post(page(world.document, "comment"), {"start": value, "end": 9, "text": "?"}, content_type="application/json")
    assert json.status_code == 400
    assert not Comment.objects.exists() and not Assignment.objects.filter(due_on__isnull=False).exists()


def test_what_was_typed_is_kept_when_it_is_refused(desk, world):
    text = "long " * LONGEST_COMMENT
    answer = desk.post(url("comment_add", world.kites), {"text": text})
    assert answer.status_code == 409
    assert text in answer.content.decode() and "at most 5,000 characters" in answer.content.decode()


def test_the_page_of_a_record_shows_its_comments_where_they_stand(desk, world, anna):
    row = Name.objects.create(entity=world.kites, text="Two score kites")
    say(world.kites, "Forty?", anna, "summary")
    say(world.kites, "Who says so, @zelda?", anna, f"entities.name/{row.pk}/text")
    gone = say(world.kites, "Since removed.", anna)
    Comment.objects.filter(pk=gone.pk).update(field="entities.name/999999")
    answer = desk.get(page(world.kites, "change"))
    teamwork = answer.context["teamwork"]
    assert (teamwork["open_threads"], [thread.comment.text for thread in teamwork["removed_threads"]]) == (3, ["Since removed."])
    places = [
        (marker.get("field", ""), marker.get("prefix", ""), marker.get("row", "")) for marker in teamwork["comment_markers"]
    ]
    assert places == [("summary", "", ""), ("", "names", str(row.pk))]
    assert [thread.label for thread in teamwork["threads"]] == ["Summary", "Name: Two score kites, text"]
    text = answer.content.decode()
    assert "On a part since removed" in text and '<b class="at-name">@zelda</b>' in text


def test_a_comment_is_text_and_never_markup(desk, world, anna):
    say(world.kites, "<script>alert(1)</script>", anna)
    threads = comment_threads.comment_on_passage(world.document, "<img src=x>", by=anna, start=0, end=9)
    assert threads.pk
    text = desk.get(page(world.kites, "change")).content.decode()
    assert "<script>alert(1)" not in text and "&lt;script&gt;alert(1)" in text
    assert "<img src=x>" not in desk.get(page(world.document, "read")).content.decode()


def test_the_document_desk_shows_comments_beside_their_passage(desk, world, anna):
    comment_threads.comment_on_passage(world.document, "How many?", by=anna, start=0, end=9)
    answer = desk.get(page(world.document, "read"))
    assert answer.context["comment_count"] == 1
    assert "How many?" in str(answer.context["blocks"][0]) and "How many?" not in str(answer.context["blocks"][1:])
    in_the_text = f'<a href="{page(world.document, "read")}?at=0#from0-9">In the text</a>'
    assert in_the_text in desk.get(page(world.document, "change")).text


def test_a_comment_at_the_document_desk_comes_back_in_its_paragraph(desk, world):
    answer = desk.post(
        page(world.document, "comment"),
        {"start": 0, "end": 9, "exact": world.document.text[:9], "text": "How many?"},
        content_type="application/json",
    )
    assert "How many?" in "".join(answer.json()["blocks"].values())
    assert Comment.objects.get().exact == world.document.text[:9]


def test_a_comment_on_words_that_the_text_has_not_is_refused(desk, world):
    data = {"start": 0, "end": 9, "exact": "no words!", "text": "How many?"}
    assert desk.post(page(world.document, "comment"), data, content_type="application/json").status_code == 409
    assert not Comment.objects.exists()


def test_a_viewer_of_a_document_sees_no_comment_on_its_words(client, world, anna, vera):
    comment_threads.comment_on_passage(world.document, "How many?", by=anna, start=0, end=9)
    client.force_login(vera)
    for name in ("read", "change"):
        assert "How many?" not in client.get(page(world.document, name)).content.decode()


def test_lists_show_and_filter_what_is_assigned(desk, administrator, world, anna):
    assign_record(world.kites, to=administrator, by=anna, due_on=TOMORROW)
    assign_record(world.yard, to=anna, by=anna)
    Assignment.objects.filter(record=world.kites.pk).update(due_on=TOMORROW - timedelta(days=9))

    def listed(address):
        return [record.name for record in desk.get(address).context["cl"].result_list]

    assert listed("/admin/entities/commitment/?assigned=me") == ["Forty Kites"]
    assert listed("/admin/entities/commitment/?assigned=nobody") == []
    assert listed("/admin/entities/facility/?assigned=me") == []
    assert listed("/admin/entities/facility/?assigned=anybody") == ["Kite Yard"]
    assert "overdue" in desk.get("/admin/entities/commitment/").content.decode()


def test_the_home_page_says_what_waits_for_me(client, world, edith, anna):
    assign_record(world.kites, to=edith, by=anna, due_on=TOMORROW)
    Assignment.objects.update(due_on=TOMORROW - timedelta(days=9))
    submission = Submission.objects.create(note="New.", submitted_by=anna, taken_by=edith, taken_at=timezone.now())
    SubmittedRecord.objects.create(submission=submission, kind="facility", record=world.yard.pk, version=1, fingerprint="0")
    gone = make.an_organisation("gone")
    assign_record(gone, to=edith, by=anna)
    gone.delete()
    client.force_login(edith)
    blocks = {block.name: block for block in client.get("/admin/").context["blocks"]}
    assert [(line.title, line.late_mark) for line in blocks["assigned"].lines] == [("Forty Kites", "overdue"), ("Kite Yard", "")]
    assert blocks["notifications"].count == 2
    assert blocks["notifications"].lines[0].title.startswith("anna assigned")


def test_opening_a_notification_marks_it_and_leads_on(client, world, edith, anna):
    comment = say(world.kites, "@edith", anna, "summary")
    told = Notification.objects.get()
    client.force_login(anna)
    assert client.get(reverse("admin:desk_notification", args=[told.pk])).status_code == 404
    client.force_login(edith)
    assert client.get("/admin/").context["blocks"][0].count == 1
    answer = client.get(reverse("admin:desk_notification", args=[told.pk]))
    assert answer.url == f"{page(world.kites, 'change')}#comment-{comment.pk}"
    told.refresh_from_db()
    assert told.read_at is not None


def test_only_ones_own_notifications_are_marked_as_read(client, world, edith, jan, anna):
    say(world.kites, "@edith @jan", anna)
    client.force_login(edith)
    client.post(reverse("admin:desk_notifications_read"), {"notification": [row.pk for row in Notification.objects.all()]})
    assert [row.recipient for row in Notification.objects.filter(read_at=None)] == [jan]


def test_the_page_of_notifications_takes_as_many_queries_for_many(client, world, edith, anna):
    client.force_login(edith)
    counts = []
    for _ in range(2):
        for _ in range(5):
            say(world.kites, "@edith", anna)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("admin:desk_notifications"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
