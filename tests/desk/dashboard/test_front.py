import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from entities.models import DuplicateCandidate, Relation, change_set
from entities.vocabulary import ReviewState
from nato_support.publishing.models.submissions import Submission, SubmittedRecord
from sources.models import SourceQuote
from tests import world as make


def blocks(desk) -> dict:
    context = desk.get("/admin/").context
    return {block.name: block for block in (*context["blocks"], *context["quiet_blocks"])}


def a_submission(record, by: User, **fields) -> Submission:
    submission = Submission.objects.create(**{"submitted_by": by, "note": "Forty, as printed."} | fields)
    waits = submission.state == ReviewState.WAITING
    SubmittedRecord.objects.create(
        submission=submission, kind=record.kind, record=record.pk, version=record.version, fingerprint="0", open=waits
    )
    return submission


def a_change(record, by: User, reason: str = "", **fields):
    with change_set(by=by, reason=reason):
        for name, value in fields.items():
            setattr(record, name, value)
        record._history_user = by
        record.save()


@pytest.fixture
def contested(world):
    make.a_citation(make.a_quote(world.document, "About 700 clerks"), world.kites, value="decision")


def test_what_waits_for_an_editor(world, contested, anna, edith, desk_of):
    a_submission(world.kites, anna, submitted_at=timezone.now() - timezone.timedelta(days=9))
    a_submission(world.yard, anna)
    taken = a_submission(world.ada, anna, taken_by=edith, taken_at=timezone.now())
    a_submission(world.courier, edith)
    owed = {"state": ReviewState.PUBLISHED, "unreviewed": True, "decided_by": anna, "decided_at": timezone.now()}
    a_submission(world.meeting, anna, **owed)
    SourceQuote.objects.filter(pk=world.quote.pk).update(verification="failed")
    DuplicateCandidate.objects.create(first=world.arcadia, second=world.ruritania, score=0.9)
    found = blocks(desk_of(edith))
    assert list(found) == [
        "assigned",
        "waiting",
        "debts",
        "contested",
        "failing",
        "duplicates",
        "notifications",
        "back",
        "drafts",
        "reports",
        "doubts",
    ]
    assert [line.title for line in found["waiting"].lines] == ["Ada Fell", "Forty Kites", "Kite Yard"]
    assert "assigned to you" in found["waiting"].lines[0].marks
    assert [line.late for line in found["waiting"].lines] == [False, True, False]
    assert found["waiting"].lines[0].page == reverse("admin:publishing_submission_change", args=[taken.pk])
    assert [line.title for line in found["debts"].lines] == ["Lake Meeting"]
    assert [line.title for line in found["contested"].lines] == ["Nature of Forty Kites"]
    assert "Arcadia and Ruritania" in found["duplicates"].lines[0].title


def test_what_waits_for_a_contributor(world, anna, edith, desk_of):
    answer = {"state": ReviewState.SENT_BACK, "answer": "Which kites?", "decided_by": edith, "decided_at": timezone.now()}
    a_submission(world.kites, anna, **answer)
    a_change(world.yard, anna, locality="Lakeside")
    a_change(world.ada, edith, given_name="Adah")
    a_change(world.meeting, anna, locality="Hilltown")
    a_submission(world.meeting, anna)
    found = blocks(desk_of(anna))
    assert "waiting" not in found and "debts" not in found
    assert [(line.title, line.comment) for line in found["back"].lines] == [("Forty Kites", "Which kites?")]
    # What others changed, and what is in review, is none of it.
    assert [(line.title, line.marks) for line in found["drafts"].lines] == [("Kite Yard", ["draft"])]


def test_a_published_record_that_was_changed_since_is_a_draft(public, anna, desk_of):
    assert blocks(desk_of(anna))["drafts"].count == 0
    a_change(public.yard, anna, locality="Lakeside")
    (line,) = blocks(desk_of(anna))["drafts"].lines
    assert (line.title, line.marks) == ("Kite Yard", ["unpublished changes"])


def test_a_viewer_sees_no_queue_that_is_closed_to_viewers(world, anna, vera, desk_of):
    a_submission(world.kites, anna)
    page = desk_of(vera).get("/admin/")
    names = {block.name for block in (*page.context["blocks"], *page.context["quiet_blocks"])}
    assert names.isdisjoint({"back", "waiting", "debts", "drafts"})
    for block in (*page.context["blocks"], *page.context["quiet_blocks"]):
        assert desk_of(vera).get(block.page).status_code == 200, block.name


