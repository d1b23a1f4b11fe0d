"""The review page beside the text of its sources: two screens at most, and each line shows its passage."""

import pytest
from django.contrib.auth.models import User

from entities.models import Commitment
from nato_support.desk.review.record_tokens_and_review_urls import publish_page_url, submission_page_url
from nato_support.publishing.review.workflow import submit_records
from sources.models import SourceDocument, SourceQuote
from tests import world as make
from tests.e2e.axe import found_on, script

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TWO_SCREENS = 1800

SENTENCES = [
    "Arcadia will give Ruritania sixty tents by the end of May, its minister of kites told reporters on Tuesday",
    "The pledge was agreed at the Lake Meeting, where seven states had asked for more shelter",
    "About seven hundred clerks are to count the tents in Harbourton before they are handed over",
    "The tents are worth some nine million crowns, officials said, which the treasury has set aside",
    "Ruritania is to receive them in three parts, the first of them before the harvest begins",
]


def capture(public, slug: str) -> list:
    """A new commitment as it is captured from an article: eight citations of five quotes, two measures, two milestones."""
    # So long that the passages are a small part of it.
    between = "\n\n".join(["Nobody else was asked about it.", "The weather was fine, and the lake was calm."] * 6)
    text = "\n\n".join(f"{sentence} ({slug}).\n\n{between}" for sentence in SENTENCES)
    document = make.a_document(slug, text, title="Arcadia to give sixty tents to its neighbour", publisher=public.courier)
    quotes = [
        make.a_quote(document, sentence, [public.ada], said_on="2024-07-09", note="Tuesday is the day of the article.")
        for sentence in SENTENCES
    ]
    tents = make.a_commitment(
        slug, by=[public.arcadia], beneficiary=public.ruritania, due="2040-05", summary="Sixty tents. " * 12
    )
    make.a_measure(tents, "tents", value=60, unit="tent", as_stated="sixty tents")
    make.a_measure(
        tents, "clerks", kind="headcount", unit="clerk", value=700, qualifier="about", as_stated="About seven hundred clerks"
    )
    make.a_milestone(tents, "announced", "2024-07-09")
    make.a_milestone(tents, "agreed", "2024-07-10")
    for quote, field, value, words in [
        (0, "nature", "pledge", "will give"),
        (0, "beneficiary", "ruritania", "Ruritania"),
        (0, "due", "2040-05", "by the end of May"),
        (0, "measures.tents", "60 tent", "sixty tents"),
        (1, "milestones.agreed", "agreed 2024-07-10", "agreed at the Lake Meeting"),
        (2, "measures.clerks", "about 700 clerk", "About seven hundred clerks"),
        (3, "milestones.announced", "announced 2024-07-09", "officials said"),
        (4, "committed_by", "arcadia", "is to receive them"),
    ]:
        make.a_citation(quotes[quote], tents, field, value, as_stated=words)
    return [type(record).objects.get(pk=record.pk) for record in (tents, *quotes, document)]


def height(page) -> int:
    return page.evaluate("document.documentElement.scrollHeight")


def open_submission(page, records):
    page.goto(submission_page_url(submit_records(records, by=User.objects.create_user("otto"), note="From the Courier.")))


def is_in_view(mark) -> bool:
    """Whether a mark is within the part of the pane that is scrolled to."""
    return mark.evaluate(
        """mark => {
            const [pane, box] = [document.getElementById("texts").getBoundingClientRect(), mark.getBoundingClientRect()];
            return box.top >= pane.top && box.bottom <= pane.bottom;
        }"""
    )


def test_a_new_commitment_with_eight_citations_takes_two_screens_at_most(public, at_work):
    page = at_work("edith", "editor")
    open_submission(page, capture(public, "sixty-tents"))
    assert Commitment.objects.get(slug="sixty-tents").citations.count() == 8
    page.get_by_text("5 quotes, all shown beside the values they support").wait_for()
    assert height(page) <= TWO_SCREENS
    assert page.evaluate("document.documentElement.scrollWidth") == 1440


def test_a_changed_commitment_of_the_register_takes_two_screens_at_most(register, at_work):
    page = at_work("edith", "editor")
    cited = [one for one in Commitment.objects.all() if 7 <= one.citations.count() <= 9 and one.measures.exists()]
    record = cited[0]
    record.name, record.summary, record.due = f"{record.name}, revised", f"{record.summary} In two parts.", "2026"
    record.save()
    for row in (*record.measures.all(), *record.milestones.all()):
        setattr(row, "as_of" if hasattr(row, "as_of") else "date", "2024-08")
        row.save()
    open_submission(page, [Commitment.objects.get(pk=record.pk)])
    assert height(page) <= TWO_SCREENS


def test_a_line_shows_its_passage_in_the_text_and_the_words_that_state_its_value(public, at_work):
    page = at_work("edith", "editor")
    open_submission(page, capture(public, "sixty-tents"))
    last = SourceQuote.objects.order_by("-start").first()
    mark = page.locator(f"#texts mark[data-passages='{last.pk}']")
    top = page.evaluate("scrollY")
    page.locator(f"a[href='#passage-{last.pk}']").first.click()
    page.locator(f"#texts mark[data-passages='{last.pk}'].is-current").wait_for()
    page.wait_for_function("pane => pane.scrollTop > 0", arg=page.locator("#texts").element_handle())
    page.wait_for_timeout(600)
    assert is_in_view(mark)
    assert mark.locator("b.is-current").inner_text() == "is to receive them"
    # The pane scrolled, not the page, and only the passage of this citation is marked.
    assert page.locator("#texts mark.is-current").count() == 1
    assert abs(page.evaluate("scrollY") - top) < 900
    # The keys that step from line to line do the same.
    page.evaluate("document.activeElement.blur()")
    for _ in range(3):
        page.keyboard.press("n")
    assert page.locator("#texts mark.is-current").count() >= 1
    # Folded paragraphs open one by one or all at once.
    page.get_by_role("button", name="Show whole text").click()
    assert page.locator("#texts .text details:not([open])").count() == 0


def test_of_several_documents_one_is_shown_at_a_time(public, at_work):
    page = at_work("edith", "editor")
    first, second = capture(public, "sixty-tents"), capture(public, "seventy-tents")
    open_submission(page, first + second)
    assert page.locator("#texts section:visible").count() == 1
    documents = [str(pk) for pk in SourceDocument.objects.filter(slug__endswith="-tents").values_list("pk", flat=True)]
    page.locator("[data-text-choice]").select_option(f"text-{documents[1]}")
    assert page.locator(f"#text-{documents[1]}").is_visible() and not page.locator(f"#text-{documents[0]}").is_visible()
    quote = first[1]
    page.locator(f"a[href='#passage-{quote.pk}']").first.click()
    assert page.locator(f"#text-{quote.document_id}").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_keeps_anybody_out(public, at_work, scheme, width):
    page = at_work("edith", "editor")
    axe = script()
    records = capture(public, "sixty-tents")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(publish_page_url(records))
    assert found_on(page, axe) == []
    open_submission(page, records)
    page.locator(".change-table tr").nth(4).click()
    assert found_on(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # A title of several lines is not cut off.
    page.goto(f"/admin/sources/sourcedocument/{records[-1].pk}/change/")
    title = page.locator("h1").first
    bar = page.locator("header .h-16").first
    assert title.evaluate("title => title.scrollHeight - title.clientHeight") <= 1
    edges = [place.evaluate("place => place.getBoundingClientRect().bottom") for place in (title, bar)]
    assert edges[0] <= edges[1] + 1
