"""Preview of a record as it would be published: for readers, for API clients, and its blocking issues."""

import json
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from entities.formatting import format_partial_date
from entities.models import Entity, Relation
from entities.names_in_sentences import is_plural_name
from entities.relation_sentences import RelationTime, relation_verb
from nato_support.desk.review.named_problems import problems_with_record_names
from nato_support.publishing.publication import find_blockers
from nato_support.publishing.published_versions import live_edition_versions
from nato_support.publishing.record_page_view import RecordView, page_view_of_record
from nato_support.publishing.record_previews import RecordPreview, preview_records
from nato_support.publishing.rendering import PublicKey, model_for_kind
from sources.evidence.attestation import attested_days_of_relations

READERS, PROGRAMS, CHECKS = "readers", "programs", "checks"
PREVIEW_TABS = {READERS: "As readers will see it", PROGRAMS: "As the API will respond", CHECKS: "Blocking issues"}
RELATIONS_SHOWN = 50
"""Relations of the record that the page shows."""


class PublicPreviewMixin(admin.ModelAdmin):
    """Adds the preview to a record's page, for those who may view the record."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [
            path("<path:object_id>/preview/", self.admin_site.admin_view(self.preview_view), name=name),
            *super().get_urls(),
        ]

    def preview_view(self, request, object_id):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        (preview,) = preview_records([record])
        tab = request.GET.get("tab")
        tab = tab if tab in PREVIEW_TABS else READERS
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": record,
            "title": f"Preview of {record}",
            "media": self.media,
            "tab": tab,
            "tabs": PREVIEW_TABS.items(),
            "preview": preview,
            **_TAB_CONTEXTS[tab](record, preview),
        }
        return TemplateResponse(request, "desk/preview/page.html", context)


def record_page_url(record, name: str = "preview") -> str:
    """Return the URL of the admin page `name` of a record."""
    meta = (model_for_kind(record.kind) if type(record) is Entity else type(record))._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[record.pk])


# As readers will see it


@dataclass(frozen=True)
class PreviewRelation:
    """Relation seen from the record; `is_public`: readers see it already.

    `attested` are the days on which its sources state it, as words, if nothing else tells its time.
    """

    label: str
    other: Entity
    role: str
    attested: str
    page: str
    is_public: bool


def _reader_tab_context(record, preview: RecordPreview) -> dict:
    view: RecordView = page_view_of_record(preview.document, preview.evidence, preview.unpublished)
    return {"view": view, "relations": _preview_relations(record) if isinstance(record, Entity) else []}


def _preview_relations(record: Entity) -> list[PreviewRelation]:
    relations = Relation.objects.filter(Q(subject=record.pk) | Q(object=record.pk)).select_related("type", "subject", "object")
    rows = list(relations.order_by("type__slug", "pk")[:RELATIONS_SHOWN])
    live, days = live_edition_versions(rows), attested_days_of_relations(rows)
    return [
        PreviewRelation(
            _verb_read_from(row, record),
            row.object if row.subject_id == record.pk else row.subject,
            row.role,
            "" if row.start or row.end else ", ".join(map(format_partial_date, days[row.pk])),
            record_page_url(row),
            ("relation", row.slug) in live,
        )
        for row in rows
    ]


def _verb_read_from(relation: Relation, record: Entity) -> str:
    """Return the verb of `relation` as read from `record`, one of its parties: is to be hosted by."""
    verb = relation.type.verb if relation.subject_id == record.pk else relation.type.inverse_verb
    past = RelationTime(relation.start, relation.end).is_looked_back_on(relation.modality)
    return relation_verb(verb, relation.modality, plural=is_plural_name(record.name), past=past)


# As the API will respond


@dataclass(frozen=True)
class ComparedJsonMember:
    """Member of the response after publication and now; `mark` says in a word how the two differ."""

    name: str
    planned: str
    current: str
    mark: str


def _api_tab_context(record, preview: RecordPreview) -> dict:
    planned = json.loads(preview.detail_json)
    current = json.loads(preview.live_detail_json) if preview.live_edition else {}
    members = [_compare_json_member(name, planned, current) for name in {**planned, **current}]
    return {
        "members": members,
        "differing": sum(bool(member.mark) for member in members),
        "list_response": _pretty_json(preview.document),
    }


def _compare_json_member(name: str, planned: dict, current: dict) -> ComparedJsonMember:
    mark = ""
    if current:
        mark = (
            "new"
            if name not in current
            else "removed"
            if name not in planned
            else "changed"
            if planned[name] != current[name]
            else ""
        )
    return ComparedJsonMember(
        name, _pretty_json(planned[name]) if name in planned else "", _pretty_json(current[name]) if name in current else "", mark
    )


def _pretty_json(data) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


# Blocking issues


def _blockers_tab_context(record, preview: RecordPreview) -> dict:
    return {
        "problems": problems_with_record_names(find_blockers([record])),
        "unpublished": _unpublished_records_with_pages(preview.unpublished),
    }


def _unpublished_records_with_pages(keys: set[PublicKey]) -> list[dict]:
    """Return the records of `keys`, which are not public, with their preview pages."""
    slugs: dict[type[models.Model], set[str]] = {}
    for kind, slug in keys:
        slugs.setdefault(model_for_kind(kind), set()).add(slug)
    return [
        {"record": row, "kind": model._meta.verbose_name, "page": record_page_url(row)}
        for model, model_slugs in slugs.items()
        for row in model._default_manager.filter(slug__in=model_slugs).order_by("slug")
    ]


_TAB_CONTEXTS = {READERS: _reader_tab_context, PROGRAMS: _api_tab_context, CHECKS: _blockers_tab_context}
