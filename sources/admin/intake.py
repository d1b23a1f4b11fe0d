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

from sources import anchoring, fingerprint, formats, intake
from sources.admin.failing import page_of_failing
from sources.models import SourceDocument
from sources.verification import Fate, Outdated, attach_text, placements, replace_text

LONGEST_REQUEST = formats.LARGEST_FILE + 1_000_000
_FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
_DIFFERENCES_SHOWN = 3


class AnyText(forms.CharField):
    """A text as it comes: what cannot be kept of it is removed and said, not refused."""

    def run_validators(self, value):
        pass


class GivenText(forms.Form):
    """A text, pasted or in a file."""

    text = AnyText(required=False, strip=False)
    file = forms.FileField(required=False, allow_empty_file=True)

    draft: intake.Draft

    def clean(self):
        text, file = self.cleaned_data.get("text") or "", self.cleaned_data.get("file")
        if file and text.strip():
            raise ValidationError("There are a file and a pasted text: give one of them.")
        if not file and not text.strip():
            raise ValidationError("Paste a text or choose a file.")
        try:
            if file:
                self.draft = intake.read(file.read(), file.name)
            else:
                cleaned, warnings = intake.clean(text)
                self.draft = intake.Draft(cleaned, title=formats.opening_line(cleaned), warnings=warnings)
        except intake.Unreadable as refusal:
            raise ValidationError(f"{file.name}: {refusal}" if file else str(refusal)) from None


class NewDocument(forms.ModelForm):
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
            text, _ = intake.clean(self.cleaned_data["text"])
        except intake.Unreadable as refusal:
            raise ValidationError(str(refusal)) from None
        return text


FIELDS = (
    ("title",),
    ("publisher", "new_publisher"),
    ("authors", "language"),
    ("published_on", "updated_on", "retrieved_on"),
    ("url",),
    ("slug",),
    ("text",),
)


def takes_texts(view: Callable) -> Callable:
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
                if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_REQUEST:
                    raise RequestDataTooBig
                request.POST  # noqa: B018 - reads the form
            except RequestDataTooBig:
                request.POST = QueryDict()
                return self.too_large(request, *args, **kwargs)
        return csrf_protect(lambda request: view(self, request, *args, **kwargs))(request)

    wrapped.judges_size = True  # type: ignore[attr-defined]
    return wrapped


