"""Pages on which a text comes in: a new document from a paste, a file or a saved page, and another text for one that is there."""

from collections.abc import Callable
from functools import wraps
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from entities.numbers import count_up_to
from entities.refusals import Stale
from nato_support.desk.evidence.failing_quotes import failing_quotes_url
from sources import document_intake, fingerprint, formats, near_copies, word_diff
from sources.models import SourceDocument
from sources.text_replacement import PlacementOutcome, plan_placements, replace_text
from sources.verification import attach_text

MAX_TEXT_FORM_BYTES = formats.MAX_FILE_BYTES + 1_000_000
_FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
_DIFFERENCES_SHOWN = 3


class UncheckedTextField(forms.CharField):
    """A text as it comes: what cannot be kept of it is removed and said, not refused."""

    def run_validators(self, value):
        pass


class TextUploadForm(forms.Form):
    """A text, pasted or in a file."""

    text = UncheckedTextField(required=False, strip=False)
    file = forms.FileField(required=False, allow_empty_file=True)

    draft: formats.ExtractedDocument

    def clean(self):
        text, file = self.cleaned_data.get("text") or "", self.cleaned_data.get("file")
        if file and text.strip():
            raise ValidationError("There are a file and a pasted text: give one of them.")
        if not file and not text.strip():
            raise ValidationError("Paste a text or choose a file.")
        try:
            if file:
                self.draft = document_intake.read_document_file(file.read(), file.name)
            else:
                cleaned, warnings = document_intake.clean_text(text)
                self.draft = formats.ExtractedDocument(cleaned, title=formats.opening_line(cleaned), warnings=warnings)
        except formats.UnreadableDocument as refusal:
            raise ValidationError(f"{file.name}: {refusal}" if file else str(refusal)) from None


class NewDocumentForm(forms.ModelForm):
    """What was found in a text, to be looked over before it becomes a document."""

    new_publisher = forms.CharField(
        max_length=300,
        required=False,
        label="Or a new publisher",
        help_text="A news organisation that is not in the register yet: it is added as a draft. Ignored if one is chosen.",
        widget=UnfoldAdminTextInputWidget,
    )
    warnings = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_text(self):
        try:
            text, _ = document_intake.clean_text(self.cleaned_data["text"])
        except formats.UnreadableDocument as refusal:
            raise ValidationError(str(refusal)) from None
        return text


NEW_DOCUMENT_ROWS = (
    ("title",),
    ("publisher", "new_publisher"),
    ("authors", "language"),
    ("published_on", "updated_on", "retrieved_on"),
    ("url",),
    ("slug",),
    ("text",),
)


def accepts_large_text(view: Callable) -> Callable:
    """A page with a form that may be large: one too large is answered with what to do. The form is checked for its origin."""

    @csrf_exempt  # Only until the size is known: the check reads the form.
    @wraps(view)
    def wrapped(self, request, *args, **kwargs):
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        if request.method == "POST":
            if request.content_type not in _FORM_TYPES:
                return HttpResponse("Send a form.", status=415, content_type="text/plain")
            try:
                if count_up_to(request.META.get("CONTENT_LENGTH") or "", MAX_TEXT_FORM_BYTES + 1) > MAX_TEXT_FORM_BYTES:
                    raise RequestDataTooBig
                request.POST  # noqa: B018 - reads the form
            except RequestDataTooBig:
                request.POST = QueryDict()
                return self.too_large_response(request, *args, **kwargs)
        return csrf_protect(lambda request: view(self, request, *args, **kwargs))(request)

    wrapped.limits_size_itself = True
    return wrapped


