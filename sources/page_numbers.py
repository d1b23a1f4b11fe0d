"""Pages of a document: its text has a form feed where one page ends and the next begins."""

from bisect import bisect_left

PAGE_BREAK = "\f"


def find_page_breaks(text: str) -> list[int]:
    """Return the offsets of the page breaks in a text, in order; none if the original has no pages."""
    return [offset for offset, letter in enumerate(text) if letter == PAGE_BREAK] if PAGE_BREAK in text else []


def page_of_offset(page_breaks: list[int], offset: int) -> int | None:
    """Return the page, counted from 1, on which the character at `offset` stands; None if the original has no pages."""
    return 1 + bisect_left(page_breaks, offset) if page_breaks else None
