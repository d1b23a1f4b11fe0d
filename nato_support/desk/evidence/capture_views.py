"""The evidence desk: a document read in the admin, passages captured from it, linked to facts, taken back.

The page is made on the server; what follows is small exchanges of JSON, each answered with the paragraphs that changed.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import F, Prefetch
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from unfold.decorators import action

from entities.models import Event, Person
from entities.numbers import count_up_to, parse_integer
from entities.refusals import Refused
from entities.untrusted import LARGEST, read_json, row_keys, whole_number
from entities.vocabulary import Fidelity, QuoteKind, Stance, SuggestionKind, SuggestionOutcome, Verification
from nato_support.desk.evidence.margin_rendering import MarginRenderer, candidate_as_dict, guess_as_dict
from nato_support.desk.records.name_lookup import entity_keys_matching, order_by_name_match
from sources import anchoring
from sources.capture import fact_candidates, open_suggestions, quote_operations, undo_steps
from sources.capture.annotated_text import TextBlock, TextSection, annotated_blocks, section_at
from sources.evidence.coverage import coverage_of_document
from sources.models import Citation, DeskStep, ReadMark, SourceDocument, SourceQuote, SuggestionDecision
from sources.suggestions.suggestion import Suggestion

MAX_JSON_BYTES = 1_000_000
_QUOTE_TEXT_FIELDS = ("kind", "fidelity", "attribution", "said_on")


def refuses_in_json(view: Callable) -> Callable:
    """A view of the desk whose refusals are answered as JSON: 409 with what to do."""

    @wraps(view)
    def wrapped(*args, **kwargs):
        try:
            return view(*args, **kwargs)
        except Refused as refusal:
            return JsonResponse({"errors": refusal.errors}, status=409)

    return wrapped


def json_endpoint(view: Callable) -> Callable:
    """A view that takes a JSON object by POST and gives one back; what is refused is 409 with what to do."""

    @wraps(view)
    @refuses_in_json
    def wrapped(self, request, object_id, *args, **kwargs):
        if request.method != "POST":
            return JsonResponse({"errors": {"": ["Send this by POST."]}}, status=405, headers={"Allow": "POST"})
        document = self.get_readable_document(request, object_id)
        if not self.may_capture(request):
            raise PermissionDenied
        try:
            given = read_json(request.body, longest=MAX_JSON_BYTES)
            if not isinstance(given, dict):
                raise ValueError("it is no object")
            return view(self, request, document, given, *args, **kwargs)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            return JsonResponse({"errors": {"": [f"The desk did not understand this: {error}"]}}, status=400)

    return wrapped


class CaptureViewsMixin:
    """The pages and exchanges of the desk, for the admin of documents."""

    opts: Any
    admin_site: Any

    def get_urls(self):
        def named(name):
            return f"sources_sourcedocument_{name}"

        def at(route, view, name):
            return path(f"<path:object_id>/{route}", self.admin_site.admin_view(view), name=named(name))

        return [
            at("read/", self.read_view, "read"),
            at("desk/suggestions/", self.suggestions_view, "suggestions"),
            at("desk/look/", self.inspect_selection_view, "look"),
            at("desk/persons/", self.persons_view, "persons"),
            at("desk/events/", self.events_view, "events"),
            at("desk/capture/", self.capture_view, "capture"),
            at("desk/decide/", self.decide_view, "decide"),
            at("desk/read-mark/", self.mark_read_view, "mark_read"),
            at("desk/undo/", self.undo_view, "undo"),
            at("desk/redo/", self.redo_view, "redo"),
            at("desk/quotes/<int:quote_id>/", self.quote_view, "quote"),
            at("desk/quotes/<int:quote_id>/link/", self.link_view, "link"),
            at("desk/quotes/<int:quote_id>/revise/", self.revise_view, "revise"),
            at("desk/quotes/<int:quote_id>/remove/", self.remove_view, "remove"),
            at("desk/citations/<int:citation_id>/unlink/", self.unlink_view, "unlink"),
            *super().get_urls(),
        ]

    # Who may

    def may_capture(self, request) -> bool:
        return request.user.has_perms(("sources.add_sourcequote", "sources.add_citation", "sources.change_sourcequote"))

    def get_readable_document(self, request, object_id, reading: bool = False) -> SourceDocument:
        document = self.get_object(request, unquote(str(object_id)))
        if document is None:
            raise Http404
        if not self.has_view_permission(request, document):
            raise PermissionDenied
        if not self.may_read_text(request, document):
            if not reading:
                raise PermissionDenied
            # The text is private to those who work on it; others read what is quoted of it.
            document.text = ""
        return document

    # The page

    @action(description="Read at the desk", url_path="desk", permissions=["view"], icon="menu_book")
    def to_desk(self, request, object_id):
        return redirect("admin:sources_sourcedocument_read", object_id)

    def read_view(self, request, object_id):
        document = self.get_readable_document(request, object_id, reading=True)
        at = _parse_offset(request.GET.get("at"))
        quotes = _document_quotes(document)
        if not document.text:
            section = TextSection(0, 1, 0, 0)
        else:
            wanted = next((q.start for q in quotes if str(q.pk) == request.GET.get("quote")), at)
            section = section_at(document.text, wanted)
        words = _search_words(request)[:2000]
        places = _find_passages(document, words) if words else []
        shown = MarginRenderer(quotes)
        context = {
            **self.admin_site.each_context(request),
            "title": document.title,
            "subtitle": None,
            "opts": self.opts,
            "document": document,
            "original": document,
            "section": section,
            "blocks": [shown.render_block(block, read) for block, read in _section_blocks(document, quotes, section)],
            "quotes": quotes,
            "failing": [quote for quote in quotes if quote.verification == Verification.FAILED],
            # Many articles begin with their headline: it is not printed twice.
            "headline_in_text": document.text.lstrip().startswith(document.title),
            "held": bool(document.text),
            "may_capture": bool(document.text) and self.may_capture(request),
            "words": words,
            "places": places,
            "near": anchoring.find_nearest(document.text, words) if words and not places and document.text else None,
            "coverage": coverage_of_document(document),
            "new_kinds": [(kind, kind.label) for kind in quote_operations.DRAFT_MODELS],
            "desk": self._script_state(request, document, section),
            "has_permission": True,
            "is_popup": False,
            # The text needs the width; the way back stands above it.
            "is_nav_sidebar_enabled": False,
            "is_fullwidth": "1",
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "desk/evidence/document_desk.html", context)

    def _script_state(self, request, document, section) -> dict[str, Any]:
        """What the scripts of the page start from."""

        def to(name, *args):
            return reverse(f"admin:sources_sourcedocument_{name}", args=[document.pk, *args])

        return {
            "document": document.pk,
            "held": bool(document.text),
            "mayCapture": bool(document.text) and self.may_capture(request),
            "mayUnlink": request.user.has_perm("sources.delete_citation"),
            "mayRemove": request.user.has_perm("sources.delete_sourcequote"),
            "section": {"start": section.start, "end": section.end},
            "publishedOn": document.published_on,
            "language": document.language,
            "kinds": [list(choice) for choice in QuoteKind.choices],
            "fidelities": [list(choice) for choice in Fidelity.choices],
            "stances": [list(choice) for choice in Stance.choices],
            "addresses": {
                **{name: to(name) for name in ("suggestions", "look", "persons", "events", "capture", "decide", "undo", "redo")},
                "markRead": to("mark_read"),
                "quote": to("quote", 0),
            },
            **_undo_redo_labels(request, document),
        }

    # What is looked up

    @refuses_in_json
    def suggestions_view(self, request, object_id):
        document = self.get_readable_document(request, object_id)
        section = section_at(document.text, _parse_offset(request.GET.get("at")))
        found = open_suggestions.open_suggestions_in_section(document, section)
        slugs = {one.proposal["speaker"] for one in found if one.kind == SuggestionKind.QUOTATION}
        names = dict(Person.objects.filter(slug__in=slugs).values_list("slug", "name"))
        shown = [one.as_dict() | {"speaker": names.get(one.proposal.get("speaker", ""), "")} for one in found]
        return JsonResponse({"suggestions": shown})

    @refuses_in_json
    def inspect_selection_view(self, request, object_id):
        """What is to be known of a selection: a guess of who said it and how, its quotes, the facts that it may support."""
        document = self.get_readable_document(request, object_id)
        start, end = _parse_offset(request.GET.get("start")), _parse_offset(request.GET.get("end"))
        if not document.text or not 0 <= start < end <= len(document.text):
            return JsonResponse({"errors": {"": ["The text has no such passage."]}}, status=400)
        near = open_suggestions.suggestions_near_passage(document, start, end)
        words = _search_words(request)[:200]
        offers = [
            candidate_as_dict(one)
            for one in fact_candidates.find_fact_candidates(
                document, start, end, near, open_suggestions.suggestions_around_offset(document, start), words
            )
        ]
        if words:
            return JsonResponse({"facts": offers})
        guess = open_suggestions.guess_quote_details(document, start, end)
        here = _document_quotes(document, start__lt=end, end__gt=start)
        shown = MarginRenderer(here)
        first, last = open_suggestions.expand_to_sentences(document, start, end)
        return JsonResponse(
            {
                "guess": guess_as_dict(guess),
                "persons": _likely_speakers(document, near),
                "quotes": [shown.quote(q) for q in here],
                "same": next((q.pk for q in here if (q.start, q.end) == (start, end)), None),
                "facts": offers,
                "sentence": [first, last],
                "elsewhere": anchoring.count_places(document.text, document.text[start:end]) - 1 if end - start < 2000 else 0,
            }
        )

    def persons_view(self, request, object_id):
        self.get_readable_document(request, object_id)
        return _name_search_response(Person, _search_words(request))

    def events_view(self, request, object_id):
        self.get_readable_document(request, object_id)
        return _name_search_response(Event, _search_words(request))

    @refuses_in_json
    def quote_view(self, request, object_id, quote_id):
        document = self.get_readable_document(request, object_id)
        quote = _get_document_quote(document, quote_id)
        return JsonResponse({"quote": MarginRenderer([quote]).quote(quote)})

    # What is done

    @json_endpoint
    def capture_view(self, request, document, given):
        start, end = _count(given["start"]), _count(given["end"])
        quote, _ = quote_operations.capture_quote(
            document,
            request.user,
            start=start,
            end=end,
            exact=str(given["exact"]),
            facts=_facts_from_request(given),
            suggestion=_open_suggestion(document, given) or open_suggestions.suggestion_corrected_by(document, start, end),
            **_quote_fields_from_request(given),
        )
        return self._changed_blocks_response(request, document, [(quote.start, quote.end)], quote=quote.pk)

    @json_endpoint
    def link_view(self, request, document, given, quote_id):
        quote = _get_document_quote(document, quote_id)
        quote_operations.link_quote(quote, request.user, _facts_from_request(given), _open_suggestion(document, given))
        return self._changed_blocks_response(request, document, [(quote.start, quote.end)], quote=quote.pk)

    @json_endpoint
    def revise_view(self, request, document, given, quote_id):
        quote = _get_document_quote(document, quote_id)
        before = (quote.start, quote.end)
        place: dict[str, Any] = {name: _count(given[name]) for name in ("start", "end") if given.get(name) is not None}
        what: dict[str, Any] = {"facts": _facts_from_request(given), "suggestion": _open_suggestion(document, given)}
        quote_operations.revise_quote(
            quote, request.user, version=_count(given["version"]), **place, **_quote_fields_from_request(given), **what
        )
        return self._changed_blocks_response(request, document, [before, (quote.start, quote.end)], quote=quote.pk)

    @json_endpoint
    def remove_view(self, request, document, given, quote_id):
        if not request.user.has_perm("sources.delete_sourcequote"):
            raise Refused("You may not delete quotes: ask an editor.")
        quote = _get_document_quote(document, quote_id)
        place = (quote.start, quote.end)
        quote_operations.remove_quote(quote, request.user, version=int(given["version"]), expected_citations=row_keys(given["cited"]))
        return self._changed_blocks_response(request, document, [place])

    @json_endpoint
    def unlink_view(self, request, document, given, citation_id):
        if not request.user.has_perm("sources.delete_citation"):
            raise Refused("You may not take facts away from quotes: ask an editor. What you linked yourself can be undone.")
        citation = Citation.objects.filter(pk=citation_id, quote__document=document).select_related("quote__document").first()
        if citation is None:
            raise Refused("This fact was unlinked already.")
        place = (citation.quote.start, citation.quote.end)
        quote_operations.unlink_citation(citation, request.user, expected=(str(given["value"]), str(given["stance"])))
        return self._changed_blocks_response(request, document, [place], quote=citation.quote_id)

    @json_endpoint
    def decide_view(self, request, document, given):
        """Accepts one suggestion as it is, or rejects several in one step."""
        at = _count(given.get("at", 0))
        found = open_suggestions.find_open_suggestions(document, map(str, given["keys"]), at)
        if not found:
            if SuggestionDecision.objects.filter(document=document, key__in=[str(key) for key in given["keys"]]).exists():
                raise Refused("This was decided already.")
            raise Refused(
                errors={"stale": ["The register knows more by now: the suggestions were read anew. Look at this one again."]}
            )
        if given["outcome"] == SuggestionOutcome.REJECTED:
            quote_operations.reject_suggestions(document, request.user, found)
            return self._changed_blocks_response(request, document, [])
        quote = _accept_suggestion(document, request.user, found[0], given)
        return self._changed_blocks_response(request, document, [(quote.start, quote.end)], quote=quote.pk)

    @json_endpoint
    def mark_read_view(self, request, document, given):
        start, end = _count(given["start"]), _count(given["end"])
        quote_operations.toggle_read_mark(document, request.user, start, end)
        return self._changed_blocks_response(request, document, [(start, end)])

    @json_endpoint
    def undo_view(self, request, document, given):
        step = undo_steps.undo_step(document, request.user)
        return self._changed_blocks_response(request, document, _step_ranges(step), said=f"Undone: {step.label}")

    @json_endpoint
    def redo_view(self, request, document, given):
        step = undo_steps.redo_step(document, request.user)
        return self._changed_blocks_response(request, document, _step_ranges(step), said=f"Done again: {step.label}")

    def _changed_blocks_response(self, request, document, places, *, quote=None, said="") -> JsonResponse:
        """What the page must show anew: the paragraphs that the places touch, and what can be taken back."""
        steps = _undo_redo_labels(request, document)
        quotes = _document_quotes(document)
        shown, margin = {}, MarginRenderer(quotes)
        for section in {section_at(document.text, start) for start, _ in places}:
            here = [(start, end) for start, end in places if start < section.end and end > section.start]
            for block, read in _section_blocks(document, quotes, section):
                if any(start < block.end and end > block.start for start, end in here):
                    shown[str(block.start)] = margin.render_block(block, read)
        answer = {"blocks": shown, "said": said or steps["undo"] or "", "quote": quote, **steps}
        answer["coverage"] = render_to_string(
            "desk/evidence/document_progress.html", {"coverage": coverage_of_document(document)}
        )
        if quote is not None:
            one = next((q for q in quotes if q.pk == quote), None)
            contested = [fact for fact in margin.quote(one)["facts"] if fact["contested"]] if one else []
            answer["contested"] = [{"name": f["name"], "field": f["field"], "address": f["settle"]} for f in contested]
        return JsonResponse(answer)


def _accept_suggestion(document: SourceDocument, by, suggestion: Suggestion, given: Mapping[str, Any]) -> SourceQuote:
    """The quote that comes of a suggestion accepted as it is. Refused if only a person can say what it is evidence for.

    Of a name that the register does not know a draft is made; `given` may say its kind and put its name right.
    """
    told = suggestion.proposal
    if suggestion.kind == SuggestionKind.NAME:
        kind = str(given.get("kind") or told["entity_kind"])
        if kind in quote_operations.DRAFT_MODELS and not by.has_perm(f"entities.add_{kind}"):
            raise Refused("You may not add records of this kind: ask an editor.")
        name = str(given.get("name") or told["name"]).strip()
        start, end = _passage_for_suggestion(document, suggestion)
        guess = open_suggestions.guess_quote_details(document, start, end)
        said = _quote_fields_from_guess(guess)
        quote, _ = quote_operations.add_draft_record(
            document, by, suggestion, kind=kind, name=name, start=start, end=end, quote_fields=said
        )
        return quote
    if suggestion.kind == SuggestionKind.QUOTATION:
        guess = open_suggestions.guess_quote_details(document, suggestion.start, suggestion.end)
        speaker = Person.objects.filter(slug=told["speaker"]).first() if told["speaker"] else None
        quote, _ = quote_operations.capture_quote(
            document,
            by,
            start=suggestion.start,
            end=suggestion.end,
            exact=suggestion.exact,
            suggestion=suggestion,
            kind=told["quote_kind"],
            fidelity=guess.fidelity,
            speaker=speaker,
            attribution=told["attribution"] or ("" if speaker else told["speaker_text"]),
            said_on=told["said_on"],
            occasion=Event.objects.filter(slug=told["occasion"]).first() if told["occasion"] else None,
        )
        return quote
    near = open_suggestions.suggestions_near_passage(document, suggestion.start, suggestion.end)
    fitting = [
        one
        for one in fact_candidates.find_fact_candidates(
            document,
            suggestion.start,
            suggestion.end,
            near,
            open_suggestions.suggestions_around_offset(document, suggestion.start),
        )
        if one.as_stated == suggestion.exact and one.value == one.current_value
    ]
    if suggestion.kind == SuggestionKind.MENTION:
        fitting = [one for one in fitting if one.field in ("name", "names")][:1]
    if len(fitting) != 1:
        raise Refused(errors={"fact": ["Say which fact this is evidence for."]})
    meant = fitting[0]
    fact = quote_operations.CitedFact(
        fact_candidates.find_target_record(meant.target), meant.field, meant.value, Stance.SUPPORTS, meant.as_stated
    )
    start, end = _passage_for_suggestion(document, suggestion)
    standing = document.quotes.filter(start=start, end=end).first()
    if standing:
        quote_operations.link_quote(standing, by, [fact], suggestion)
        return standing
    guess = open_suggestions.guess_quote_details(document, start, end)
    quote, _ = quote_operations.capture_quote(
        document,
        by,
        start=start,
        end=end,
        exact=document.text[start:end],
        facts=[fact],
        suggestion=suggestion,
        **_quote_fields_from_guess(guess),
    )
    return quote


def _passage_for_suggestion(document: SourceDocument, suggestion: Suggestion) -> tuple[int, int]:
    """The shortest quote that holds the words of a suggestion: what is quoted needs no second quote. Else its sentence."""
    holding = document.quotes.filter(start__lte=suggestion.start, end__gte=suggestion.end)
    standing = holding.order_by(F("end") - F("start")).first()
    return (
        (standing.start, standing.end)
        if standing
        else open_suggestions.expand_to_sentences(document, suggestion.start, suggestion.end)
    )


def _quote_fields_from_guess(guess: open_suggestions.QuoteGuess) -> dict[str, Any]:
    return {
        "kind": guess.kind,
        "fidelity": guess.fidelity,
        "speaker": Person.objects.filter(slug=guess.speaker).first() if guess.speaker else None,
        "attribution": guess.attribution,
        "said_on": guess.said_on,
    }


def _facts_from_request(given: Mapping[str, Any]) -> list[quote_operations.CitedFact]:
    found = given.get("facts", [])
    if len(found) > 50:
        raise Refused(errors={"facts": ["Link at most 50 facts at one time."]})
    return [_fact_from_request(one) for one in found]


def _fact_from_request(one: Mapping[str, Any]) -> quote_operations.CitedFact:
    return quote_operations.CitedFact(
        fact_candidates.find_target_record(str(one["target"])),
        str(one["field"]).strip(),
        str(one["value"]).strip(),
        str(one.get("stance") or Stance.SUPPORTS),
        str(one.get("as_stated") or "").strip(),
        str(one.get("note") or "").strip(),
    )


def _open_suggestion(document: SourceDocument, given: Mapping[str, Any]):
    """The suggestion that the form was opened from, if it was from one that is still open."""
    if not given.get("suggestion"):
        return None
    return next(iter(open_suggestions.find_open_suggestions(document, [str(given["suggestion"])], _count(given["start"]))), None)


def _quote_fields_from_request(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a quote: kind, fidelity, attribution and day as text, speaker and occasion by their keys."""
    said: dict[str, Any] = {name: str(given.get(name) or "").strip() for name in _QUOTE_TEXT_FIELDS}
    said["fidelity"] = said["fidelity"] or Fidelity.ORIGINAL
    for name, model in (("speaker", Person), ("occasion", Event)):
        key = given.get(name)
        number = whole_number(key) if key else None
        if key and number is None:
            raise ValueError(f"{name} is no key of a record")
        said[name] = model.objects.filter(pk=number).first() if key else None
        if key and said[name] is None:
            raise Refused(errors={name: ["This record is not in the register any more."]})
    return said


