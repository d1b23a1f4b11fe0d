"""The rule of all pages on which something is changed: nobody's change is overwritten unseen."""

import json
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models, transaction
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, strip_tags
from django.utils.text import capfirst

from entities.models.curated import Child
from entities.models.locking import lock_rows
from nato_support.desk.records.concurrency import conflict_presentation
from nato_support.desk.records.concurrency.change_authors import last_author_of
from nato_support.desk.records.concurrency.form_merge import (
    CHOICE_PREFIX,
    OWN_ANSWER_PREFIX,
    SEEN_PREFIX,
    FormMerge,
    lock_with_parent,
)
from nato_support.desk.records.concurrency.form_values import initial_form_values

VERSION_FIELD = "_version"


class ConcurrentEditMixin(admin.ModelAdmin):
    """A page of the admin that merges what is sent with what stands now, and asks where two people differ.

    The form carries what each field and row held when it was shown. What was not touched follows what stands now; what
    only this person touched is saved; where both touched the same in different ways nothing is saved before they choose.
    """

    change_form_before_template = "desk/concurrency/form_state.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        edits = request.method == "POST" and object_id is not None and "_saveasnew" not in request.POST
        if not edits:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            record = self._locked_record(request, object_id)
            if record is None:
                return self._deleted_meanwhile(request, object_id)
            if (overtaken := self.merged_meanwhile(request, record)) is not None:
                return overtaken
            if not self.has_change_permission(request, record):
                return super().changeform_view(request, object_id, form_url, extra_context)
            meeting = FormMerge(self, request, record)
            if meeting.open:
                return self._render_conflict_page(request, meeting)
            request.POST = meeting.data()
            # Before the save: afterwards the history begins with it.
            told = _merged_changes_by_author(meeting)
            response = super().changeform_view(request, object_id, form_url, extra_context)
        saved = response.status_code == 302
        self._report_merged_changes(request, meeting, told, saved=saved)
        if saved:
            # Tells the browser to forget its copy of what was typed.
            name = f"{request.user.pk}:{self.opts.label_lower}/{meeting.record.pk}"
            response.set_cookie("register-saved", name, max_age=600, path=reverse("admin:index"), samesite="Lax")
        return response

    def merged_meanwhile(self, request, record) -> HttpResponse | None:
        """What answers a save where something else was done with the record meanwhile; None: it is saved."""
        return None

    def _locked_record(self, request, object_id):
        """The record as it stands once nobody else is saving it; None if it is gone."""
        record = self.get_object(request, unquote(object_id))
        if record is not None:
            lock_with_parent(record)
            record = self.get_object(request, unquote(object_id))
        return record

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj and self.has_change_permission(request, obj):
            context["base"] = json.dumps(
                _page_state(context["adminform"].form, context["inline_admin_formsets"]), ensure_ascii=False
            )
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_deleted_objects(self, objs, request):
        # What the page of confirmation shows is what is confirmed.
        request.seen_versions = {str(one.pk): version_of_record(one) for one in objs}
        return super().get_deleted_objects(objs, request)

    def delete_view(self, request, object_id, extra_context=None):
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with transaction.atomic():
            moved = self._changed_since_shown(request, self.get_queryset(request).filter(pk=unquote(object_id)))
            if moved:
                self._refuse_deletion(request, moved)
                return HttpResponseRedirect(request.get_full_path())
            return super().delete_view(request, object_id, extra_context)

    def response_action(self, request, queryset):
        if request.POST.get("action") != "delete_selected" or not request.POST.get("post"):
            return super().response_action(request, queryset)
        with transaction.atomic():
            moved = self._changed_since_shown(request, queryset.filter(pk__in=request.POST.getlist("_selected_action")))
            if moved:
                self._refuse_deletion(request, moved)
                return None
            return super().response_action(request, queryset)

    def _changed_since_shown(self, request, queryset) -> list[models.Model]:
        """Those that changed since the page asked whether to delete them."""
        seen = dict(one.rsplit(":", 1) for one in request.POST.getlist(VERSION_FIELD) if ":" in one)
        keys = [pk for pk in queryset.order_by().values_list("pk", flat=True) if str(pk) in seen]
        lock_rows((self.model, pk) for pk in keys)
        return [
            one for one in self.model._default_manager.filter(pk__in=keys) if str(version_of_record(one)) != seen[str(one.pk)]
        ]

    def _refuse_deletion(self, request, moved):
        for one in moved:
            author = last_author_of(type(one), one.pk, (), request.user)
            words = "“{}” was changed by {} since this page asked: nothing was deleted. Look at it and decide anew."
            self.message_user(request, format_html(words, one, author), messages.ERROR)

    def _render_conflict_page(self, request, meeting: FormMerge) -> HttpResponse:
        record, choices = meeting.record, conflict_presentation.conflict_choices(meeting)
        mine, theirs = conflict_presentation.changes_without_conflict(meeting)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": record,
            "title": "Choose what stays",
            "subtitle": str(record),
            "choices": choices,
            "open": len(meeting.open),
            "mine": mine,
            "theirs": theirs,
            "changes": len(choices) + len(mine),
            "authors": conflict_presentation.join_with_and({choice.author.name: None for choice in choices}),
            "said": meeting.said,
            "you": all(choice.author.you for choice in choices),
            "kept": _resubmitted_fields(request),
            "copy": _typed_values_as_text(choices, mine),
            "again": request.get_full_path(),
            "history": _admin_page_url(self.opts, "history", record.pk),
            "media": self.media + meeting.form.media + _inline_form_media(meeting),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "desk/concurrency/conflict.html", context, status=409)

    def _deleted_meanwhile(self, request, object_id) -> HttpResponse:
        """The record was deleted meanwhile: what was typed is shown, to be copied."""
        author = last_author_of(self.model, unquote(object_id), (), request.user)
        typed = [(name, value) for name, value in request.POST.items() if value and not name.startswith(("_", "csrf"))]
        skipped = ("-TOTAL_FORMS", "-INITIAL_FORMS", "-MIN_NUM_FORMS", "-MAX_NUM_FORMS")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"This {self.opts.verbose_name} is gone",
            "author": author,
            "copy": "\n".join(f"{name}: {value}" for name, value in typed if not name.endswith(skipped)),
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "desk/concurrency/deleted_meanwhile.html", context, status=409)

    def _report_merged_changes(self, request, meeting: FormMerge, told: list[tuple[str, str]], saved: bool):
        """Says what others changed meanwhile, once for each of them."""
        for name, what in told:
            if not saved:
                ending = "it is in the form below, with what you typed"
            elif meeting.merged.mine or meeting.merged.conflicts:
                ending = "both are kept"
            else:
                ending = "you changed nothing, and it stays"
            words = "{} changed the {} meanwhile; {}."
            history = _admin_page_url(self.opts, "history", meeting.record.pk)
            text = format_html(words, capfirst(name), what, ending)
            if history:
                text = format_html('{} <a class="underline" href="{}">See the history</a>', text, history)
            self.message_user(request, text, messages.INFO)


