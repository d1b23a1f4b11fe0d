"""What share of a document's words its quotes show, in the wording of its publisher."""

import pytest

from sources.document_intake import add_document
from sources.models import SourceDocument
from sources.quotation_share import (
    ShownPassage,
    count_words,
    find_speech_spans,
    measure_share,
    passage_length_problem,
)
from sources.text_replacement import replace_text
from sources.verification import attach_text
from tests import world as make

TEXT = (
    "Arcadia will give Ruritania 40 kites. “We pledge forty kites, no more and no less,” Ada Fell told reporters. "
    "She called it a “bridge” to peace.\n"
)
SPANS = find_speech_spans(TEXT)


def passage(exact: str, has_named_speaker: bool = False) -> ShownPassage:
    return ShownPassage(TEXT.index(exact), exact, has_named_speaker)


def shown(*passages: ShownPassage, title: str = "") -> int:
    return measure_share(title, count_words(TEXT), SPANS, passages).shown_words


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 0), ("F-16s of the U.S. and Ukraine’s 3,000 allies", 8), ("“We,” she said – twice", 4), ("Київ і Львів", 3)],
)
def test_words_are_counted_as_a_reader_counts_them(text, number):
    assert count_words(text) == number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("“One,” said Ada, “and two.”", ["One", "and two."]),
        ("\"One\" and 'two' and the allies' kites", ["One", "two"]),
        # Each paragraph of a long quotation opens, only the last one closes.
        ("“First part.\n“Second part.”\n", ["First part.", "Second part."]),
        # Nobody knows where it ends.
        ("“Never closed, said Ada.\nAnd so on.", []),
    ],
)
def test_the_words_between_quotation_marks_are_found(text, said):
    assert [text[start:end] for start, end in find_speech_spans(text)] == said


def test_words_of_the_publisher_count_once_however_many_quotes_show_them():
    assert shown(passage("Arcadia will give Ruritania 40 kites")) == 6
    assert shown(passage("Arcadia will give Ruritania"), passage("give Ruritania 40 kites")) == 6


def test_speech_of_a_named_person_is_not_counted_but_what_stands_around_it_is():
    words = "no more and no less,” Ada Fell told reporters"
    assert shown(passage(words)) == 9
    assert shown(passage(words, has_named_speaker=True)) == 4
    assert shown(passage(words), passage("no more and no less", has_named_speaker=True)) == 4
    # A speaker alone makes no speech of what the writer says.
    assert shown(passage("Arcadia will give Ruritania 40 kites", has_named_speaker=True)) == 6


def test_a_title_counts_as_far_as_no_quote_shows_it():
    assert shown(title="Arcadia to give kites") == 4
    assert shown(passage("Arcadia will give Ruritania 40 kites"), title="Arcadia will give Ruritania…") == 6
    assert shown(passage("will give Ruritania 40 kites"), title="Arcadia will give Ruritania…") == 6


def test_the_limit_is_three_tenths():
    assert not measure_share("", 20, [], [ShownPassage(0, "one two three four five six", False)]).exceeds_limit
    assert measure_share("", 20, [], [ShownPassage(0, "one two three four five six seven", False)]).exceeds_limit
    unknown = measure_share("", None, [], [ShownPassage(0, "one two three four", False)])
    assert unknown.share is None and not unknown.exceeds_limit and "never counted" in str(unknown)


def test_passages_have_four_to_forty_words_of_the_publisher():
    assert "has 2 words" in passage_length_problem(passage("forty kites"), SPANS)
    assert passage_length_problem(passage("We pledge forty kites"), SPANS) == ""
    long = " ".join(["word"] * 41)
    assert "has 41 words of its publisher" in passage_length_problem(ShownPassage(0, long, True), [])
    assert passage_length_problem(ShownPassage(0, long, True), [[0, len(long)]]) == ""


@pytest.mark.django_db
def test_whatever_gives_a_document_its_text_counts_its_words():
    document = add_document(SourceDocument(title="News", slug="news"), TEXT)
    expected = (count_words(TEXT), SPANS)
    assert (document.word_count, document.speech_spans) == expected
    replace_text(document, "Corrected. " + TEXT)
    document.refresh_from_db()
    assert document.word_count == expected[0] + 1 and document.speech_spans[0][0] == SPANS[0][0] + len("Corrected. ")
    # One from before words were counted.
    old = make.a_document("old", "An old text", word_count=None)
    version = old.version
    attach_text(old, "An old text")
    old.refresh_from_db()
    assert (old.word_count, old.version) == (3, version)
