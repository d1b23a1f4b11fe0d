"""Page of one contested field: its statements side by side, the form for a verdict, and undoing the last verdict."""

from collections.abc import Mapping

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.db.models.functions import Greatest, Substr
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from entities.citable_fields import record_kind
from entities.field_values import record_field_values
from entities.formatting import cited_field_label
from entities.models import Entity, Relation
from entities.refusals import Stale
from entities.vocabulary import Kind, Stance, Verdict
from nato_support.desk.evidence.contested_queue import (
    contested_queue_for,
    contested_queue_view,
    require_contested_permission,
)
from nato_support.desk.evidence.evidence_urls import contested_field_url, quote_reading_url, target_page_url
from nato_support.desk.evidence.statement_choice import StatementChoiceField
from nato_support.desk.evidence.value_wording import names_in_statements, names_stated_by, stated_value_html, statement_label
from nato_support.desk.page_context import admin_page_context
from sources.evidence.citation_stances import stances_of_citations
from sources.evidence.common_origins import group_by_origin
from sources.evidence.resolution_operations import resolve_field, undo_last_resolution_change
from sources.evidence.statement_comparison import Statement, includes_statement, stance_towards
from sources.evidence.statement_differences import classify_differences, compare_aspects
from sources.evidence.statements import FieldEvidence, FieldKey, fetch_evidence, field_key_of, statement_of
from sources.models import Citation, Resolution, SourceQuote

SURROUNDING_CHARACTERS = 300
"""Characters of its paragraph that are shown on each side of a quote, at most."""

VERDICT_HINTS = {
    Verdict.COMPATIBLE_PRECISION: "“around 700” and “nearly 700”: one says it more precisely",
    Verdict.CHANGED_OVER_TIME: "31 members, then 32: each was true at its time",
    Verdict.TRANSLATION_ARTEFACT: "the difference comes from a translation",
    Verdict.DIFFERENT_SCOPE: "a part and a total, or euros and dollars: keep both",
    Verdict.SOURCE_ERROR: "a mistake that the other sources reveal",
    Verdict.DISPUTED: "it cannot be decided: both values stay side by side, and the field stays contested",
}


def contested_urls(site: admin.AdminSite) -> list:
    """Return the URL patterns of the queue and its fields, for the admin of resolutions."""
    field_route = "contested/<str:target_kind>/<int:target_pk>/<str:field_name>/"
    return [
        path("contested/", site.admin_view(contested_queue_view), name="sources_contested"),
        path(field_route, site.admin_view(contested_field_view), name="sources_contested_field"),
        path(f"{field_route}take-back/", site.admin_view(undo_verdict_view), name="sources_contested_take_back"),
    ]


