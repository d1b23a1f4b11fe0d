"""Concurrent editing on the change forms of the admin: nobody's change is overwritten unseen."""

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
    """Admin page that merges submitted forms with the current rows, and asks where two people's changes conflict.

    The form carries the values of each field and row as they were shown. Fields that the user did not touch keep their current
    value, changes of the user alone are saved, and nothing is saved before the user has decided on each conflict.
    """

    change_form_before_template = "desk/concurrency/form_state.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        is_edit = request.method == "POST" and object_id is not None and "_saveasnew" not in request.POST
        if not is_edit:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            record = self._locked_record(request, object_id)
            if record is None:
                return self._deleted_meanwhile_response(request, object_id)
            if (merged_response := self.merged_meanwhile_response(request, record)) is not None:
                return merged_response
            if not self.has_change_permission(request, record):
                return super().changeform_view(request, object_id, form_url, extra_context)
            form_merge = FormMerge(self, request, record)
            if form_merge.unresolved:
                return self._render_conflict_page(request, form_merge)
            request.POST = form_merge.merged_data()
            # Read before saving, which adds to the history.
            changes = _merged_changes_by_author(form_merge)
            response = super().changeform_view(request, object_id, form_url, extra_context)
        saved = response.status_code == 302
        self._report_merged_changes(request, form_merge, changes, saved=saved)
        if saved:
            # Lets the browser delete its copy of the unsaved changes.
            name = f"{request.user.pk}:{self.opts.label_lower}/{form_merge.record.pk}"
            response.set_cookie("register-saved", name, max_age=600, path=reverse("admin:index"), samesite="Lax")
        return response

    def merged_meanwhile_response(self, request, record) -> HttpResponse | None:
        """Return a response if the record was merged since the form was shown; None to save it."""
        return None

    def _locked_record(self, request, object_id):
        """Return the record once nobody else is saving it; None if it was deleted."""
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
        # The confirmation page carries the versions that it shows.
        request.seen_versions = {str(record.pk): version_of_record(record) for record in objs}
        return super().get_deleted_objects(objs, request)

    def delete_view(self, request, object_id, extra_context=None):
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with transaction.atomic():
            changed = self._changed_since_shown(request, self.get_queryset(request).filter(pk=unquote(object_id)))
            if changed:
                self._report_refused_deletion(request, changed)
                return HttpResponseRedirect(request.get_full_path())
            return super().delete_view(request, object_id, extra_context)

    def response_action(self, request, queryset):
        if request.POST.get("action") != "delete_selected" or not request.POST.get("post"):
            return super().response_action(request, queryset)
        with transaction.atomic():
            changed = self._changed_since_shown(request, queryset.filter(pk__in=request.POST.getlist("_selected_action")))
            if changed:
                self._report_refused_deletion(request, changed)
                return None
            return super().response_action(request, queryset)

    def _changed_since_shown(self, request, queryset) -> list[models.Model]:
        """Return the rows that changed since the page asked whether to delete them."""
        versions_seen = dict(row.rsplit(":", 1) for row in request.POST.getlist(VERSION_FIELD) if ":" in row)
        keys = [pk for pk in queryset.order_by().values_list("pk", flat=True) if str(pk) in versions_seen]
        lock_rows((self.model, pk) for pk in keys)
        return [
            row
            for row in self.model._default_manager.filter(pk__in=keys)
            if str(version_of_record(row)) != versions_seen[str(row.pk)]
        ]

    def _report_refused_deletion(self, request, changed):
        for row in changed:
            author = last_author_of(type(row), row.pk, (), request.user)
            message = "“{}” was changed by {} since you opened this page. Nothing was deleted; review it and try again."
            self.message_user(request, format_html(message, row, author), messages.ERROR)

    def _render_conflict_page(self, request, form_merge: FormMerge) -> HttpResponse:
        record, choices = form_merge.record, conflict_presentation.displayed_conflicts(form_merge)
        mine, theirs = conflict_presentation.changes_without_conflict(form_merge)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": record,
            "title": "Resolve conflicts",
            "subtitle": str(record),
            "choices": choices,
            "unresolved": len(form_merge.unresolved),
            "mine": mine,
            "theirs": theirs,
            "changes": len(choices) + len(mine),
            "authors": conflict_presentation.join_with_and({choice.author.name: None for choice in choices}),
            "has_page_state": form_merge.has_page_state,
            "you": all(choice.author.you for choice in choices),
            "kept": _resubmitted_fields(request),
            "copy": _typed_values_as_text(choices, mine),
            "again": request.get_full_path(),
            "history": _admin_page_url(self.opts, "history", record.pk),
            "media": self.media + form_merge.form.media + _inline_form_media(form_merge),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "desk/concurrency/conflict.html", context, status=409)

    def _deleted_meanwhile_response(self, request, object_id) -> HttpResponse:
        """Show what was typed, to be copied: the record was deleted meanwhile."""
        author = last_author_of(self.model, unquote(object_id), (), request.user)
        typed = [(name, value) for name, value in request.POST.items() if value and not name.startswith(("_", "csrf"))]
        skipped = ("-TOTAL_FORMS", "-INITIAL_FORMS", "-MIN_NUM_FORMS", "-MAX_NUM_FORMS")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"This {self.opts.verbose_name} was deleted",
            "author": author,
            "copy": "\n".join(f"{name}: {value}" for name, value in typed if not name.endswith(skipped)),
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "desk/concurrency/deleted_meanwhile.html", context, status=409)

    def _report_merged_changes(self, request, form_merge: FormMerge, changes: list[tuple[str, str]], saved: bool):
        """Tell the user what each of the others changed meanwhile."""
        for name, titles in changes:
            if not saved:
                ending = "the form below has it, with your changes"
            elif form_merge.outcome.mine or form_merge.outcome.conflicts:
                ending = "both are kept"
            else:
                ending = "you changed nothing"
            message = "{} changed the {} meanwhile; {}."
            history = _admin_page_url(self.opts, "history", form_merge.record.pk)
            text = format_html(message, capfirst(name), titles, ending)
            if history:
                text = format_html('{} <a class="underline" href="{}">History</a>', text, history)
            self.message_user(request, text, messages.INFO)


