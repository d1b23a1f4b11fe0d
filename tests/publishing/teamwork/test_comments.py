"""Comments: where they may stand, whom they notify, and what becomes of them when their part is gone."""

import pytest

from entities.history.record_snapshots import take_snapshot
from entities.models import Name
from entities.refusals import Refused
from nato_support.publishing.models import Comment, Notification
from nato_support.publishing.models.comments import LONGEST_COMMENT
from nato_support.publishing.publication import check_publishable
from nato_support.publishing.teamwork import comment_threads as threads
from nato_support.publishing.teamwork.named_people import comment_html, people_named_in


def say(record, text, by, address=""):
    return threads.comment_on_record(record, text, by=by, address=address, snapshot=take_snapshot(record))


def shown(record, user):
    return {thread.comment.text: thread.is_removed for thread in threads.threads_on_record(record, user, take_snapshot(record))}


def test_a_comment_stands_on_a_record_a_field_and_a_row_at_any_time(world, anna, vera):
    row = Name.objects.create(entity=world.arcadia, text="Arcady")
    for number, address in enumerate(["", "country", f"entities.name/{row.pk}", f"entities.name/{row.pk}/text"]):
        say(world.arcadia, f"Comment {number}", vera, address)
    assert list(shown(world.arcadia, anna).values()) == [False] * 4
    assert not Comment.objects.exclude(submission=None).exists()


@pytest.mark.parametrize("address", ["password", "entities.name/999999", "country/text", "x" * 500, "entities.name/1/../x"])
def test_a_comment_on_a_part_that_the_record_has_not_is_refused(world, anna, address):
    with pytest.raises(Refused):
        say(world.arcadia, "What?", anna, address)
    assert not Comment.objects.exists()


def test_a_comment_outlives_its_row_and_is_back_with_it(world, anna):
    row = Name.objects.create(entity=world.arcadia, text="Arcady")
    say(world.arcadia, "Who says so?", anna, f"entities.name/{row.pk}")
    pk = row.pk
    row.delete()
    assert shown(world.arcadia, anna) == {"Who says so?": True}
    Name.objects.create(pk=pk, entity=world.arcadia, text="Arcady")
    assert shown(world.arcadia, anna) == {"Who says so?": False}


def test_comments_follow_a_record_into_the_one_it_is_merged_into(world, anna):
    say(world.courier, "Is it the same?", anna)
    world.courier.entity.__class__.objects.filter(pk=world.courier.pk).update(merged_into=world.arcadia.pk)
    assert shown(world.arcadia, anna) == {"Is it the same?": False}


def test_no_comment_blocks_publishing(records, world, anna):
    before = check_publishable([world.kites])
    say(world.kites, "Never publish this.", anna, "summary")
    assert check_publishable([world.kites]) == before


def test_a_passage_is_found_by_its_place_or_where_its_words_stand_once(world, anna):
    document = world.document
    start = document.text.index("kites")
    comment = threads.comment_on_passage(document, "How many?", by=anna, start=start, end=start + 5)
    assert comment.exact == "kites"
    text = document.text
    cases = {
        text: (start, start + 5),
        "Forty kites.": (6, 11),
        "No kites, but kites.": None,
        "Nothing of the kind.": None,
        "": None,
    }
    assert {changed: threads.passage_place(changed, comment) for changed in cases} == cases


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 5), (0, 10**9), (10**9, 10**9 + 1)])
def test_a_passage_that_there_is_not_is_refused(world, anna, start, end):
    with pytest.raises(Refused):
        threads.comment_on_passage(world.document, "What?", by=anna, start=start, end=end)


def test_who_may_not_read_an_article_sees_no_comment_on_its_words(world, anna, vera):
    root = threads.comment_on_passage(world.document, "How many?", by=anna, start=0, end=9)
    threads.reply_to_comment(root, "Forty, @vera", by=anna)
    assert threads.threads_on_record(world.document, anna)
    assert not threads.threads_on_record(world.document, vera)
    assert not Notification.objects.exists()


def test_a_reply_to_a_reply_belongs_to_the_same_comment(world, anna, edith):
    root = say(world.kites, "Forty?", anna, "summary")
    reply = threads.reply_to_comment(root, "Forty.", by=edith)
    threads.reply_to_comment(reply, "Thanks.", by=anna)
    (thread,) = threads.threads_on_record(world.kites, anna)
    assert [reply.text for reply in thread.replies] == ["Forty.", "Thanks."]


def test_resolving_and_reopening_concern_the_thread_and_may_be_repeated(world, anna, edith):
    root = say(world.kites, "Forty?", anna)
    reply = threads.reply_to_comment(root, "Forty.", by=edith)
    for _ in range(2):
        threads.set_comment_resolved(reply, True, by=edith)
    root.refresh_from_db()
    reply.refresh_from_db()
    assert (root.resolved_by, reply.resolved_at) == (edith, None)
    threads.set_comment_resolved(root, False, by=anna)
    root.refresh_from_db()
    assert (root.resolved_by, root.resolved_at) == (None, None)


@pytest.mark.parametrize("text", ["", " \n ", "\x00\x07", "x" * (LONGEST_COMMENT + 1)])
def test_an_empty_or_endless_comment_is_refused(world, anna, text):
    with pytest.raises(Refused):
        say(world.kites, text, anna)


def test_a_comment_names_a_bounded_number_of_people(world, anna, people):
    names = [f"@{people(f'editor{number}', 'editor').username}" for number in range(11)]
    with pytest.raises(Refused, match="at most 10 people"):
        say(world.kites, " ".join(names), anna)
    say(world.kites, " ".join(names[:10]), anna)
    assert Notification.objects.count() == 10


NAMES = [
    ("@edith, look", {"edith"}),
    ("Ask @edith.", {"edith"}),
    ("(@edith)", {"edith"}),
    ("@edith@jan", set()),
    ("edith@jan", set()),
    ("mail anna@edith", set()),
    ("@nobody", set()),
    ("@ edith", set()),
    ("@Edith", set()),
    ("@edith and @jan", {"edith", "jan"}),
    ("@" * 5000, set()),
]


@pytest.mark.parametrize(("text", "names"), NAMES)
def test_whom_a_text_names(edith, jan, text, names):
    assert people_named_in([text]).keys() == names


def test_only_people_are_marked_and_everything_is_escaped():
    html = comment_html("<b>@edith</b> and @nobody.", ["edith"])
    assert html == '&lt;b&gt;<b class="at-name">@edith</b>&lt;/b&gt; and @nobody.'


def test_who_is_named_is_notified_if_they_may_see_it(world, anna, edith, people):
    stranger, gone = people("stranger"), people("gone", "editor")
    gone.is_active = False
    gone.save()
    say(world.kites, f"@edith @{stranger} @{gone} @anna @nobody", anna)
    assert [(row.recipient, row.reason, row.actor) for row in Notification.objects.all()] == [(edith, "named", anna)]


def test_a_reply_notifies_who_took_part_once(world, anna, edith, jan):
    root = say(world.kites, "Forty?", anna)
    threads.reply_to_comment(root, "Forty.", by=edith)
    Notification.objects.all().delete()
    threads.reply_to_comment(root, "Sure, @anna?", by=jan)
    found = {(row.recipient.username, row.reason) for row in Notification.objects.all()}
    assert found == {("anna", "named"), ("edith", "reply")}