@pytest.mark.parametrize("group", ["viewer", "contributor", "editor", "administrator"])
def test_each_line_and_list_opens(world, contested, people, desk_of, group):
    author, reader = people("author", "contributor"), people("reader", group)
    a_submission(world.kites, author)
    a_change(world.yard, reader, locality="Lakeside")
    desk = desk_of(reader)
    page = desk.get("/admin/")
    lines = [line for block in page.context["blocks"] for line in block.lines] + page.context["recent_changes"]
    assert lines
    for address in {line.page for line in lines} | {block.page for block in page.context["blocks"] if block.page}:
        assert desk.get(address).status_code == 200, address


def test_counts_are_those_of_the_lists(world, contested, anna, edith, desk_of):
    for record in (world.kites, world.yard, world.ada):
        a_submission(record, anna)
    a_submission(world.courier, edith)
    SourceQuote.objects.filter(pk=world.quote.pk).update(verification="failed")
    desk = desk_of(edith)
    found = blocks(desk)
    queue = desk.get(found["waiting"].page).context
    assert {tab["label"]: tab["count"] for tab in queue["tabs"]}["Waiting"] == found["waiting"].count == 3
    assert desk.get(found["failing"].page).context["page"].paginator.count == found["failing"].count == 1
    assert desk.get(found["contested"].page).context["page"].paginator.count == found["contested"].count == 1
    # The sidebar says the same, on the front page and on any other.
    for page in ("/admin/", "/admin/entities/commitment/"):
        told = re.sub(r"<[^>]*>|\s+", " ", desk.get(page).content.decode())
        assert re.search(r"Failing quotes\s+,\s+1\s+waiting", told)


def test_changed_lately_tells_who_what_and_why(world, vera, edith, desk_of, people):
    a_change(world.kites, edith, reason="The <b>Courier</b> says so.", name="Forty-one kites")
    page = desk_of(vera).get("/admin/")
    line = page.context["recent_changes"][0]
    assert (line.title, line.detail, line.comment) == ("Forty-one kites", "edited by edith", "The <b>Courier</b> says so.")
    assert "The &lt;b&gt;Courier&lt;/b&gt; says so." in page.content.decode()
    assert line.page == reverse("admin:entities_commitment_history", args=[world.kites.pk])
    # Whoever may see nothing is told nothing.
    assert desk_of(people("nobody")).get("/admin/").context["recent_changes"] == []


def test_an_entity_is_not_named_after_a_relation_with_the_same_key(world, contested, edith, desk_of):
    twin = make.a_relation(world.arcadia, world.courier, pk=world.kites.pk)
    a_change(twin, edith, role="guest")
    assert [line.title for line in blocks(desk_of(edith))["contested"].lines] == ["Nature of Forty Kites"]


def test_a_part_tells_of_its_record(world, edith, desk_of):
    with change_set(by=edith):
        make.a_milestone(world.kites, "delivered", "2025")
    assert desk_of(edith).get("/admin/").context["recent_changes"][0].title == "Forty Kites"


def test_as_many_queries_for_much_as_for_little(world, contested, anna, edith, desk_of):
    desk = desk_of(edith)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert desk.get("/admin/").status_code == 200
        return len(asked)

    a_submission(world.kites, anna)
    for record in (world.yard, world.alliance, world.document, world.quote):
        a_change(record, edith)
    few = queries()
    for n in range(15):
        kites = make.a_commitment(f"kites-{n}")
        a_submission(kites, anna)
        a_change(make.a_facility(f"yard-{n}"), edith, locality="Lakeside")
        make.a_citation(make.a_quote(world.document, exact=f"{world.document.text[n : n + 9]}"), kites)
        make.a_citation(world.quote, kites, value="plan")
    assert Relation.objects.count() == 1
    assert queries() == few <= 44


def test_charts_have_their_tables(public, edith, desk_of):
    page = desk_of(edith).get(reverse("admin:desk_charts"))
    charts = {chart.name: chart for chart in page.context["charts"]}
    assert list(charts) == ["evidence", "activity"] and all(chart.series for chart in charts.values())
    assert page.content.decode().count("<table>") == len(charts)


def test_evidence_counts_publishers(public, edith, desk_of):
    herald = make.an_organisation("herald", type="media")
    other = make.a_quote(make.a_document("herald-2024", make.ARTICLE + "More.", publisher=herald))
    make.a_citation(other, public.kites)
    page = desk_of(edith).get(reverse("admin:desk_charts"))
    (chart,) = [chart for chart in page.context["charts"] if chart.name == "evidence"]
    rows = {label: dict(zip(chart.series, numbers, strict=True)) for label, numbers, _ in chart.rows}
    # Its nature in two papers; its giver, beneficiary, measure and milestone in one.
    assert rows["Commitments"] == {"One publisher": 4, "Two": 1}
    assert rows["Relations"] == {"One publisher": 1, "Two": 0}


def test_charts_are_closed_to_who_may_see_no_commitment(people, desk_of):
    assert desk_of(people("nobody")).get(reverse("admin:desk_charts")).status_code == 403
