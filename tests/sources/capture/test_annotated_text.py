"""The text cut for reading: every letter once and in its place, whatever the quotes do."""

import random

from hypothesis import given
from hypothesis import strategies as st

from entities.vocabulary import Verification
from sources.capture import annotated_text
from sources.models import SourceDocument, SourceQuote

TEXT = "One two three. Four “five six” seven!\n\nEight nine 𝔸 ten.\nEleven."


def quote(text: str, start: int, end: int, **fields) -> SourceQuote:
    words = {"exact": text[start:end], "verification": Verification.TEXT}
    return SourceQuote(start=start, end=end, **words | fields)


def pieces(blocks):
    return [piece for block in blocks for sentence in block.sentences for piece in sentence.pieces]


def covered(blocks, quote) -> str:
    return "".join(piece.text for piece in pieces(blocks) if quote in piece.quotes)


@given(st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 40)), max_size=8))
def test_pieces_joined_are_the_text_and_each_covers_what_its_quote_says(spans):
    quotes = [quote(TEXT, start, min(len(TEXT), start + length)) for start, length in spans]
    blocks = annotated_text.annotated_blocks(SourceDocument(text=TEXT), quotes)
    for block in blocks:
        assert "".join(piece.text for piece in pieces([block])) == TEXT[block.start : block.end]
    for piece in pieces(blocks):
        assert TEXT[piece.start : piece.start + len(piece.text)] == piece.text
        inside = [q for q in quotes if q.start <= piece.start and q.end >= piece.start + len(piece.text)]
        assert {id(q) for q in piece.quotes} == {id(q) for q in inside}
    for one in quotes:
        assert "".join(covered(blocks, one).split()) == "".join(one.exact.split())


def test_overlapping_quotes_each_open_and_close_once():
    outer, inner, crossing = quote(TEXT, 0, 14), quote(TEXT, 4, 7), quote(TEXT, 8, 20)
    blocks = annotated_text.annotated_blocks(SourceDocument(text=TEXT), [outer, inner, crossing])
    for one in (outer, inner, crossing):
        assert sum(one in piece.quotes_starting for piece in pieces(blocks)) == 1
        assert sum(one in piece.quotes_ending for piece in pieces(blocks)) == 1
    assert max(len(piece.quotes) for piece in pieces(blocks)) == 2


def test_a_quote_that_does_not_stand_there_is_not_marked():
    moved = quote(TEXT, 0, 7)
    moved.exact = "One too"
    failed = quote(TEXT, 8, 13, verification=Verification.FAILED)
    assert not any(piece.quotes for piece in pieces(annotated_text.annotated_blocks(SourceDocument(text=TEXT), [moved, failed])))


def test_without_the_text_what_is_known_stands_in_order_with_its_gaps():
    first, second, third = quote(TEXT, 0, 7), quote(TEXT, 4, 14), quote(TEXT, 57, 64)
    runs = annotated_text.known_text_runs([third, second, first])
    assert runs == [(0, "One two three.", 0), (57, TEXT[57:], 43)]
    blocks = annotated_text.annotated_blocks(SourceDocument(text=""), [first, second, third])
    assert [block.gap for block in blocks][0] == 0 and 43 in [block.gap for block in blocks]
    assert covered(blocks, second) == TEXT[4:14]


def test_a_long_text_is_read_in_sections_that_leave_nothing_out():
    words = random.Random(7)
    text = "\n\n".join(" ".join("kite" * words.randint(1, 3) for _ in range(60)) + "." for _ in range(2500))
    assert len(text) > 5 * annotated_text.SECTION_CHARACTERS
    first = annotated_text.section_at(text)
    sections = [first]
    while sections[-1].end < len(text):
        sections.append(annotated_text.section_at(text, sections[-1].end))
    assert [section.number for section in sections] == list(range(first.count))
    assert [section.start for section in sections[1:]] == [section.end for section in sections[:-1]]
    assert all(annotated_text.section_at(text, section.end - 1) == section for section in sections)
    assert max(section.end - section.start for section in sections) <= 2 * annotated_text.SECTION_CHARACTERS


def test_one_enormous_paragraph_is_cut_too():
    text = "kite " * 200_000
    assert annotated_text.section_at(text, len(text)).count > 3
