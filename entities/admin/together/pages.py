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

from entities.admin.together import telling
from entities.admin.together.authors import author_of
from entities.admin.together.meeting import CHOICE, OWN_PREFIX, SEEN, Meeting, hold_whole
from entities.admin.together.sheets import held
from entities.models.curated import Part
from entities.models.holding import hold

VERSION = "_version"


class Together(admin.ModelAdmin):
    """A page of the admin that merges what is sent with what stands now, and asks where two people differ.

    The form carries what each field and row held when it was shown. What was not touched follows what stands now; what
    only this person touched is saved; where both touched the same in different ways nothing is saved before they choose.
    """

    change_form_before_template = "admin/together.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        edits = request.method == "POST" and object_id is not None and "_saveasnew" not in request.POST
        if not edits:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            record = self._held(request, object_id)
            if record is None:
                return self._gone(request, object_id)
            if (overtaken := self.overtaken(request, record)) is not None:
                return overtaken
            if not self.has_change_permission(request, record):
                return super().changeform_view(request, object_id, form_url, extra_context)
            meeting = Meeting(self, request, record)
            if meeting.open:
                return self._ask(request, meeting)
            request.POST = meeting.data()
            # Before the save: afterwards the history begins with it.
            told = _told(meeting)
            response = super().changeform_view(request, object_id, form_url, extra_context)
        saved = response.status_code == 302
        self._tell(request, meeting, told, saved=saved)
        if saved:
            # Tells the browser to forget its copy of what was typed.
            name = f"{request.user.pk}:{self.opts.label_lower}/{meeting.record.pk}"
            response.set_cookie("register-saved", name, max_age=600, path=reverse("admin:index"), samesite="Lax")
        return response

    def overtaken(self, request, record) -> HttpResponse | None:
        """What answers a save where something else was done with the record meanwhile; None: it is saved."""
        return None

    def _held(self, request, object_id):
        """The record as it stands once nobody else is saving it; None if it is gone."""
        record = self.get_object(request, unquote(object_id))
        if record is not None:
            hold_whole(record)
            record = self.get_object(request, unquote(object_id))
        return record

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj and self.has_change_permission(request, obj):
            context["base"] = json.dumps(_shown(context["adminform"].form, context["inline_admin_formsets"]), ensure_ascii=False)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_deleted_objects(self, objs, request):
        # What the page of confirmation shows is what is confirmed.
        request.seen_versions = {str(one.pk): version_of(one) for one in objs}
        return super().get_deleted_objects(objs, request)

    def delete_view(self, request, object_id, extra_context=None):
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with transaction.atomic():
            moved = self._moved_on(request, self.get_queryset(request).filter(pk=unquote(object_id)))
            if moved:
                self._refuse_deletion(request, moved)
                return HttpResponseRedirect(request.get_full_path())
            return super().delete_view(request, object_id, extra_context)

    def response_action(self, request, queryset):
        if request.POST.get("action") != "delete_selected" or not request.POST.get("post"):
            return super().response_action(request, queryset)
        with transaction.atomic():
            moved = self._moved_on(request, queryset.filter(pk__in=request.POST.getlist("_selected_action")))
            if moved:
                self._refuse_deletion(request, moved)
                return None
            return super().response_action(request, queryset)

    def _moved_on(self, request, queryset) -> list[models.Model]:
        """Those that changed since the page asked whether to delete them."""
        seen = dict(one.rsplit(":", 1) for one in request.POST.getlist(VERSION) if ":" in one)
        keys = [pk for pk in queryset.order_by().values_list("pk", flat=True) if str(pk) in seen]
        hold((self.model, pk) for pk in keys)
        return [one for one in self.model._default_manager.filter(pk__in=keys) if str(version_of(one)) != seen[str(one.pk)]]

    def _refuse_deletion(self, request, moved):
        for one in moved:
            author = author_of(type(one), one.pk, (), request.user)
            words = "“{}” was changed by {} since this page asked: nothing was deleted. Look at it and decide anew."
            self.message_user(request, format_html(words, one, author), messages.ERROR)

    def _ask(self, request, meeting: Meeting) -> HttpResponse:
        record, choices = meeting.record, telling.choices(meeting)
        mine, theirs = telling.fitting(meeting)
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
            "authors": telling.listed({choice.author.name: None for choice in choices}),
            "said": meeting.said,
            "you": all(choice.author.you for choice in choices),
            "kept": _kept(request),
            "copy": _in_words(choices, mine),
            "again": request.get_full_path(),
            "history": _address(self.opts, "history", record.pk),
            "media": self.media + meeting.form.media + _media(meeting),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/conflict.html", context, status=409)

    def _gone(self, request, object_id) -> HttpResponse:
        """The record was deleted meanwhile: what was typed is shown, to be copied."""
        author = author_of(self.model, unquote(object_id), (), request.user)
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
        return TemplateResponse(request, "admin/conflict_gone.html", context, status=409)

    def _tell(self, request, meeting: Meeting, told: list[tuple[str, str]], saved: bool):
        """Says what others changed meanwhile, once for each of them."""
        for name, what in told:
            if not saved:
                ending = "it is in the form below, with what you typed"
            elif meeting.merged.mine or meeting.merged.clashes:
                ending = "both are kept"
            else:
                ending = "you changed nothing, and it stays"
            words = "{} changed the {} meanwhile; {}."
            history = _address(self.opts, "history", meeting.record.pk)
            text = format_html(words, capfirst(name), what, ending)
            if history:
                text = format_html('{} <a class="underline" href="{}">See the history</a>', text, history)
            self.message_user(request, text, messages.INFO)