class IntakeViews:
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
    @takes_texts
    def intake(self, request):
        if request.method != "POST":
            return self._ask(request)
        if request.POST.get("step") == "save":
            return self._save_new(request)
        given = GivenText(request.POST, request.FILES)
        if not given.is_valid():
            return self._ask(request, given)
        draft = given.draft
        publisher = intake.publisher_called(draft.publisher)
        found = {
            name: getattr(draft, name) for name in ("text", "title", "authors", "published_on", "updated_on", "url", "language")
        }
        form = self._new_document(request)(
            initial=found
            | {
                "publisher": publisher,
                "new_publisher": "" if publisher else draft.publisher,
                "retrieved_on": timezone.localdate().isoformat(),
                "warnings": "\n".join(draft.warnings),
            }
        )
        return self._show_new(request, form, draft.text, draft.url, draft.warnings)

    def _save_new(self, request):
        form = self._new_document(request)(request.POST)
        # The rest of the form is judged even if the text is refused, so that nothing has to be typed twice.
        valid = form.is_valid()
        text = form.cleaned_data.get("text", "")
        if valid and not self._same_text(text):
            try:
                new_publisher = "" if form.cleaned_data["publisher"] else form.cleaned_data.get("new_publisher", "")
                document = intake.add(form.instance, text, new_publisher)
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                self.log_addition(request, document, "Added from a text.")
                messages.success(request, f"“{document}” was added.")
                return HttpResponseRedirect(reading_page(document))
        return self._show_new(request, form, text, request.POST.get("url", ""), request.POST.get("warnings", "").splitlines())

    def _new_document(self, request):
        adds_publishers = request.user.has_perm("entities.add_organisation")
        names = [name for row in FIELDS for name in row if name != "new_publisher" or adds_publishers]
        form = self.get_form(request, form=NewDocument, fields=names)
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

    def _same_text(self, text: str) -> SourceDocument | None:
        return intake.same_document(text) if text else None

    def _show_new(self, request, form, text, url, warnings):
        same = self._same_text(text)
        address = None if same else intake.same_document("", url)
        copies = [] if same or not text else intake.near_copies(text)[:10]
        context = {
            "form": form,
            "rows": [[form[name] for name in row if name in form.fields] for row in FIELDS],
            "warnings": warnings,
            "same": same,
            "same_address": address,
            "copies": [
                {
                    "document": document,
                    "percent": round(likeness * 100),
                    "difference": condensed(anchoring.difference(document.text, text))
                    if document.text and at < _DIFFERENCES_SHOWN
                    else [],
                }
                for at, (document, likeness) in enumerate(copies)
            ],
            "words": len(text.split()),
            "title": "Look over the new document",
            "media": self.media + form.media,
        }
        return self._page(request, "intake_look", context, 400 if form.errors or (form.is_bound and same) else 200)

    # Another text for a document

    @action(description="Replace the text", url_path="retext", permissions=["change"], icon="find_replace")
    @takes_texts
    def retext(self, request, object_id):
        document = self._document(request, object_id)
        if request.method != "POST":
            return self._ask(request, document=document)
        given = GivenText(request.POST, request.FILES)
        if not given.is_valid():
            return self._ask(request, given, document)
        text = given.draft.text
        if request.POST.get("step") == "save":
            if request.POST.get("version") == str(document.version) and self._may_take(document, text):
                try:
                    return self._save_text(request, document, text)
                except Outdated:
                    document = self._document(request, object_id)
            messages.warning(request, "The document was changed meanwhile: look again at what the text would do to it.")
        return self._show_text(request, document, text, given.draft.warnings)

    def _document(self, request, object_id) -> SourceDocument:
        document = self.get_object(request, unquote(str(object_id)))
        if document is None:
            raise Http404
        if not self.has_change_permission(request, document):
            raise PermissionDenied
        return document

    def _may_take(self, document: SourceDocument, text: str) -> bool:
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
            failed = [placement.quote for placement in placed if placement.fate == Fate.FAILS]
            moved = sum(placement.fate == Fate.MOVES for placement in placed)
            messages.success(request, f"The text of “{document}” was replaced; {moved} of {len(placed)} quotes were placed anew.")
        self.log_change(request, document, "Took another text.")
        if failed:
            told = 'No longer standing in the text: {}. <a class="underline" href="{}">See why, and place them anew</a>'
            named = ", ".join(quote.slug for quote in failed)
            messages.warning(request, format_html(told, named, page_of_failing(document)))
        return HttpResponseRedirect(reading_page(document))

    def _show_text(self, request, document, text, warnings):
        sha256 = fingerprint.text_hash(text)
        other = SourceDocument.objects.filter(sha256=sha256).exclude(pk=document.pk).first()
        unchanged = bool(document.text) and document.sha256 == sha256
        placed = [] if other or unchanged else placements(document, text)
        context = {
            "original": document,
            "text": text,
            "words": len(text.split()),
            "warnings": warnings,
            "other": other,
            "unchanged": unchanged,
            "very_text": not document.text and document.sha256 == sha256,
            "first_text": not document.text and not document.sha256,
            "difference": condensed(anchoring.difference(document.text, text)) if document.text and not unchanged else [],
            "fates": [
                (fate, [placement for placement in placed if placement.fate == fate])
                for fate in (Fate.FAILS, Fate.MOVES, Fate.STANDS)
            ],
            "placed": placed,
            "title": "Look over the replacement",
        }
        return self._page(request, "intake_retext", context)

    # Both

    def _ask(self, request, given=None, document=None, status=None):
        context = {
            "original": document,
            "text": given.data.get("text", "") if given else "",
            "errors": given.non_field_errors() if given else [],
            "title": "Replace the text" if document else "Add a document",
        }
        return self._page(request, "intake", context, status or (400 if given else 200))

    def too_large(self, request, object_id=None):
        # Reached before anything else is checked.
        if not (self.has_change_permission(request) if object_id else self.has_add_permission(request)):
            raise PermissionDenied
        context = {
            "original": self._document(request, object_id) if object_id else None,
            "errors": [
                f"That was too large to be taken as a form. Save the text as a file and choose it here; a file may have"
                f" {formats.LARGEST_FILE // 1_000_000} MB and its text {intake.LIMIT:,} characters."
            ],
            "title": "Replace the text" if object_id else "Add a document",
        }
        return self._page(request, "intake", context, 413)

    def _page(self, request, template, context, status=200):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "limit": intake.LIMIT, **context}
        return TemplateResponse(request, f"admin/sources/{template}.html", context, status=status)


def reading_page(document: SourceDocument) -> str:
    """Where a document is read."""
    try:
        return reverse("admin:sources_sourcedocument_read", args=[document.pk])
    except NoReverseMatch:
        return reverse("admin:sources_sourcedocument_change", args=[document.pk])


def condensed(steps: list[tuple[str, str]], around: int = 160) -> list[tuple[str, str]]:
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
