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

from entities.vocabulary import Status, Verification
from sources import anchoring, desk
from sources.admin.addresses import page_of, page_of_quote
from sources.models import Citation, SourceDocument, SourceQuote
from sources.verification import check

PAGE = 10
OFFERED = 10
"""So many places of the same words are offered."""


def urls(site: admin.AdminSite) -> list:
    """The address of this page, for the admin of quotes."""
    return [path("failing/", site.admin_view(failing_view), name="sources_failing")]


def page_of_failing(document: SourceDocument) -> str:
    """Where the failing quotes of a document are dealt with."""
    return f"{reverse('admin:sources_failing')}?document={document.pk}"


class QueueForm(forms.Form):
    """What narrows the queue; what makes no sense is taken for nothing."""

    document = forms.ModelChoiceField(SourceDocument.objects.defer("text", "fingerprint"), required=False)


class DecisionForm(forms.Form):
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
class Spot:
    """A place that may be offered for a quote: its own words, or the nearest to them, with what that would change."""

    passage: anchoring.Passage
    page: str
    lost: list[Citation]
    likeness: int | None = None
    difference: list[tuple[str, str]] = field(default_factory=list)
    taken: SourceQuote | None = None


def failing_view(request):
    _may_look(request)
    form = QueueForm(request.GET)
    form.is_valid()
    document = form.cleaned_data.get("document")
    refused, refusal = None, ""
    if request.method == "POST":
        given = DecisionForm(request.POST)
        if not given.is_valid():
            raise BadRequest("A quote, its version and what to do with it are needed.")
        try:
            _decide(request, given.cleaned_data)
        except desk.Refused as error:
            refused, refusal = given.cleaned_data["quote"], str(error)
        else:
            return HttpResponseRedirect(request.get_full_path())
    page = Paginator(_failing(document), PAGE).get_page(request.GET.get("p"))
    rows = _rows(request, list(page))
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
        "may_place": _may_place(request),
        "may_remove": request.user.has_perm("sources.delete_sourcequote"),
    }
    return TemplateResponse(request, "admin/sources/failing.html", context, status=409 if refusal else 200)


def _failing(document: SourceDocument | None) -> QuerySet[SourceQuote]:
    """The failing quotes, those first that were changed last, themselves or with their document; of one in their order."""
    found = SourceQuote.objects.filter(verification=Verification.FAILED)
    if document:
        found = found.filter(document=document)
    cited = Citation.objects.select_related("entity", "relation__type", "relation__subject", "relation__object")
    # A document of many quotes, and its text, is fetched once.
    found = found.select_related("speaker").prefetch_related("document__publisher", Prefetch("citations", cited))
    return found.order_by(Greatest("updated_at", "document__updated_at").desc(), "document", "start", "end")


def _rows(request, quotes: list[SourceQuote]) -> list[dict[str, Any]]:
    if not _may_read(request):
        for quote in quotes:
            # The text is private to those who work on it; others see what its fingerprint says.
            quote.document.text = ""
    rows = [
        {
            "quote": quote,
            "page": reverse("admin:sources_sourcequote_change", args=[quote.pk]),
            "read_page": _read_page(quote),
            "of_document": page_of_failing(quote.document),
            "retext_page": reverse("admin:sources_sourcedocument_retext", args=[quote.document_id]),
            "why": check(quote).explanation,
            "facts": [{"row": row, "page": page_of(row.target)} for row in quote.citations.all()],
            "was_public": quote.status in (Status.PUBLISHED, Status.WITHDRAWN),
            **_spots(quote),
        }
        for quote in quotes
    ]
    _mark_taken(rows)
    return rows


def _spots(quote: SourceQuote) -> dict[str, Any]:
    """The places of the words of `quote`, the first of them offered; if there is none, the nearest passage."""
    text = quote.document.text
    places = anchoring.find(text, quote.exact) if text else []
    spots = [_spot(quote, place) for place in places[:OFFERED]]
    near = anchoring.nearest(text, quote.exact) if text and not places else None
    if near:
        spot = _spot(quote, near[0])
        spot.likeness = round(near[1])
        spots.append(spot)
    return {"spots": spots, "places": len(places), "unshown": len(places[OFFERED:])}


def _spot(quote: SourceQuote, place: anchoring.Passage) -> Spot:
    difference = anchoring.difference(quote.exact, place.exact) if place.exact != quote.exact else []
    around = f"{_read_page(quote)}?at={place.start}#from{place.start}-{place.end}"
    lost = sorted(desk.lost_in(quote, place.exact), key=lambda citation: citation.as_stated)
    return Spot(place, around, lost, difference=difference)


def _read_page(quote: SourceQuote) -> str:
    return reverse("admin:sources_sourcedocument_read", args=[quote.document_id])


def _mark_taken(rows: Iterable[dict[str, Any]]) -> None:
    """Says of each spot which other quote stands there already."""
    offered = [(row["quote"], spot) for row in rows for spot in row["spots"]]
    there = SourceQuote.objects.filter(
        document__in={quote.document_id for quote, _ in offered}, start__in={spot.passage.start for _, spot in offered}
    )
    standing = {(other.document_id, other.start, other.end): other for other in there}
    for quote, spot in offered:
        other = standing.get((quote.document_id, spot.passage.start, spot.passage.end))
        spot.taken = other if other != quote else None


def _decide(request, given: dict[str, Any]) -> None:
    """Does what a button says, and tells it. Raises Refused."""
    quote = SourceQuote.objects.filter(pk=given["quote"]).select_related("document").first()
    if quote is None:
        raise desk.Refused("This quote is not there any more.")
    if quote.verification != Verification.FAILED:
        raise desk.Refused("This quote stands in its text by now.")
    if given["do"] == "place":
        if not _may_place(request):
            raise PermissionDenied
        seen = {name: given[name] for name in ("version", "sha256", "start", "end")}
        step, read = desk.place(quote, request.user, **seen), page_of_quote(quote)
    else:
        if not request.user.has_perm("sources.delete_sourcequote"):
            raise PermissionDenied
        step, read = desk.remove(quote, request.user, version=given["version"]), _read_page(quote)
    told = '{}. <a class="underline" href="{}">Read it at the desk</a>, where undo takes this back.'
    messages.success(request, format_html(told, step.label, read))


def _may_look(request) -> None:
    if not request.user.has_perms(("sources.view_sourcequote", "sources.view_citation")):
        raise PermissionDenied


def _may_read(request) -> bool:
    return request.user.has_perm("sources.change_sourcedocument")


def _may_place(request) -> bool:
    return _may_read(request) and request.user.has_perm("sources.change_sourcequote")
