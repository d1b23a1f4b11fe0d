"""The page that shows a record as it would be public: to readers, to programs, and what keeps it from being so."""

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

from entities.models import Entity, Relation
from nato_support.editions.live import live_versions
from nato_support.editions.preview import Proof, preview
from nato_support.editions.printing import Key, model_of
from nato_support.editions.publishing import hindrances
from nato_support.editions.telling import Told, tell

READERS, PROGRAMS, CHECKS = "readers", "programs", "checks"
TABS = {READERS: "As readers will see it", PROGRAMS: "As the API will answer", CHECKS: "What keeps it back"}
RELATIONS = 50
"""How many of a record's relations the page shows."""


class PreviewedAdmin(admin.ModelAdmin):
    """A record that can be looked at as it would be public, by whoever may see it."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [
            path("<path:object_id>/preview/", self.admin_site.admin_view(self.as_public_view), name=name),
            *super().get_urls(),
        ]

    def as_public_view(self, request, object_id):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        (proof,) = preview([record])
        tab = request.GET.get("tab")
        tab = tab if tab in TABS else READERS
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": record,
            "title": f"Preview of {record}",
            "media": self.media,
            "tab": tab,
            "tabs": TABS.items(),
            "proof": proof,
            **_SHOWN[tab](record, proof),
        }
        return TemplateResponse(request, "admin/preview/page.html", context)


def page_of(record, name: str = "preview") -> str:
    """The address of the page `name` of a working copy."""
    meta = (model_of(record.kind) if type(record) is Entity else type(record))._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[record.pk])


# As readers will see it


@dataclass(frozen=True)
class ShownRelation:
    """A relation from where the record stands; `is_public`: whether readers see it yet."""

    label: str
    other: Entity
    role: str
    page: str
    is_public: bool


def _to_readers(record, proof: Proof) -> dict:
    told: Told = tell(proof.lean, proof.extra, proof.missing)
    return {"told": told, "relations": _relations(record) if isinstance(record, Entity) else []}


def _relations(record: Entity) -> list[ShownRelation]:
    mine = Relation.objects.filter(Q(subject=record.pk) | Q(object=record.pk)).select_related("type", "subject", "object")
    rows = list(mine.order_by("type__slug", "pk")[:RELATIONS])
    live = live_versions(rows)
    return [
        ShownRelation(
            row.type.label if row.subject_id == record.pk else row.type.inverse_label,
            row.object if row.subject_id == record.pk else row.subject,
            row.role,
            page_of(row),
            ("relation", row.slug) in live,
        )
        for row in rows
    ]


# As the API will answer


@dataclass(frozen=True)
class Member:
    """One member of an answer, as it would be and as it is; `mark` says in a word how the two differ."""

    name: str
    then: str
    now: str
    mark: str


def _to_programs(record, proof: Proof) -> dict:
    then = json.loads(proof.body)
    now = json.loads(proof.live_body) if proof.live else {}
    members = [_member(name, then, now) for name in {**then, **now}]
    return {"members": members, "differing": sum(bool(one.mark) for one in members), "lean": _pretty(proof.lean)}


def _member(name: str, then: dict, now: dict) -> Member:
    mark = ""
    if now:
        mark = "new" if name not in now else "gone" if name not in then else "differs" if then[name] != now[name] else ""
    return Member(name, _pretty(then[name]) if name in then else "", _pretty(now[name]) if name in now else "", mark)


def _pretty(data) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


# What keeps it back


def _checked(record, proof: Proof) -> dict:
    return {"problems": hindrances([record]), "unpublished": _working_copies(proof.missing)}


def _working_copies(keys: set[Key]) -> list[dict]:
    """What is named and not public, with the page where each is seen."""
    slugs: dict[type[models.Model], set[str]] = {}
    for kind, slug in keys:
        slugs.setdefault(model_of(kind), set()).add(slug)
    return [
        {"record": row, "kind": model._meta.verbose_name, "page": page_of(row)}
        for model, wanted in slugs.items()
        for row in model._default_manager.filter(slug__in=wanted).order_by("slug")
    ]


_SHOWN = {READERS: _to_readers, PROGRAMS: _to_programs, CHECKS: _checked}
