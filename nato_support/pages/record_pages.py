"""Pages of one record: as it is public now or was at a time, and each of its editions."""

import hashlib
import json
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language, gettext

from entities.serializers import PLURALS
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import AS_OF_PARAMETER, COLLECTIONS, Collection
from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.api.listing import fetch_list_page, parse_list_request
from nato_support.api.parameters import decode_query_pairs
from nato_support.api.record_and_edition_responses import edition_response, record_response
from nato_support.api.renderers.jsonld import jsonld_document
from nato_support.pages.citations import cite_edition
from nato_support.pages.endnotes import number_quotes
from nato_support.pages.fact_evidence import quote_view
from nato_support.pages.feeds import feed_links
from nato_support.pages.kept_parts import RELEASE_MARK, kept_pages, page_of_release
from nato_support.pages.page_pictures import is_amount_unknown, pictures_of_entity, promise_of_commitment
from nato_support.pages.page_queries import known_query
from nato_support.pages.page_urls import api_path, page_path, report_path
from nato_support.pages.page_views import Page, render_page
from nato_support.pages.pictures.words import quoted
from nato_support.pages.record_facts import facts_of_record, reason_from_document
from nato_support.pages.record_lines import kind_label, line_of_record
from nato_support.pages.related_records import facts_resting_on, related_groups
from nato_support.pages.shown_editions import shown_editions
from nato_support.publishing.editions.detail_response import split_detail_body

MAX_QUOTES_OF_DOCUMENT = 200
"""Most quotes on the page of their document; the list of quotes has them all."""
_OPEN_GRAPH_TYPES = {"person": "profile", "document": "article", "quote": "article"}
_JSON_IN_HTML = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


class RecordPage(Page):
    """A record with its facts, each with its evidence."""

    formats = ("html", "json", "jsonld")
    heeds_accept_datetime = True

    def __init__(self, collection: Collection):
        self.collection = collection

    def render(self, request: ApiRequest, *, slug: str) -> ApiResponse:
        query = known_query(request.query_string, {AS_OF_PARAMETER.name})
        body = record_response(self.collection, _as_api_request(request, query), slug).body
        return _record_page(request, body, shown_at=dict(decode_query_pairs(query)[0]).get(AS_OF_PARAMETER.name, ""))


class EditionPage(RecordPage):
    """One edition of a record: its part of the page never changes."""

    heeds_accept_datetime = False

    def render(self, request: ApiRequest, *, slug: str, number: int) -> ApiResponse:
        body = edition_response(self.collection, _as_api_request(request, ""), slug, number).body
        return _record_page(request, body, is_edition=True)


def _as_api_request(request: ApiRequest, query: str) -> ApiRequest:
    # Without the request's headers: a time in `Accept-Datetime` is for the API's form, which a page links to.
    return request.asking(f"{api_path(request.path)}?{query}")


def _record_page(request: ApiRequest, body: bytes, *, shown_at: str = "", is_edition: bool = False) -> ApiResponse:
    """Return the page of a detail of the API: the one that is kept, if it shows the same, or another one."""
    document, evidence = split_detail_body(body)
    shown = None if shown_at or is_edition else shown_editions(document, request.register)
    detail = hashlib.blake2b(body, digest_size=16).digest()
    key = (request.site, request.path, request.query_string, get_language(), shown_at, is_edition, detail, shown)
    page = kept_pages.part(
        request.register, key, lambda: _render_record(request, document, evidence, shown_at=shown_at, is_edition=is_edition)
    )
    return ApiResponse(page_of_release(page, request.register), MEDIA_TYPES["html"])


