"""A quote is checked against the text if it is held, by the fingerprint otherwise, and never moved."""

import random

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import F

from entities.refusals import Stale
from sources import anchoring
from sources.models import EarlierText, SourceDocument, SourceQuote
from sources.text_replacement import PlacementOutcome, plan_placements, replace_text
from sources.verification import attach_text, check_quote, verify_quotes
from tests import world as make

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["text", "fingerprint"])
def quote(request):
    document = make.a_document()
    quote = make.a_quote(document)
    if request.param == "fingerprint":
        SourceDocument.objects.update(text="")
        quote.document.refresh_from_db()
    quote.held = request.param
    return quote


def test_a_quote_that_stands_there_verifies(quote):
    assert check_quote(quote).verification == quote.held


@pytest.mark.parametrize("at", [0, 10, -1])
def test_one_changed_letter_fails(quote, at):
    letters = list(quote.exact)
    letters[at] = "q"
    quote.exact = "".join(letters)
    assert check_quote(quote).verification == "failed"


@pytest.mark.parametrize(("first", "last"), [(1, 0), (0, -1), (3, -2)])
def test_a_quote_that_cuts_a_word_fails(quote, first, last):
    quote.start, quote.end = quote.start + first, quote.end + last
    quote.exact = make.ARTICLE[quote.start : quote.end]
    assert check_quote(quote).verification == "failed"


def test_a_quote_that_cuts_a_word_is_shown_whole():
    quote = make.a_quote(make.a_document(), "About 70")
    words = f"at {quote.start} to {quote.end + 1}"
    assert check_quote(quote).explanation == f"ends inside a word or a number; in whole words it is “About 700”, {words}"


def test_a_quote_at_another_place_fails_and_is_not_moved(quote):
    start, end = quote.start, quote.end
    quote.start, quote.end = start + 1, end + 1
    finding = check_quote(quote)
    assert finding.verification == "failed"
    assert (quote.start, quote.end) == (start + 1, end + 1)


def test_the_nearest_passage_is_named_where_the_text_is_held():
    quote = make.a_quote(make.a_document())
    quote.exact = quote.exact.replace("forty", "sixty")
    assert "We pledge forty kites" in check_quote(quote).explanation


def test_a_document_without_text_or_fingerprint_leaves_its_quotes_unverified(quote):
    quote.document.text = quote.document.fingerprint = ""
    assert check_quote(quote).verification == "unverified"


def test_what_was_found_is_stored_and_failures_come_back(quote):
    SourceQuote.objects.filter(pk=quote.pk).update(start=F("start") + 1, end=F("end") + 1)
    [(failed, finding)] = verify_quotes(SourceQuote.objects.select_related("document"))
    assert failed.pk == quote.pk
    assert not finding
    quote.refresh_from_db()
    assert quote.verification == "failed"


def test_attaching_the_text_that_was_meant_changes_nothing_but_the_text(quote):
    version = quote.document.version
    assert attach_text(quote.document, make.ARTICLE) == []
    document = SourceDocument.objects.get()
    assert (document.text, document.version) == (make.ARTICLE, version)
    quote.refresh_from_db()
    assert quote.verification == "text"


def test_attaching_another_text_lists_the_quotes_that_no_longer_stand(quote):
    [(failed, _)] = attach_text(quote.document, make.ARTICLE.replace("forty kites", "fifty kites"))
    assert failed == quote


THREE = (
    "Ada Fell spoke at noon. “We pledge forty kites to our friends,” she said, and “no strings” at all.\n"
    "The clerks counted twice. They found forty kites in the yard, and no strings.\n"
)


@pytest.fixture
def document():
    document = make.a_document(text=THREE)
    for exact in ("We pledge forty kites to our friends", "no strings", "They found forty kites in the yard"):
        make.a_quote(document, exact)
    verify_quotes(document.quotes.all())
    return document


