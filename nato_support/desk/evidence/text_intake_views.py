"""Pages that take in a text: a new document from pasted text, a file or a saved web page, and a new text for a document."""

import json
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from entities.refusals import Stale
from nato_support.desk.evidence.evidence_urls import document_reading_url, failing_quotes_url
from nato_support.desk.large_form_decorator import accepts_large_form
from sources import document_intake, fingerprint, formats, near_copies
from sources.models import SourceDocument
from sources.text_replacement import PlacementOutcome, plan_placements, replace_text
from sources.verification import attach_text
from sources.word_diff import KEPT_SPAN, REMOVED_SPAN, DiffSpan, diff_words

MAX_TEXT_FORM_BYTES = formats.MAX_FILE_BYTES + 1_000_000
MAX_LISTED_COPIES = 10
MAX_COMPARED_COPIES = 3
"""Similar documents whose differences are shown."""


class UncheckedTextField(forms.CharField):
    """Text without Django's check for NUL: clean_text() removes such characters and reports them."""

    def run_validators(self, value):
        pass


class TextUploadForm(forms.Form):
    """A text, pasted or in a file; `draft` holds what was read from it."""

    text = UncheckedTextField(required=False, strip=False)
    file = forms.FileField(required=False, allow_empty_file=True)

    draft: document_intake.ExtractedDocument

    def clean(self):
        text, file = self.cleaned_data.get("text") or "", self.cleaned_data.get("file")
        if file and text.strip():
            raise ValidationError("You gave a file and a pasted text: give only one of them.")
        if not file and not text.strip():
            raise ValidationError("Paste a text or choose a file.")
        try:
            if file:
                self.draft = document_intake.read_document_file(file.read(), file.name)
            else:
                cleaned, warnings = document_intake.clean_text(text)
                self.draft = formats.extract_plain_text(cleaned)
                self.draft.warnings[:0] = warnings
        except document_intake.UnreadableDocument as refusal:
            raise ValidationError(f"{file.name}: {refusal}" if file else str(refusal)) from None


class NewDocumentForm(forms.ModelForm):
    """Details detected in a text, to be checked before it becomes a document."""

    new_publisher = forms.CharField(
        max_length=300,
        required=False,
        label="Or a new publisher",
        help_text="A news organisation that is not in the register yet; it is added as a draft. Ignored if one is chosen above.",
        widget=UnfoldAdminTextInputWidget,
    )
    warnings = forms.CharField(required=False, widget=forms.HiddenInput)
    origins = forms.JSONField(required=False, widget=forms.HiddenInput, help_text="Field -> where its value was read.")

    def show_origins(self) -> None:
        """Say under each detected value where it was read."""
        origins = self["origins"].value()
        if isinstance(origins, str):
            try:
                origins = json.loads(origins)
            except ValueError:
                origins = {}
        for name, origin in origins.items() if isinstance(origins, dict) else ():
            for shown in (name, "new_publisher") if name == "publisher" else (name,):
                if shown in DETECTED_FIELDS and shown in self.fields:
                    # Of the bound field, which keeps a copy from the time when it was made.
                    self[shown].help_text = f"Read from {origin}: check it. {self[shown].help_text}"

    def clean_text(self):
        try:
            text, _ = document_intake.clean_text(self.cleaned_data["text"])
        except document_intake.UnreadableDocument as refusal:
            raise ValidationError(str(refusal)) from None
        # A browser adds a line to a text area that begins with a page break.
        return text.lstrip("\n")


DETECTED_FIELDS = frozenset({"title", "publisher", "new_publisher", "authors", "language", "published_on", "updated_on", "url"})
NEW_DOCUMENT_ROWS = (
    ("title",),
    ("publisher", "new_publisher"),
    ("authors", "language"),
    ("published_on", "updated_on", "retrieved_on"),
    ("url",),
    ("slug",),
    ("text",),
)


