"""Invented web pages around the part that a test is about."""

from sources.formats import ExtractedDocument, extract

PROSE = (
    "<p>Arcadia will give Ruritania many kites, its minister said to everybody who would listen in the yard of the palace.</p>"
    "<p>Some clerks are to count them in Harbourton, officials said in the evening, when the wind was good and the sky clear.</p>"
)
LINES = PROSE.replace("</p><p>", "\n").replace("<p>", "").replace("</p>", "")


def a_page(content: str = "", head: str = "", language: str = 'lang="en"') -> bytes:
    return (
        f'<!doctype html><html {language}><head><meta charset="utf-8"><title>Kites</title>{head}</head>'
        f'<body><nav><a href="/">Home</a></nav><article><h1>Arcadia to give kites</h1>{content}{PROSE}</article></body></html>'
    ).encode()


def read(content: str = "", head: str = "", language: str = 'lang="en"') -> ExtractedDocument:
    return extract(a_page(content, head, language), "kites.html")


def text_of(content: str, language: str = 'lang="en"') -> str:
    """The text that becomes of `content`, without the headline before it and the prose after it."""
    text = read(content, language=language).text
    assert text.startswith("Arcadia to give kites\n") and text.endswith(LINES), text
    return text.removeprefix("Arcadia to give kites\n").removesuffix(LINES).removesuffix("\n")