def version_of(record: models.Model) -> int:
    """The version of the record, or of the one that it is a part of; 0 if there is none."""
    whole = record.whole if isinstance(record, Part) else record
    return getattr(whole, "version", 0)


def _told(meeting: Meeting) -> list[tuple[str, str]]:
    found: dict[str, dict[str, None]] = {}
    for sheet, unit in meeting.merged.theirs:
        what = telling.title_of(meeting, sheet, unit)
        found.setdefault(telling.author_for(meeting, sheet, unit).name, {})[what] = None
    return [(name, telling.listed(whats)) for name, whats in found.items()]


def _shown(form, inlines) -> dict[str, Any]:
    """What the page shows, by field and row, and which rows there are besides."""
    rows, known = {}, {}
    for inline in inlines:
        if not inline.has_change_permission:
            continue
        formset = inline.formset
        there = [form for form in formset.initial_forms if form.instance.pk]
        link = formset.fk.name
        rows[formset.prefix] = {
            str(form.instance.pk): {name: value for name, value in held(form).items() if name != link} for form in there
        }
        paged = getattr(formset, "per_page", None) and formset.paginator.count > len(there)
        known[formset.prefix] = (
            [str(pk) for pk in formset.queryset.order_by().values_list("pk", flat=True)] if paged else [*rows[formset.prefix]]
        )
    return {"fields": held(form), "rows": rows, "known": known}


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, to be sent again with the choices."""
    ours = (CHOICE, SEEN, OWN_PREFIX, "csrfmiddlewaretoken")
    return [(name, value) for name, values in request.POST.lists() if not name.startswith(ours) for value in values]


def _in_words(choices, mine) -> str:
    lines = [f"{line.label}: {strip_tags(line.mine)}" for choice in choices for line in choice.lines]
    return "\n".join([*lines, *(f"{told.title}: {strip_tags(told.value)}" for told in mine)])


def _media(meeting: Meeting):
    media = Media()
    for rows in meeting.rows:
        media += rows.form.media
    return media


def _address(opts, page: str, pk) -> str:
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[pk])
    except NoReverseMatch:
        return ""
