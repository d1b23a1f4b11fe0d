"""Web pages: the article of a page, and its bibliography.

trafilatura says which blocks of a page are the article; their text is rebuilt from the page itself.
"""

import re
from typing import Any

from sources.formats.author_names import is_title
from sources.formats.extracted_document import ExtractedDocument, UnreadableDocument
from sources.formats.page_bibliography import read_bibliography
from sources.formats.page_text import Block, PageText, join_blocks, read_blocks
from sources.formats.text_encoding import DECLARED_ENCODING, decode_text, encoding_warnings

MAX_PAGE_ELEMENTS = 15_000
"""Number of elements above which all text of a web page is taken; news pages have a few thousand."""

MAX_PAGE_DEPTH = 200
"""Depth of elements above which all text is taken, too; news pages have some thirty."""

MAX_LISTED_PLACES = 8

_LABEL_ALPHABETS = ("⸢⸣⸤⸥⸨⸩⟦⟧", "⦃⦄⦅⦆⦇⦈⦉⦊", "⧘⧙⧚⧛⧼⧽⫷⫸")
_LABELLED_WORDS = 3

_FEWEST_WORDS_OF_PROSE = 6
_BOXES = frozenset("aside figure figcaption nav footer header form fieldset legend address dialog menu search label".split())
_BOX_NAME = re.compile(
    r"relat|share|social|promo|newsletter|subscri|sign-?up|advert|\bads?\b|banner|sponsor|recommend|teaser|side-?bar|comment|caption"
    r"|credit|byline|author|\bmeta|tags?\b|breadcrumb|\bnav|menu|widget|pop-?up|modal|cookie|consent|embed|footer|outbrain|taboola"
    r"|read-?(?:more|also|next)|see-?also|most-?read|trending|print|hidden|disclaimer|copyright|donat|paywall|login|player|video|photo|image",
    re.IGNORECASE,
)


def extract_page(data: bytes) -> ExtractedDocument:
    """Return the article of a web page in `data`. Raises UnreadableDocument."""
    # Pages declare their encoding near the beginning.
    declared = DECLARED_ENCODING.search(data[:4096])
    text, encoding = decode_text(data, declared[1].decode("ascii") if declared else "")
    draft = extract_html(text)
    draft.warnings += [] if declared else encoding_warnings(encoding)
    return draft


def extract_html(page: str) -> ExtractedDocument:
    """Return the article of a web page. Raises UnreadableDocument."""
    try:
        from lxml import etree, html  # type: ignore[import-untyped]
        from trafilatura import bare_extraction
    except ImportError:
        raise UnreadableDocument(
            "Web pages need the package trafilatura: pip install 'nato-support[capture]'. Or paste the text."
        ) from None
    try:
        # lxml refuses decoded text that declares an encoding.
        tree = html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*\?>", "", page.replace("\0", "")))
    except (etree.LxmlError, ValueError):
        raise UnreadableDocument("This web page cannot be read. Open it in a browser and paste its text.") from None
    is_large = _is_large(tree)
    draft = read_bibliography(tree, page)
    content = read_blocks(tree, draft.language)
    if is_large:
        # The time to find the article grows with the square of the number of elements, and with their depth.
        blocks = content.blocks
        draft.warnings.append(
            "This page is too large to separate the article from the rest: all of its text was taken. "
            "Delete what is not part of the article."
        )
    else:
        blocks = _article_blocks(tree, content.blocks, bare_extraction)
    if not blocks:
        raise UnreadableDocument("No article was found in this web page. Open it in a browser and paste its text.")
    draft.text = join_blocks(blocks)
    headlines = [block.text for block in blocks if block.container is not None and block.container.tag == "h1"]
    if len(headlines) == 1 and is_title(headlines[0]):
        draft.title = " ".join(headlines[0].split())
    draft.warnings += _warnings_of(content)
    return draft


def _is_large(tree) -> bool:
    """Return whether a page has too many elements, or too deep ones, to look for the article in it."""
    from lxml import etree

    count = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        depth += {"start": 1, "end": -1}.get(event, 0)
        count += event != "end"
        if count > MAX_PAGE_ELEMENTS or depth > MAX_PAGE_DEPTH:
            return True
    return False