def fates(document, text) -> dict:
    return {placement.quote.exact[:7]: placement.outcome for placement in plan_placements(document, text)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("counted twice", "counted thrice"), ("stands", "stands", "moves")),
        (("Ada Fell spoke at noon", "At noon Ada Fell spoke"), ("stands", "stands", "stands")),
        (("Ada Fell", "Minister Ada Fell"), ("moves", "moves", "moves")),
        (("We pledge forty", "We pledge fifty"), ("fails", "stands", "stands")),
        (("“We pledge", '"We pledge'), ("stands", "stands", "stands")),
        (("to our friends", "to\nour friends"), ("moves", "stands", "stands")),
        # Nothing says any more which of the two was meant.
        (("and “no strings” at all.\n", "no strings attached.\n"), ("stands", "fails", "moves")),
        # The one that is left is not the one that was quoted.
        ((", and “no strings” at all", "for one and all"), ("stands", "fails", "moves")),
    ],
)
def test_what_becomes_of_quotes_in_another_text(document, change, expected):
    assert THREE.replace(*change) != THREE
    assert tuple(fates(document, THREE.replace(*change)).values()) == expected


def test_a_replaced_text_stays_readable_and_its_quotes_are_placed_anew(document):
    ada = User.objects.create_user("ada")
    versions = {quote.pk: quote.version for quote in document.quotes.all()}
    text = "Corrected.\n" + THREE.replace("We pledge forty", "We pledge fifty")
    placed = replace_text(document, text, ada)
    assert [placement.outcome for placement in placed] == [PlacementOutcome.FAILS, PlacementOutcome.MOVES, PlacementOutcome.MOVES]
    assert ("removed", "forty") in placed[0].difference and ("added", "fifty") in placed[0].difference
    document.refresh_from_db()
    assert document.text == text
    earlier = EarlierText.objects.get()
    assert (earlier.text, earlier.replaced_by) == (THREE, ada)
    failed, *moved = document.quotes.order_by("start")
    assert (failed.verification, failed.version, failed.start) == ("failed", versions[failed.pk], THREE.index("We pledge"))
    for quote in moved:
        assert (quote.verification, quote.version) == ("text", versions[quote.pk] + 1)
        assert text[quote.start : quote.end] == quote.exact
        assert THREE.index(quote.exact) + 11 == quote.start


def test_a_text_may_come_back(document):
    replace_text(document, "Corrected.\n" + THREE)
    replace_text(document, THREE)
    replace_text(document, "Corrected.\n" + THREE)
    assert sorted(EarlierText.objects.values_list("text", flat=True)) == [THREE, "Corrected.\n" + THREE]
    assert {quote.verification for quote in document.quotes.all()} == {"text"}


def test_two_quotes_may_change_places():
    document = make.a_document(text="The red kites flew high above. The old birds flew low below.")
    for exact in ("The red kites flew high above", "The old birds flew low below."):
        make.a_quote(document, exact)
    swapped = "The old birds flew low below. The red kites flew high above"
    assert {placement.outcome for placement in replace_text(document, swapped)} == {PlacementOutcome.MOVES}
    assert not verify_quotes(document.quotes.all())


def test_no_two_quotes_are_placed_on_the_same_words():
    document = make.a_document(text="“Forty red kites for our friends.” Later: “Forty  red kites for our friends.”")
    make.a_quote(document, "Forty red kites for our friends")
    make.a_quote(document, "Forty  red kites for our friends")
    replace_text(document, "At last: “Forty red kites for our friends.”")
    assert {quote.verification for quote in document.quotes.all()} == {"failed"}


def test_a_text_that_belongs_to_another_document_is_refused_and_nothing_changes(document):
    make.a_document("other", text="Another text altogether.")
    with pytest.raises(ValidationError, match="already in the register"):
        replace_text(document, "Another text altogether.")
    assert not EarlierText.objects.exists()
    assert SourceDocument.objects.get(pk=document.pk).text == THREE


