"""Pages of likely duplicates: the queue, the comparison of a pair, and the hint on a record's page."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from entities.fields import strip_control_characters
from entities.likeness.duplicate_finder import find_and_store_duplicates, refresh_duplicates
from entities.likeness.duplicate_queue import (
    MAX_COMPARED_AT_ONCE,
    compare_changed_entities,
    decide_pair,
    decisions_by,
    delete_decision,
    entities_changed_since_comparison,
    find_conflicting_decisions,
    find_undecided_pairs,
    open_candidates,
    order_by_likely_survivor,
    remember_comparison_time,
    unsure_candidates,
)
from entities.models import DuplicateCandidate, DuplicateDecision, Entity
from entities.numbers import integer_or_none
from entities.refusals import Refused
from entities.vocabulary import DuplicateVerdict, Kind
from nato_support.desk.base import ReadOnlyAdmin
from nato_support.desk.records.duplicate_pair_comparison import (
    compare_pair,
    count_citations_and_relations,
    reasons_for_and_against,
)

PAIRS_PER_PAGE = 25
DECISIONS_SHOWN = 20
HINTS_SHOWN = 3
"""Records named in the hint on a record's page."""

MOST_ENTITIES_COMPARED_AT_ONCE = 5_000
"""Entities up to which the check runs within a request; beyond it use the command."""

QUEUE_TABS = {"open": ("to answer", open_candidates), "unsure": ("unsure", unsure_candidates)}


