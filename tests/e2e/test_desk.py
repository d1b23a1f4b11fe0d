"""The evidence desk in a real browser: an article is read, passages are captured, cited, disputed, settled and published."""

import pytest
from django.urls import reverse

from entities.models import Person
from entities.vocabulary import QuoteKind
from sources.models import SourceQuote, SuggestionDecision
from tests import world as make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ARTICLE = (
    "HARBOURTON, July 12 – Arcadia will not give as many kites as it had promised.\n\n"
    "“We never said forty kites, we said fifty,” Ada Fell told reporters on Friday.\n\n"
    "Fifty kites were to be sent by the end of the summer, she said. About 700 clerks are to count them in Harbourton.\n\n"
    "“The wind decides, not we,” Fell said. “It always has.”\n"
)


class Keys:
    """A keyboard that counts: a chord is one press, each typed letter one."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, *keys: str):
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, words: str):
        for letter in words:
            self.page.keyboard.press(letter)
            self.count += 1


@pytest.fixture
def at_desk(signed_in):
    """Opens the desk of a document and waits until its suggestions are there."""

    def open_desk(document):
        signed_in.goto(reverse("admin:sources_sourcedocument_read", args=[document.pk]))
        signed_in.locator("#desk[data-ready=true]").wait_for()
        signed_in.locator("#queue li").first.wait_for()
        signed_in.locator(".queue-wait", has_text="Loading").wait_for(state="detached")
        return signed_in

    return open_desk


def focus(page, words: str):
    """Puts the focus on the sentence with these words, as J and K would."""
    page.locator(".s", has_text=words).first.evaluate("sentence => { sentence.tabIndex = 0; sentence.focus(); }")


def test_a_quote_is_captured_by_keyboard_in_under_fifteen_presses(world, at_desk):
    document = make.a_document("courier-2024-07-12", ARTICLE, published_on="2024-07-12", title="Fewer kites")
    page = at_desk(document)
    keys = Keys(page)

    focus(page, "never said forty")
    keys.press("s", "Enter")
    page.locator("#form-speakers:focus").wait_for()
    assert page.locator("#form-speakers-chosen li").all_text_contents() == ["Ada Fell×"]
    assert page.locator("#form-said").input_value() == "2024-07-12"
    keys.press("Tab", "Tab")
    page.locator("#form-fact:focus").wait_for()
    keys.press("1")
    page.locator(".new-fact").wait_for()
    keys.press("Control+Enter")
    page.locator("mark.q", has_text="We never said forty kites").wait_for()

    assert keys.count < 15
    quote = SourceQuote.objects.get(document=document)
    assert quote.exact == "We never said forty kites, we said fifty"
    assert ([*quote.speakers.all()], quote.said_on, quote.kind) == ([world.ada], "2024-07-12", QuoteKind.DIRECT_SPEECH)
    assert quote.citations.count() == 1
    # Back in the text, after the quote, and the page says what was done.
    assert page.evaluate("document.activeElement.className") == "s"
    assert "Captured" in page.locator("#desk-status").text_content()


def test_words_are_given_to_several_speakers_and_to_one_utterance(world, article, at_desk):
    bo = make.a_person("bo-vale")
    page = at_desk(article)
    focus(page, "never said forty")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    speakers, chosen = page.locator("#form-speakers"), page.locator("#form-speakers-chosen li")
    page.locator("#form-speakers:focus").wait_for()
    for _ in range(2):
        speakers.press_sequentially("Vale")
        page.locator("#form-speakers-list li", has_text="Bo Vale").click()
        speakers.focus()
    assert chosen.all_text_contents() == ["Ada Fell×", "Bo Vale×"]
    speakers.press("Backspace")
    assert chosen.all_text_contents() == ["Ada Fell×"]
    # Nothing is proposed once a speaker is chosen, so that Enter adds nobody.
    speakers.press("Enter")
    assert chosen.all_text_contents() == ["Ada Fell×"]
    speakers.press_sequentially("Vale")
    page.locator("#form-speakers-list li", has_text="Bo Vale").click()
    for name, words in (("reported", "officials"), ("utterance", "fifty-kites"), ("note", "Both signed it.")):
        page.locator(f"#form-{name}").fill(words)
    page.keyboard.press("Control+Enter")
    page.locator("mark.q", has_text="We never said forty kites").click()
    page.locator("#form-title", has_text="courier-2024-07-12-q01").wait_for()
    assert chosen.all_text_contents() == ["Ada Fell×", "Bo Vale×"]
    quote = SourceQuote.objects.get(document=article)
    assert [*quote.speakers.all()] == [world.ada, bo]
    assert (quote.reported_by, quote.utterance, quote.note) == ("officials", "fifty-kites", "Both signed it.")


@pytest.fixture
def article(world):
    return make.a_document("courier-2024-07-12", ARTICLE, published_on="2024-07-12", title="Fewer kites")


def test_suggestions_are_accepted_edited_and_rejected_by_one_key_each(article, at_desk):
    page = at_desk(article)
    page.keyboard.press("n")
    page.locator("#queue li[aria-current]", has_text="July 12").wait_for()
    page.keyboard.press("r")
    page.locator("#desk-status", has_text="Rejected").wait_for()
    while "We never said" not in page.locator("#queue li[aria-current]").text_content():
        page.keyboard.press("n")
    page.keyboard.press("a")
    page.locator("mark.q", has_text="We never said forty kites").wait_for()
    while "The wind decides" not in page.locator("#queue li[aria-current]").text_content():
        page.keyboard.press("n")
    page.keyboard.press("Enter")
    page.locator("#form-speakers:focus").wait_for()
    page.locator("#form-said").fill("2024-07")
    page.keyboard.press("Control+Enter")
    page.locator("mark.q", has_text="The wind decides").wait_for()

    decided = SuggestionDecision.objects.order_by("pk").values_list("kind", "outcome", "exact")
    assert list(decided) == [
        ("date", "rejected", "July 12"),
        ("quotation", "accepted", "We never said forty kites, we said fifty"),
        ("quotation", "edited", "The wind decides, not we"),
    ]
    page.keyboard.press("Control+z")
    page.locator("mark.q", has_text="The wind decides").wait_for(state="detached")
    page.locator("#queue li", has_text="The wind decides").first.wait_for()
    page.keyboard.press("Control+y")
    page.locator("mark.q", has_text="The wind decides").wait_for()
    page.reload()
    page.locator("#queue li[data-key]").first.wait_for()
    assert not page.locator("#queue li[data-key]", has_text="July 12").count()


def test_words_are_selected_with_the_mouse_and_snap_to_whole_words(article, at_desk):
    page = at_desk(article)
    box = page.locator(".s", has_text="Fifty kites were to be sent").bounding_box()
    page.mouse.move(box["x"] + 14, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 12, steps=4)
    page.mouse.up()
    page.keyboard.press("c")
    page.locator("#desk-form:not([hidden])").wait_for()
    assert page.locator("#form-words").text_content() == "Fifty kites"
    # What was begun and not saved outlives the page.
    page.locator("#form-attribution").fill("the minister")
    page.reload()
    page.get_by_role("button", name="Restore", exact=True).click()
    page.locator("#desk-form:not([hidden])").wait_for()
    assert page.locator("#form-words").text_content() == "Fifty kites"
    assert page.locator("#form-attribution").input_value() == "the minister"
    page.get_by_role("button", name="Save").click()
    page.locator("mark.q", has_text="Fifty kites").wait_for()
    assert SourceQuote.objects.get(document=article).attribution == "the minister"
    assert page.locator("#desk-draft").is_hidden()


def test_a_caret_moves_through_the_text_without_a_mouse(article, at_desk):
    page = at_desk(article)
    focus(page, "About 700 clerks")
    page.keyboard.press("v")
    for _ in range(3):
        page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.locator("#desk-form:not([hidden])").wait_for()
    assert page.locator("#form-words").text_content() == "About 700 clerks"


def test_overlapping_quotes_each_open_and_one_quote_serves_many_facts(world, article, at_desk):
    whole = make.a_quote(article, "Fifty kites were to be sent by the end of the summer, she said", kind="reported_speech")
    inner = make.a_quote(article, "by the end of the summer", kind="fragment")
    page = at_desk(article)
    focus(page, "Fifty kites were")
    page.keyboard.press("l")
    choices = page.locator("#desk-list li button")
    choices.first.wait_for()
    assert choices.count() >= 2
    page.keyboard.press("Escape")
    # A click opens the innermost; where several stand they are offered.
    page.locator(f'mark[data-quotes="{whole.pk}"]').first.click()
    page.locator("#form-title", has_text=whole.slug).wait_for()
    page.locator("#form-fact").fill("forty nature")
    page.keyboard.press("Enter")
    # Typed before the server has answered: nothing of it is lost.
    page.locator("#form-fact").fill("forty category")
    page.locator(".new-fact", has_text="Nature").wait_for()
    page.keyboard.press("Enter")
    page.locator(".new-fact", has_text="Category").wait_for()
    page.keyboard.press("Control+Enter")
    page.locator(f"#note{whole.pk}", has_text="2 facts").wait_for()
    assert set(whole.citations.values_list("field", "value")) == {("nature", "pledge"), ("category", "equipment")}
    assert not inner.citations.exists()


def test_letters_work_on_another_layout_and_never_while_typing(article, at_desk):
    page = at_desk(article)
    focus(page, "Arcadia will not give")
    # The key of J under a Ukrainian layout gives another letter.
    page.evaluate(
        """document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {key: "о", code: "KeyJ", bubbles: true, cancelable: true}))"""
    )
    assert "never said forty" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("/")
    page.keyboard.type("jams")
    assert page.locator("#find-words").input_value() == "jams"
    page.locator("#find-words").fill("700 clerks")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.locator("#desk-form:not([hidden])").wait_for()
    assert page.locator("#form-words").text_content() == "700 clerks"


def test_what_the_server_refuses_is_said_and_stays_typed(article, at_desk):
    page = at_desk(article)
    focus(page, "About 700 clerks")
    page.keyboard.press("Enter")
    page.locator("#form-fact:focus").wait_for()
    page.locator("#form-said").fill("last Friday")
    page.keyboard.press("Control+Enter")
    page.locator("#form-errors p", has_text="last Friday").wait_for()
    assert page.locator("#form-said").input_value() == "last Friday"
    assert page.locator("#form-said").get_attribute("aria-invalid") == "true"
    assert not article.quotes.exists()


def test_a_name_that_the_register_does_not_know_becomes_a_draft(world, at_desk):
    text = "Foreign Minister Boris Quill told the Lake Meeting so.\n\nArcadia will count the kites.\n"
    page = at_desk(make.a_document("quill", text, published_on="2024-07-12"))
    row = page.locator("#queue li[data-kind=name]", has_text="Boris Quill")
    row.get_by_role("button", name="Edit").click()
    page.locator("#desk-name[open]").wait_for()
    page.locator("#name-kind").select_option("person")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("#desk-status", has_text="Added person Boris Quill as a draft").wait_for()
    page.locator("mark.q", has_text="Boris Quill").wait_for()
    quill = Person.objects.get(name="Boris Quill")
    cited = {one.field: one.value for one in quill.citations.all()}
    assert cited == {"name": "Boris Quill", "given_name": "Boris", "family_name": "Quill"}
    assert quill.status == "draft" and quill.citations.first().quote.exact.startswith("Foreign Minister")
