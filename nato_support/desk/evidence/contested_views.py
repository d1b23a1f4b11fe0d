"""The queue of contested fields, and the page where the statements of one field stand side by side to be resolved."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.db.models.functions import Greatest, Substr
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from entities.field_values import record_field_values
from entities.models import Entity, Relation
from entities.refusals import Stale
from entities.vocabulary import Kind, Stance, Verdict
from nato_support.desk.evidence.page_urls import contested_field_url, quote_reading_url, target_page_url
from nato_support.desk.records.name_lookup import entity_keys_matching
from sources.evidence.contested_fields import ContestedField, find_contested_fields
from sources.evidence.origins import group_by_origin
from sources.evidence.resolution_operations import resolve_field, undo_last_resolution_change
from sources.evidence.statement_differences import DifferenceKind, StatementDifference, classify_differences, compare_aspects
from sources.evidence.statements import ContestState, FieldEvidence, FieldKey, fetch_evidence, field_key_of
from sources.models import Citation, Resolution, SourceQuote
from sources.models.citation import statement_text

CONTESTED_PAGE_SIZE = 25
MAX_COMPARED_FIELDS = 500
"""So many fields, the newest first, are looked through for one kind of difference."""

SURROUNDING_CHARACTERS = 300
"""So many characters of a paragraph are shown on each side of a quote."""

VERDICT_HINTS = {
    Verdict.COMPATIBLE_PRECISION: "“around 700” and “nearly 700”: one says it more precisely",
    Verdict.CHANGED_OVER_TIME: "31 members, then 32: each was true of its time",
    Verdict.TRANSLATION_ARTEFACT: "only a translation made it look like something else",
    Verdict.DIFFERENT_SCOPE: "a part and a total, euros and dollars: keep both",
    Verdict.SOURCE_ERROR: "a slip that the other sources show",
    Verdict.DISPUTED: "it cannot be decided: both stay side by side, and the field stays contested",
}


def contested_urls(site: admin.AdminSite) -> list:
    """The addresses of these pages, for the admin of resolutions."""
    one = "contested/<str:sort>/<int:pk>/<str:name>/"
    return [
        path("contested/", site.admin_view(contested_queue_view), name="sources_contested"),
        path(one, site.admin_view(contested_field_view), name="sources_contested_field"),
        path(f"{one}take-back/", site.admin_view(undo_verdict_view), name="sources_contested_take_back"),
    ]


# The queue


class ContestedQueueForm(forms.Form):
    """What narrows the queue; what makes no sense is taken for nothing."""

    state = forms.ChoiceField(choices=[*ContestState.choices, ("all", "all")], required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="Words", required=False, max_length=200)
    kind = forms.ChoiceField(label="Record", required=False, choices=[("", "any kind"), *Kind.choices, ("relation", "relation")])
    difference = forms.ChoiceField(label="Difference", required=False, choices=[("", "of any kind"), *DifferenceKind.choices])


@dataclass(slots=True)
class ContestedQueue:
    """The contested fields that a request asks for, in their order, and how many there are in each state."""

    form: ContestedQueueForm
    asked: dict[str, str]
    counts: dict[str, int]
    fields: list[ContestedField]
    evidence: dict[FieldKey, FieldEvidence] = field(default_factory=dict)

    @property
    def state(self) -> str:
        return self.asked.get("state") or ContestState.OPEN

    @property
    def cut(self) -> bool:
        """Whether there are more than were looked through for the kind of difference."""
        return bool(self.asked.get("difference")) and self.counts[self.state] > MAX_COMPARED_FIELDS

    def query(self, **changes: str) -> str:
        """The query string of this queue, with `changes`."""
        asked = {name: value for name, value in (self.asked | changes).items() if value}
        return f"?{urlencode(asked)}" if asked else ""

    def neighbours_of(self, place: FieldKey) -> tuple[FieldKey | None, FieldKey | None, int]:
        """The fields before and after `place`, and its number; of one that is not in the queue (0) the first comes after."""
        places = [one.key for one in self.fields]
        if place not in places:
            return None, next(iter(places), None), 0
        at = places.index(place)
        return (places[at - 1] if at else None), (places[at + 1] if at + 1 < len(places) else None), at + 1

    @property
    def page(self) -> str:
        return reverse("admin:sources_contested") + self.query()

    def next_page_url(self, place: FieldKey) -> str:
        """Where to go on once `place` is done: the next field, from the last one the first again, else the queue."""
        after = self.neighbours_of(place)[1] or next((one.key for one in self.fields if one.key != place), None)
        return contested_field_url(after) + self.query() if after else self.page


def contested_queue_for(request) -> ContestedQueue:
    form = ContestedQueueForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    every = find_contested_fields(_contested_condition(asked.get("kind", ""), asked.get("q", "")))
    counts = {state.value: sum(one.state == state for one in every) for state in ContestState} | {"all": len(every)}
    queue = ContestedQueue(form, asked, counts, every)
    if queue.state != "all":
        queue.fields = [one for one in every if one.state == queue.state]
    if sort := asked.get("difference"):
        looked_through = queue.fields[:MAX_COMPARED_FIELDS]
        queue.evidence = fetch_evidence(one.key for one in looked_through)
        queue.fields = [one for one in looked_through if _main_difference(queue.evidence[one.key]).kind == sort]
    return queue


def _contested_condition(kind: str, words: str) -> Q:
    about = Q(relation__isnull=False) if kind == "relation" else Q(entity__kind=kind) if kind else Q()
    for word in words.split():
        ends = Q(relation__subject__in=entity_keys_matching(word)) | Q(relation__object__in=entity_keys_matching(word))
        about &= Q(field__icontains=word) | Q(entity__in=entity_keys_matching(word)) | ends
    return about


def _main_difference(evidence: FieldEvidence) -> StatementDifference:
    return classify_differences(evidence.field, evidence.citations)[0]


def contested_queue_view(request):
    _require_view_contested(request)
    queue = contested_queue_for(request)
    page = Paginator(queue.fields, CONTESTED_PAGE_SIZE).get_page(request.GET.get("p"))
    evidence = queue.evidence or fetch_evidence(one.key for one in page)
    rows = [
        {
            "state": one.state,
            "field": one.key.field,
            "page": contested_field_url(one.key) + queue.query(),
            "target": evidence[one.key].citations[0].target,
            "statements": evidence[one.key].statements,
            "citations": one.citations,
            "difference": _main_difference(evidence[one.key]),
            "newest": max(filter(None, map(_citation_date, evidence[one.key].citations)), default=""),
        }
        for one in page
        if evidence[one.key].citations
    ]
    context = _contested_page_context(request, "Contested facts") | {
        "queue": queue,
        "tabs": [
            {"label": label, "count": queue.counts[value], "page": queue.query(state=value), "current": value == queue.state}
            for value, label in [*ContestState.choices, ("all", "all")]
        ],
        "rows": rows,
        "page": page,
        "earlier": queue.query(p=str(page.previous_page_number())) if page.has_previous() else "",
        "later": queue.query(p=str(page.next_page_number())) if page.has_next() else "",
        "looked_through": MAX_COMPARED_FIELDS,
    }
    return TemplateResponse(request, "desk/evidence/contested_queue.html", context)


def _citation_date(citation: Citation) -> str:
    return citation.quote.said_on or citation.quote.document.published_on


# One field


class VerdictForm(forms.ModelForm):
    """A verdict with its reason; `offered` comes first and is never chosen beforehand. `seen` is what was judged."""

    seen = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Resolution
        fields = ("verdict", "reason")

    def __init__(self, *args, offered: Verdict | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.order = sorted(Verdict, key=lambda verdict: verdict != offered)
        self.offered = offered

    @property
    def choices(self) -> list[dict]:
        """The verdicts as they are shown, each with its key."""
        chosen = self["verdict"].value()
        return [
            {
                "value": verdict.value,
                "label": verdict.label,
                "hint": VERDICT_HINTS[verdict],
                "key": number,
                "offered": verdict == self.offered,
                "chosen": verdict == chosen,
            }
            for number, verdict in enumerate(self.order, start=1)
        ]


def contested_field_view(request, sort, pk, name):
    _require_view_contested(request)
    target, place, evidence = _get_contested_field(sort, pk, name)
    queue = contested_queue_for(request)
    may_resolve = request.user.has_perms(("sources.add_resolution", "sources.change_resolution"))
    differences = classify_differences(name, evidence.citations)
    offered = differences[0].kind.verdict if differences else None
    status = 200
    if request.method == "POST":
        if not may_resolve:
            raise PermissionDenied
        given = request.POST.copy()
        form = VerdictForm(given, offered=offered)
        if form.is_valid() and _record_verdict(request, form, target, name):
            return HttpResponseRedirect(queue.next_page_url(place))
        status = 409
        # What was typed stays; what is judged from now on is what stands there now.
        given["seen"] = evidence.version
    else:
        form = VerdictForm(initial={"seen": evidence.version}, offered=offered)
    before, after, number = queue.neighbours_of(place)
    context = _contested_page_context(request, f"{target}: {name}") | {
        "target": target,
        "target_page": target_page_url(target),
        "field": name,
        "evidence": evidence,
        "differences": differences,
        "held": [value for held, value in record_field_values([target])[target] if held == name],
        "columns": _statement_columns(request, evidence),
        "aspects": compare_aspects(name, evidence.citations),
        "origins": len(group_by_origin(evidence.citations)),
        "resolutions": _resolution_rows(request, evidence),
        "form": form,
        "may_resolve": may_resolve and evidence.differs,
        "queue_page": queue.page,
        "before": contested_field_url(before) + queue.query() if before else "",
        "after": contested_field_url(after) + queue.query() if after else "",
        "number": number,
        "of": len(queue.fields),
        "take_back_page": reverse("admin:sources_contested_take_back", args=[sort, pk, name]) + queue.query(),
    }
    return TemplateResponse(request, "desk/evidence/contested_field.html", context, status=status)


def _record_verdict(request, form: VerdictForm, target, name: str) -> bool:
    """Records the verdict of `form`; where it is refused, the form says why."""
    try:
        given = form.cleaned_data
        made = resolve_field(
            target, name, verdict=given["verdict"], reason=given["reason"], user=request.user, seen_version=given["seen"]
        )
    except Stale as moved:
        form.add_error(None, str(moved))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    else:
        page = contested_field_url(field_key_of(target, name))
        told = '{} of {}: {}. <a class="underline" href="{}#verdicts">Look at it or take it back</a>'
        messages.success(request, format_html(told, name, target, made.get_verdict_display(), page))
        return True
    return False


def undo_verdict_view(request, sort, pk, name):
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    _require_view_contested(request)
    target, place, evidence = _get_contested_field(sort, pk, name)
    newest = evidence.resolutions[-1] if evidence.resolutions else None
    if newest is None or str(newest.pk) != request.POST.get("resolution"):
        messages.error(request, "That verdict is no longer the newest of this field.")
    elif not _may_undo_verdict(request, newest):
        raise PermissionDenied
    elif evidence.version != request.POST.get("seen"):
        messages.error(request, "Since you saw this page somebody cited or decided something here. Look at it again.")
    else:
        try:
            undo_last_resolution_change(newest, request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"The last verdict on {name} of {target} was taken back.")
    return HttpResponseRedirect(contested_field_url(place) + contested_queue_for(request).query())


def _may_undo_verdict(request, resolution: Resolution) -> bool:
    own = resolution.decided_by_id == request.user.pk and request.user.has_perm("sources.change_resolution")
    return own or request.user.has_perm("sources.delete_resolution")


def _get_contested_field(sort: str, pk: int, name: str) -> tuple[Entity | Relation, FieldKey, FieldEvidence]:
    if sort not in ("entity", "relation"):
        raise Http404
    place = FieldKey(pk, None, name) if sort == "entity" else FieldKey(None, pk, name)
    evidence = fetch_evidence([place])[place]
    if not evidence.citations:
        raise Http404("Nothing is cited for this field.")
    return evidence.citations[0].target, place, evidence


def _statement_columns(request, evidence: FieldEvidence) -> list[dict]:
    """A column for each statement: its citations with all that an editor judges by."""
    quotes = {citation.quote_id for citation in evidence.citations}
    windows = _surrounding_texts(quotes) if request.user.has_perm("sources.change_sourcedocument") else {}
    linked = {
        entry.id: entry
        for entry in Citation.history.filter(id__in=[c.pk for c in evidence.citations], history_type="+")
        .select_related("history_user")
        .order_by("history_date")
    }
    posts: dict[int, list[str]] = {}
    speakers = {citation.quote.speaker_id for citation in evidence.citations} - {None}
    for held in Relation.objects.filter(subject__in=speakers, object__kind=Kind.POST).select_related("object"):
        posts.setdefault(held.subject_id, []).append(held.object.name)
    columns: dict[str, dict] = {}
    for citation in evidence.citations:
        stated = statement_text(citation.value, citation.stance)
        column = columns.setdefault(stated, {"value": citation.value, "denied": stated != citation.value, "citations": []})
        quote = citation.quote
        before, after = text_around_quote(quote, windows.get(quote.pk, ""))
        column["citations"].append(
            {
                "row": citation,
                "quote": quote,
                "before": before,
                "after": after,
                "posts": ", ".join(posts.get(quote.speaker_id, [])),
                "linked": linked.get(citation.pk),
                "qualifies": citation.stance == Stance.QUALIFIES,
                "page": quote_reading_url(quote),
            }
        )
    return list(columns.values())


def _surrounding_texts(quotes: set[int]) -> dict[int, str]:
    """What stands around each quote in the text of its document: a long text never leaves the database."""
    first = Greatest(F("start") - SURROUNDING_CHARACTERS, 0) + 1
    length = F("end") + SURROUNDING_CHARACTERS - Greatest(F("start") - SURROUNDING_CHARACTERS, 0)
    rows = SourceQuote.objects.filter(pk__in=quotes).exclude(document__text="")
    return dict(rows.annotate(window=Substr("document__text", first, length)).values_list("pk", "window"))


def text_around_quote(quote: SourceQuote, window: str) -> tuple[str, str]:
    """The words of its paragraph before and after `quote`, from the `window` of CONTEXT characters around it.

    Where it does not stand there, or no text is held: the words that were kept with the quote.
    """
    at = min(quote.start, SURROUNDING_CHARACTERS)
    end = at + len(quote.exact)
    if window[at:end] != quote.exact:
        return quote.prefix, quote.suffix
    before, after = window[:at].rpartition("\n")[2], window[end:].partition("\n")[0]
    if len(before) == SURROUNDING_CHARACTERS:
        before = f"… {before.partition(' ')[2]}"
    if len(after) == SURROUNDING_CHARACTERS:
        after = f"{after.rpartition(' ')[0]} …"
    return before, after


def _resolution_rows(request, evidence: FieldEvidence) -> list[dict]:
    """The resolutions of the field, the newest first, with whether each stands."""
    standing = evidence.resolution
    newest = evidence.resolutions[-1:]
    return [
        {"row": row, "stands": row is standing, "may_take_back": [row] == newest and _may_undo_verdict(request, row)}
        for row in reversed(evidence.resolutions)
    ]


def _require_view_contested(request) -> None:
    if not request.user.has_perms(("sources.view_resolution", "sources.view_citation")):
        raise PermissionDenied


def _contested_page_context(request, title: str) -> dict[str, Any]:
    request.current_app = admin.site.name
    return {**admin.site.each_context(request), "title": title, "opts": None}