def test_quotes_of_a_document_without_its_text_are_placed_by_their_words(document):
    SourceDocument.objects.update(text="")
    document.refresh_from_db()
    # Two words that stand twice need the words around them, which nobody knows without the text.
    assert [*fates(document, "Corrected.\n" + THREE).values()] == ["moves", "fails", "moves"]


WORDS = "kite yard clerk count pledge forty string friend noon lake wind paper red blue send build wait river tower bell".split()


def an_article(chance: random.Random) -> list[list[str]]:
    """Sentences of few words, so that many repeat."""
    return [[chance.choice(WORDS) for _ in range(chance.randint(6, 14))] for _ in range(40)]


def altered(chance: random.Random, sentences: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """An edited article; each sentence carries its number as long as its words are unchanged, and -1 after that."""
    new = list(sentences)
    for _ in range(chance.randint(1, 12)):
        at, to = chance.randrange(len(new)), chance.randrange(len(new))
        number, words = new[at]
        cut = chance.randrange(1, len(words) - 1)
        match chance.choice(["change", "delete", "move", "add", "lookalike"]):
            case "change":
                new[at] = (-1, [*words[:cut], "never", *words[cut + 1 :]])
            case "delete":
                new.pop(at)
            case "move":
                new.insert(to, new.pop(at))
            case "add":
                new.insert(to, (-1, [chance.choice(WORDS) for _ in range(9)]))
            case "lookalike":
                # Beside the sentence itself nobody could tell which of the two is the old one.
                if abs(to - at) > 2:
                    new.insert(to, (-1, [*words[:cut], chance.choice(WORDS) + "s", *words[cut + 1 :]]))
    return new


def printed(sentences, space: str, marks: str) -> tuple[str, dict[int, int]]:
    """The text, and where each numbered sentence begins in it."""
    text, begins = "", {}
    for number, words in sentences:
        text += marks[0]
        begins[number] = len(text)
        text += space.join(words) + "." + marks[1] + "\n"
    return text, begins


def test_in_500_altered_texts_no_quote_is_misplaced_and_nearly_all_are_found():
    chance = random.Random(24)
    unchanged = found = 0
    for number in range(500):
        article = list(enumerate(an_article(chance)))
        text, begins = printed(article, " ", "“”")
        document = SourceDocument.objects.create(slug=f"article-{number}", title="Kites", text=text)
        quotes, quoted = [], {}
        for at, words in chance.sample(article, 6):
            length = chance.randint(2, len(words))
            place = anchoring.passage_at(text, begins[at], begins[at] + len(" ".join(words[:length])))
            words = {"exact": place.exact, "start": place.start, "end": place.end}
            quotes.append(SourceQuote(document=document, slug=f"{document.slug}-{at}", kind="narration", **words))
            quoted[quotes[-1].slug] = (at, length)
        SourceQuote.objects.bulk_create(quotes)
        new = altered(chance, article)
        other, now = printed(new, chance.choice([" ", "  ", "\n"]), chance.choice(["“”", '""']))
        for placement in plan_placements(document, other):
            at, length = quoted[placement.quote.slug]
            if at in now:
                unchanged += 1
            if placement.place:
                # A changed sentence may still hold the words that were quoted of it.
                assert at not in now or placement.place.start == now[at]
                assert placement.place.exact.split() == article[at][1][:length]
                found += at in now
    assert unchanged > 2000
    assert found / unchanged >= 0.98


def test_a_text_that_came_in_meanwhile_is_not_lost(db):
    document = make.a_document(text=THREE)
    seen = SourceDocument.objects.get(pk=document.pk)
    replace_text(document, "Corrected.\n" + THREE)
    with pytest.raises(Stale):
        replace_text(seen, "Shortened.")
    assert SourceDocument.objects.get(pk=document.pk).text == "Corrected.\n" + THREE
