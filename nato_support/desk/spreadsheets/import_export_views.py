"""Links that export a list as a spreadsheet, and the pages that import one: upload, check, preview and write."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from entities.fields import strip_control_characters
from entities.refusals import Stale
from nato_support.desk.large_form_decorator import accepts_large_form
from nato_support.desk.spreadsheets.planned_row_display import display_planned_rows
from nato_support.exchange.spreadsheets import file_writer, pending_uploads
from nato_support.exchange.spreadsheets.file_reader import MAX_ROWS, MAX_SPREADSHEET_BYTES, UnreadableSpreadsheet
from nato_support.exchange.spreadsheets.import_execution import RowRefused, write_planned_rows
from nato_support.exchange.spreadsheets.planned_rows import RowOutcome
from nato_support.exchange.spreadsheets.sheets_and_columns import SHEETS_BY_NAME, Sheet, sheet_for_model

MAX_UPLOAD_REQUEST_BYTES = MAX_SPREADSHEET_BYTES + 100_000
"""Bytes of the file and of the form around it."""
PLANNED_ROWS_PER_PAGE = 50
MAX_REASON_CHARACTERS = 2000
CONTENT_TYPES = {
    "csv": "text/csv",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class SpreadsheetMixin(admin.ModelAdmin):
    """Admin of a kind of record whose list is exported to spreadsheets and changed by importing them."""

    @property
    def sheet(self) -> Sheet:
        return sheet_for_model(self.model)

    def get_urls(self):
        routes = [
            ("sheet/<str:kind>/", self.export_sheet_view, "sheet"),
            ("import/", self.import_sheet_view, "import"),
            ("import/<str:token>/", self.import_preview_view, "import_preview"),
            ("import/<str:token>/check/", self.import_check_view, "import_check"),
            ("import/<str:token>/write/", self.import_write_view, "import_write"),
            ("import/<str:token>/progress/", self.import_progress_view, "import_progress"),
            ("import/<str:token>/problems/", self.import_problems_view, "import_problems"),
            ("import/<str:token>/discard/", self.import_discard_view, "import_discard"),
        ]
        site = self.admin_site
        return [
            *(path(route, site.admin_view(view), name=self._sheet_url_name(name)) for route, view, name in routes),
            *super().get_urls(),
        ]

    def _sheet_url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _sheet_url(self, page: str, *args: str) -> str:
        return reverse(f"admin:{self._sheet_url_name(page)}", args=args)

    def changelist_view(self, request, extra_context=None):
        filters = request.GET.copy()
        for name in ("p", "e", "all"):
            filters.pop(name, None)
        query = f"?{filters.urlencode()}" if filters else ""
        exports = [
            ("XLSX", "The filtered list, with a sheet for each type of child row", "xlsx"),
            ("CSV", "The filtered list, without child rows", "csv"),
            ("ZIP of CSVs", "The filtered list, with a CSV for each type of child row", "zip"),
        ]
        bar = {
            "exports": [(label, help_text, self._sheet_url("sheet", kind) + query) for label, help_text, kind in exports],
            "import": self._sheet_url("import") if self.may_import(request, self.sheet) else "",
        }
        return super().changelist_view(request, {**(extra_context or {}), "sheet_bar": bar})

    # Permissions

    def may_import(self, request, sheet: Sheet) -> bool:
        model_admin = self.admin_site._registry[sheet.model]
        return model_admin.has_add_permission(request) and model_admin.has_change_permission(request)

    def _require_import_permission(self, request, sheet_names=()):
        for sheet in (self.sheet, *(SHEETS_BY_NAME[name] for name in sheet_names)):
            if not self.may_import(request, sheet):
                raise PermissionDenied

    # Export

    def export_sheet_view(self, request, kind: str):
        """Export the filtered list as a file of `kind`: csv, xlsx or zip."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in CONTENT_TYPES:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        try:
            records = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(self._sheet_url("changelist") + "?e=1")
        response = self._export_response(request, kind, list(records.values_list("pk", flat=True)))
        response["Cache-Control"] = "private, no-store"
        return response

    def _export_response(self, request, kind: str, pks: list[int]) -> StreamingHttpResponse:
        filename = f"{self.sheet.name}-{timezone.now():%Y-%m-%d}.{kind}"
        record_cells = file_writer.sheet_row_cells(self.sheet, pks)
        if kind == "csv":
            lines = file_writer.csv_lines(self.sheet, record_cells)
            response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{filename}"'
            return response
        children = [
            child for child in self.sheet.child_sheets if self.admin_site._registry[child.model].has_view_permission(request)
        ]
        sheets = [(self.sheet, record_cells), *((child, file_writer.child_row_cells(child, pks)) for child in children)]
        file = file_writer.build_workbook(sheets) if kind == "xlsx" else file_writer.build_csv_archive(sheets)
        return FileResponse(file, as_attachment=True, filename=filename, content_type=CONTENT_TYPES[kind])

    # Import

    def _spreadsheet_too_large_response(self, request):
        """Answer a form that is too large with the upload page."""
        self._require_import_permission(request)
        error = f"The file is larger than {MAX_SPREADSHEET_BYTES:,} bytes. Split it into several files."
        return self._upload_form_response(request, [error], 413)

    @accepts_large_form(MAX_UPLOAD_REQUEST_BYTES, _spreadsheet_too_large_response)
    def import_sheet_view(self, request):
        """Ask for a file, store it as a pending upload and start to check it."""
        self._require_import_permission(request)
        if request.method != "POST":
            return self._upload_form_response(request)
        file = request.FILES.get("file")
        if file is None:
            return self._upload_form_response(request, ["Choose a file first."], 400)
        if file.size > MAX_SPREADSHEET_BYTES:
            error = f"The file has {file.size:,} bytes; the limit is {MAX_SPREADSHEET_BYTES:,}."
            return self._upload_form_response(request, [error], 413)
        if request.session.session_key is None:
            request.session.create()
        try:
            upload = pending_uploads.store_upload(
                file.name, file.read(), self.sheet, request.user.pk, request.session.session_key
            )
        except UnreadableSpreadsheet as refusal:
            return self._upload_form_response(request, refusal.problems, 400)
        try:
            self._require_import_permission(request, upload.about["headers"])
        except PermissionDenied:
            upload.remove()
            raise
        upload.plan_next_batches()
        return HttpResponseRedirect(self._sheet_url("import_preview", upload.token))

    def _upload_form_response(self, request, errors=(), status=200):
        return self._sheet_response(
            request, "upload", {"errors": errors, "title": f"Import {self.opts.verbose_name_plural}"}, status
        )

    def import_preview_view(self, request, token: str):
        """Show what each row of an upload would do or, until all are checked, how far checking is."""
        upload = self._get_upload(request, token)
        context: dict[str, Any] = {"upload": upload, "title": f"Import {self.opts.verbose_name_plural}"}
        if not upload.ready:
            return self._sheet_response(request, "checking", context)
        counts = upload.counts()
        noted = sum(1 for row in upload.planned_rows() if row.notes)
        tabs = [(outcome.value, outcome.label, counts[outcome]) for outcome in RowOutcome]
        tabs += [("noted", "With notes", noted)] if noted else []
        chosen = request.GET.get("show", "")
        if chosen not in [name for name, _, _ in tabs]:
            chosen = next((name for name in ("refused", "changed", "new") if counts[name]), "unchanged")
        rows = [row for row in upload.planned_rows() if (row.notes if chosen == "noted" else row.outcome == chosen)]
        page = Paginator(rows, PLANNED_ROWS_PER_PAGE).get_page(request.GET.get("p"))
        context |= {
            "tabs": tabs,
            "chosen": chosen,
            "page": page,
            "rows": display_planned_rows(list(page.object_list), request.user),
            "refused": counts[RowOutcome.REFUSED],
            "writes": counts[RowOutcome.NEW] + counts[RowOutcome.CHANGED],
            "noted": noted,
            "digest": upload.digest,
        }
        return self._sheet_response(request, "preview", context)

    def import_check_view(self, request, token: str):
        """Check the next rows of an upload; the answer to scripts is {"done": batches checked, "of": batches}."""
        upload = self._get_upload_for_post(request, token)
        upload.plan_next_batches()
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"done": upload.checked_batches, "of": upload.pieces})
        return HttpResponseRedirect(self._sheet_url("import_preview", token))

    def import_write_view(self, request, token: str):
        """Write the rows of an upload, all or none, if the preview that was confirmed is still current."""
        upload = self._get_upload_for_post(request, token)
        preview = HttpResponseRedirect(self._sheet_url("import_preview", token))
        if not upload.ready:
            return preview
        counts = upload.counts()
        if counts[RowOutcome.REFUSED]:
            messages.error(request, f"Nothing was imported: {counts[RowOutcome.REFUSED]} of the rows are refused.")
            return preview
        if request.POST.get("digest") != upload.digest:
            messages.warning(request, "The preview has changed: check it again.")
            return preview
        if not upload.claim_writing():
            messages.warning(request, "This file is already being imported.")
            return preview
        reason = strip_control_characters(request.POST.get("reason", ""))[:MAX_REASON_CHARACTERS]
        try:
            written = write_planned_rows(
                list(upload.planned_rows()),
                by=request.user,
                reason=reason or f"Import of {upload.about['name']}",
                on_progress=upload.write_progress,
            )
        except Stale:
            upload.discard_plan()
            messages.warning(
                request, "Nothing was imported: somebody saved one of these rows in the meantime. Check the changes."
            )
            return preview
        except RowRefused as refusal:
            upload.discard_plan()
            messages.error(request, f"Nothing was imported. {refusal}")
            return preview
        finally:
            upload.release_claim()
        upload.remove()
        summary = (
            f"{written} row{'' if written == 1 else 's'} imported:"
            f" {counts[RowOutcome.NEW]} new, {counts[RowOutcome.CHANGED]} changed."
        )
        messages.success(request, f"{summary} They are one change in the history.")
        return HttpResponseRedirect(self._sheet_url("changelist"))

    def import_progress_view(self, request, token: str):
        """Answer with the number of rows written so far."""
        return JsonResponse({"done": self._get_upload(request, token).progress})

    def import_problems_view(self, request, token: str):
        """Download the uploaded file with reasons and notes beside its rows."""
        upload = self._get_upload(request, token)
        if not upload.ready:
            raise Http404
        as_csv = len(upload.about["headers"]) == 1 and upload.about["name"].casefold().endswith(".csv")
        problems = {(row.sheet, row.number): " ".join([*row.reasons, *row.notes]) for row in upload.planned_rows()}
        kind = "csv" if as_csv else "xlsx"
        file = file_writer.build_problems_file(upload.contents, problems, as_csv)
        stem = upload.about["name"].rpartition(".")[0] or upload.about["name"]
        return FileResponse(file, as_attachment=True, filename=f"{stem}-problems.{kind}", content_type=CONTENT_TYPES[kind])

    def import_discard_view(self, request, token: str):
        """Delete an upload."""
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
            raise Http404("This upload has expired: upload the file again.")
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