def _document_quotes(document: SourceDocument, **which: Any) -> list[SourceQuote]:
    """The quotes of a document, or `which` of them, with all that the margin shows of them, in order of place."""
    cited = Citation.objects.select_related("entity", "relation__type", "relation__subject", "relation__object")
    found = document.quotes.filter(**which).select_related("speaker", "occasion")
    return list(found.prefetch_related(Prefetch("citations", cited)).order_by("start", "-end"))


def _get_document_quote(document: SourceDocument, key: int) -> SourceQuote:
    found = next(iter(_document_quotes(document, pk=key)), None)
    if found is None:
        raise Refused("This quote is not there any more. Reload the page.")
    found.document = document
    return found


def _section_blocks(
    document: SourceDocument, quotes: Iterable[SourceQuote], section: TextSection
) -> list[tuple[TextBlock, bool]]:
    """The paragraphs of a section, each with whether it is marked as read."""
    read = set(ReadMark.objects.filter(document=document, text_sha256=document.sha256).values_list("start", flat=True))
    return [(block, block.start in read) for block in annotated_blocks(document, list(quotes), section)]


def _undo_redo_labels(request, document) -> dict[str, str | None]:
    mine = DeskStep.objects.filter(document=document, taken_by=request.user)
    last = mine.filter(undone=False).first()
    following = mine.filter(undone=True).order_by("pk").first()
    return {"undo": last.label if last else None, "redo": following.label if following else None}


