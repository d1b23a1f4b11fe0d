"""The queue of likely duplicates, the page of a pair, answers and their taking back, the hint on a record's page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from entities.likeness.duplicate_finder import find_and_store_duplicates
from entities.likeness.duplicate_queue import open_candidates, remember_comparison_time
from entities.models import DuplicateCandidate, DuplicateDecision, Entity, Name
from nato_support.roles import ensure_groups
from tests import world as make
from tests.desk.conftest import page

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:entities_duplicatecandidate_changelist")
ANSWER = reverse("admin:entities_duplicatecandidate_decide")


@pytest.fixture
def fells(db):
    """Two records of one person, and a third of another."""
    one = make.a_person("ada-fell", name="Ada Fell", summary="Minister of kites.", nationality="NO")
    other = make.a_person("fell-ada", name="Fell, Ada")
    Name.objects.create(entity=other, text="Ада Фелл <b>", kind="alias", language="uk", script="Cyrl")
    make.a_person("berta-ruff")
    find_and_store_duplicates()
    return one, other


@pytest.fixture
def candidate(fells):
    return DuplicateCandidate.objects.get()


def the_page(candidate) -> str:
    return reverse("admin:entities_duplicatecandidate_change", args=[candidate.pk])


def answer(desk, candidate, verdict="different", **fields):
    seen = f"{candidate.first.version}-{candidate.second.version}"
    data = {"first": candidate.first_id, "second": candidate.second_id, "seen": seen, "verdict": verdict}
    return desk.post(ANSWER, data | fields)


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def someone(client, group: str):
    user = User.objects.create_user(group, is_staff=True)
    user.groups.add(ensure_groups()[group])
    client.force_login(user)
    return client


def test_the_queue_names_both_and_says_why(desk, candidate):
    response = desk.get(QUEUE)
    text = response.content.decode()
    assert "Ada Fell" in text
    assert "Fell, Ada" in text
    assert the_page(candidate) in text
    assert "% likely the same" in text
    assert "Similar names" in text


def test_the_queue_is_empty_in_words(desk):
    assert "No pairs to decide." in desk.get(QUEUE).content.decode()


def test_a_record_saved_since_is_in_the_queue_once_it_was_compared(desk, fells):
    make.a_person("fell", name="Ada M. Fell")
    text = desk.get(QUEUE).text
    assert "Ada M. Fell" not in text and "changed since the last check" in text
    desk.post(reverse("admin:entities_duplicatecandidate_catch_up"))
    assert "Ada M. Fell" in desk.get(QUEUE).text


def test_both_stand_side_by_side_escaped(desk, candidate):
    text = desk.get(the_page(candidate)).content.decode()
    for words in ("Minister of kites.", "Norway", "Ада Фелл &lt;b&gt; (alias, uk, Cyrl)", "would be kept", "would be merged"):
        assert words in text
    assert "<b>)" not in text
    assert "Фелл <b>" not in text


def test_a_pair_that_is_gone_leads_to_the_queue(desk, candidate):
    gone = the_page(candidate)
    candidate.delete()
    response = desk.get(gone)
    assert response.status_code == 302
    assert "no longer similar" in told(response)


def test_an_answer_is_kept_and_the_next_pair_opens(desk, administrator, candidate):
    make.an_organisation("kite-works", name="Arcadian Kite Works")
    make.an_organisation("kite-works-2", name="Arcadian Kite Works Ltd")
    find_and_store_duplicates()
    response = answer(desk, candidate, reason="mother\u200e and daughter")
    assert response.url == the_page(open_candidates().get())
    assert "“Ada Fell” and “Fell, Ada”: not the same" in told(response)
    decision = DuplicateDecision.objects.get()
    assert (decision.verdict, decision.reason, decision.decided_by) == ("different", "mother and daughter", administrator)
    text = desk.get(QUEUE).content.decode()
    assert "mother and daughter" in text
    assert 'data-key="z"' in text


def test_the_last_answer_leads_to_the_queue(desk, candidate):
    assert answer(desk, candidate, "unsure").url == QUEUE
    assert "Fell, Ada" in desk.get(QUEUE, {"state": "unsure"}).content.decode()


def test_an_answer_can_be_taken_back(desk, candidate):
    answer(desk, candidate)
    response = desk.post(reverse("admin:entities_duplicatecandidate_undo", args=[DuplicateDecision.objects.get().pk]))
    assert response.url == the_page(candidate)
    assert not DuplicateDecision.objects.exists()
    again = desk.post(reverse("admin:entities_duplicatecandidate_undo", args=[99]))
    assert "undone already" in told(again)


def test_an_answer_to_what_one_has_not_seen_is_refused_and_keeps_the_reason(desk, candidate):
    response = answer(desk, candidate, seen="1-1", reason="mother and daughter")
    assert response.status_code == 409
    text = response.content.decode()
    assert "was changed since you opened this page" in text
    assert "mother and daughter" in text
    assert not DuplicateDecision.objects.exists()
    assert answer(desk, candidate).status_code == 302


def test_what_a_colleague_answered_meanwhile_stays(desk, candidate):
    jan = User.objects.create_user("jan")
    DuplicateDecision.objects.create(first=candidate.first, second=candidate.second, verdict="different", decided_by=jan)
    response = answer(desk, candidate, "unsure")
    assert response.status_code == 409
    assert "jan has meanwhile decided “not the same”" in response.content.decode()
    assert DuplicateDecision.objects.get().decided_by == jan


def test_nonsense_is_refused(desk, candidate):
    assert answer(desk, candidate, "same").status_code == 400
    assert answer(desk, candidate, reason="x" * 1001).status_code == 400
    assert answer(desk, candidate, first="x").status_code == 404
    assert desk.get(ANSWER).status_code == 405
    assert not DuplicateDecision.objects.exists()
    assert desk.get(QUEUE, {"state": "x", "kind": "x", "p": "x"}).status_code == 200
    assert desk.get(reverse("admin:entities_duplicatecandidate_change", args=["x"])).status_code == 404


def test_a_merged_pair_cannot_be_answered_nor_its_answer_taken_back(desk, administrator, candidate):
    judged = DuplicateDecision.objects.create(
        first=candidate.first, second=candidate.second, verdict="same", decided_by=administrator
    )
    Entity.objects.filter(pk=candidate.second_id).update(merged_into=candidate.first_id)
    response = desk.post(reverse("admin:entities_duplicatecandidate_undo", args=[judged.pk]))
    assert "unmerge it" in told(response)
    assert DuplicateDecision.objects.exists()
    assert 'value="different"' not in desk.get(the_page(candidate)).content.decode()


def test_the_pair_that_would_say_the_opposite_is_warned_of(desk, administrator, candidate):
    third = make.a_person("third", name="Ada Fell")
    find_and_store_duplicates()
    DuplicateDecision.objects.create(first=candidate.first, second=third, verdict="different", decided_by=administrator)
    text = desk.get(the_page(candidate)).content.decode()
    assert "marked as different from the other" in text


def test_skipping_goes_round(desk, candidate):
    make.an_organisation("kite-works", name="Arcadian Kite Works")
    make.an_organisation("kite-works-2", name="Arcadian Kite Works")
    find_and_store_duplicates()
    first, second = open_candidates()
    assert f'href="{the_page(second)}" rel="next"' in desk.get(the_page(first)).content.decode()
    assert f'href="{the_page(first)}" rel="next"' in desk.get(the_page(second)).content.decode()


def test_the_hint_names_what_a_record_looks_like(desk, fells):
    one, other = fells
    place = reverse("admin:entities_duplicatecandidate_hint", args=[one.pk])
    assert place in desk.get(page(one, "change")).content.decode()
    text = desk.get(place).content.decode()
    assert page(other, "change") in text
    other.name = "Berta Ruff"
    other.save()
    Name.objects.all().delete()
    assert "Similar records" not in desk.get(place).content.decode()
    assert desk.get(reverse("admin:entities_duplicatecandidate_hint", args=[999])).status_code == 404


def test_only_entities_have_a_hint(desk, world):
    assert "data-looks-like" in desk.get(page(world.arcadia, "change")).text
    # It has a kind as well: that of its passage.
    assert "data-looks-like" not in desk.get(page(world.quote, "change")).text


def test_looking_writes_nothing_and_what_is_shown_can_be_answered(desk, fells):
    DuplicateCandidate.objects.all().delete()
    one, other = fells
    hint, pair = (
        reverse("admin:entities_duplicatecandidate_hint", args=[one.pk]),
        reverse("admin:entities_duplicatecandidate_pair", args=[one.pk, other.pk]),
    )
    viewer = someone(Client(), "viewer")
    for address in (hint, pair, QUEUE):
        with CaptureQueriesContext(connection) as asked:
            assert viewer.get(address).status_code == 200
        assert not [
            query
            for query in asked.captured_queries
            if "entities_duplicatecandidate" in query["sql"] and query["sql"][:6] != "SELECT"
        ]
    assert not DuplicateCandidate.objects.exists()
    assert pair in viewer.get(hint).text and "Check changed records" not in viewer.get(QUEUE).text
    other.refresh_from_db()
    sent = {"first": one.pk, "second": other.pk, "seen": f"{one.version}-{other.version}", "verdict": "different", "reason": ""}
    desk.post(reverse("admin:entities_duplicatecandidate_decide"), sent)
    assert DuplicateDecision.objects.get().verdict == "different"
    assert desk.get(pair).status_code == 302 and pair not in desk.get(hint).text


def test_what_was_saved_since_is_compared_by_a_button(desk, fells):
    DuplicateCandidate.objects.all().delete()
    remember_comparison_time(timezone.now() - timedelta(days=1))
    assert "Check changed records" in desk.get(QUEUE).text
    assert desk.get(reverse("admin:entities_duplicatecandidate_catch_up")).status_code == 405
    desk.post(reverse("admin:entities_duplicatecandidate_catch_up"))
    assert DuplicateCandidate.objects.count() == 1 and "Check changed records" not in desk.get(QUEUE).text


def test_all_are_compared_anew_by_a_button(desk, fells):
    DuplicateCandidate.objects.all().delete()
    response = desk.post(reverse("admin:entities_duplicatecandidate_find"))
    assert "1 likely pair." in told(response)
    assert DuplicateCandidate.objects.count() == 1


@pytest.mark.parametrize(
    ("group", "judges"), [("viewer", False), ("contributor", False), ("editor", True), ("administrator", True)]
)
def test_rights(client, candidate, group, judges):
    browser = someone(client, group)
    assert browser.get(QUEUE).status_code == 200
    text = browser.get(the_page(candidate)).content.decode()
    assert ('value="different"' in text) is judges
    assert browser.get(reverse("admin:entities_duplicatecandidate_hint", args=[candidate.first_id])).status_code == 200
    expected = 302 if judges else 403
    for name in ("find", "catch_up"):
        assert browser.post(reverse(f"admin:entities_duplicatecandidate_{name}")).status_code == expected
    candidate.refresh_from_db()
    assert answer(browser, candidate).status_code == expected
    assert DuplicateDecision.objects.exists() is judges
    jan = DuplicateDecision.objects.update_or_create(
        first=candidate.first, second=candidate.second, defaults={"verdict": "unsure", "decided_by": None}
    )[0]
    # Another's answer is taken back by whoever may delete answers.
    assert browser.post(reverse("admin:entities_duplicatecandidate_undo", args=[jan.pk])).status_code == expected


def test_who_may_not_look_sees_nothing(client, candidate):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    hint = reverse("admin:entities_duplicatecandidate_hint", args=[candidate.first_id])
    for address in (QUEUE, the_page(candidate), hint):
        assert client.get(address).status_code == 403
    assert answer(client, candidate).status_code == 403
    client.logout()
    assert client.get(QUEUE).status_code == 302


def test_the_queue_asks_a_constant_number_of_questions(desk, fells):
    def count() -> int:
        find_and_store_duplicates()
        desk.get(QUEUE)
        with CaptureQueriesContext(connection) as asked:
            desk.get(QUEUE)
        return len(asked)

    few = count()
    for number in range(8):
        make.a_person(f"fell-{number}", name="Ada Fell")
    assert open_candidates().count() == 1
    many = count()
    assert open_candidates().count() > 25
    assert many == few