def version_of_record(record: models.Model) -> int:
    """The version of the record, or of the one that it is a part of; 0 if there is none."""
    whole = record.parent if isinstance(record, Child) else record
    return getattr(whole, "version", 0)


def _merged_changes_by_author(meeting: FormMerge) -> list[tuple[str, str]]:
    found: dict[str, dict[str, None]] = {}
    for sheet, unit in meeting.merged.theirs:
        what = conflict_presentation.change_title(meeting, sheet, unit)
        found.setdefault(conflict_presentation.author_of_change(meeting, sheet, unit).name, {})[what] = None
    return [(name, conflict_presentation.join_with_and(whats)) for name, whats in found.items()]


def _page_state(form, inlines) -> dict[str, Any]:
    """What the page shows, by field and row, and which rows there are besides."""
    rows, known = {}, {}
    for inline in inlines:
        if not inline.has_change_permission:
            continue
        formset = inline.formset
        there = [form for form in formset.initial_forms if form.instance.pk]
        link = formset.fk.name
        rows[formset.prefix] = {
            str(form.instance.pk): {name: value for name, value in initial_form_values(form).items() if name != link}
            for form in there
        }
        paged = getattr(formset, "per_page", None) and formset.paginator.count > len(there)
        known[formset.prefix] = (
            [str(pk) for pk in formset.queryset.order_by().values_list("pk", flat=True)] if paged else [*rows[formset.prefix]]
        )
    return {"fields": initial_form_values(form), "rows": rows, "known": known}


def _resubmitted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, to be sent again with the choices."""
    ours = (CHOICE_PREFIX, SEEN_PREFIX, OWN_ANSWER_PREFIX, "csrfmiddlewaretoken")
    return [(name, value) for name, values in request.POST.lists() if not name.startswith(ours) for value in values]


def _typed_values_as_text(choices, mine) -> str:
    lines = [f"{line.label}: {strip_tags(line.mine)}" for choice in choices for line in choice.lines]
    return "\n".join([*lines, *(f"{told.title}: {strip_tags(told.value)}" for told in mine)])


def _inline_form_media(meeting: FormMerge):
    media = Media()
    for rows in meeting.rows:
        media += rows.form.media
    return media


def _admin_page_url(opts, page: str, pk) -> str:
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[pk])
    except NoReverseMatch:
        return ""
