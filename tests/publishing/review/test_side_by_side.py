"""The review page beside the text: one line for each value, new quotes and documents folded and counted, the text in a pane."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils.html import strip_tags

from entities.models import Milestone
from nato_support.desk.review.card_layout import CardLayout
from nato_support.desk.review.field_address_labels import labels_of_addresses
from nato_support.desk.review.record_pages import group_quotes_with_records
from nato_support.desk.review.record_tokens_and_review_urls import publish_page_url, submission_page_url
from nato_support.publishing.review import workflow
from nato_support.publishing.review.workflow import NewComment
from tests import world as make

LEDGER = "\n\n".join(
    [
        "Arcadia counted its tents on Friday.",
        "“We will send sixty tents by spring,” the minister told the Harbour Ledger.",
        "The tents are green.",
        *(f"Paragraph {number} is about the weather alone." for number in range(6)),
        "Officials called it the largest gift of tents so far.",
    ]
)


@pytest.fixture
def captured(public, anna):
    """A new commitment with its document and two quotes, sent for review by Anna: only one of the quotes is evidence."""
    ledger = make.a_document("ledger", LEDGER, title="Sixty tents", publisher=public.courier)
    cited = make.a_quote(ledger, "We will send sixty tents by spring", [public.ada], said_on="2024-07")
    spare = make.a_quote(ledger, "the largest gift of tents so far", attribution="officials", kind="fragment")
    tents = make.a_commitment("sixty-tents", by=[public.arcadia])
    make.a_measure(tents, "tents", value=60, unit="tent", as_stated="sixty tents")
    make.a_milestone(tents, "announced", "2024-07")
    make.a_citation(cited, tents, as_stated="We will send")
    make.a_citation(cited, tents, "measures.tents", "60 tent", as_stated="sixty tents")
    for record in (tents, cited, spare, ledger):
        record.refresh_from_db()
    sent = workflow.submit_records([tents, cited, spare, ledger], by=anna, note="From the Ledger.")
    return SimpleNamespace(ledger=ledger, cited=cited, spare=spare, tents=tents, sent=sent)


def seen_by(user, url: str):
    client = Client()
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer


def layout_of(captured, user) -> CardLayout:
    return seen_by(user, submission_page_url(captured.sent)).context["layout"]


def records_of(cards) -> list:
    return [card.record for card in cards]


def pane_of(answer) -> str:
    """The text pane as it reads."""
    (pane,) = re.findall(r'<aside class="texts".*?</aside>', answer.text, re.DOTALL)
    return " ".join(strip_tags(pane).split())


def test_new_quotes_beside_their_values_are_folded_and_counted_and_no_record_is_left_out(captured, edith):
    layout = layout_of(captured, edith)
    assert records_of(layout.open_cards) == [captured.tents, captured.spare]
    assert records_of(layout.folded_quotes) == [captured.cited]
    assert records_of(layout.folded_documents) == [captured.ledger]
    assert layout.quotes_summary == "1 of 2 quotes is shown beside the values they support"
    assert layout.folded_documents[0].one_line == "Arcadian Courier · 9 July 2024 · English"


@pytest.mark.parametrize("number", [1, 3])
def test_the_fold_says_that_all_are_shown_only_if_they_are(number):
    layout = CardLayout(folded_quotes=[object()] * number, quote_count=number)
    assert (
        layout.quotes_summary
        == {
            1: "1 quote, shown beside the values it supports",
            3: "3 quotes, all shown beside the values they support",
        }[number]
    )


def test_a_quote_that_was_commented_on_or_changed_since_is_not_folded(captured, edith, anna, changed_by):
    workflow.add_comments(captured.sent, [NewComment("Who is it?", captured.cited, "speakers")], by=edith)
    assert records_of(layout_of(captured, edith).folded_quotes) == []
    captured.sent.comments.all().delete()
    assert records_of(layout_of(captured, edith).folded_quotes) == [captured.cited]
    changed_by(anna, captured.cited, note="By the weekday.", version=captured.cited.version + 1)
    assert records_of(layout_of(captured, edith).folded_quotes) == []


def test_a_change_of_a_published_quote_has_a_card_of_its_own(public, anna, edith, changed_by):
    changed_by(anna, public.quote, note="By the weekday.")
    changed_by(anna, public.kites, summary="Forty of them.")
    sent = workflow.submit_records([public.kites, public.quote], by=anna, note="More of it.")
    layout = seen_by(edith, submission_page_url(sent)).context["layout"]
    assert records_of(layout.open_cards) == [public.kites, public.quote]


def test_every_difference_is_a_line_or_a_named_technical_detail(captured, edith):
    for card in layout_of(captured, edith).open_cards + layout_of(captured, edith).folded_documents:
        items = list(card.difference.fields)
        rows = [row for group in card.difference.groups for row in group.rows]
        shown = {line.item.address for line in card.table.lines} | {item.address for _, item in card.table.technical}
        within = {field.address for line in card.table.lines for field in line.fields} | shown
        assert {item.address for item in items} | {row.address for row in rows} <= shown
        assert {field.address for row in rows if not row.citation for field in row.fields} <= within


def test_what_only_machines_read_is_folded_and_named_for_new_records(captured, edith):
    layout = layout_of(captured, edith)
    tents, spare = layout.open_cards
    assert tents.table.technical_labels == "Public id, Key of measure sixty tents, Key of milestone announced July 2024" or (
        sorted(label.split()[0] for label, _ in tents.table.technical) == ["Key", "Key", "Public"]
    )
    assert "Place in the text" in spare.table.technical_labels
    labels = [line.label for card in layout.open_cards for line in card.table.lines]
    assert not {"Public id", "Key", "Start", "End", "SHA-256"} & set(labels)
    assert "SHA-256" in layout.folded_documents[0].table.technical_labels


def test_a_changed_row_shows_both_sides_and_its_evidence_on_one_line(public, anna, edith, changed_by):
    changed_by(anna, public.measure, qualifier="about")
    public.kites.refresh_from_db()
    sent = workflow.submit_records([public.kites], by=anna, note="About forty.")
    answer = seen_by(edith, submission_page_url(sent))
    (line,) = answer.context["layout"].open_cards[0].table.lines
    assert (line.label, [source.stated_value for source in line.sources]) == ("Measure: 40 kites, amount", ["40 kites"])
    assert "published now: 40 kites" in " ".join(strip_tags(answer.text).split())


def test_the_particulars_of_a_quote_are_shown_once(captured, edith):
    shown = [source for card in layout_of(captured, edith).open_cards for line in card.table.lines for source in line.sources]
    assert [source.is_first_of_quote for source in shown if source.quote_key == captured.cited.pk] == [True, False]


def test_the_text_stands_beside_with_passages_marked_and_the_rest_folded(captured, edith):
    answer = seen_by(edith, submission_page_url(captured.sent))
    (text,) = answer.context["layout"].texts
    assert [(len(stretch.paragraphs), stretch.is_folded) for stretch in text.stretches] == [(3, False), (5, True), (2, False)]
    pane = pane_of(answer)
    assert "Sixty tents" in pane and "5 paragraphs without a passage" in pane
    assert "Paragraph 3 is about the weather alone." in pane
    assert f'<a id="passage-{captured.cited.pk}"></a>' in answer.text
    # The words that state a value are marked within the passage, for each citation of their own.
    citation = captured.tents.citations.get(field="measures.tents")
    assert f'<b data-citations="sources.citation/{citation.pk}">sixty tents</b>' in answer.text
    assert answer.text.count(f'href="#passage-{captured.cited.pk}"') == 2


def test_who_may_not_read_the_text_sees_the_passages_alone(captured, vera):
    vera.user_permissions.add(Permission.objects.get(codename="view_submission"))
    answer = seen_by(vera, submission_page_url(captured.sent))
    pane = pane_of(answer)
    assert "We will send sixty tents by spring" in pane
    assert "weather" not in answer.text and "The tents are green" not in answer.text
    assert "The whole text is not shown to you or not stored" in pane
    assert not answer.context["layout"].texts[0].is_stored


def test_a_document_without_text_shows_its_passages(captured, edith):
    captured.ledger.text = ""
    type(captured.ledger).objects.filter(pk=captured.ledger.pk).update(text="")
    pane = pane_of(seen_by(edith, submission_page_url(captured.sent)))
    assert "We will send sixty tents by spring" in pane and "characters not quoted" in pane


def test_a_quote_that_is_not_in_the_text_is_named(captured, edith):
    type(captured.cited).objects.filter(pk=captured.cited.pk).update(verification="failed")
    answer = seen_by(edith, submission_page_url(captured.sent))
    assert "Not found in this text: “We will send sixty tents by spring”" in pane_of(answer)
    assert f'id="passage-{captured.cited.pk}"' in answer.text


def test_the_author_sees_the_text_before_sending(captured, public, anna):
    workflow.take_back_submission(captured.sent, by=anna)
    answer = seen_by(anna, publish_page_url([captured.tents, captured.cited]))
    assert "The tents are green." in pane_of(answer)
    assert f'<a id="passage-{captured.cited.pk}"></a>' in answer.text


@pytest.mark.parametrize("number", [2, 8])
def test_quotes_and_documents_take_no_more_queries_for_more(public, anna, edith, number, django_assert_max_num_queries):
    records = []
    for n in range(number):
        document = make.a_document(f"ledger-{n}", f"{LEDGER} {n}", title=f"Ledger {n}", publisher=public.courier)
        quote = make.a_quote(document, "We will send sixty tents by spring", [public.ada], occasion=public.meeting)
        tents = make.a_commitment(f"tents-{n}", by=[public.arcadia])
        make.a_citation(quote, tents)
        tents.refresh_from_db()
        records += [tents, quote, document]
    sent = workflow.submit_records(records, by=anna, note="Many.")
    client = Client()
    client.force_login(edith)
    client.get(submission_page_url(sent))
    with django_assert_max_num_queries(74):
        client.get(submission_page_url(sent))


def test_quotes_share_the_page_of_the_record_that_cites_them(captured, public):
    other = make.a_commitment("later")
    groups = group_quotes_with_records([captured.cited, captured.spare, other, captured.tents, captured.ledger])
    assert groups == [[captured.spare], [other], [captured.tents, captured.cited], [captured.ledger]]


def test_publishing_is_disabled_with_the_reason_while_something_is_missing(captured, public, edith, anna, changed_by):
    answer = seen_by(edith, submission_page_url(captured.sent))
    assert answer.context["problems"]
    (button,) = re.findall(r"<button[^>]*>Publish all 4</button>", answer.text)
    assert " disabled" in button and 'aria-describedby="publish-blocked"' in button
    assert f"{answer.context['blocking_count']} thing" in answer.text and "required first" in answer.text

    changed_by(anna, public.kites, summary="Forty of them.")
    sent = workflow.submit_records([public.kites], by=anna, note="More of it.")
    (button,) = re.findall(r"<button[^>]*>Publish it</button>", seen_by(edith, submission_page_url(sent)).text)
    assert " disabled" not in button


def test_the_page_that_publishes_is_disabled_likewise(captured, edith, anna):
    workflow.take_back_submission(captured.sent, by=anna)
    answer = seen_by(edith, publish_page_url([captured.tents]))
    (button,) = re.findall(r"<button[^>]*value=\"publish\"[^>]*>", answer.text)
    assert " disabled" in button and "Publishing is not possible yet" in answer.text


def test_a_comment_is_named_by_field_and_passage_never_by_a_key(captured, public):
    citation = captured.tents.citations.get(field="nature")
    measure, milestone = captured.tents.measures.get(), captured.tents.milestones.get()
    addresses = {
        "summary": "Summary",
        "committed_by": "Committed by",
        f"sources.citation/{citation.pk}": "Nature: “We will send sixty tents by …”",
        f"sources.citation/{citation.pk}/value": "Nature: “We will send sixty tents by …”, value",
        f"entities.measure/{measure.pk}": "Measure: sixty tents",
        f"entities.milestone/{milestone.pk}/date": f"Milestone: {milestone}, date",
        "entities.milestone/999999": "Milestone deleted since",
        "entities.nothing/3": "a part deleted since",
    }
    assert labels_of_addresses(addresses) == addresses
    pk = citation.pk
    citation.delete()
    assert labels_of_addresses([f"sources.citation/{pk}"]) == {
        f"sources.citation/{pk}": "Nature: “We will send sixty tents by …”"
    }
    assert Milestone.objects.exists()


def test_the_author_reads_of_the_field_and_the_passage(captured, edith, anna):
    citation = captured.tents.citations.get(field="nature")
    comment = NewComment("Is it a pledge?", captured.tents, f"sources.citation/{citation.pk}")
    workflow.send_back_submission(captured.sent, by=edith, answer="Please look again.", comments=[comment])
    page = seen_by(anna, f"/admin/entities/commitment/{captured.tents.pk}/change/").text
    assert "On Nature: “We will send sixty tents by …”: Is it a pledge?" in page
    assert f"sources.citation/{citation.pk}: " not in page


@pytest.mark.parametrize("number", [1, 5])
def test_labels_of_comments_take_no_more_queries_for_more(captured, public, number, django_assert_num_queries):
    quotes = [make.a_quote(captured.ledger, f"Paragraph {n} is about the weather") for n in range(number)]
    cited = [make.a_citation(quote, captured.tents, "nature", "pledge") for quote in quotes]
    with django_assert_num_queries(2):
        labels_of_addresses(f"sources.citation/{citation.pk}" for citation in cited)


def test_a_comment_beside_no_line_is_still_shown(captured, edith):
    workflow.add_comments(captured.sent, [NewComment("Shorter?", captured.tents, "slug")], by=edith)
    answer = seen_by(edith, submission_page_url(captured.sent))
    words = " ".join(strip_tags(answer.text).split())
    assert "on Slug (not changed, deleted or technical): Shorter?" in words
