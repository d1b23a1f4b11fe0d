"""To check: the list of values in doubt, dismissing them, and the confirmation before they are published."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from entities.models import Commitment, Relation
from entities.vocabulary import ReviewState, Status
from nato_support.desk.models import DismissedDoubt
from nato_support.desk.review.record_tokens_and_review_urls import publish_page_url, submission_page_url
from nato_support.publishing.models.public_tables import Release
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.publication import publish
from nato_support.publishing.review import workflow
from tests import world as make
from tests.desk.conftest import page

LIST = reverse("admin:desk_doubts")
NEW = reverse("admin:publishing_submission_new")


@pytest.fixture
def doubtful(world):
    """A commitment overdue, a post held twice, and a citation of another number, the newest first."""
    holds = make.a_relation_type("holds", ("person", "post"))
    world.tents = make.a_commitment("tents", due="2024")
    world.first = make.a_relation(make.a_person("cy-rook"), world.minister, holds, start="2020")
    world.second = make.a_relation(make.a_person("bo-vale"), world.minister, holds, start="2021")
    world.wrong = make.a_citation(world.quote, world.kites, "measures.kites", "60 kite", as_stated="forty kites", note="")
    for minutes, record in enumerate((world.tents, world.second, world.first, world.kites)):
        type(record).objects.filter(pk=record.pk).update(updated_at=timezone.now() + timedelta(minutes=minutes))
        record.refresh_from_db()
    return world


@pytest.fixture
def at_desk(people):
    """The browser of somebody of a group: at_desk("editor")."""

    def sign_in(group: str, name: str = "") -> Client:
        client = Client()
        client.force_login(people(name or f"of-{group or 'nothing'}", group))
        return client

    return sign_in


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def listed(response) -> list[str]:
    return [f"{row['doubt'].kind} {row['doubt'].record.slug}" for row in response.context["rows"]]


def on_list(desk, record) -> dict:
    """What the form of the doubt about `record` sends, without the reason."""
    [row] = [row for row in desk.get(LIST).context["rows"] if row["doubt"].record.pk == record.pk]
    return {"of": row["of"], "dismiss": row["doubt"].fingerprint}


def dismiss(desk, record, reason: str = "The paper rounds."):
    return desk.post(LIST, on_list(desk, record) | {"reason": reason})


KITES, TERMS, TENTS = (
    "words_read_otherwise forty-kites",
    "post_held_twice cy-rook-holds-minister-of-kites",
    "overdue tents",
)


def test_the_list_tells_what_is_in_doubt_and_leads_to_the_records(desk, doubtful):
    response = desk.get(LIST)
    assert listed(response) == [KITES, TERMS, TENTS]
    assert "states “60 kites”, but its words “forty kites” read 40 kites." in response.text
    assert "Enter the end of the earlier term" in response.text
    for record in (doubtful.kites, doubtful.first, doubtful.second, doubtful.tents):
        assert f'href="{page(record, "change")}"' in response.text
    [passage] = [row["passage"] for row in response.context["rows"] if row["passage"]]
    assert f'href="{passage}"' in response.text and desk.get(passage).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("doubt=overdue", [TENTS]),
        ("doubt=no_claimer", []),
        ("kind=commitment", [KITES, TENTS]),
        ("kind=relation", [TERMS]),
        ("kind=person", []),
        ("q=tents", [TENTS]),
        ("q=minister", [TERMS]),
        ("q=kites&kind=commitment", [KITES]),
        ("state=dismissed", []),
        ("record=commitment/{kites}", [KITES]),
        ("record=relation/{second}", [TERMS]),
        ("record=quote/{quote}", [KITES]),
        ("record=nonsense/1&doubt=nonsense", []),
        ("state=nonsense&kind=nonsense&p=nonsense", [KITES, TERMS, TENTS]),
    ],
)
def test_the_list_is_narrowed(desk, doubtful, query, found):
    keys = {name: getattr(doubtful, name).pk for name in ("kites", "second", "quote")}
    assert listed(desk.get(f"{LIST}?{query.format(**keys)}")) == found


def test_the_list_has_pages_that_keep_its_filters(desk, doubtful):
    for n in range(26):
        make.a_commitment(f"ropes-{n}", due="2023")
    first = desk.get(f"{LIST}?doubt=overdue")
    assert len(listed(first)) == 25 and 'href="?doubt=overdue&amp;p=2"' in first.text
    assert listed(desk.get(f"{LIST}?doubt=overdue&p=2")) == ["overdue ropes-0", TENTS]


def test_as_many_queries_for_many_as_for_few(desk, doubtful):
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(address).status_code == 200
        return len(asked)

    dismiss(desk, doubtful.tents)
    pages = [LIST, f"{LIST}?state=dismissed", f"{LIST}?q=kites", reverse("admin:index")]
    few = [queries(address) for address in pages + pages][4:]
    for n in range(8):
        ropes = make.a_commitment(f"ropes-{n}", due="2023")
        make.a_measure(ropes, "kites")
        make.a_citation(doubtful.quote, ropes, "measures.kites", "60 kite", as_stated="forty kites", note="")
        dismiss(desk, make.a_commitment(f"flags-{n}", due="2023"))
    assert [queries(address) for address in pages] == few


def test_an_editor_dismisses_a_doubt_with_a_reason(desk, administrator, doubtful):
    response = dismiss(desk, doubtful.kites, " The <b>paper</b> rounds.\u200e ")
    assert response.status_code == 302 and "Dismissed: “Forty Kites”, Measure “kites”" in told(response)[0]
    row = DismissedDoubt.objects.get()
    assert (row.reason, row.dismissed_by, row.target.pk) == ("The <b>paper</b> rounds.", administrator, doubtful.kites.pk)
    assert timezone.now() - row.dismissed_at < timedelta(minutes=5)
    assert listed(desk.get(LIST)) == [TERMS, TENTS]
    kept = desk.get(f"{LIST}?state=dismissed")
    assert "Dismissed by zelda on " in kept.text and "“The &lt;b&gt;paper&lt;/b&gt; rounds.”" in kept.text
    assert [tab["count"] for tab in kept.context["tabs"]] == [2, 1]


def test_a_dismissed_doubt_is_open_again_once_its_values_change(desk, doubtful):
    dismiss(desk, doubtful.kites)
    doubtful.kites.summary = "Forty."
    doubtful.kites.save()
    assert KITES not in listed(desk.get(LIST))
    doubtful.wrong.value = "61 kite"
    doubtful.wrong.save()
    response = desk.get(LIST)
    assert KITES in listed(response)
    assert "zelda dismissed this on" in response.text and "(“The paper rounds.”), when the values were others." in response.text
    # The earlier finding is kept, and marked.
    assert "No longer so" in desk.get(f"{LIST}?state=dismissed").text
    doubtful.wrong.value = "60 kite"
    doubtful.wrong.save()
    assert KITES not in listed(desk.get(LIST)) and "No longer so" not in desk.get(f"{LIST}?state=dismissed").text


def test_what_was_dismissed_is_reopened(desk, doubtful):
    dismiss(desk, doubtful.tents)
    row = DismissedDoubt.objects.get()
    response = desk.post(f"{LIST}?state=dismissed", {"reopen": row.pk})
    assert response["Location"] == f"{LIST}?state=dismissed" and "To be checked again: “Tents” is overdue" in told(response)[-1]
    assert TENTS in listed(desk.get(LIST))
    assert told(desk.post(LIST, {"reopen": row.pk}))[-1] == "That was reopened already."


def test_a_dismissal_without_a_reason_is_refused(desk, doubtful):
    response = dismiss(desk, doubtful.tents, " \n")
    assert response.status_code == 409 and "Nothing was dismissed. Say why it is right as it stands" in response.text
    assert "<details open>" in response.text and not DismissedDoubt.objects.exists()


def test_a_dismissal_of_values_that_changed_is_refused_and_the_reason_is_given_back(desk, doubtful):
    sent = on_list(desk, doubtful.tents) | {"reason": "Nobody <i>reported</i> it."}
    Commitment.objects.filter(pk=doubtful.tents.pk).update(due="2023")
    response = desk.post(LIST, sent)
    assert response.status_code == 409 and "Its values have changed since you opened this page" in response.text
    assert "Your reason was: “Nobody &lt;i&gt;reported&lt;/i&gt; it.”" in response.text
    assert not DismissedDoubt.objects.exists()


def test_of_two_who_dismiss_it_the_second_is_told_of_the_first(desk, at_desk, doubtful):
    other = at_desk("editor")
    mine, theirs = on_list(desk, doubtful.tents), on_list(other, doubtful.tents)
    other.post(LIST, theirs | {"reason": "It came by night."})
    response = desk.post(LIST, mine | {"reason": "It never came."})
    assert response.status_code == 409 and "of-editor has dismissed it already: “It came by night.”" in response.text
    assert DismissedDoubt.objects.get().reason == "It came by night."


@pytest.mark.parametrize(
    ("group", "reads", "dismisses"),
    [("", 403, 403), ("viewer", 200, 403), ("contributor", 200, 403), ("editor", 200, 302), ("administrator", 200, 302)],
)
def test_who_may_read_and_who_may_dismiss(desk, at_desk, doubtful, group, reads, dismisses):
    sent = on_list(desk, doubtful.tents) | {"reason": "It came by night."}
    client = at_desk(group)
    response = client.get(LIST)
    assert response.status_code == reads
    assert ("Dismiss …" in response.text) == (dismisses == 302)
    assert client.post(LIST, sent).status_code == dismisses
    assert DismissedDoubt.objects.count() == (dismisses == 302)
    row = DismissedDoubt.objects.first() or DismissedDoubt.objects.create(
        entity=doubtful.tents.entity, kind="overdue", fingerprint="0", sentence="?", reason="?"
    )
    assert client.post(LIST, {"reopen": row.pk}).status_code == dismisses
    assert DismissedDoubt.objects.exists() == (dismisses == 403)


@pytest.mark.parametrize("of", ["", "nonsense", "commitment/0", "commitment/99999999999999999999"])
def test_what_names_no_record_is_not_there(desk, doubtful, of):
    assert desk.post(LIST, {"of": of, "dismiss": "x", "reason": "So."}).status_code == 404


def test_nobody_sees_doubts_of_records_that_are_closed_to_them(people, desk, doubtful):
    dismiss(desk, doubtful.kites)
    user = people("half")
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_dismisseddoubt", "view_relation"]))
    client = Client()
    client.force_login(user)
    assert listed(client.get(LIST)) == listed(client.get(f"{LIST}?kind=commitment")) + [TERMS]
    assert not client.get(f"{LIST}?record=commitment/{doubtful.tents.pk}").context["rows"]
    assert not client.get(f"{LIST}?state=dismissed").context["rows"]


def test_the_home_page_counts_what_the_list_shows(desk, doubtful):
    context = desk.get(reverse("admin:index")).context
    block = {block.name: block for block in context["blocks"]}["doubts"]
    assert (block.count, block.page) == (3, LIST)
    assert [line.title for line in block.lines] == ["Forty Kites", str(Relation.objects.get(pk=doubtful.first.pk)), "Tents"]
    for record in (doubtful.kites, doubtful.first, doubtful.tents):
        dismiss(desk, record)
    assert "No values to check." in desk.get(reverse("admin:index")).text


def test_the_page_of_a_record_tells_what_is_to_be_checked_in_it(desk, at_desk, doubtful):
    for record in (doubtful.kites, doubtful.first, doubtful.second, doubtful.tents, doubtful.quote, doubtful.document):
        response = desk.get(page(record, "change"))
        assert 'id="doubts-bar"' in response.text, record
        assert desk.get(response.context["doubts_page"]).context["rows"]
    assert 'id="doubts-bar"' not in desk.get(page(doubtful.arcadia, "change")).text
    assert 'id="doubts-bar"' in at_desk("viewer").get(page(doubtful.tents, "change")).text
    dismiss(desk, doubtful.tents)
    assert 'id="doubts-bar"' not in desk.get(page(doubtful.tents, "change")).text


# Before publishing


def on_page(response) -> dict:
    """The hidden fields of a form that publishes: what a browser would send along."""
    context = response.context
    cards = [*context.get("cards", []), *(one["card"] for one in context.get("dependencies", []))]
    seen = [entry["seen"] for entry in context.get("entries", [])] or [card.seen for card in cards]
    shown = [doubt.fingerprint for doubt in context["doubts"]] if 'name="doubts_seen"' in response.text else []
    records = [token.rpartition("/")[0] for token in seen]
    return {"opened_at": context["opened_at"], "seen": seen, "record": records, "doubt": shown}


@pytest.fixture
def overdue(public, anna):
    """Anna made a published commitment overdue, by a due date that is cited."""
    public.kites.due = "2024"
    public.kites._history_user = anna
    public.kites.save()
    make.cite_values(public.quote, public.kites)
    public.kites.refresh_from_db()
    return public.kites


SENTENCE = "“Forty Kites” is overdue: its due date (2024) is past, and its stage is announced."
SEEN = {"doubts_seen": "on"}


@pytest.fixture
def sent(overdue, anna):
    return workflow.submit_records([overdue], by=anna, note="Due in 2024.")


def publish_url(submission: Submission) -> str:
    return reverse("admin:publishing_submission_act", args=[submission.pk, "publish"])


def test_a_review_publishes_doubts_only_once_they_were_seen(sent, at_desk):
    his = at_desk("editor", "edith")
    asked = his.get(submission_page_url(sent))
    assert SENTENCE in asked.text and "I have seen this" in asked.text
    refused = his.post(publish_url(sent), on_page(asked) | {"note": "Late.", "reason": "Thanks."})
    assert refused.status_code == 409 and "There is 1 thing to check" in refused.text
    assert "Late.</textarea>" in refused.text and "Thanks.</textarea>" in refused.text
    sent.refresh_from_db()
    assert sent.state == ReviewState.WAITING and Release.objects.count() == 1
    assert his.post(publish_url(sent), on_page(refused) | SEEN).status_code == 302
    assert Release.objects.count() == 2


def test_a_doubt_that_came_up_meanwhile_is_not_published_unseen(public, overdue, anna, at_desk):
    holds = make.a_relation_type("holds", ("person", "post"))
    rook, vale = make.a_person("cy-rook"), make.a_person("bo-vale")
    term = make.a_relation(rook, public.minister, holds, start="2020")
    make.cite_values(public.quote, rook, term)
    sent = workflow.submit_records([overdue, *(type(one).objects.get(pk=one.pk) for one in (rook, term))], by=anna, note="Terms.")
    his = at_desk("editor", "edith")
    asked = on_page(his.get(submission_page_url(sent))) | SEEN
    # A draft of somebody else makes a doubt of what is published, which did not change itself.
    make.a_relation(vale, public.minister, holds, start="2021")
    refused = his.post(publish_url(sent), asked)
    assert refused.status_code == 409 and "1 thing to check has come up since you opened this page" in refused.text
    assert "is held by Cy Rook" in refused.text and 'name="doubts_seen" checked' not in refused.text
    assert Release.objects.count() == 1
    assert his.post(publish_url(sent), on_page(refused) | SEEN).status_code == 302


def test_other_refusals_come_first_and_the_tick_stays(sent, overdue, anna, at_desk):
    his = at_desk("editor", "edith")
    asked = on_page(his.get(submission_page_url(sent))) | SEEN
    overdue._history_user = anna
    overdue.summary = "Slipped in."
    overdue.save()
    refused = his.post(publish_url(sent), asked)
    assert refused.status_code == 409 and "changed since you opened this page" in refused.text
    assert 'name="doubts_seen" checked' in refused.text


@pytest.mark.parametrize("do", ["publish", "publish_unreviewed"])
def test_direct_publication_asks_too_and_loses_nothing(overdue, anna, at_desk, do):
    his = at_desk("editor", "edith" if do == "publish" else "anna")
    asked = his.get(publish_page_url([overdue]))
    assert SENTENCE in asked.text
    given = {"do": do, "public_note": "Late.", "reason": "A lawyer called."}
    refused = his.post(NEW, on_page(asked) | given)
    assert refused.status_code == 409 and "There is 1 thing to check" in refused.text and "Late.</textarea>" in refused.text
    assert Release.objects.count() == 1 and not Submission.objects.exists()
    assert his.post(NEW, on_page(refused) | given | SEEN).status_code == 302
    assert Release.objects.count() == 2


def test_what_is_published_along_is_asked_about_too(public, anna, at_desk):
    tents = make.a_commitment("tents", due="2024")
    ropes = make.a_commitment("ropes", part_of=tents)
    make.cite_values(public.quote, tents, ropes)
    ropes.refresh_from_db()
    his = at_desk("editor", "edith")
    asked = his.get(publish_page_url([ropes]))
    assert "“Tents” is overdue" in asked.text
    assert his.post(NEW, on_page(asked) | {"do": "publish"}).status_code == 409
    assert his.post(NEW, on_page(asked) | {"do": "publish"} | SEEN).status_code == 302


def test_a_dismissed_doubt_is_shown_and_not_asked_about(sent, overdue, at_desk):
    his = at_desk("editor", "edith")
    dismiss(his, overdue, "It came by night.")
    asked = his.get(submission_page_url(sent))
    assert "1 dismissed" in asked.text and "“It came by night.”" in asked.text and "doubts_seen" not in asked.text
    assert his.post(publish_url(sent), on_page(asked)).status_code == 302


def test_whoever_sends_for_review_is_told_and_not_asked(overdue, at_desk):
    hers = at_desk("contributor", "anna")
    asked = hers.get(publish_page_url([overdue]))
    assert SENTENCE in asked.text and "doubts_seen" not in asked.text
    assert hers.post(NEW, on_page(asked) | {"do": "submit", "note": "Due in 2024."}).status_code == 302


def test_the_operation_itself_refuses_nothing(overdue):
    assert publish([overdue]) and Commitment.objects.get(pk=overdue.pk).status == Status.PUBLISHED


def test_many_doubts_take_no_more_queries(public, anna, at_desk):
    his = at_desk("editor", "edith")

    def queries(number: int) -> int:
        records = [make.a_commitment(f"ropes-{number}-{n}", due="2024") for n in range(number)]
        submission = workflow.submit_records(records, by=anna, note="Ropes.")
        his.get(submission_page_url(submission))
        with CaptureQueriesContext(connection) as asked:
            assert len(his.get(submission_page_url(submission)).context["doubts"]) == number
        return len(asked)

    assert queries(2) == queries(9)


def test_a_merge_does_not_publish_unseen_what_it_makes_doubtful(desk, public):
    """Two posts of one name, each held by another person: as one post it is held twice."""
    holds = make.a_relation_type("holds", ("person", "post"))
    twin = make.a_post(public.arcadia, "minister-for-kites", name=public.minister.name)
    rook, vale = make.a_person("cy-rook"), make.a_person("bo-vale")
    terms = make.a_relation(rook, public.minister, holds, start="2020"), make.a_relation(vale, twin, holds, start="2021")
    make.cite_values(public.quote, twin, rook, vale, *terms)
    publish([type(one).objects.get(pk=one.pk) for one in (twin, rook, vale, *terms)])
    address = reverse("admin:entities_merge_pair", args=[twin.pk, public.minister.pk])
    asked = {"merge": "", "reason": "One post.", "seen": desk.get(address).context["plan"].digest}
    refused = desk.post(address, asked)
    assert refused.status_code == 400 and "There is 1 thing to check" in refused.text
    assert "“Minister Of Kites” is held by Cy Rook (start: 2020, no end) and by Bo Vale" in refused.text
    twin.refresh_from_db()
    assert twin.merged_into is None and "One post.</textarea>" in refused.text
    shown = [doubt.fingerprint for doubt in refused.context["doubts"]]
    assert desk.post(address, asked | SEEN | {"doubt": shown}).status_code == 302