class TextIntakeViewsMixin:
    """Pages for the admin of documents that take a text, preview its effect and save it on confirmation."""

    # Provided by the admin of documents.
    opts: Any
    admin_site: Any
    media: Any
    get_form: Any
    get_object: Any
    log_addition: Any
    log_change: Any

    actions_list = ("intake",)
    actions_detail = ("replace_document_text",)

    def _text_too_large_response(self, request, object_id=None):
        """Answer a form that is too large with the upload page and what to do; only the permission has been checked yet."""
        context = {
            "original": self._get_document(request, object_id) if object_id else None,
            "errors": [
                f"The form is too large. Save the text as a file and choose it here; a file may have"
                f" {formats.MAX_FILE_BYTES // 1_000_000} MB and its text {document_intake.MAX_CHARACTERS:,} characters."
            ],
            "title": "Replace the text" if object_id else "Add a document",
        }
        return self._intake_response(request, "intake", context, 413)

    # A new document

    @action(description="Add from a text, file or saved page", url_path="intake", permissions=["add"], icon="note_add")
    @accepts_large_form(MAX_TEXT_FORM_BYTES, _text_too_large_response)
    def intake(self, request):
        if request.method != "POST":
            return self._text_upload_page(request)
        if request.POST.get("step") == "save":
            return self._save_new_document(request)
        upload = TextUploadForm(request.POST, request.FILES)
        if not upload.is_valid():
            return self._text_upload_page(request, upload)
        draft = upload.draft
        publisher = document_intake.find_publisher(draft.publisher)
        if not draft.publisher and (known := document_intake.find_printed_publisher(draft.text)):
            publisher, draft.origins["publisher"] = known
        detected = ("text", "title", "authors", "published_on", "updated_on", "url", "language")
        form = self._new_document_form(request)(
            initial={name: getattr(draft, name) for name in detected}
            | {
                "publisher": publisher,
                "new_publisher": "" if publisher else draft.publisher,
                "retrieved_on": timezone.localdate().isoformat(),
                "warnings": "\n".join(draft.warnings),
                "origins": draft.origins,
            }
        )
        return self._new_document_page(request, form, draft.text, draft.url, draft.warnings)

    def _save_new_document(self, request):
        form = self._new_document_form(request)(request.POST)
        # Validated as a whole even if the text is refused, so that nothing has to be typed twice.
        valid = form.is_valid()
        text = form.cleaned_data.get("text", "")
        if valid and not self._find_document_with_text(text):
            try:
                new_publisher = "" if form.cleaned_data["publisher"] else form.cleaned_data.get("new_publisher", "")
                document = document_intake.add_document(form.instance, text, new_publisher)
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                self.log_addition(request, document, "Added from a text.")
                messages.success(request, f"“{document}” was added.")
                return HttpResponseRedirect(document_reading_url(document.pk))
        return self._new_document_page(
            request, form, text, request.POST.get("url", ""), request.POST.get("warnings", "").splitlines()
        )

    def _new_document_form(self, request):
        may_add_publisher = request.user.has_perm("entities.add_organisation")
        names = [name for row in NEW_DOCUMENT_ROWS for name in row if name != "new_publisher" or may_add_publisher]
        form = self.get_form(request, form=NewDocumentForm, fields=names)
        if not may_add_publisher:
            del form.base_fields["new_publisher"]
        for name, label in (("url", "URL"), ("slug", "Public ID")):
            form.base_fields[name].label = label
        form.base_fields["slug"].required = False
        form.base_fields["slug"].help_text = "If left empty, made from publisher and date."
        form.base_fields["text"].required = True
        form.base_fields["text"].strip = False
        form.base_fields["text"].widget = UnfoldAdminTextareaWidget(attrs={"rows": 24, "class": "intake-text"})
        form.base_fields["text"].help_text = "Check the text. Delete what is not part of the article, such as menus."
        return form

    def _find_document_with_text(self, text: str) -> SourceDocument | None:
        return document_intake.find_same_document(text) if text else None

    def _new_document_page(self, request, form, text, url, warnings):
        form.show_origins()
        same = self._find_document_with_text(text)
        copies = [] if same or not text else near_copies.find_near_copies(text)[:MAX_LISTED_COPIES]
        context = {
            "form": form,
            "rows": [[form[name] for name in row if name in form.fields] for row in NEW_DOCUMENT_ROWS],
            "warnings": warnings,
            "same": same,
            "same_address": None if same else document_intake.find_same_document("", url),
            "copies": [
                {
                    "document": document,
                    "percent": round(similarity * 100),
                    "difference": condense_difference(diff_words(document.text, text))
                    if document.text and number < MAX_COMPARED_COPIES
                    else [],
                }
                for number, (document, similarity) in enumerate(copies)
            ],
            "words": len(text.split()),
            "title": "Check the new document",
            "media": self.media + form.media,
        }
        status = 400 if form.errors or (form.is_bound and same) else 200
        return self._intake_response(request, "intake_check", context, status)

    # A new text for a document

    @action(description="Replace the text", url_path="replace-text", permissions=["change"], icon="find_replace")
    @accepts_large_form(MAX_TEXT_FORM_BYTES, _text_too_large_response)
    def replace_document_text(self, request, object_id):
        document = self._get_document(request, object_id)
        if request.method != "POST":
            return self._text_upload_page(request, document=document)
        upload = TextUploadForm(request.POST, request.FILES)
        if not upload.is_valid():
            return self._text_upload_page(request, upload, document)
        text = upload.draft.text
        if request.POST.get("step") == "save":
            if request.POST.get("version") == str(document.version) and self._is_text_new_and_unique(document, text):
                try:
                    return self._attach_or_replace_text(request, document, text)
                except Stale:
                    document = self._get_document(request, object_id)
            messages.warning(request, "The document was changed in the meantime: check the effect of the new text again.")
        return self._replacement_page(request, document, text, upload.draft.warnings)

    def _get_document(self, request, object_id) -> SourceDocument:
        document = self.get_object(request, unquote(str(object_id)))
        if document is None:
            raise Http404
        return document

    def _is_text_new_and_unique(self, document: SourceDocument, text: str) -> bool:
        sha256 = fingerprint.text_hash(text)
        if document.text and document.sha256 == sha256:
            return False
        return not SourceDocument.objects.filter(sha256=sha256).exclude(pk=document.pk).exists()

    def _attach_or_replace_text(self, request, document, text):
        if not document.text and document.sha256 in ("", fingerprint.text_hash(text)):
            failed = [quote for quote, _ in attach_text(document, text)]
            messages.success(request, f"The text of “{document}” was attached.")
        else:
            placements = replace_text(document, text, request.user)
            failed = [placement.quote for placement in placements if placement.outcome == PlacementOutcome.FAILS]
            moved = sum(placement.outcome == PlacementOutcome.MOVES for placement in placements)
            messages.success(
                request, f"The text of “{document}” was replaced; {moved} of {len(placements)} quotes were re-anchored."
            )
        self.log_change(request, document, "Replaced the text.")
        if failed:
            message = 'Not found in the text: {}. <a class="underline" href="{}">Review and re-anchor</a>'
            slugs = ", ".join(quote.slug for quote in failed)
            messages.warning(request, format_html(message, slugs, failing_quotes_url(document)))
        return HttpResponseRedirect(document_reading_url(document.pk))

    def _replacement_page(self, request, document, text, warnings):
        sha256 = fingerprint.text_hash(text)
        other = SourceDocument.objects.filter(sha256=sha256).exclude(pk=document.pk).first()
        unchanged = bool(document.text) and document.sha256 == sha256
        placements = [] if other or unchanged else plan_placements(document, text)
        context = {
            "original": document,
            "text": text,
            "words": len(text.split()),
            "warnings": warnings,
            "other": other,
            "unchanged": unchanged,
            "is_original_text": not document.text and document.sha256 == sha256,
            "first_text": not document.text and not document.sha256,
            "difference": condense_difference(diff_words(document.text, text)) if document.text and not unchanged else [],
            "placements_by_outcome": [
                (outcome, [placement for placement in placements if placement.outcome == outcome])
                for outcome in (PlacementOutcome.FAILS, PlacementOutcome.MOVES, PlacementOutcome.STANDS)
            ],
            "placements": placements,
            "title": "Check the new text",
        }
        return self._intake_response(request, "intake_replace_text", context)

    # Both

    def _text_upload_page(self, request, form=None, document=None):
        context = {
            "original": document,
            "text": form.data.get("text", "") if form else "",
            "errors": form.non_field_errors() if form else [],
            "title": "Replace the text" if document else "Add a document",
        }
        return self._intake_response(request, "intake", context, 400 if form else 200)

    def _intake_response(self, request, template, context, status=200):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "limit": document_intake.MAX_CHARACTERS, **context}
        return TemplateResponse(request, f"desk/evidence/{template}.html", context, status=status)


def condense_difference(spans: list[DiffSpan], kept_characters: int = 160) -> list[DiffSpan]:
    """Shorten long unchanged stretches of a word difference to `kept_characters` on each side of a change.

    Changes of white space alone are dropped: a line break in another place is not another word.
    """
    spans = [
        span if span.text.strip() else span._replace(kind=KEPT_SPAN)
        for span in spans
        if span.text.strip() or span.kind != REMOVED_SPAN
    ]
    joined = [DiffSpan(kind, "".join(span.text for span in group)) for kind, group in groupby(spans, lambda span: span.kind)]
    condensed = []
    for at, span in enumerate(joined):
        if span.kind == KEPT_SPAN and len(span.text) > 2 * kept_characters:
            before = span.text[:kept_characters].rpartition(" ")[0] if at else ""
            after = span.text[-kept_characters:].partition(" ")[2] if at + 1 < len(joined) else ""
            span = span._replace(text=f"{before} […] {after}")
        condensed.append(span)
    return condensed