def _step_ranges(step: DeskStep) -> list[tuple[int, int]]:
    """The places of the text that a step was about."""
    places, quotes = [], set()
    for change in step.changes:
        for values in (change["before"], change["after"]):
            if values and "start" in values and "end" in values:
                places.append((values["start"], values["end"]))
            if change["model"] == "sources.citation" and values and values.get("quote_id"):
                quotes.add(values["quote_id"])
        if change["model"] == "sources.sourcequote":
            quotes.add(change["pk"])
    return [*places, *SourceQuote.objects.filter(pk__in=quotes).values_list("start", "end")]


def _likely_speakers(document: SourceDocument, near) -> list[dict[str, Any]]:
    """Who may have said it: those named nearby, then those whom the document quotes already."""
    slugs = [one.proposal["speaker"] for one in near if one.kind == SuggestionKind.QUOTATION]
    slugs += [one.proposal["entity"] for one in near if one.kind == SuggestionKind.MENTION]
    named = {person.slug: person for person in Person.objects.filter(slug__in=slugs)}
    quoted = Person.objects.filter(quotes__document=document).distinct().order_by("name")[:20]
    ordered = [*(named[slug] for slug in dict.fromkeys(slugs) if slug in named), *quoted]
    return [{"pk": person.pk, "name": person.name, "slug": person.slug} for person in dict.fromkeys(ordered)][:9]


def _name_search_response(model: type[Person] | type[Event], words: str) -> JsonResponse:
    found = model.objects.all()
    words = words[:200]
    for word in words.split():
        found = found.filter(pk__in=entity_keys_matching(word))
    rows = order_by_name_match(found, words)[:9] if words else []
    return JsonResponse({"results": [{"pk": row.pk, "name": row.name, "slug": row.slug} for row in rows]})


def _find_passages(document: SourceDocument, words: str) -> list[anchoring.Passage]:
    return anchoring.find(document.text, words, limit=50) if document.text else []


def _search_words(request) -> str:
    """The words that are looked for; no database can be asked for a NUL."""
    return request.GET.get("words", "").replace("\0", "").strip()


def _parse_offset(given: str | None) -> int:
    return whole_number(given) or 0


def _count(given: Any) -> int:
    """Read an offset or a version that a page sends; an offset beyond every text is as good as any. ValueError if it is none."""
    text = str(given)
    return (
        parse_integer(text, LARGEST)
        if len(text) <= len(str(LARGEST))
        else count_up_to(text, LARGEST) or parse_integer(text, LARGEST)
    )