def version_of_record(record: models.Model) -> int:
    """Return the version of the record, or of its parent; 0 if there is none."""
    whole = record.parent if isinstance(record, Child) else record
    return getattr(whole, "version", 0)


def _merged_changes_by_author(form_merge: FormMerge) -> list[tuple[str, str]]:
    titles_by_author: dict[str, dict[str, None]] = {}
    for state, group in form_merge.outcome.theirs:
        title = conflict_presentation.change_title(form_merge, state, group)
        titles_by_author.setdefault(conflict_presentation.author_of_change(form_merge, state, group).name, {})[title] = None
    return [(name, conflict_presentation.join_with_and(titles)) for name, titles in titles_by_author.items()]


def _page_state(form, inlines) -> dict[str, Any]:
    """Return what the page shows, by field and row, and which other rows there are."""
    rows, known = {}, {}
    for inline in inlines:
        if not inline.has_change_permission:
            continue
        formset = inline.formset
        shown_forms = [form for form in formset.initial_forms if form.instance.pk]
        parent_field = formset.fk.name
        rows[formset.prefix] = {
            str(form.instance.pk): {name: value for name, value in initial_form_values(form).items() if name != parent_field}
            for form in shown_forms
        }
        paged = getattr(formset, "per_page", None) and formset.paginator.count > len(shown_forms)
        known[formset.prefix] = (
            [str(pk) for pk in formset.queryset.order_by().values_list("pk", flat=True)] if paged else [*rows[formset.prefix]]
        )
    return {"fields": initial_form_values(form), "rows": rows, "known": known}


def _resubmitted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the submitted fields, to be submitted again with the choices."""
    own_fields = (CHOICE_PREFIX, SEEN_PREFIX, OWN_ANSWER_PREFIX, "csrfmiddlewaretoken")
    return [(name, value) for name, values in request.POST.lists() if not name.startswith(own_fields) for value in values]


def _typed_values_as_text(choices, mine) -> str:
    lines = [f"{line.label}: {strip_tags(line.mine)}" for choice in choices for line in choice.lines]
    return "\n".join([*lines, *(f"{change.title}: {strip_tags(change.value)}" for change in mine)])


def _inline_form_media(form_merge: FormMerge):
    media = Media()
    for rows in form_merge.rows:
        media += rows.form.media
    return media


def _admin_page_url(opts, page: str, pk) -> str:
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[pk])
    except NoReverseMatch:
        return ""
