"""Views of the document desk, where an editor reads a document, captures quotes and links them to facts.

The server renders the page. Its scripts then send and receive JSON; each change is answered with the paragraphs it changed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from unfold.decorators import action

from entities.formatting import format_partial_date
from entities.models import Event, Person
from entities.numbers import integer_or_none, parse_integer, row_keys
from entities.refusals import Refused
from entities.untrusted_json import read_json
from entities.vocabulary import Fidelity, Kind, Polarity, QuoteKind, SuggestionKind, SuggestionOutcome, Verification
from nato_support.desk.evidence.capture_requests import (
    facts_from_request,
    naming_ranges,
    new_records_from_request,
    quote_fields_from_request,
    search_words_from_request,
    suggestion_from_request,
)
from nato_support.desk.evidence.document_desk_queries import (
    MAX_NAME_CHARACTERS,
    document_quotes,
    find_names,
    find_passages_in_document,
    find_records,
    get_document_quote,
    likely_speakers,
    requested_section,
    section_blocks,
    step_ranges,
    suggestion_as_dict,
    suggestion_languages,
    undo_redo_labels,
)
from nato_support.desk.evidence.new_record_proposals import kinds_to_add, passage_in_document, proposals_as_dicts
from nato_support.desk.evidence.paragraph_and_margin_rendering import MarginRenderer, candidates_as_dicts, guess_as_dict
from nato_support.desk.evidence.quotation_display import quotation_context
from nato_support.desk.evidence.suggestion_acceptance import accept_suggestion
from nato_support.desk.evidence.value_inputs import value_inputs
from nato_support.desk.review.record_tokens_and_review_urls import work_page_url
from nato_support.publishing.models.comments import LONGEST_COMMENT
from nato_support.publishing.review import permissions
from nato_support.publishing.review.document_work import unsent_work_on
from nato_support.publishing.teamwork.comment_threads import comment_on_passage, open_threads_in_document
from sources import anchoring
from sources.capture import capture_operations, document_suggestions, fact_candidates, undo_steps
from sources.capture.annotated_text import section_at
from sources.capture.record_proposals import names_of_unknown_kind
from sources.evidence.document_progress import progress_on_document
from sources.models import Citation, SourceDocument, SuggestionDecision
from sources.suggestions.languages import reading_language

MAX_JSON_BYTES = 1_000_000
MAX_SEARCH_CHARACTERS = 2000


def refuses_in_json(view: Callable) -> Callable:
    """Decorate a view of the desk: Refused is answered with status 409 and {"errors": {field: [sentences]}}."""

    @wraps(view)
    def call_view(*args, **kwargs):
        try:
            return view(*args, **kwargs)
        except Refused as refusal:
            return JsonResponse({"errors": refusal.errors}, status=409)

    return call_view


def json_endpoint(view: Callable) -> Callable:
    """Decorate a view that takes a JSON object by POST and answers with one; its arguments are document and object."""

    @wraps(view)
    @refuses_in_json
    def call_with_payload(self, request, object_id, *args, **kwargs):
        if request.method != "POST":
            return JsonResponse({"errors": {"": ["Send this by POST."]}}, status=405, headers={"Allow": "POST"})
        document = self.get_readable_document(request, object_id)
        if not self.may_capture(request):
            raise PermissionDenied
        try:
            payload = read_json(request.body, longest=MAX_JSON_BYTES)
            if not isinstance(payload, dict):
                raise ValueError("it is not an object")
            return view(self, request, document, payload, *args, **kwargs)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            return JsonResponse({"errors": {"": [f"The server could not read this request: {error}"]}}, status=400)

    return call_with_payload


class CaptureViewsMixin:
    """Desk page and JSON endpoints for the admin of documents."""

    opts: Any
    admin_site: Any

    def get_urls(self):
        def desk_route(route, view, name):
            address = f"<path:object_id>/{route}"
            return path(address, self.admin_site.admin_view(view), name=f"sources_sourcedocument_{name}")

        return [
            desk_route("read/", self.read_view, "read"),
            desk_route("desk/suggestions/", self.section_suggestions_view, "suggestions"),
            desk_route("desk/look/", self.inspect_selection_view, "look"),
            desk_route("desk/persons/", self.search_persons_view, "persons"),
            desk_route("desk/events/", self.search_events_view, "events"),
            desk_route("desk/records/", self.search_records_view, "records"),
            desk_route("desk/capture/", self.capture_view, "capture"),
            desk_route("desk/decide/", self.decide_suggestions_view, "decide"),
            desk_route("desk/read-mark/", self.mark_read_view, "mark_read"),
            desk_route("desk/comment/", self.comment_view, "comment"),
            desk_route("desk/undo/", self.undo_view, "undo"),
            desk_route("desk/redo/", self.redo_view, "redo"),
            desk_route("desk/quotes/<int:quote_id>/", self.quote_view, "quote"),
            desk_route("desk/quotes/<int:quote_id>/link/", self.link_view, "link"),
            desk_route("desk/quotes/<int:quote_id>/revise/", self.revise_view, "revise"),
            desk_route("desk/quotes/<int:quote_id>/remove/", self.remove_view, "remove"),
            desk_route("desk/citations/<int:citation_id>/unlink/", self.unlink_view, "unlink"),
            *super().get_urls(),
        ]

    # Permissions

    def may_capture(self, request) -> bool:
        return request.user.has_perms(("sources.add_sourcequote", "sources.add_citation", "sources.change_sourcequote"))

    def get_readable_document(self, request, object_id, allow_without_text: bool = False) -> SourceDocument:
        """Return the document of the address.

        Users who may not read its text get PermissionDenied or, with `allow_without_text`, the document without its text.
        """
        document = self.get_object(request, unquote(str(object_id)))
        if document is None:
            raise Http404
        if not self.has_view_permission(request, document):
            raise PermissionDenied
        if not self.may_read_text(request, document):
            if not allow_without_text:
                raise PermissionDenied
            document.text = ""
        return document

    # The page

    @action(description="Read at the desk", url_path="desk", permissions=["view"], icon="menu_book")
    def to_desk(self, request, object_id):
        return redirect("admin:sources_sourcedocument_read", object_id)

    def read_view(self, request, object_id):
        """Show one section of a document with its quotes in the margin."""
        document = self.get_readable_document(request, object_id, allow_without_text=True)
        quotes = document_quotes(document)
        section = requested_section(request, document, quotes)
        words = search_words_from_request(request)[:MAX_SEARCH_CHARACTERS]
        places = find_passages_in_document(document, words) if words else []
        threads = open_threads_in_document(document, request.user)
        margin = MarginRenderer(quotes, threads)
        context = {
            **self.admin_site.each_context(request),
            "title": document.title,
            "subtitle": None,
            "opts": self.opts,
            "document": document,
            "original": document,
            "section": section,
            "blocks": [margin.render_block(block, is_read) for block, is_read in section_blocks(document, quotes, section)],
            "quotes": quotes,
            "failing": [quote for quote in quotes if quote.verification == Verification.FAILED],
            # Many articles begin with their headline, which is then not shown twice.
            "headline_in_text": document.text.lstrip().startswith(document.title),
            "has_text": bool(document.text),
            "may_capture": bool(document.text) and self.may_capture(request),
            "comment_count": len(threads),
            "longest_comment": LONGEST_COMMENT,
            "words": words,
            "places": places,
            "nearest": anchoring.find_nearest(document.text, words) if words and not places and document.text else None,
            "coverage": progress_on_document(document),
            **quotation_context(document),
            "unsent": self._unsent_count(request, document),
            "send_page": work_page_url(document),
            "new_kinds": [(kind, kind.label) for kind in capture_operations.NAMED_KINDS],
            "languages": suggestion_languages(document),
            "desk": self._script_state(request, document, section),
            "has_permission": True,
            "is_popup": False,
            # The text needs the width; breadcrumbs above it lead back.
            "is_nav_sidebar_enabled": False,
            "is_fullwidth": "1",
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "desk/evidence/document_desk.html", context)

    def _unsent_count(self, request, document) -> int:
        """Return the number of records of the work on a document that wait to be sent; 0 for those who may not send any."""
        may_send = request.user.has_perm("publishing.submit") or permissions.may_publish_records(request.user)
        return len(unsent_work_on(document)) if may_send else 0

    def _script_state(self, request, document, section) -> dict[str, Any]:
        """Return the state with which the scripts of the page start."""

        def desk_url(name, *args):
            return reverse(f"admin:sources_sourcedocument_{name}", args=[document.pk, *args])

        endpoints = ("suggestions", "look", "persons", "events", "records", "capture", "decide", "comment", "undo", "redo")
        return {
            "document": document.pk,
            "mayCapture": bool(document.text) and self.may_capture(request),
            "mayUnlink": request.user.has_perm("sources.delete_citation"),
            "mayRemove": request.user.has_perm("sources.delete_sourcequote"),
            "section": {"start": section.start, "end": section.end},
            "publishedOn": format_partial_date(document.published_on),
            "languageIsRead": bool(reading_language(document.language)),
            "kinds": [list(choice) for choice in QuoteKind.choices],
            "fidelities": [list(choice) for choice in Fidelity.choices],
            "polarities": [list(choice) for choice in Polarity.choices],
            "inputs": value_inputs(),
            "newKinds": kinds_to_add(request.user),
            "addresses": {
                **{name: desk_url(name) for name in endpoints},
                "markRead": desk_url("mark_read"),
                "quote": desk_url("quote", 0),
            },
            **undo_redo_labels(document, request.user),
        }

    # Look-ups

    @refuses_in_json
    def section_suggestions_view(self, request, object_id):
        """List the open suggestions of a section."""
        document = self.get_readable_document(request, object_id)
        section = section_at(document.text, integer_or_none(request.GET.get("at")) or 0)
        suggestions = document_suggestions.open_suggestions_in_section(document, section)
        slugs = {suggestion.proposal["speaker"] for suggestion in suggestions if suggestion.kind == SuggestionKind.QUOTATION}
        names = dict(Person.objects.filter(slug__in=slugs).values_list("slug", "name"))
        return JsonResponse(
            {
                "suggestions": [
                    suggestion_as_dict(suggestion, names.get(suggestion.proposal.get("speaker", ""), ""))
                    for suggestion in suggestions
                ]
            }
        )

    @refuses_in_json
    def inspect_selection_view(self, request, object_id):
        """Describe a selection: guessed details, its quotes and candidate facts; with `words`, facts that match them."""
        document = self.get_readable_document(request, object_id)
        start, end = integer_or_none(request.GET.get("start")) or 0, integer_or_none(request.GET.get("end")) or 0
        if not document.text or not 0 <= start < end <= len(document.text):
            return JsonResponse({"errors": {"": ["The text has no such passage."]}}, status=400)
        nearby = document_suggestions.suggestions_around_offset(document, start)
        suggestions = document_suggestions.suggestions_near_passage(document, start, end, nearby)
        words = search_words_from_request(request)[:MAX_NAME_CHARACTERS]
        candidates = fact_candidates.find_fact_candidates(document, start, end, suggestions, nearby, words)
        facts = candidates_as_dicts(candidates)
        if words:
            return JsonResponse({"facts": facts})
        guess = document_suggestions.guess_quote_details(document, start, end)
        passage = passage_in_document(document, start, end, suggestions)
        quotes = document_quotes(document, start__lt=end, end__gt=start)
        margin = MarginRenderer(quotes)
        return JsonResponse(
            {
                "guess": guess_as_dict(guess, request.user),
                "persons": likely_speakers(document, suggestions, guess.speaker),
                "quotes": [margin.quote_as_dict(quote) for quote in quotes],
                "same": next((quote.pk for quote in quotes if (quote.start, quote.end) == (start, end)), None),
                "facts": facts,
                "records": proposals_as_dicts(passage, request.user),
                "unknownNames": names_of_unknown_kind(passage),
                "sentence": list(document_suggestions.expand_to_sentences(document, start, end)),
                "elsewhere": anchoring.count_places(document.text, document.text[start:end]) - 1 if end - start < 2000 else 0,
            }
        )

    def search_persons_view(self, request, object_id):
        """Find persons by name."""
        self.get_readable_document(request, object_id)
        return JsonResponse({"results": find_names(Person, search_words_from_request(request))})

    def search_events_view(self, request, object_id):
        """Find events by name."""
        self.get_readable_document(request, object_id)
        return JsonResponse({"results": find_names(Event, search_words_from_request(request))})

    def search_records_view(self, request, object_id):
        """Find records of some kinds by name: `kinds` joined by commas, all if it is empty."""
        self.get_readable_document(request, object_id)
        kinds = [kind for kind in request.GET.get("kinds", "").split(",") if kind in Kind.values]
        return JsonResponse({"results": find_records(kinds or list(Kind.values), search_words_from_request(request))})

    @refuses_in_json
    def quote_view(self, request, object_id, quote_id):
        """Describe one quote."""
        document = self.get_readable_document(request, object_id)
        quote = get_document_quote(document, quote_id)
        return JsonResponse({"quote": MarginRenderer([quote]).quote_as_dict(quote)})

    # Changes

    @json_endpoint
    def capture_view(self, request, document, payload):
        """Capture a passage as a quote."""
        start, end = parse_integer(payload["start"]), parse_integer(payload["end"])
        suggestion = suggestion_from_request(document, payload)
        new_records = new_records_from_request(document, request.user, payload)
        quote, _ = capture_operations.capture_quote(
            document,
            request.user,
            start=start,
            end=end,
            exact=str(payload["exact"]),
            facts=facts_from_request(request.user, payload),
            new_records=new_records,
            suggestion=suggestion or document_suggestions.suggestion_corrected_by(document, start, end),
            **quote_fields_from_request(payload),
        )
        ranges = [(quote.start, quote.end), *naming_ranges(new_records)]
        return self._changed_blocks_response(request, document, ranges, quote_pk=quote.pk)

    @json_endpoint
    def link_view(self, request, document, payload, quote_id):
        """Link a quote to more facts."""
        quote = get_document_quote(document, quote_id)
        suggestion = suggestion_from_request(document, payload)
        facts, new_records = facts_from_request(request.user, payload), new_records_from_request(document, request.user, payload)
        capture_operations.link_quote(quote, request.user, facts, suggestion, new_records)
        ranges = [(quote.start, quote.end), *naming_ranges(new_records)]
        return self._changed_blocks_response(request, document, ranges, quote_pk=quote.pk)

    @json_endpoint
    def revise_view(self, request, document, payload, quote_id):
        """Change details or place of a quote, and link it to more facts."""
        quote = get_document_quote(document, quote_id)
        previous_range = (quote.start, quote.end)
        new_range: dict[str, Any] = {
            name: parse_integer(payload[name]) for name in ("start", "end") if payload.get(name) is not None
        }
        new_records = new_records_from_request(document, request.user, payload)
        capture_operations.revise_quote(
            quote,
            request.user,
            version=parse_integer(payload["version"]),
            facts=facts_from_request(request.user, payload),
            new_records=new_records,
            suggestion=suggestion_from_request(document, payload),
            **new_range,
            **quote_fields_from_request(payload),
        )
        ranges = [previous_range, (quote.start, quote.end), *naming_ranges(new_records)]
        return self._changed_blocks_response(request, document, ranges, quote_pk=quote.pk)

    @json_endpoint
    def remove_view(self, request, document, payload, quote_id):
        """Remove a quote that was never public, with the citations that the page showed."""
        if not request.user.has_perm("sources.delete_sourcequote"):
            raise Refused("You may not delete quotes: ask an editor.")
        quote = get_document_quote(document, quote_id)
        text_range = (quote.start, quote.end)
        version, citation_pks = parse_integer(payload["version"]), row_keys(payload["cited"])
        capture_operations.remove_quote(quote, request.user, version=version, expected_citations=citation_pks)
        return self._changed_blocks_response(request, document, [text_range])

    @json_endpoint
    def unlink_view(self, request, document, payload, citation_id):
        """Delete one citation of a quote."""
        if not request.user.has_perm("sources.delete_citation"):
            raise Refused("You may not unlink facts: ask an editor. You can undo your own links.")
        citations = Citation.objects.filter(pk=citation_id, quote__document=document)
        citation = citations.select_related("quote__document").first()
        if citation is None:
            raise Refused("This fact was unlinked already.")
        text_range = (citation.quote.start, citation.quote.end)
        expected = str(payload["value"]), str(payload["polarity"])
        capture_operations.remove_citation(citation, request.user, expected=expected)
        return self._changed_blocks_response(request, document, [text_range], quote_pk=citation.quote_id)

    @json_endpoint
    def decide_suggestions_view(self, request, document, payload):
        """Accept one suggestion as it is, or reject several in one step."""
        keys = [str(key) for key in payload["keys"]]
        suggestions = document_suggestions.find_open_suggestions(document, keys, parse_integer(payload.get("at", 0)))
        if not suggestions:
            if SuggestionDecision.objects.filter(document=document, key__in=keys).exists():
                raise Refused("This suggestion was decided already.")
            raise Refused(errors={"stale": ["The register has changed, and the suggestions were updated. Check this one again."]})
        if payload["outcome"] == SuggestionOutcome.REJECTED:
            capture_operations.reject_suggestions(document, request.user, suggestions)
            return self._changed_blocks_response(request, document, [])
        quote = accept_suggestion(document, request.user, suggestions[0], payload)
        return self._changed_blocks_response(request, document, [(quote.start, quote.end)], quote_pk=quote.pk)

    @json_endpoint
    def mark_read_view(self, request, document, payload):
        """Mark a paragraph as read, or remove the mark."""
        start, end = parse_integer(payload["start"]), parse_integer(payload["end"])
        capture_operations.toggle_read_mark(document, request.user, start, end)
        return self._changed_blocks_response(request, document, [(start, end)])

    @json_endpoint
    def undo_view(self, request, document, payload):
        """Undo the user's last step on this document."""
        step = undo_steps.undo_step(document, request.user)
        return self._changed_blocks_response(request, document, step_ranges(step), message=f"Undone: {step.label}")

    @json_endpoint
    def redo_view(self, request, document, payload):
        """Redo the step that the user undid last."""
        step = undo_steps.redo_step(document, request.user)
        return self._changed_blocks_response(request, document, step_ranges(step), message=f"Redone: {step.label}")

    @json_endpoint
    def comment_view(self, request, document, payload):
        """Save a comment on a passage."""
        start, end = parse_integer(payload["start"]), parse_integer(payload["end"])
        if document.text[start:end] != payload["exact"]:
            raise Refused("The text was replaced since you opened it: reload the page and select the words again.")
        comment_on_passage(document, str(payload["text"]), by=request.user, start=start, end=end)
        return self._changed_blocks_response(request, document, [(start, end)], message="The comment was saved.")

    def _changed_blocks_response(
        self, request, document, ranges: list[tuple[int, int]], *, quote_pk: int | None = None, message: str = ""
    ) -> JsonResponse:
        """Answer with the paragraphs that `ranges` touch, the progress, what can be undone and which facts are contested."""
        labels = undo_redo_labels(document, request.user)
        quotes = document_quotes(document)
        html_by_start, margin = {}, MarginRenderer(quotes, open_threads_in_document(document, request.user))
        for section in {section_at(document.text, start) for start, _ in ranges}:
            section_ranges = [(start, end) for start, end in ranges if start < section.end and end > section.start]
            for block, is_read in section_blocks(document, quotes, section):
                if any(start < block.end and end > block.start for start, end in section_ranges):
                    html_by_start[str(block.start)] = margin.render_block(block, is_read)
        progress_context = {"coverage": progress_on_document(document)} | quotation_context(document)
        progress = render_to_string("desk/evidence/document_progress.html", progress_context)
        answer = {
            "blocks": html_by_start,
            "message": message or labels["undo"] or "",
            "quote": quote_pk,
            "coverage": progress,
            "quotes": len(quotes),
            "unsent": self._unsent_count(request, document),
            **labels,
        }
        if quote_pk is not None:
            changed = [margin.quote_as_dict(quote) for quote in quotes if quote.pk == quote_pk]
            answer["contested"] = [
                {"name": fact["name"], "field": fact["fieldLabel"], "address": fact["resolve"]}
                for quote in changed
                for fact in quote["facts"]
                if fact["contested"]
            ]
        return JsonResponse(answer)