class DuplicateDecisionForm(forms.Form):
    """Decision on a pair. `seen`: the versions of both records that the page showed."""

    first = forms.IntegerField(widget=forms.HiddenInput)
    second = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)
    reason = forms.CharField(
        label="Reason (optional)", required=False, max_length=1000, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    verdict = forms.ChoiceField(choices=[(DuplicateVerdict.DIFFERENT, ""), (DuplicateVerdict.UNSURE, "")])

    def clean_reason(self) -> str:
        return strip_control_characters(self.cleaned_data["reason"])


@admin.register(DuplicateCandidate)
class DuplicateCandidateAdmin(ReadOnlyAdmin):
    """Queue of likely duplicates, for users who may view candidates; those who may add decisions can decide."""

    def get_urls(self):
        guarded = self.admin_site.admin_view
        return [
            path("decide/", guarded(self.decide_pair_view), name="entities_duplicatecandidate_decide"),
            path("undo/<int:pk>/", guarded(self.undo_decision_view), name="entities_duplicatecandidate_undo"),
            path("find/", guarded(self.compare_all_entities_view), name="entities_duplicatecandidate_find"),
            path("catch-up/", guarded(self.compare_changed_records_view), name="entities_duplicatecandidate_catch_up"),
            path("pair/<int:first>/<int:second>/", guarded(self.pair_view), name="entities_duplicatecandidate_pair"),
            path("of/<int:pk>/", guarded(self.duplicate_hint_view), name="entities_duplicatecandidate_hint"),
            *super().get_urls(),
        ]

    # Viewing

    def changelist_view(self, request, extra_context=None):
        self._require_view_permission(request)
        changed_since = entities_changed_since_comparison().count()
        tab = _selected_tab(request)
        kind = request.GET.get("kind") if request.GET.get("kind") in Kind.values else ""
        pairs = _pairs_of_kind(QUEUE_TABS[tab][1](), kind)
        page = Paginator(pairs, PAIRS_PER_PAGE).get_page(request.GET.get("p"))
        candidates = list(page)
        keys = [(candidate.first_id, candidate.second_id) for candidate in candidates]
        link_counts, conflicting = (
            count_citations_and_relations({key for pair in keys for key in pair}),
            find_conflicting_decisions(keys),
        )
        rows = [
            {
                "candidate": candidate,
                "page": _pair_url(candidate, tab, kind),
                "reasons": reasons_for_and_against(candidate),
                "links": [link_counts[candidate.first_id], link_counts[candidate.second_id]],
                "conflicting": conflicting.get(pair),
            }
            for candidate, pair in zip(candidates, keys, strict=True)
        ]
        context = self._queue_context(request, "Likely duplicates") | {
            "rows": rows,
            "page": page,
            "before": f"{urlencode({'state': tab, 'kind': kind})}&",
            "after": "",
            "tabs": [
                {
                    "label": label,
                    "count": _pairs_of_kind(waiting(), kind).count(),
                    "page": f"?{urlencode({'state': name, 'kind': kind})}",
                    "current": name == tab,
                }
                for name, (label, waiting) in QUEUE_TABS.items()
            ],
            "tab": tab,
            "kind": kind,
            "kinds": Kind.choices,
            "left": changed_since,
            "few_left": 0 < changed_since <= MAX_COMPARED_AT_ONCE and self._may_decide(request),
            "may_find": self._may_decide(request)
            and Entity.objects.all()[: MOST_ENTITIES_COMPARED_AT_ONCE + 1].count() <= MOST_ENTITIES_COMPARED_AT_ONCE,
        }
        return TemplateResponse(request, "desk/duplicates/queue.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self._require_view_permission(request)
        tab, kind = _selected_tab(request), request.GET.get("kind", "")
        candidate = self.get_queryset(request).select_related("first", "second").filter(pk=_number_or_404(object_id)).first()
        if candidate is None:
            messages.info(request, "These two are no longer similar, or one was deleted.")
            return HttpResponseRedirect(_duplicate_queue_url(tab, kind))
        return self._render_pair_page(request, candidate, tab, kind)

    def pair_view(self, request, first: int, second: int):
        """Show a pair that is not in the queue yet; nothing is written."""
        self._require_view_permission(request)
        record = Entity.objects.filter(pk=first, merged_into=None).first()
        pairs = find_undecided_pairs(record) if record else []
        candidate = next((pair for pair in pairs if (pair.first_id, pair.second_id) == (first, second)), None)
        if candidate is None:
            messages.info(request, "These two are no longer similar, or one was deleted.")
            return HttpResponseRedirect(_duplicate_queue_url(_selected_tab(request), ""))
        return (
            HttpResponseRedirect(_pair_url(candidate)) if candidate.pk else self._render_pair_page(request, candidate, "open", "")
        )

    def _render_pair_page(self, request, candidate, tab, kind, form=None, status=200):
        pair = (candidate.first_id, candidate.second_id)
        both = [candidate.first, candidate.second]
        queue = _pairs_of_kind(QUEUE_TABS[tab][1](), kind)
        next_pair = _next_pair_after(queue, candidate)
        link_counts = count_citations_and_relations(pair)
        survivor, merged = order_by_likely_survivor(both, {key: sum(count.values()) for key, count in link_counts.items()})
        context = self._queue_context(request, f"{candidate.first} and {candidate.second}", is_subpage=True) | {
            "candidate": candidate,
            "sides": [
                {"record": record, "page": _pair_member_url(record), "links": link_counts[record.pk], "stays": record == survivor}
                for record in both
            ],
            "aspects": compare_pair(candidate),
            "reasons": reasons_for_and_against(candidate),
            "conflicting": find_conflicting_decisions([pair]).get(pair),
            "decision": DuplicateDecision.objects.filter(first=candidate.first, second=candidate.second)
            .select_related("decided_by")
            .first(),
            "is_open": not any(record.merged_into_id for record in both),
            "survivor": survivor,
            "merge_page": reverse("admin:entities_merge_pair", args=[merged.pk, survivor.pk]),
            "may_merge": request.user.has_perm("entities.merge"),
            "form": form or DuplicateDecisionForm(initial={"first": pair[0], "second": pair[1], "seen": _pair_versions(*both)}),
            "queue_page": _duplicate_queue_url(tab, kind),
            "after_page": _pair_url(next_pair, tab, kind) if next_pair else "",
            "of": queue.count(),
            "tab": tab,
            "kind": kind,
        }
        return TemplateResponse(request, "desk/duplicates/pair.html", context, status=status)

    def duplicate_hint_view(self, request, pk):
        """Render a fragment for a record's page: similar records, compared now; nothing is written."""
        self._require_view_permission(request)
        record = get_object_or_404(Entity, pk=pk)
        candidates = find_undecided_pairs(record)[: HINTS_SHOWN + 1] if record.merged_into_id is None else []
        pairs = [
            (candidate, candidate.second if candidate.first_id == record.pk else candidate.first) for candidate in candidates
        ]
        rows = [
            {"candidate": candidate, "other": other, "page": _pair_member_url(other), "pair": _pair_url(candidate)}
            for candidate, other in pairs
        ]
        context = {"rows": rows[:HINTS_SHOWN], "more": len(rows) > HINTS_SHOWN}
        return TemplateResponse(request, "desk/duplicates/hint.html", context)

    # Deciding

    def decide_pair_view(self, request):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self._may_decide(request):
            raise PermissionDenied
        tab, kind = _selected_tab(request), request.GET.get("kind", "")
        data = request.POST.copy()
        form = DuplicateDecisionForm(data)
        keys = [_number_or_404(request.POST.get(name)) for name in ("first", "second")]
        pairs = DuplicateCandidate.objects.filter(first=min(keys), second=max(keys)).select_related("first", "second")
        if not pairs.exists():
            # The pair was compared on a record's page and is not in the queue yet.
            refresh_duplicates(Entity.objects.filter(pk=min(keys), merged_into=None))
        candidate = pairs.first()
        if candidate is None:
            messages.error(request, "Not saved: these two are no longer similar, or one was deleted.")
            return HttpResponseRedirect(_duplicate_queue_url(tab, kind))
        next_pair = _next_pair_after(_pairs_of_kind(QUEUE_TABS[tab][1](), kind), candidate)
        if not form.is_valid():
            return self._render_pair_page(request, candidate, tab, kind, form, status=400)
        both = candidate.first, candidate.second
        try:
            with transaction.atomic():
                if form.cleaned_data["seen"] != _pair_versions(
                    *Entity.objects.filter(pk__in=[record.pk for record in both]).order_by("pk")
                ):
                    raise Refused("One of the two was changed since you opened this page. Check both again, then decide.")
                decision = decide_pair(*both, form.cleaned_data["verdict"], request.user, form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
            # The reason stays; the form now carries the current versions.
            data["seen"] = _pair_versions(*both)
            return self._render_pair_page(request, candidate, tab, kind, form, status=409)
        messages.success(request, f"“{both[0]}” and “{both[1]}”: {decision.get_verdict_display()}. Press Z to undo.")
        return HttpResponseRedirect(_pair_url(next_pair, tab, kind) if next_pair else _duplicate_queue_url(tab, kind))

    def undo_decision_view(self, request, pk):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        decision = DuplicateDecision.objects.filter(pk=pk).select_related("first", "second").first()
        is_own = decision is not None and decision.decided_by_id == request.user.pk
        if not (self._may_decide(request) and (is_own or request.user.has_perm("entities.delete_duplicatedecision"))):
            raise PermissionDenied
        tab, kind = _selected_tab(request), request.GET.get("kind", "")
        if decision is None:
            messages.info(request, "That decision was undone already.")
            return HttpResponseRedirect(_duplicate_queue_url(tab, kind))
        if merged := next((record for record in (decision.first, decision.second) if record.merged_into_id), None):
            messages.error(request, f"“{merged}” is merged: unmerge it on its page, which also undoes this decision.")
            return HttpResponseRedirect(_duplicate_queue_url(tab, kind))
        delete_decision(decision)
        messages.success(request, f"Undone: “{decision.first}” and “{decision.second}” are back in the queue.")
        candidate = DuplicateCandidate.objects.filter(first=decision.first, second=decision.second).first()
        return HttpResponseRedirect(_pair_url(candidate) if candidate else _duplicate_queue_url(tab, kind))

    def compare_changed_records_view(self, request):
        """Compare the records saved since the last full comparison."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self._may_decide(request):
            raise PermissionDenied
        if remaining := compare_changed_entities():
            messages.error(request, f"{remaining:,} records are too many to compare here: run manage.py find_duplicates instead.")
        else:
            messages.success(request, "Changed records were compared.")
        return HttpResponseRedirect(_duplicate_queue_url("open", ""))

    def compare_all_entities_view(self, request):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self._may_decide(request):
            raise PermissionDenied
        if Entity.objects.all()[: MOST_ENTITIES_COMPARED_AT_ONCE + 1].count() > MOST_ENTITIES_COMPARED_AT_ONCE:
            messages.error(
                request,
                f"There are more than {MOST_ENTITIES_COMPARED_AT_ONCE:,} entities: run manage.py find_duplicates instead.",
            )
        else:
            started_at = timezone.now()
            count = find_and_store_duplicates()
            remember_comparison_time(started_at)
            messages.success(request, f"All entities were compared: {count} likely {'pair' if count == 1 else 'pairs'}.")
        return HttpResponseRedirect(_duplicate_queue_url("open", ""))

    def _require_view_permission(self, request) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _may_decide(self, request) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("entities.add_duplicatedecision")

    def _queue_context(self, request, title: str, is_subpage: bool = False) -> dict[str, Any]:
        request.current_app = self.admin_site.name
        decisions = list(decisions_by(request.user)[:DECISIONS_SHOWN])
        undoable = (decision for decision in decisions if not (decision.first.merged_into_id or decision.second.merged_into_id))
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "breadcrumbs": [("Likely duplicates", _duplicate_queue_url("open", "")), ("Compare", "")]
            if is_subpage
            else [(title, "")],
            "may_decide": self._may_decide(request),
            "decisions": decisions,
            "last_decision": next(undoable, None),
        }


# Position in the queue


def _selected_tab(request) -> str:
    state = request.GET.get("state", "open")
    return state if state in QUEUE_TABS else "open"


def _pairs_of_kind(pairs: QuerySet[DuplicateCandidate], kind: str) -> QuerySet[DuplicateCandidate]:
    return pairs.filter(first__kind=kind) if kind else pairs


def _next_pair_after(queue: QuerySet[DuplicateCandidate], candidate: DuplicateCandidate) -> DuplicateCandidate | None:
    """Return the next pair in the queue, wrapping around at the end; None if no other waits."""
    later = Q(score__lt=candidate.score) | Q(score=candidate.score, pk__gt=candidate.pk or 0)
    return queue.filter(later).first() or queue.exclude(pk=candidate.pk).first()


def _duplicate_queue_url(tab: str, kind: str) -> str:
    return f"{reverse('admin:entities_duplicatecandidate_changelist')}{_queue_query(tab, kind)}"


def _pair_url(candidate: DuplicateCandidate, tab: str = "open", kind: str = "") -> str:
    if not candidate.pk:
        return reverse("admin:entities_duplicatecandidate_pair", args=[candidate.first_id, candidate.second_id])
    return f"{reverse('admin:entities_duplicatecandidate_change', args=[candidate.pk])}{_queue_query(tab, kind)}"


def _queue_query(tab: str, kind: str) -> str:
    query = {name: value for name, value in (("state", tab), ("kind", kind)) if value not in ("", "open")}
    return f"?{urlencode(query)}" if query else ""


def _pair_member_url(record: Entity) -> str:
    return reverse(f"admin:entities_{record.kind}_change", args=[record.pk])


def _pair_versions(first: Entity, second: Entity) -> str:
    return f"{first.version}-{second.version}"


def _number_or_404(text) -> int:
    if (number := integer_or_none(text)) is None:
        raise Http404
    return number