class VerdictForm(forms.ModelForm):
    """A verdict with its reason.

    `suggested` is listed first but never preselected. The hidden field `seen` holds the version of the evidence shown.
    """

    seen = forms.CharField(widget=forms.HiddenInput)
    follows = StatementChoiceField(label="The register follows", widget=forms.RadioSelect)

    class Meta:
        model = Resolution
        fields = ("verdict", "reason")

    def __init__(self, *args, evidence: FieldEvidence, names: Mapping[str, str], suggested: Verdict | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.suggested = suggested
        target = evidence.citations[0].target
        self.fields["follows"].offer(target, evidence.field, evidence.conflicting_statements, names)

    def clean(self):
        super().clean()
        if self.cleaned_data.get("follows") and self.cleaned_data.get("verdict") == Verdict.DISPUTED:
            self.add_error("follows", "Disputed statements stay side by side: follow none of them.")

    @property
    def verdict_choices(self) -> list[dict]:
        """The verdicts in the order shown, each with the digit that is its key."""
        chosen = self["verdict"].value()
        return [
            {
                "value": verdict.value,
                "label": verdict.label,
                "hint": VERDICT_HINTS[verdict],
                "key": number,
                "suggested": verdict == self.suggested,
                "chosen": verdict == chosen,
            }
            for number, verdict in enumerate(sorted(Verdict, key=lambda verdict: verdict != self.suggested), start=1)
        ]


def contested_field_view(request, target_kind: str, target_pk: int, field_name: str):
    """Show the statements on one field, and record the verdict that is posted."""
    require_contested_permission(request)
    target, field_key, evidence = _get_contested_field(target_kind, target_pk, field_name)
    queue = contested_queue_for(request)
    may_resolve = request.user.has_perms(("sources.add_resolution", "sources.change_resolution"))
    names = names_stated_by(evidence.citations)
    differences = classify_differences(field_name, evidence.citations)
    suggested = differences[0].kind.verdict if differences else None
    status = 200
    if request.method == "POST":
        if not may_resolve:
            raise PermissionDenied
        form_data = request.POST.copy()
        form = VerdictForm(form_data, evidence=evidence, names=names, suggested=suggested)
        if form.is_valid() and _record_verdict(request, form, target, field_name):
            return HttpResponseRedirect(queue.url_after_verdict(field_key))
        status = 409
        # The text typed stays; the next verdict is on the evidence as it is now.
        form_data["seen"] = evidence.version
    else:
        form = VerdictForm(initial={"seen": evidence.version}, evidence=evidence, names=names, suggested=suggested)
    before, after, number = queue.neighbours_of(field_key)
    undo_url = reverse("admin:sources_contested_take_back", args=[target_kind, target_pk, field_name])
    context = admin_page_context(request, f"{target}: {cited_field_label(field_name)}") | {
        "target": target,
        "target_page": target_page_url(target),
        "field": field_name,
        "evidence": evidence,
        "differences": differences,
        "current_values": [
            stated_value_html(target, field_name, value, names)
            for name, value, _ in record_field_values([target])[target]
            if name == field_name
        ],
        "columns": _statement_columns(request, evidence, names),
        "aspects": compare_aspects(field_name, evidence.citations),
        "origins": len(group_by_origin(evidence.citations)),
        "resolutions": _resolution_rows(request, evidence, names),
        "form": form,
        "may_resolve": may_resolve and evidence.differs,
        "queue_page": queue.url,
        "before": queue.field_url(before) if before else "",
        "after": queue.field_url(after) if after else "",
        "number": number,
        "of": len(queue.fields),
        "undo_url": undo_url + queue.query_string(),
    }
    return TemplateResponse(request, "desk/evidence/contested_field.html", context, status=status)


def _record_verdict(request, form: VerdictForm, target, field_name: str) -> bool:
    """Record the verdict of a valid `form`; return False, with the errors added to it, if it is refused."""
    verdict = form.cleaned_data
    try:
        resolution = resolve_field(
            target,
            field_name,
            verdict=verdict["verdict"],
            reason=verdict["reason"],
            user=request.user,
            seen_version=verdict["seen"],
            decides_for=Statement.from_json(verdict["follows"]) if verdict["follows"] else None,
        )
    except Stale as stale:
        form.add_error(None, str(stale))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    else:
        page = contested_field_url(field_key_of(target, field_name))
        message = '{} of {}: {}. <a class="underline" href="{}#verdicts">View or undo</a>'
        label = cited_field_label(field_name)
        messages.success(request, format_html(message, label, target, resolution.get_verdict_display(), page))
        _warn_of_other_value(request, resolution)
        return True
    return False


def _warn_of_other_value(request, resolution: Resolution) -> None:
    """Tell the editor if the register has another value than the statement that the resolution decides for."""
    target, field = resolution.target, resolution.field
    if not resolution.decides_for:
        return
    statement = Statement.from_json(resolution.decides_for)
    values = [value for name, value, _ in record_field_values([target])[target] if name == field]
    follows = stance_towards(record_kind(target), field, Statement(statement.value), values) == Stance.SUPPORTS
    if follows == statement.denied:
        words = statement_label(target, field, statement, names_in_statements(target, field, [statement]))
        message = 'The register does not say so yet ({}): <a class="underline" href="{}">change {} of {}</a>.'
        page = target_page_url(target)
        messages.warning(request, format_html(message, words, page, cited_field_label(field), target))


def undo_verdict_view(request, target_kind: str, target_pk: int, field_name: str):
    """Undo the newest verdict on a field."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    require_contested_permission(request)
    target, field_key, evidence = _get_contested_field(target_kind, target_pk, field_name)
    newest = evidence.resolutions[-1] if evidence.resolutions else None
    if newest is None or str(newest.pk) != request.POST.get("resolution"):
        messages.error(request, "That verdict is no longer the newest for this field.")
    elif not _may_undo_verdict(request, newest):
        raise PermissionDenied
    elif evidence.version != request.POST.get("seen"):
        messages.error(request, "A citation or verdict was added since you opened this page. Check it again.")
    else:
        try:
            undo_last_resolution_change(newest, request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"{cited_field_label(field_name)} of {target}: the last verdict was undone.")
    return HttpResponseRedirect(contested_queue_for(request).field_url(field_key))


def _may_undo_verdict(request, resolution: Resolution) -> bool:
    is_own = resolution.decided_by_id == request.user.pk and request.user.has_perm("sources.change_resolution")
    return is_own or request.user.has_perm("sources.delete_resolution")


def _get_contested_field(target_kind: str, target_pk: int, field_name: str) -> tuple[Entity | Relation, FieldKey, FieldEvidence]:
    if target_kind not in ("entity", "relation"):
        raise Http404
    is_entity = target_kind == "entity"
    field_key = FieldKey(target_pk if is_entity else None, None if is_entity else target_pk, field_name)
    evidence = fetch_evidence([field_key])[field_key]
    if not evidence.citations:
        raise Http404("Nothing is cited for this field.")
    return evidence.citations[0].target, field_key, evidence


def _statement_columns(request, evidence: FieldEvidence, names: Mapping[str, str]) -> list[dict]:
    """Return a column for each statement, with its citations and what helps to judge them."""
    quote_pks = {citation.quote_id for citation in evidence.citations}
    windows = _surrounding_texts(quote_pks) if request.user.has_perm("sources.change_sourcedocument") else {}
    first_versions = {
        entry.id: entry
        for entry in Citation.history.filter(id__in=[c.pk for c in evidence.citations], history_type="+")
        .select_related("history_user")
        .order_by("history_date")
    }
    posts = _posts_by_speaker({key for citation in evidence.citations for key in citation.quote.speaker_keys})
    stances = stances_of_citations(evidence.citations)
    statements = evidence.statements
    columns: dict[Statement, dict] = {}
    for citation in evidence.citations:
        made = statement_of(citation)
        # Equal statements share a column, under the wording of the first.
        statement = next(s for s in statements if includes_statement(evidence.kind, evidence.field, [s], made))
        heading = {
            "value": statement.value,
            "label": stated_value_html(citation.target, citation.field, statement.value, names),
            "denied": statement.denied,
            "citations": [],
        }
        quote = citation.quote
        before, after = text_around_quote(quote, windows.get(quote.pk, ""))
        columns.setdefault(statement, heading)["citations"].append(
            {
                "row": citation,
                "quote": quote,
                "before": before,
                "after": after,
                "speakers": [(person.name, posts.get(person.pk, [])) for person in quote.speakers.all()],
                "first_version": first_versions.get(citation.pk),
                "stance": stances[citation.pk],
                "page": quote_reading_url(quote),
            }
        )
    return list(columns.values())


def _posts_by_speaker(speaker_pks: set[int]) -> dict[int, list[str]]:
    posts: dict[int, list[str]] = {}
    for relation in Relation.objects.filter(subject__in=speaker_pks, object__kind=Kind.POST).select_related("object"):
        posts.setdefault(relation.subject_id, []).append(relation.object.name)
    return posts


def _surrounding_texts(quote_pks: set[int]) -> dict[int, str]:
    """Return the text around each quote by its key; the database cuts it, so that no long text is transferred."""
    first = Greatest(F("start") - SURROUNDING_CHARACTERS, 0) + 1
    length = F("end") + SURROUNDING_CHARACTERS - Greatest(F("start") - SURROUNDING_CHARACTERS, 0)
    rows = SourceQuote.objects.filter(pk__in=quote_pks).exclude(document__text="")
    return dict(rows.annotate(window=Substr("document__text", first, length)).values_list("pk", "window"))


def text_around_quote(quote: SourceQuote, window: str) -> tuple[str, str]:
    """Return the text of its paragraph before and after `quote`, from the text within SURROUNDING_CHARACTERS of it.

    Both are empty where the quote is not found in `window`.
    """
    at = min(quote.start, SURROUNDING_CHARACTERS)
    end = at + len(quote.exact)
    if window[at:end] != quote.exact:
        return "", ""
    before, after = window[:at].rpartition("\n")[2], window[end:].partition("\n")[0]
    if len(before) == SURROUNDING_CHARACTERS:
        before = f"… {before.partition(' ')[2]}"
    if len(after) == SURROUNDING_CHARACTERS:
        after = f"{after.rpartition(' ')[0]} …"
    return before, after


def _resolution_rows(request, evidence: FieldEvidence, names: Mapping[str, str]) -> list[dict]:
    """Return the resolutions of the field, newest first, with their validity and whether the user may undo them."""
    target, newest = evidence.citations[0].target, evidence.resolutions[-1:]
    return [
        {
            "row": resolution,
            "statements": [
                statement_label(target, evidence.field, Statement.from_json(statement), names) for statement in resolution.settles
            ],
            "decision": statement_label(target, evidence.field, Statement.from_json(resolution.decides_for), names)
            if resolution.decides_for
            else "",
            "is_valid": resolution is evidence.resolution,
            "may_undo": [resolution] == newest and _may_undo_verdict(request, resolution),
        }
        for resolution in reversed(evidence.resolutions)
    ]
