"""Queue of failing quotes: quotes not found in the text of their document, to be re-anchored or removed by an editor.

Nothing is re-anchored automatically. Each possible place is shown with the wording that the quote would have there, and the
form sends the version and the text that were shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Greatest
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from entities.refusals import Refused
from entities.vocabulary import Status, Verification
from nato_support.desk.evidence.evidence_urls import (
    document_reading_url,
    failing_quotes_url,
    passage_reading_url,
    quote_reading_url,
    target_page_url,
)
from nato_support.desk.evidence.text_permission import may_read_texts
from nato_support.desk.page_context import admin_page_context
from sources import anchoring
from sources.capture import capture_operations
from sources.models import Citation, SourceDocument, SourceQuote
from sources.verification import check_quote
from sources.word_diff import DiffSpan, diff_words

FAILING_PAGE_SIZE = 10
MAX_OFFERED_PLACES = 10
"""Places with the same words that are offered for one quote."""


def failing_quote_urls(site: admin.AdminSite) -> list:
    """Return the URL pattern of the queue, for the admin of quotes."""
    return [path("failing/", site.admin_view(failing_quotes_view), name="sources_failing")]


class FailingQueueFilterForm(forms.Form):
    """Filter of the queue by document; an invalid value is ignored."""

    document = forms.ModelChoiceField(SourceDocument.objects.defer("text", "fingerprint"), required=False)


class FailingQuoteDecisionForm(forms.Form):
    """Decision on a quote: re-anchor it at a place or remove it, with the version of quote and text that were shown."""

    do = forms.ChoiceField(choices=[("place", "place"), ("remove", "remove")])
    quote = forms.IntegerField()
    version = forms.IntegerField()
    sha256 = forms.CharField(required=False)
    start = forms.IntegerField(required=False)
    end = forms.IntegerField(required=False)

    def clean(self):
        super().clean()
        decision = self.cleaned_data
        if decision.get("do") == "place" and None in (decision.get("start"), decision.get("end")):
            raise forms.ValidationError("Choose a place.")
        return decision


@dataclass(slots=True)
class OfferedPlace:
    """A passage offered for a quote: the same words or the most similar ones.

    `lost` holds the citations whose stated words the passage lacks, `similarity` a percentage where the words differ,
    `difference` the words removed and added, and `occupant` another quote of exactly this passage.
    """

    passage: anchoring.Passage
    page: str
    lost: list[Citation]
    similarity: int | None = None
    difference: list[DiffSpan] = field(default_factory=list)
    occupant: SourceQuote | None = None


def failing_quotes_view(request):
    """List failing quotes with the places where they could be re-anchored, and apply the decision that is posted."""
    _require_view_failing(request)
    form = FailingQueueFilterForm(request.GET)
    form.is_valid()
    document = form.cleaned_data.get("document")
    refused_pk, refusal = None, ""
    if request.method == "POST":
        decision_form = FailingQuoteDecisionForm(request.POST)
        if not decision_form.is_valid():
            raise BadRequest("A quote, its version and what to do with it are required.")
        try:
            _apply_decision(request, decision_form.cleaned_data)
        except Refused as error:
            refused_pk, refusal = decision_form.cleaned_data["quote"], str(error)
        else:
            return HttpResponseRedirect(request.get_full_path())
    page = Paginator(_failing_quotes(document), FAILING_PAGE_SIZE).get_page(request.GET.get("p"))
    rows = _failing_quote_rows(request, list(page))
    context = admin_page_context(request, "Failing quotes") | {
        "document": document,
        "rows": rows,
        "page": page,
        "query": f"document={document.pk}&" if document else "",
        "refused_pk": refused_pk,
        "refusal": refusal,
        "is_refused_quote_listed": any(row["quote"].pk == refused_pk for row in rows),
        "may_place": _may_reanchor(request),
        "may_remove": request.user.has_perm("sources.delete_sourcequote"),
    }
    return TemplateResponse(request, "desk/evidence/failing.html", context, status=409 if refusal else 200)


def _failing_quotes(document: SourceDocument | None) -> QuerySet[SourceQuote]:
    """Return the failing quotes, most recently changed (or with a changed document) first, then in the order of the text."""
    quotes = SourceQuote.objects.filter(verification=Verification.FAILED)
    if document:
        quotes = quotes.filter(document=document)
    citations = Citation.objects.select_related("entity", "relation__type", "relation__subject", "relation__object")
    # Prefetched, not joined: a document with many quotes, and its long text, is then fetched once.
    quotes = quotes.prefetch_related(
        "speakers", "document__publisher", "document__earlier_texts", Prefetch("citations", citations)
    )
    return quotes.order_by(Greatest("updated_at", "document__updated_at").desc(), "document", "start", "end")


def _failing_quote_rows(request, quotes: list[SourceQuote]) -> list[dict[str, Any]]:
    reads_texts = may_read_texts(request.user)
    if not reads_texts:
        for quote in quotes:
            # The text is private to people who may change documents; others see the result of the fingerprint.
            quote.document.text = ""
    rows = [
        {
            "quote": quote,
            "page": reverse("admin:sources_sourcequote_change", args=[quote.pk]),
            "read_page": document_reading_url(quote.document_id),
            "document_queue": failing_quotes_url(quote.document),
            "replace_text_page": reverse("admin:sources_sourcedocument_replace_document_text", args=[quote.document_id]),
            "reason": check_quote(quote).explanation,
            "facts": [{"citation": citation, "page": target_page_url(citation.target)} for citation in quote.citations.all()],
            "former_place": _place_in_earlier_text(quote) if reads_texts else None,
            "was_public": quote.status in (Status.PUBLISHED, Status.WITHDRAWN),
            **_offered_places(quote),
        }
        for quote in quotes
    ]
    _mark_occupied_places(rows)
    return rows


def _place_in_earlier_text(quote: SourceQuote) -> anchoring.Passage | None:
    """Return the passage, between its words, in the newest earlier text that had it there; None if none had."""
    for earlier in quote.document.earlier_texts.all():
        if earlier.text[quote.start : quote.end] == quote.exact:
            return anchoring.passage_at(earlier.text, quote.start, quote.end)
    return None


def _offered_places(quote: SourceQuote) -> dict[str, Any]:
    """Return the places of the words of `quote`, as many as are offered; without any, the most similar passage."""
    text = quote.document.text
    passages = anchoring.find_passages(text, quote.exact) if text else []
    offered = [_build_offered_place(quote, passage) for passage in passages[:MAX_OFFERED_PLACES]]
    nearest = anchoring.find_nearest(text, quote.exact) if text and not passages else None
    if nearest:
        similar = _build_offered_place(quote, nearest[0])
        similar.similarity = round(nearest[1])
        offered.append(similar)
    return {"offered": offered, "places": len(passages), "unshown": len(passages[MAX_OFFERED_PLACES:])}


def _build_offered_place(quote: SourceQuote, passage: anchoring.Passage) -> OfferedPlace:
    difference = diff_words(quote.exact, passage.exact) if passage.exact != quote.exact else []
    page = passage_reading_url(quote.document_id, passage.start, passage.end)
    lost = sorted(capture_operations.citations_lost_in(quote, passage.exact), key=lambda citation: citation.as_stated)
    return OfferedPlace(passage, page, lost, difference=difference)


def _mark_occupied_places(rows: Iterable[dict[str, Any]]) -> None:
    """Set `occupant` of each offered place that is another quote already."""
    offers = [(row["quote"], place) for row in rows for place in row["offered"]]
    candidates = SourceQuote.objects.filter(
        document__in={quote.document_id for quote, _ in offers}, start__in={place.passage.start for _, place in offers}
    )
    quotes_by_place = {(candidate.document_id, candidate.start, candidate.end): candidate for candidate in candidates}
    for quote, place in offers:
        occupant = quotes_by_place.get((quote.document_id, place.passage.start, place.passage.end))
        place.occupant = occupant if occupant != quote else None


def _apply_decision(request, decision: dict[str, Any]) -> None:
    """Re-anchor or remove the quote of a decision and report it. Raises Refused."""
    quote = SourceQuote.objects.filter(pk=decision["quote"]).select_related("document").first()
    if quote is None:
        raise Refused("This quote no longer exists.")
    if quote.verification != Verification.FAILED:
        raise Refused("This quote was verified in the meantime.")
    if decision["do"] == "place":
        if not _may_reanchor(request):
            raise PermissionDenied
        seen = {name: decision[name] for name in ("version", "sha256", "start", "end")}
        step, page = capture_operations.reanchor_quote(quote, request.user, **seen), quote_reading_url(quote)
    else:
        if not request.user.has_perm("sources.delete_sourcequote"):
            raise PermissionDenied
        step = capture_operations.remove_quote(quote, request.user, version=decision["version"])
        page = document_reading_url(quote.document_id)
    message = '{}. <a class="underline" href="{}">View in context</a>; you can undo it there.'
    messages.success(request, format_html(message, step.label, page))


def _require_view_failing(request) -> None:
    if not request.user.has_perms(("sources.view_sourcequote", "sources.view_citation")):
        raise PermissionDenied


def _may_reanchor(request) -> bool:
    return may_read_texts(request.user) and request.user.has_perm("sources.change_sourcequote")