def _render_record(
    request: ApiRequest, document: dict[str, Any], evidence: dict[str, Any], *, shown_at: str, is_edition: bool
) -> bytes:
    kind = document["kind"]
    is_current = not (shown_at or is_edition)
    facts = facts_of_record(document, evidence)
    own_path = page_path(document["href"])
    title = document.get("name") or quoted(document["exact"])
    context: dict[str, Any] = {
        "record": document,
        "kind": kind,
        "kind_label": capfirst(kind_label(kind)),
        "collection": PLURALS[kind],
        "title": title,
        "description": _description(document),
        "facts": facts,
        "usual_reason": reason_from_document() if kind in ("document", "quote") else "",
        "contested": [fact for fact in facts.all if any(mark.shape == "contested" for mark in fact.marks)],
        "settled": [fact for fact in facts.all if fact.evidence and fact.evidence.verdict],
        "canonical_path": f"{own_path}editions/{document['edition']}/" if is_edition else own_path,
        "own_path": own_path,
        "edition_path": f"{own_path}editions/{document['edition']}/",
        "json_path": f"{document['href']}editions/{document['edition']}/" if is_edition else document["href"],
        "editions_path": f"{own_path}editions/",
        "cite": cite_edition(request, document, own_path),
        "feed": feed_links(own_path),
        "report_path": report_path(own_path, document["edition"]),
        "shown_at": shown_at,
        "is_edition": is_edition,
        "open_graph_type": _OPEN_GRAPH_TYPES.get(kind, "website"),
        "document_language": document["language"] if kind == "document" else "",
        "jsonld": mark_safe(jsonld_document(document, request.site).translate(_JSON_IN_HTML)),  # noqa: S308 - escaped just now
    }
    if kind not in ("quote", "document"):
        context["endnotes"] = number_quotes(facts)
    if kind == "quote":
        context["quote"] = quote_view(document)
    if is_current:
        context |= _context_of_present(request, document, evidence)
    # The page may be shown after further releases.
    context["register"] = {"release": RELEASE_MARK}
    return render_page(request, f"{kind if kind in ('quote', 'document') else 'record'}.html", context).body


def _context_of_present(request: ApiRequest, document: dict[str, Any], evidence: dict[str, Any]) -> dict[str, Any]:
    """Return what the page of a record adds that is in none of its editions."""
    kind, slug = document["kind"], document["slug"]
    if kind == "quote":
        return {"resting": facts_resting_on([slug]).get(slug, [])}
    if kind == "document":
        quotes, has_more = _quotes_of_document(request, slug)
        resting = facts_resting_on([quote["slug"] for quote in quotes])
        entries = [(quote_view(quote), resting.get(quote["slug"], [])) for quote in quotes]
        return {"quotes": entries, "has_more_quotes": has_more}
    groups = [(group, [line_of_record(document) for document in group.documents]) for group in related_groups(kind, slug)]
    context: dict[str, Any] = {"related": groups, "pictures": pictures_of_entity(document, evidence)}
    if kind == "commitment":
        context |= {"promise": promise_of_commitment(document), "is_amount_unknown": is_amount_unknown(document)}
    return context


def _quotes_of_document(request: ApiRequest, slug: str) -> tuple[list[dict[str, Any]], bool]:
    """Return the quotes of a document in the order in which they stand there, and whether there are more than are shown."""
    list_request = parse_list_request(
        COLLECTIONS["quotes"],
        request.asking(f"{api_path('/quotes/')}?document={slug}&page_size={MAX_QUOTES_OF_DOCUMENT}"),
    )
    page = fetch_list_page(list_request)
    quotes = sorted((json.loads(row[0]) for row in page.rows), key=lambda quote: (quote["start"], quote["end"]))
    return quotes, page.next_url is not None


def _description(document: dict[str, Any]) -> str:
    """Return one sentence about a record for search engines and link previews."""
    if document["kind"] == "quote":
        text = gettext("A passage of “%s”, word for word, and the facts that rest on it.") % document["document"]["name"]
    elif document["kind"] == "document":
        publisher = document["publisher"]["name"] if document["publisher"] else gettext("an unnamed publisher")
        text = gettext("What the register quotes of this text by %s, and the facts that rest on each quote.") % publisher
    else:
        text = document.get("summary") or gettext("What sources say about it, each fact with its quotations.")
    return Truncator(text).chars(300)
