"""The queue of quotes that no longer stand in their text, where an editor places each anew, or takes it away.

Nothing is placed by itself: each place is shown with the words that the quote would have, and what was shown is what is sent.
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
from nato_support.desk.evidence.page_urls import quote_reading_url, target_page_url
from sources import anchoring, word_diff
from sources.capture import quote_operations
from sources.models import Citation, SourceDocument, SourceQuote
from sources.verification import check_quote

FAILING_PAGE_SIZE = 10
MAX_OFFERED_PLACES = 10
"""So many places of the same words are offered."""


def failing_quote_urls(site: admin.AdminSite) -> list:
    """The address of this page, for the admin of quotes."""
    return [path("failing/", site.admin_view(failing_quotes_view), name="sources_failing")]


def failing_quotes_url(document: SourceDocument) -> str:
    """Where the failing quotes of a document are dealt with."""
    return f"{reverse('admin:sources_failing')}?document={document.pk}"


class FailingQueueForm(forms.Form):
    """What narrows the queue; what makes no sense is taken for nothing."""

    document = forms.ModelChoiceField(SourceDocument.objects.defer("text", "fingerprint"), required=False)


class FailingQuoteDecisionForm(forms.Form):
    """What a button of the page sends: the quote and the text as they were shown, and the place chosen, if it is one."""

    do = forms.ChoiceField(choices=[("place", "place"), ("remove", "remove")])
    quote = forms.IntegerField()
    version = forms.IntegerField()
    sha256 = forms.CharField(required=False)
    start = forms.IntegerField(required=False)
    end = forms.IntegerField(required=False)

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if given.get("do") == "place" and None in (given.get("start"), given.get("end")):
            raise forms.ValidationError("Say at which place.")
        return given


@dataclass(slots=True)
class OfferedPlace:
    """A place that may be offered for a quote: its own words, or the nearest to them, with what that would change."""

    passage: anchoring.Passage
    page: str
    lost: list[Citation]
    likeness: int | None = None
    difference: list[tuple[str, str]] = field(default_factory=list)
    taken: SourceQuote | None = None


def failing_quotes_view(request):
    _require_view_failing(request)
    form = FailingQueueForm(request.GET)
    form.is_valid()
    document = form.cleaned_data.get("document")
    refused, refusal = None, ""
    if request.method == "POST":
        given = FailingQuoteDecisionForm(request.POST)
        if not given.is_valid():
            raise BadRequest("A quote, its version and what to do with it are needed.")
        try:
            _apply_decision(request, given.cleaned_data)
        except Refused as error:
            refused, refusal = given.cleaned_data["quote"], str(error)
        else:
            return HttpResponseRedirect(request.get_full_path())
    page = Paginator(_failing_quotes(document), FAILING_PAGE_SIZE).get_page(request.GET.get("p"))
    rows = _failing_quote_rows(request, list(page))
    request.current_app = admin.site.name
    context = {
        **admin.site.each_context(request),
        "title": "Failing quotes",
        "opts": None,
        "document": document,
        "rows": rows,
        "page": page,
        "query": f"document={document.pk}&" if document else "",
        "refused": refused,
        "refusal": refusal,
        "refused_is_here": any(row["quote"].pk == refused for row in rows),
        "may_place": _may_reanchor(request),
        "may_remove": request.user.has_perm("sources.delete_sourcequote"),
    }
    return TemplateResponse(request, "desk/evidence/failing.html", context, status=409 if refusal else 200)


def _failing_quotes(document: SourceDocument | None) -> QuerySet[SourceQuote]:
    """The failing quotes, those first that were changed last, themselves or with their document; of one in their order."""
    found = SourceQuote.objects.filter(verification=Verification.FAILED)
    if document:
        found = found.filter(document=document)
    cited = Citation.objects.select_related("entity", "relation__type", "relation__subject", "relation__object")
    # A document of many quotes, and its text, is fetched once.
    found = found.select_related("speaker").prefetch_related("document__publisher", Prefetch("citations", cited))
    return found.order_by(Greatest("updated_at", "document__updated_at").desc(), "document", "start", "end")


def _failing_quote_rows(request, quotes: list[SourceQuote]) -> list[dict[str, Any]]:
    if not _may_read_texts(request):
        for quote in quotes:
            # The text is private to those who work on it; others see what its fingerprint says.
            quote.document.text = ""
    rows = [
        {
            "quote": quote,
            "page": reverse("admin:sources_sourcequote_change", args=[quote.pk]),
            "read_page": _document_url_of_quote(quote),
            "of_document": failing_quotes_url(quote.document),
            "retext_page": reverse("admin:sources_sourcedocument_retext", args=[quote.document_id]),
            "why": check_quote(quote).explanation,
            "facts": [{"row": row, "page": target_page_url(row.target)} for row in quote.citations.all()],
            "was_public": quote.status in (Status.PUBLISHED, Status.WITHDRAWN),
            **_offered_places(quote),
        }
        for quote in quotes
    ]
    _mark_occupied_places(rows)
    return rows


def _offered_places(quote: SourceQuote) -> dict[str, Any]:
    """The places of the words of `quote`, the first of them offered; if there is none, the nearest passage."""
    text = quote.document.text
    places = anchoring.find(text, quote.exact) if text else []
    spots = [_build_offered_place(quote, place) for place in places[:MAX_OFFERED_PLACES]]
    near = anchoring.find_nearest(text, quote.exact) if text and not places else None
    if near:
        spot = _build_offered_place(quote, near[0])
        spot.likeness = round(near[1])
        spots.append(spot)
    return {"spots": spots, "places": len(places), "unshown": len(places[MAX_OFFERED_PLACES:])}


def _build_offered_place(quote: SourceQuote, place: anchoring.Passage) -> OfferedPlace:
    difference = word_diff.diff_words(quote.exact, place.exact) if place.exact != quote.exact else []
    around = f"{_document_url_of_quote(quote)}?at={place.start}#from{place.start}-{place.end}"
    lost = sorted(quote_operations.citations_lost_in(quote, place.exact), key=lambda citation: citation.as_stated)
    return OfferedPlace(place, around, lost, difference=difference)


def _document_url_of_quote(quote: SourceQuote) -> str:
    return reverse("admin:sources_sourcedocument_read", args=[quote.document_id])


def _mark_occupied_places(rows: Iterable[dict[str, Any]]) -> None:
    """Says of each spot which other quote stands there already."""
    offered = [(row["quote"], spot) for row in rows for spot in row["spots"]]
    there = SourceQuote.objects.filter(
        document__in={quote.document_id for quote, _ in offered}, start__in={spot.passage.start for _, spot in offered}
    )
    standing = {(other.document_id, other.start, other.end): other for other in there}
    for quote, spot in offered:
        other = standing.get((quote.document_id, spot.passage.start, spot.passage.end))
        spot.taken = other if other != quote else None


def _apply_decision(request, given: dict[str, Any]) -> None:
    """Does what a button says, and tells it. Raises Refused."""
    quote = SourceQuote.objects.filter(pk=given["quote"]).select_related("document").first()
    if quote is None:
        raise Refused("This quote is not there any more.")
    if quote.verification != Verification.FAILED:
        raise Refused("This quote stands in its text by now.")
    if given["do"] == "place":
        if not _may_reanchor(request):
            raise PermissionDenied
        seen = {name: given[name] for name in ("version", "sha256", "start", "end")}
        step, read = quote_operations.reanchor_quote(quote, request.user, **seen), quote_reading_url(quote)
    else:
        if not request.user.has_perm("sources.delete_sourcequote"):
            raise PermissionDenied
        step, read = quote_operations.remove_quote(quote, request.user, version=given["version"]), _document_url_of_quote(quote)
    told = '{}. <a class="underline" href="{}">Read it at the desk</a>, where undo takes this back.'
    messages.success(request, format_html(told, step.label, read))


def _require_view_failing(request) -> None:
    if not request.user.has_perms(("sources.view_sourcequote", "sources.view_citation")):
        raise PermissionDenied


def _may_read_texts(request) -> bool:
    return request.user.has_perm("sources.change_sourcedocument")


def _may_reanchor(request) -> bool:
    return _may_read_texts(request) and request.user.has_perm("sources.change_sourcequote")
