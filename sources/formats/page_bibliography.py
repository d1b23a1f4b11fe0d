"""Bibliography of a web page: title, publisher, authors, days, address and language, from what the page says of itself."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from sources.formats.author_names import clean_author_names, is_organisation_name, is_title
from sources.formats.extracted_document import ExtractedDocument
from sources.formats.printed_dates import read_day

_PUBLISHED = (
    "article:published_time og:published_time article:published datepublished pubdate publishdate publish-date publish_date "
    "date.issued dc.date.issued dcterms.issued dcterms.available dcterms.date dc.date sailthru.date parsely-pub-date "
    "citation_publication_date citation_date cxenseparse:recs:publishtime date originalpublicationdate"
).split()
_UPDATED = (
    "article:modified_time og:updated_time article:modified datemodified dcterms.modified dc.date.modified last-modified".split()
)
_AUTHORS = (
    "author article:author dc.creator dcterms.creator parsely-author sailthru.author byl citation_author og:article:author"
).split()
_PUBLISHERS = "og:site_name publisher dc.publisher dcterms.publisher citation_publisher citation_journal_title".split()
_TITLES = "og:title dc.title dcterms.title citation_title twitter:title".split()
_LANGUAGES = "og:locale content-language language dc.language dcterms.language".split()
_ARTICLE_TYPE = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|PressRelease|OpinionNewsArticle)")
_LISTS_OF_OTHERS = frozenset(
    {"itemListElement", "isPartOf", "relatedLink", "hasPart", "comment", "review", "mentions", "video", "image"}
)
_BYLINE_CLASS = re.compile(
    r"(?:^|\s)(?:[\w-]*byline(?:__?name)?|(?:article|post|entry|story|meta|by)?[-_]*authors?(?:[-_]+names?)?|[\w-]*__authors?)(?:\s|$)",
    re.IGNORECASE,
)
_NOT_OF_THE_ARTICLE = re.compile(r"comment|related|sidebar|footer|teaser|recommend|bio\b", re.IGNORECASE)
_ADDRESS_DAY = re.compile(r"/(20\d\d)[/-](\d\d)[/-](\d\d)(?=[/_-]|$)")
_MAX_JSON_NODES = 20_000

_Values = dict[str, list[str]]


def read_bibliography(tree: Any, page: str) -> ExtractedDocument:
    """Return what the page says of itself, without its text. Days that are ambiguous are told in the warnings, and not taken."""
    metas = _meta_values(tree)
    nodes = list(_json_nodes(tree))
    articles = [node for node in nodes if _has_type(node, _ARTICLE_TYPE)]
    draft = ExtractedDocument("", url=_page_url(tree, page))
    draft.language = _page_language(tree, metas, nodes)
    draft.publisher = _publisher(metas, articles)
    titles = [*_first(metas, _TITLES), *_strings(articles, "headline"), _title_element(tree, draft)]
    draft.title = next((title for text in titles if is_title(title := " ".join(text.split()))), "")
    draft.authors = _authors(tree, metas, articles, [draft.publisher, *_site_names(metas, nodes, draft.url)])
    _set_days(draft, tree, metas, articles)
    return draft


def _meta_values(tree) -> _Values:
    """Return the contents of the page's meta elements, by name in lower case."""
    values: _Values = {}
    for meta in tree.iter("meta"):
        content = " ".join((meta.get("content") or "").split())
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := (meta.get(attribute) or "").strip().lower()):
                values.setdefault(name, []).append(content)
    return values


def _first(metas: _Values, names: list[str]) -> list[str]:
    """Return the values of the first of `names` that the page gives."""
    return next((metas[name] for name in names if name in metas), [])


def _json_nodes(tree) -> Iterator[dict]:
    """Yield the objects of the page's JSON-LD that describe it, and not others that it lists."""
    waiting: list[Any] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json":
            try:
                waiting.append(json.loads(script.text or "", strict=False))
            except (ValueError, RecursionError):
                continue
    waiting.reverse()
    count = 0
    while waiting and count < _MAX_JSON_NODES:
        node = waiting.pop()
        count += 1
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            yield node
            waiting.extend(
                value
                for name, value in reversed(node.items())
                if isinstance(value, (dict, list)) and name not in _LISTS_OF_OTHERS
            )


def _has_type(node: dict, pattern: re.Pattern) -> bool:
    types = node.get("@type")
    return any(isinstance(name, str) and pattern.fullmatch(name) for name in (types if isinstance(types, list) else [types]))


def _strings(nodes: list[dict], member: str) -> list[str]:
    """Return the texts of a member of the first of `nodes` that has it: a text, or the name of an object."""
    for node in nodes:
        values = node.get(member)
        texts = [
            str(text)
            for value in (values if isinstance(values, list) else [values])
            if isinstance(text := value.get("name") if isinstance(value, dict) else value, str) and text.strip()
        ]
        if texts:
            return texts
    return []


def _page_url(tree, page: str) -> str:
    """Return the address that a page gives for itself: canonical, or the comment of the browser that saved it; else ''."""
    addresses = tree.xpath("//link[@rel='canonical']/@href") + tree.xpath("//meta[@property='og:url']/@content")
    saved_by_browser = re.search(r"<!-- saved from url=\(\d+\)(\S+) -->", page)
    saved_by_tool = re.search(r"(?s)<!--[^>]{0,200}?\burl: (\S+)", page)
    addresses += [match[1] for match in (saved_by_browser, saved_by_tool) if match]
    return next((address.strip() for address in addresses if address.strip().startswith(("http://", "https://"))), "")


