"""Page that searches the texts of all documents and shows the words in context, for users who may read the texts."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from entities.formatting import format_partial_date
from entities.models import Organisation
from entities.numbers import integer_or_none
from nato_support.desk.evidence.evidence_urls import document_reading_url, passage_reading_url
from nato_support.desk.page_context import admin_page_context
from nato_support.desk.text_search.matching_documents import (
    LINES_OF_ONE_DOCUMENT,
    LINES_PER_DOCUMENT,
    MAX_COUNTED_DOCUMENTS,
    MatchingDocument,
    count_documents,
    filtered,
    matching_documents,
    result_page,
)
from nato_support.desk.text_search.text_places import MAX_COUNTED_PLACES
from nato_support.desk.text_search.text_query import TextTerm, parse_text_query
from sources.models import SourceDocument

_DAY_INPUT = {"type": "date"}
_IS_PUBLISHER = Exists(SourceDocument.objects.filter(publisher=OuterRef("pk")))


class _RowField(forms.ModelChoiceField):
    """Choice of a row by its key, of which no column of the database need be able to hold what is typed."""

    def to_python(self, value):
        return super().to_python(value if value in self.empty_values or integer_or_none(value) is not None else "x")


class TextFilterForm(forms.Form):
    """Filters of the search; invalid values are shown as such and ignored."""

    publisher = _RowField(
        Organisation.objects.filter(_IS_PUBLISHER).order_by("name"),
        required=False,
        empty_label="any publisher",
    )
    language = forms.CharField(required=False, max_length=12, widget=forms.TextInput({"placeholder": "any, such as en"}))
    start = forms.DateField(label="Published from", required=False, widget=forms.DateInput(_DAY_INPUT, "%Y-%m-%d"))
    end = forms.DateField(label="until", required=False, widget=forms.DateInput(_DAY_INPUT, "%Y-%m-%d"))
    quoted = forms.ChoiceField(
        label="Quotes",
        required=False,
        choices=[("", "with or without"), ("yes", "quoted already"), ("no", "not quoted yet")],
    )
    document = _RowField(SourceDocument.objects.only("title"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

    def filters(self) -> dict[str, Any]:
        """Return the valid values by filter; days as the database has them."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        return values | {name: values[name].isoformat() for name in ("start", "end") if name in values}


def may_search_texts(user: Any) -> bool:
    """Return True if `user` may read the texts of documents."""
    return user.has_perm("sources.change_sourcedocument")


def text_search_url(typed: str) -> str:
    """Return the address of the search for what was typed."""
    return f"{reverse('admin:desk_text_search')}?{urlencode({'q': typed})}"


def text_search_view(request: HttpRequest) -> HttpResponse:
    """List the documents whose text has all words, newest first, with the words in context."""
    if not may_search_texts(request.user):
        raise PermissionDenied
    typed = request.GET.get("q", "").replace("\0", " ").strip()
    query = parse_text_query(typed)
    form = TextFilterForm({name: value for name, value in request.GET.items() if "\0" not in value})
    filters = form.filters()
    after = integer_or_none(request.GET.get("after"))
    parameters = {name: request.GET[name] for name in ("q", *form.fields) if request.GET.get(name)}
    context = admin_page_context(request, "Search texts") | {
        "typed": typed,
        "form": form,
        "query": query,
        "only_in": filters.get("document"),
        "without_document": f"?{urlencode(parameters | {'document': ''})}",
        "is_filtered": any(filters.get(name) for name in form.fields if name != "document"),
        "unfiltered": f"?{urlencode({'q': typed})}",
        "is_later_page": after is not None,
    }
    if query.terms:
        documents = filtered(matching_documents(query.terms), filters)
        lines = LINES_OF_ONE_DOCUMENT if filters.get("document") else LINES_PER_DOCUMENT
        page = result_page(query.terms, documents, after, lines)
        context |= {
            "count": f"More than {MAX_COUNTED_DOCUMENTS:,}" if page.count > MAX_COUNTED_DOCUMENTS else f"{page.count:,}",
            "is_one": page.count == 1,
            "results": [_result(match, parameters) for match in page.documents],
            "first": f"?{urlencode(parameters)}" if after is not None else "",
            "next": f"?{urlencode(parameters | {'after': page.after})}" if page.after else "",
            "by_term": [] if page.documents else [_term_alone(term, parameters, filters) for term in query.terms],
        }
    return TemplateResponse(request, "desk/text_search/text_search.html", context)


def _result(match: MatchingDocument, parameters: dict[str, str]) -> dict[str, Any]:
    document, places = match.document, match.places
    lines = [
        {
            "place": place,
            "address": passage_reading_url(document.pk, place.start, place.end),
            "is_quoted": place.start in match.quoted,
        }
        for place in places.shown
    ]
    return {
        "document": document,
        "address": document_reading_url(document.pk),
        "day": format_partial_date(document.published_on) if document.published_on else "",
        "lines": lines,
        "count": f"more than {MAX_COUNTED_PLACES:,}" if places.count >= MAX_COUNTED_PLACES else f"{places.count:,}",
        "is_one": places.count == 1,
        "further": places.count - len(lines),
        "all_lines": f"?{urlencode(parameters | {'document': document.pk})}" if "document" not in parameters else "",
    }


def _term_alone(term: TextTerm, parameters: dict[str, str], filters: dict[str, Any]) -> dict[str, Any]:
    """Return a term, how many documents have it, and the address that searches for it alone."""
    count = count_documents(filtered(matching_documents((term,)), filters))
    return {
        "typed": term.typed,
        "count": f"more than {MAX_COUNTED_DOCUMENTS:,}" if count > MAX_COUNTED_DOCUMENTS else f"{count:,}",
        "is_found": bool(count),
        "is_one": count == 1,
        "address": f"?{urlencode(parameters | {'q': term.typed})}",
    }
