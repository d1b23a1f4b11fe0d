"""The list of a kind of record as a spreadsheet: links that export it, and the pages of the import."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.http import StreamingHttpResponse as Streaming
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from entities.fields import strip_control_characters
from entities.history.record_snapshots import ChildRow, FieldChange, RecordDifference, RecordSnapshot, RowChange
from entities.numbers import count_up_to
from entities.refusals import Stale
from nato_support.desk.records.difference_display import display_differences
from nato_support.exchange.spreadsheets import file_writer, pending_uploads
from nato_support.exchange.spreadsheets.columns import SHEETS_BY_NAME, Sheet, sheet_for_model
from nato_support.exchange.spreadsheets.file_reader import MAX_ROWS, MAX_SPREADSHEET_BYTES, UnreadableSpreadsheet
from nato_support.exchange.spreadsheets.import_execution import RowRefused, write_planned_rows
from nato_support.exchange.spreadsheets.import_plan import RowOutcome, SheetRow

MAX_UPLOAD_REQUEST_BYTES = MAX_SPREADSHEET_BYTES + 100_000
"""Bytes: the file and what a form wraps it in."""
PLANNED_ROWS_PER_PAGE = 50
CONTENT_TYPES = {
    "csv": "text/csv",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def accepts_spreadsheet(view: Callable) -> Callable:
    """A page with a form that holds a file. Of one that is too large nothing is read; the form is checked for its origin."""

    @csrf_exempt  # Only until the size is known: the check reads the form.
    @wraps(view)
    def wrapped(self, request, *args, **kwargs):
        size = request.META.get("CONTENT_LENGTH") or "0"
        if count_up_to(size, MAX_UPLOAD_REQUEST_BYTES + 1) > MAX_UPLOAD_REQUEST_BYTES:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return self.upload_form_page(
                request, [f"The file is larger than {MAX_SPREADSHEET_BYTES:,} bytes. Give it in parts."], 413
            )
        return csrf_protect(lambda request: view(self, request, *args, **kwargs))(request)

    wrapped.limits_size_itself = True
    return wrapped


class SpreadsheetMixin(admin.ModelAdmin):
    """The list of one kind as a spreadsheet, and back."""

    @property
    def sheet(self) -> Sheet:
        return sheet_for_model(self.model)

    def get_urls(self):
        pages = [
            ("sheet/<str:kind>/", self.export_sheet_view, "sheet"),
            ("import/", self.import_sheet_view, "import"),
            ("import/<str:token>/", self.import_preview_view, "import_preview"),
            ("import/<str:token>/look/", self.import_check_view, "import_look"),
            ("import/<str:token>/write/", self.import_write_view, "import_write"),
            ("import/<str:token>/progress/", self.import_progress_view, "import_progress"),
            ("import/<str:token>/problems/", self.import_problems_view, "import_problems"),
            ("import/<str:token>/discard/", self.import_discard_view, "import_discard"),
        ]
        site = self.admin_site
        return [
            *(path(route, site.admin_view(view), name=self._sheet_url_name(name)) for route, view, name in pages),
            *super().get_urls(),
        ]

    def _sheet_url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _sheet_url(self, page: str, *args: str) -> str:
        return reverse(f"admin:{self._sheet_url_name(page)}", args=args)

    def changelist_view(self, request, extra_context=None):
        narrowed = request.GET.copy()
        for name in ("p", "e", "all"):
            narrowed.pop(name, None)
        query = f"?{narrowed.urlencode()}" if narrowed else ""
        bar = {
            "exports": [
                ("XLSX", "As it is filtered, with a sheet for each sort of part", self._sheet_url("sheet", "xlsx") + query),
                ("CSV", "As it is filtered, without parts", self._sheet_url("sheet", "csv") + query),
                ("ZIP of CSVs", "As it is filtered, with a CSV for each sort of part", self._sheet_url("sheet", "zip") + query),
            ],
            "import": self._sheet_url("import") if self.may_import(request, self.sheet) else "",
        }
        return super().changelist_view(request, {**(extra_context or {}), "sheet_bar": bar})

    # Rights

    def may_import(self, request, sheet: Sheet) -> bool:
        page = self.admin_site._registry[sheet.model]
        return page.has_add_permission(request) and page.has_change_permission(request)

    def _require_import_permission(self, request, names=()):
        for sheet in (self.sheet, *(SHEETS_BY_NAME[name] for name in names)):
            if not self.may_import(request, sheet):
                raise PermissionDenied

    # Out

    def export_sheet_view(self, request, kind: str):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in CONTENT_TYPES:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        try:
            listed = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(self._sheet_url("changelist") + "?e=1")
        keys = list(listed.values_list("pk", flat=True))
        name = f"{self.sheet.name}-{timezone.now():%Y-%m-%d}.{kind}"
        if kind == "csv":
            answer = Streaming(
                file_writer.csv_lines(self.sheet, file_writer.sheet_row_cells(self.sheet, keys)),
                content_type="text/csv; charset=utf-8",
            )
            answer["Content-Disposition"] = f'attachment; filename="{name}"'
        else:
            visible = [part for part in self.sheet.parts if self.admin_site._registry[part.model].has_view_permission(request)]
            sheets = [
                (self.sheet, file_writer.sheet_row_cells(self.sheet, keys)),
                *((part, file_writer.child_row_cells(part, keys)) for part in visible),
            ]
            file = file_writer.build_workbook(sheets) if kind == "xlsx" else file_writer.build_csv_archive(sheets)
            answer = FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])
        answer["Cache-Control"] = "private, no-store"
        return answer

    # In

    @accepts_spreadsheet
    def import_sheet_view(self, request):
        self._require_import_permission(request)
        if request.method != "POST":
            return self.upload_form_page(request)
        file = request.FILES.get("file")
        if file is None:
            return self.upload_form_page(request, ["Choose a file first."], 400)
        if file.size > MAX_SPREADSHEET_BYTES:
            return self.upload_form_page(
                request, [f"The file has {file.size:,} bytes; at most {MAX_SPREADSHEET_BYTES:,} are taken."], 413
            )
        if request.session.session_key is None:
            request.session.create()
        try:
            upload = pending_uploads.store_upload(
                file.name, file.read(), self.sheet, request.user.pk, request.session.session_key
            )
        except UnreadableSpreadsheet as refusal:
            return self.upload_form_page(request, refusal.problems, 400)
        try:
            self._require_import_permission(request, upload.about["headers"])
        except PermissionDenied:
            upload.remove()
            raise
        upload.check_next_batches()
        return HttpResponseRedirect(self._sheet_url("import_preview", upload.token))

    def upload_form_page(self, request, errors=(), status=200):
        """The page that asks for a file."""
        return self._sheet_response(
            request, "upload", {"errors": errors, "title": f"Import {self.opts.verbose_name_plural}"}, status
        )

    def import_preview_view(self, request, token: str):
        upload = self._get_upload(request, token)
        context: dict[str, Any] = {"upload": upload, "title": f"Import {self.opts.verbose_name_plural}"}
        if not upload.ready:
            return self._sheet_response(request, "checking", context)
        counts = upload.counts()
        noted = sum(1 for line in upload.lines() if line.notes)
        kinds = [(outcome.value, outcome.label, counts[outcome]) for outcome in RowOutcome]
        kinds += [("noted", "With notes", noted)] if noted else []
        asked = request.GET.get("show", "")
        if asked not in [name for name, _, _ in kinds]:
            asked = next((name for name in ("refused", "changed", "new") if counts[name]), "unchanged")
        wanted = [line for line in upload.lines() if (line.notes if asked == "noted" else line.outcome == asked)]
        page = Paginator(wanted, PLANNED_ROWS_PER_PAGE).get_page(request.GET.get("p"))
        context |= {
            "kinds": kinds,
            "asked": asked,
            "page": page,
            "lines": _rows_with_differences(list(page.object_list), request.user),
            "refused": counts[RowOutcome.REFUSED],
            "writes": counts[RowOutcome.NEW] + counts[RowOutcome.CHANGED],
            "noted": noted,
            "digest": upload.digest,
        }
        return self._sheet_response(request, "preview", context)

    def import_check_view(self, request, token: str):
        upload = self._get_upload_for_post(request, token)
        upload.check_next_batches()
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"done": upload.checked_batches, "of": upload.pieces})
        return HttpResponseRedirect(self._sheet_url("import_preview", token))

    def import_write_view(self, request, token: str):
        upload = self._get_upload_for_post(request, token)
        back = HttpResponseRedirect(self._sheet_url("import_preview", token))
        if not upload.ready:
            return back
        counts = upload.counts()
        if counts[RowOutcome.REFUSED]:
            messages.error(request, f"Nothing was written: {counts[RowOutcome.REFUSED]} of the rows are refused.")
            return back
        if request.POST.get("digest") != upload.digest:
            messages.warning(request, "This is not what you saw: look it over again.")
            return back
        if not upload.claim_writing():
            messages.warning(request, "This file is being written already.")
            return back
        why = strip_control_characters(request.POST.get("why", ""))[:2000]
        try:
            done = write_planned_rows(
                list(upload.lines()), by=request.user, why=why or f"Import of {upload.about['name']}", told=upload.tell
            )
        except Stale:
            upload.discard_results()
            messages.warning(request, "Nothing was written: somebody saved one of these rows meanwhile. Look over what changed.")
            return back
        except RowRefused as refusal:
            upload.discard_results()
            messages.error(request, f"Nothing was written. {refusal}")
            return back
        finally:
            upload.release_claim()
        upload.remove()
        told = (
            f"{done} row{'' if done == 1 else 's'} imported: {counts[RowOutcome.NEW]} new, {counts[RowOutcome.CHANGED]} changed."
        )
        messages.success(request, f"{told} They are one change in the history.")
        return HttpResponseRedirect(self._sheet_url("changelist"))

    def import_progress_view(self, request, token: str):
        return JsonResponse({"done": self._get_upload(request, token).progress})

    def import_problems_view(self, request, token: str):
        upload = self._get_upload(request, token)
        if not upload.ready:
            raise Http404
        as_csv = len(upload.about["headers"]) == 1 and upload.about["name"].casefold().endswith(".csv")
        problems = {(line.sheet, line.number): " ".join([*line.reasons, *line.notes]) for line in upload.lines()}
        kind = "csv" if as_csv else "xlsx"
        file = file_writer.build_problems_file(upload.contents, problems, as_csv)
        stem = upload.about["name"].rpartition(".")[0] or upload.about["name"]
        return FileResponse(file, as_attachment=True, filename=f"{stem}-problems.{kind}", content_type=CONTENT_TYPES[kind])

    def import_discard_view(self, request, token: str):
        self._get_upload_for_post(request, token).remove()
        return HttpResponseRedirect(self._sheet_url("changelist"))

    def _get_upload_for_post(self, request, token: str) -> pending_uploads.PendingUpload:
        upload = self._get_upload(request, token)
        if request.method != "POST":
            raise Http404
        return upload

    def _get_upload(self, request, token: str) -> pending_uploads.PendingUpload:
        self._require_import_permission(request)
        upload = pending_uploads.find_upload(token, self.sheet, request.user.pk, request.session.session_key or "")
        if upload is None:
            raise Http404("This file is no longer here: give it again.")
        self._require_import_permission(request, upload.about["headers"])
        return upload

    def _sheet_response(self, request, template: str, context: dict, status: int = 200) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "sheet": self.sheet,
            "list_page": self._sheet_url("changelist"),
            "import_page": self._sheet_url("import"),
            "limits": {"bytes": MAX_SPREADSHEET_BYTES // 1_000_000, "rows": f"{MAX_ROWS:,}"},
            **context,
        }
        return TemplateResponse(request, f"desk/spreadsheets/{template}.html", context, status=status)


def _rows_with_differences(lines: list[SheetRow], user) -> list[tuple[SheetRow, Any]]:
    """Each line with its difference as pages show it; None for one that changes nothing that is there."""
    changed = [line for line in lines if line.outcome == RowOutcome.CHANGED]
    told = dict(
        zip(
            [id(line) for line in changed],
            display_differences([_row_difference(line) for line in changed], user=user),
            strict=True,
        )
    )
    return [(line, told.get(id(line))) for line in lines]


def _row_difference(line: SheetRow) -> RecordDifference:
    """What a line changes, as if it had been saved; what waits for new rows of the file is told beside."""
    sheet = SHEETS_BY_NAME[line.sheet]
    model: Any = sheet.model
    after = line.before | line.known_values
    changes = tuple(FieldChange(name, line.before[name], after[name]) for name in sheet.columns if name in line.known_values)
    if sheet.whole is None:
        records = [RecordSnapshot(model, line.pk or 0, values, {}) for values in (line.before, after)]
        return RecordDifference(records[0], records[1], changes, ())
    record = RecordSnapshot(sheet.whole, line.whole, {}, {})
    rows = [ChildRow(model, line.pk or 0, values) for values in (line.before, after)]
    return RecordDifference(record, record, (), (RowChange(rows[0], rows[1], changes),) if changes else ())
