"""The ready reference of a quote."""

import pytest

from sources.citation_text import cite_quote
from sources.models import SourceDocument, SourceQuote

KNOWN = {"title": "Arcadia to give kites", "published_on": "2024-07-09", "url": "https://courier.example/kites/"}


@pytest.mark.parametrize(
    ("document", "page", "words"),
    [
        (KNOWN, None, "“Arcadia to give kites”, 9 July 2024, https://courier.example/kites/"),
        (
            KNOWN | {"retrieved_on": "2024-08-01", "archived_url": "https://archive.example/kites/"},
            3,
            "“Arcadia to give kites”, 9 July 2024, p. 3, https://courier.example/kites/ (retrieved 1 August 2024)",
        ),
        ({"title": "Kites", "archived_url": "https://archive.example/kites/"}, None, "“Kites”, https://archive.example/kites/"),
        ({"title": "Kites", "published_on": "2024-06-15/2024-07-08"}, 1, "“Kites”, between 15 June and 8 July 2024, p. 1"),
    ],
)
def test_a_citation_says_what_is_known(document, page, words):
    assert cite_quote(SourceQuote(document=SourceDocument(**document), page=page)) == words


def test_a_citation_begins_with_the_publisher(world):
    assert cite_quote(world.quote).startswith(f"{world.courier.name}, “{world.document.title}”")
