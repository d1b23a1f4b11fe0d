"""Word-by-word differences: what was kept, removed and added, with both texts whole in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.word_diff import diff_words

DIFFERENCES = [
    ("Ten kites.", "Ten kites.", [("kept", "Ten kites.")]),
    ("", "Ten kites.", [("added", "Ten kites.")]),
    ("Ten kites.", "", [("removed", "Ten kites.")]),
    ("", "", []),
    (
        "Ten red kites flew.",
        "Ten blue birds flew.",
        [("kept", "Ten "), ("removed", "red kites"), ("added", "blue birds"), ("kept", " flew.")],
    ),
    (
        "One.\nTen kites flew.\nEnd.",
        "One.\nTen kites never flew.\nEnd.",
        [("kept", "One.\nTen kites "), ("added", "never "), ("kept", "flew.\nEnd.")],
    ),
    (
        "Arcadia gives kites. It is far away.",
        "Arcadia gives forty kites. It is far away.",
        [("kept", "Arcadia gives "), ("added", "forty "), ("kept", "kites. It is far away.")],
    ),
    (
        "Arcadia gave 1,200,000 well-made kites.",
        "Arcadia gave 1,300,000 well-flown kites.",
        [("kept", "Arcadia gave "), ("removed", "1,200,000 well-made"), ("added", "1,300,000 well-flown"), ("kept", " kites.")],
    ),
    ("Kites fly.", "Kites fly. Birds too.", [("kept", "Kites fly."), ("added", " Birds too.")]),
    ("Kites and birds.", "Kites.", [("kept", "Kites"), ("removed", " and birds"), ("kept", ".")]),
    # A longer run of words counts for more than single words and the spaces between them.
    (
        "The yard makes and mends kites.",
        "Both makes and mends by the yard.",
        [
            ("removed", "The yard"),
            ("added", "Both"),
            ("kept", " makes and mends "),
            ("removed", "kites"),
            ("added", "by the yard"),
            ("kept", "."),
        ],
    ),
    # An unchanged sentence stays whole between changed ones.
    (
        "It rains. Kites fly. It ends.",
        "It snows. Kites fly. It goes on.",
        [
            ("kept", "It "),
            ("removed", "rains"),
            ("added", "snows"),
            ("kept", ". Kites fly. It "),
            ("removed", "ends"),
            ("added", "goes on"),
            ("kept", "."),
        ],
    ),
    ("Ten\nkites.", "Ten kites.", [("kept", "Ten"), ("removed", "\n"), ("added", " "), ("kept", "kites.")]),
]
crowded = st.text("ab .,!\n\r\u00a0\u00ad“\"’'–-…ﬁ\x1c\x85", max_size=30)


@pytest.mark.parametrize(("before", "after", "spans"), DIFFERENCES)
def test_a_difference_is_told_word_by_word(before, after, spans):
    assert diff_words(before, after) == spans


@given(crowded, crowded)
def test_a_difference_holds_both_texts_whole(before, after):
    spans = diff_words(before, after)
    assert "".join(span.text for span in spans if span.kind != "added") == before
    assert "".join(span.text for span in spans if span.kind != "removed") == after


@given(crowded, crowded)
def test_neighbouring_spans_are_of_different_kinds_and_none_is_empty(before, after):
    spans = diff_words(before, after)
    assert all(span.text for span in spans)
    assert all((first.kind, second.kind) in ORDER for first, second in zip(spans, spans[1:], strict=False))


ORDER = {("kept", "removed"), ("kept", "added"), ("removed", "added"), ("removed", "kept"), ("added", "kept")}


def test_texts_too_different_to_be_aligned_are_shown_whole():
    before, after = (" ".join(f"{word}{number}" for number in range(10_001)) for word in ("kite", "bird"))
    assert diff_words(f"Ten {before} flew", f"Ten {after} flew") == [
        ("kept", "Ten "),
        ("removed", before),
        ("added", after),
        ("kept", " flew"),
    ]


def test_a_text_of_full_stops_takes_no_quadratic_time():
    dots = "." * 300_000
    assert diff_words(f"{dots}a", f"{dots}b") == [("kept", dots), ("removed", "a"), ("added", "b")]