def _page_language(tree, metas: _Values, nodes: list[dict]) -> str:
    """Return the language that the page declares, as two or three letters; '' if it declares none."""
    elements = [tree, *tree.xpath("/html/body | //article")[:2]]
    declared = [element.get(name) or "" for element in elements for name in ("lang", "xml:lang")]
    declared += [value for name in _LANGUAGES for value in metas.get(name, ())]
    declared += _strings([node for node in nodes if _has_type(node, re.compile(r"\w*(?:Article|Page|Posting)"))], "inLanguage")
    for text in declared:
        language = re.split(r"[-_,; ]", text.strip().lower())[0]
        if re.fullmatch(r"[a-z]{2,3}", language):
            return language
    return ""


def _publisher(metas: _Values, articles: list[dict]) -> str:
    candidates = [*_first(metas, _PUBLISHERS), *_strings(articles, "publisher"), *_strings(articles, "sourceOrganization")]
    return next((name for text in candidates if is_organisation_name(name := " ".join(text.split()).lstrip("@"))), "")


def _site_names(metas: _Values, nodes: list[dict], url: str) -> list[str]:
    sites = [node for node in nodes if _has_type(node, re.compile(r"WebSite|\w*Organization"))]
    host = (urlsplit(url).hostname or "") if url else ""
    names = [name for node in sites for name in _strings([node], "name")] + metas.get("application-name", [])
    return [*names, *metas.get("twitter:site", []), host, host.removeprefix("www.").split(".")[0]]


def _title_element(tree, draft: ExtractedDocument) -> str:
    """Return the title of the window without the name of the site at its end."""
    title = " ".join((tree.findtext(".//title") or "").split())
    host = (urlsplit(draft.url).hostname or "").removeprefix("www.").split(".")[0] if draft.url else ""
    head, separator, tail = re.sub(r"\s+[|–—·»-]\s+(?=[^|–—·»]*$)", "\0", title).partition("\0")
    comparable = re.sub(r"\W", "", tail.casefold())
    if separator and comparable and comparable in (re.sub(r"\W", "", draft.publisher.casefold()), re.sub(r"\W", "", host)):
        return head
    return title


def _authors(tree, metas: _Values, articles: list[dict], site_names: list[str]) -> str:
    candidates = [_strings(articles, "author"), *(metas.get(name, []) for name in _AUTHORS)]
    for texts in candidates:
        if names := clean_author_names(texts, site_names):
            return names
    for query in ("//*[@itemprop='author']", "//*[@rel='author']", "//*[@class]"):
        for element in tree.xpath(query):
            if query.endswith("[@class]") and not _BYLINE_CLASS.search(element.get("class")):
                continue
            text = "\n".join(part.strip() for part in element.itertext() if part.strip())
            if 0 < len(text) <= 200 and not _is_of_another_part(element):
                text = re.sub(r"(?i)\A(by|von|par|autor|автор):?\n", r"\1 ", text)
                if names := clean_author_names([text], site_names):
                    return names
    return ""


def _is_of_another_part(element) -> bool:
    return any(
        part.tag in ("aside", "footer", "nav") or _NOT_OF_THE_ARTICLE.search(f"{part.get('class')} {part.get('id')}")
        for part in (element, *element.iterancestors())
        if part.tag not in ("html", "body")
    )


def _set_days(draft: ExtractedDocument, tree, metas: _Values, articles: list[dict]) -> None:
    """Set the days of publication and of the last update; a day of update is never one of publication."""
    properties: _Values = {"datepublished": [], "datemodified": []}
    times = []
    for element in tree.iter("time", "span", "div", "p", "abbr"):
        value = element.get("datetime") or element.get("content") or ""
        name = (element.get("itemprop") or "").lower()
        if name in properties:
            properties[name].append(value or element.text_content())
        elif element.tag == "time" and value and not _is_of_another_part(element):
            times.append((value, bool(re.search(r"updat|modif", f"{element.get('class')}", re.IGNORECASE))))
    published = [("JSON-LD", text) for text in _strings(articles, "datePublished")]
    published += [(f"the page's {name}", text) for name in _PUBLISHED for text in metas.get(name, ())]
    published += [("the page's datePublished", text) for text in properties["datepublished"]]
    updated = [("JSON-LD", text) for text in _strings(articles, "dateModified")]
    updated += [(f"the page's {name}", text) for name in _UPDATED for text in metas.get(name, ())]
    updated += [("the page's dateModified", text) for text in properties["datemodified"]]
    updated += [("a time on the page", text) for text, is_update in times if is_update]
    days_on_page = sorted({read_day(text, draft.language)[0] for text, is_update in times if not is_update} - {""})
    if len(days_on_page) == 1:
        published.append(("the only day that the page marks", days_on_page[0]))
    if address_day := _ADDRESS_DAY.search(urlsplit(draft.url).path if draft.url else ""):
        published.append(("the address of the page", "-".join(address_day.groups())))
    for field, candidates in (("published_on", published), ("updated_on", updated)):
        for origin, text in candidates:
            day, problem = read_day(text, draft.language)
            if day:
                setattr(draft, field, day)
                draft.origins[field] = origin
                break
            if problem:
                draft.warnings.append(
                    f"{problem} It was not taken as the day of {'publication' if field == 'published_on' else 'the update'}."
                )