class IntakeViewsMixin:
    """The pages for the admin of documents. Both take a text, show what it would do, and do it when asked to."""

    # What the admin of documents brings.
    opts: Any
    admin_site: Any
    media: Any
    get_form: Any
    get_object: Any
    has_add_permission: Any
    has_change_permission: Any
    log_addition: Any
    log_change: Any

    actions_list = ("intake",)
    actions_detail = ("retext",)

    # A new document

    @action(description="Add from a text, file or saved page", url_path="intake", permissions=["add"], icon="note_add")
    @accepts_large_text
    def intake(self, request):
        if request.method != "POST":
            return self._text_upload_page(request)
        if request.POST.get("step") == "save":
            return self._save_new_document(request)
        given = TextUploadForm(request.POST, request.FILES)
        if not given.is_valid():
            return self._text_upload_page(request, given)
        draft = given.draft
        publisher = document_intake.find_publisher(draft.publisher)
        found = {
            name: getattr(draft, name) for name in ("text", "title", "authors", "published_on", "updated_on", "url", "language")
        }
        form = self._new_document_form(request)(
            initial=found
            | {
                "publisher": publisher,
                "new_publisher": "" if publisher else draft.publisher,
                "retrieved_on": timezone.localdate().isoformat(),
                "warnings": "\n".join(draft.warnings),
            }
        )
        return self._new_document_page(request, form, draft.text, draft.url, draft.warnings)

    def _save_new_document(self, request):
        form = self._new_document_form(request)(request.POST)
        # The rest of the form is judged even if the text is refused, so that nothing has to be typed twice.
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
                return HttpResponseRedirect(document_reading_url(document))
        return self._new_document_page(
            request, form, text, request.POST.get("url", ""), request.POST.get("warnings", "").splitlines()
        )

    def _new_document_form(self, request):
        adds_publishers = request.user.has_perm("entities.add_organisation")
        names = [name for row in NEW_DOCUMENT_ROWS for name in row if name != "new_publisher" or adds_publishers]
        form = self.get_form(request, form=NewDocumentForm, fields=names)
        if not adds_publishers:
            del form.base_fields["new_publisher"]
        for name, label in (("url", "Address"), ("slug", "Public id")):
            form.base_fields[name].label = label
        form.base_fields["slug"].required = False
        form.base_fields["slug"].help_text = "Public id; made from publisher and date if empty."
        form.base_fields["text"].required = True
        form.base_fields["text"].widget = UnfoldAdminTextareaWidget(attrs={"rows": 24, "class": "intake-text"})
        form.base_fields["text"].help_text = "Read it over. What is no part of the article, such as menus, can be deleted here."
        return form

    def _find_document_with_text(self, text: str) -> SourceDocument | None:
        return document_intake.find_same_document(text) if text else None

    def _new_document_page(self, request, form, text, url, warnings):
        same = self._find_document_with_text(text)
        address = None if same else document_intake.find_same_document("", url)
        copies = [] if same or not text else near_copies.find_near_copies(text)[:10]
        context = {
            "form": form,
            "rows": [[form[name] for name in row if name in form.fields] for row in NEW_DOCUMENT_ROWS],
            "warnings": warnings,
            "same": same,
            "same_address": address,
            "copies": [
                {
                    "document": document,
                    "percent": round(likeness * 100),
                    "difference": condense_difference(word_diff.diff_words(document.text, text))
                    if document.text and at < _DIFFERENCES_SHOWN
                    else [],
                }
                for at, (document, likeness) in enumerate(copies)
            ],
            "words": len(text.split()),
            "title": "Look over the new document",
            "media": self.media + form.media,
        }
        return self._intake_response(request, "intake_check", context, 400 if form.errors or (form.is_bound and same) else 200)

    # Another text for a document

    @action(description="Replace the text", url_path="retext", permissions=["change"], icon="find_replace")
    @accepts_large_text
    def retext(self, request, object_id):
        document = self._get_changeable_document(request, object_id)
        if request.method != "POST":
            return self._text_upload_page(request, document=document)
        given = TextUploadForm(request.POST, request.FILES)
        if not given.is_valid():
            return self._text_upload_page(request, given, document)
        text = given.draft.text
        if request.POST.get("step") == "save":
            if request.POST.get("version") == str(document.version) and self._is_new_text(document, text):
                try:
                    return self._save_text(request, document, text)
                except Stale:
                    document = self._get_changeable_document(request, object_id)
            messages.warning(request, "The document was changed meanwhile: look again at what the text would do to it.")
        return self._replacement_page(request, document, text, given.draft.warnings)

    def _get_changeable_document(self, request, object_id) -> SourceDocument:
        document = self.get_object(request, unquote(str(object_id)))
        if document is None:
            raise Http404
        if not self.has_change_permission(request, document):
            raise PermissionDenied
        return document

    def _is_new_text(self, document: SourceDocument, text: str) -> bool:
        sha256 = fingerprint.text_hash(text)
        if document.text and document.sha256 == sha256:
            return False
        return not SourceDocument.objects.filter(sha256=sha256).exclude(pk=document.pk).exists()

    def _save_text(self, request, document, text):
        if not document.text and document.sha256 in ("", fingerprint.text_hash(text)):
            failed = [quote for quote, _ in attach_text(document, text)]
            messages.success(request, f"The text of “{document}” was attached.")
        else:
            placed = replace_text(document, text, request.user)
            failed = [placement.quote for placement in placed if placement.outcome == PlacementOutcome.FAILS]
            moved = sum(placement.outcome == PlacementOutcome.MOVES for placement in placed)
            messages.success(request, f"The text of “{document}” was replaced; {moved} of {len(placed)} quotes were placed anew.")
        self.log_change(request, document, "Took another text.")
        if failed:
            told = 'No longer standing in the text: {}. <a class="underline" href="{}">See why, and place them anew</a>'
            named = ", ".join(quote.slug for quote in failed)
            messages.warning(request, format_html(told, named, failing_quotes_url(document)))
        return HttpResponseRedirect(document_reading_url(document))

    def _replacement_page(self, request, document, text, warnings):
        sha256 = fingerprint.text_hash(text)
        other = SourceDocument.objects.filter(sha256=sha256).exclude(pk=document.pk).first()
        unchanged = bool(document.text) and document.sha256 == sha256
        placed = [] if other or unchanged else plan_placements(document, text)
        context = {
            "original": document,
            "text": text,
            "words": len(text.split()),
            "warnings": warnings,
            "other": other,
            "unchanged": unchanged,
            "very_text": not document.text and document.sha256 == sha256,
            "first_text": not document.text and not document.sha256,
            "difference": condense_difference(word_diff.diff_words(document.text, text))
            if document.text and not unchanged
            else [],
            "fates": [
                (fate, [placement for placement in placed if placement.outcome == fate])
                for fate in (PlacementOutcome.FAILS, PlacementOutcome.MOVES, PlacementOutcome.STANDS)
            ],
            "placed": placed,
            "title": "Look over the replacement",
        }
        return self._intake_response(request, "intake_replace_text", context)

    # Both

    def _text_upload_page(self, request, given=None, document=None, status=None):
        context = {
            "original": document,
            "text": given.data.get("text", "") if given else "",
            "errors": given.non_field_errors() if given else [],
            "title": "Replace the text" if document else "Add a document",
        }
        return self._intake_response(request, "intake", context, status or (400 if given else 200))

    def too_large_response(self, request, object_id=None):
        # Reached before anything else is checked.
        if not (self.has_change_permission(request) if object_id else self.has_add_permission(request)):
            raise PermissionDenied
        context = {
            "original": self._get_changeable_document(request, object_id) if object_id else None,
            "errors": [
                f"That was too large to be taken as a form. Save the text as a file and choose it here; a file may have"
                f" {formats.MAX_FILE_BYTES // 1_000_000} MB and its text {document_intake.MAX_CHARACTERS:,} characters."
            ],
            "title": "Replace the text" if object_id else "Add a document",
        }
        return self._intake_response(request, "intake", context, 413)

    def _intake_response(self, request, template, context, status=200):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "limit": document_intake.MAX_CHARACTERS, **context}
        return TemplateResponse(request, f"desk/evidence/{template}.html", context, status=status)


def document_reading_url(document: SourceDocument) -> str:
    """Where a document is read."""
    try:
        return reverse("admin:sources_sourcedocument_read", args=[document.pk])
    except NoReverseMatch:
        return reverse("admin:sources_sourcedocument_change", args=[document.pk])


def condense_difference(steps: list[tuple[str, str]], around: int = 160) -> list[tuple[str, str]]:
    """A difference in words, with only some of what is the same around each change; space alone is none."""
    # A line broken elsewhere is no other word.
    steps = [("same" if not words.strip() else kind, words) for kind, words in steps if words.strip() or kind != "removed"]
    runs = [(kind, "".join(words for _, words in run)) for kind, run in groupby(steps, key=lambda step: step[0])]
    short = []
    for at, (kind, words) in enumerate(runs):
        if kind == "same" and len(words) > 2 * around:
            before = words[:around].rpartition(" ")[0] if at else ""
            after = words[-around:].partition(" ")[2] if at + 1 < len(runs) else ""
            words = f"{before} […] {after}"
        short.append((kind, words))
    return short