def _article_blocks(tree, blocks: list[Block], bare_extraction: Any) -> list[Block]:
    """Return those of `blocks` that trafilatura takes for the article, in the order of the page."""
    alphabet = next((letters for letters in _LABEL_ALPHABETS if not any(letters[0] in block.text for block in blocks)), None)
    if alphabet is None:
        return blocks
    start, end, digits = alphabet[0], alphabet[1], alphabet[2:]
    for number, block in enumerate(blocks):
        label = start + "".join(digits[int(digit)] for digit in _base_six(number)) + end
        for position, (element, part) in enumerate(block.nodes):
            text = getattr(element, part) or ""
            if position == 0 or len(text.split(None, _LABELLED_WORDS)) >= _LABELLED_WORDS:
                setattr(element, part, re.sub(r"\A\s*", lambda space, label=label: space[0] + label, text))
    article: Any = bare_extraction(tree, with_metadata=False, include_comments=False)
    text = (article.text or "") if article is not None else ""
    values = {digit: str(value) for value, digit in enumerate(digits)}
    labels = re.findall(f"{start}([{digits}]+){end}", text)
    kept = {int("".join(values[digit] for digit in label), 6) for label in labels}
    kept |= _left_out_between(blocks, kept)
    return [block for number, block in enumerate(blocks) if number in kept]


def _left_out_between(blocks: list[Block], kept: set[int]) -> set[int]:
    """Return the blocks between those that were kept which read as part of the article too: prose in no box of its own.

    trafilatura drops some paragraphs and lists inside an article, of which nobody would learn.
    """
    if not kept:
        return set()
    ancestors = [[*block.container.iterancestors()] for number, block in enumerate(blocks) if number in kept]
    shared = set.intersection(*map(set, ancestors))
    return {
        number
        for number in range(min(kept), _end_of_siblings(blocks, max(kept)))
        if number not in kept
        and len(blocks[number].text.split()) >= _FEWEST_WORDS_OF_PROSE
        and blocks[number].linked * 2 < len(blocks[number].text)
        and not any(_is_box(element) for element in _chain(blocks[number].container, shared))
    }


def _end_of_siblings(blocks: list[Block], last: int) -> int:
    """Return the number after the last block that stands in the same element as the block `last`."""
    parent = blocks[last].container.getparent()
    end = last + 1
    article = next((element for element in blocks[last].container.iterancestors() if _is_article(element)), None)
    if article is not None:
        # The last paragraphs of an article may stand beside the table that was kept.
        while end < len(blocks) and article in (blocks[end].container, *blocks[end].container.iterancestors()):
            end += 1
    elif parent is not None and parent.tag != "body":
        while end < len(blocks) and parent in (blocks[end].container, *_nearest(blocks[end].container)):
            end += 1
    return end


def _is_article(element) -> bool:
    return element.tag == "article" or element.get("itemprop") == "articleBody"


def _nearest(element) -> list:
    """Return the parent and the grandparent of `element`, so far as it has them: an item stands in a list."""
    parents: list = []
    for parent in element.iterancestors():
        parents.append(parent)
        if len(parents) == 2:
            break
    return parents


def _chain(element, shared: set) -> list:
    """Return `element` and those of its ancestors that are not in `shared`."""
    chain = [element]
    while (element := element.getparent()) is not None and element not in shared:
        chain.append(element)
    return chain


def _is_box(element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
    return element.tag in _BOXES or element.get("aria-hidden") == "true" or bool(_BOX_NAME.search(names))


def _base_six(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, 6)
        digits = f"{digit}{digits}"
        if not number:
            return digits


def _warnings_of(content: PageText) -> list[str]:
    warnings = []
    if content.struck:
        warnings.append(f"Struck out on the page, and left out: {_list_places(content.struck)}.")
    if content.doubtful:
        warnings.append(f"Raised numbers that may be footnotes or powers, kept raised: {_list_places(content.doubtful)}.")
    return warnings


def _list_places(places: list[str]) -> str:
    more = len(places) - MAX_LISTED_PLACES
    return "; ".join(places[:MAX_LISTED_PLACES]) + (f"; and {more} more" if more > 0 else "")
