"""Gives the list of every kind of record its spreadsheets: links that export it, and the pages of the import.

Attached from here, since neither entities nor sources know of the exchange.
"""

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

from entities.admin.differences import shown
from entities.fields import without_controls
from entities.snapshots import Difference, FieldChange, Row, RowChange, Snapshot
from nato_support.exchange.sheets import out, waiting
from nato_support.exchange.sheets.columns import RECORDS, SHEETS, Sheet, sheet_of
from nato_support.exchange.sheets.plan import Line, Outcome
from nato_support.exchange.sheets.reading import LARGEST_FILE, MOST_ROWS, Unreadable
from nato_support.exchange.sheets.writing import Moved, Refused, write

LARGEST_REQUEST = LARGEST_FILE + 100_000
"""Bytes: the file and what a form wraps it in."""
PER_PAGE = 50
TYPES = {"csv": "text/csv", "zip": "application/zip", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def takes_files(view: Callable) -> Callable:
    """A page with a form that holds a file. Of one that is too large nothing is read; the form is checked for its origin."""

    @csrf_exempt  # Only until the size is known: the check reads the form.
    @wraps(view)
    def wrapped(self, request, *args, **kwargs):
        size = request.META.get("CONTENT_LENGTH") or "0"
        if size.isdecimal() and int(size) > LARGEST_REQUEST:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return self.ask_for_sheet(request, [f"The file is larger than {LARGEST_FILE:,} bytes. Give it in parts."], 413)
        return csrf_protect(lambda request: view(self, request, *args, **kwargs))(request)

    wrapped.judges_size = True
    return wrapped


class SheetPages(admin.ModelAdmin):
    """The list of one kind as a spreadsheet, and back."""

    @property
    def sheet(self) -> Sheet:
        return sheet_of(self.model)

    def get_urls(self):
        pages = [
            ("sheet/<str:kind>/", self.export_sheet_view, "sheet"),
            ("import/", self.import_sheet_view, "import"),
            ("import/<str:token>/", self.import_preview_view, "import_preview"),
            ("import/<str:token>/look/", self.import_look_view, "import_look"),
            ("import/<str:token>/write/", self.import_write_view, "import_write"),
            ("import/<str:token>/progress/", self.import_progress_view, "import_progress"),
            ("import/<str:token>/problems/", self.import_problems_view, "import_problems"),
            ("import/<str:token>/discard/", self.import_discard_view, "import_discard"),
        ]
        site = self.admin_site
        return [
            *(path(route, site.admin_view(view), name=self._sheet_name(name)) for route, view, name in pages),
            *super().get_urls(),
        ]

    def _sheet_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _sheet_page(self, page: str, *args: str) -> str:
        return reverse(f"admin:{self._sheet_name(page)}", args=args)

    def changelist_view(self, request, extra_context=None):
        narrowed = request.GET.copy()
        for name in ("p", "e", "all"):
            narrowed.pop(name, None)
        query = f"?{narrowed.urlencode()}" if narrowed else ""
        bar = {
            "exports": [
                ("XLSX", "As it is filtered, with a sheet for each sort of part", self._sheet_page("sheet", "xlsx") + query),
                ("CSV", "As it is filtered, without parts", self._sheet_page("sheet", "csv") + query),
                ("ZIP of CSVs", "As it is filtered, with a CSV for each sort of part", self._sheet_page("sheet", "zip") + query),
            ],
            "import": self._sheet_page("import") if self.may_import(request, self.sheet) else "",
        }
        return super().changelist_view(request, {**(extra_context or {}), "sheet_bar": bar})

    # Rights

    def may_import(self, request, sheet: Sheet) -> bool:
        page = self.admin_site._registry[sheet.model]
        return page.has_add_permission(request) and page.has_change_permission(request)

    def _must_import(self, request, names=()):
        for sheet in (self.sheet, *(SHEETS[name] for name in names)):
            if not self.may_import(request, sheet):
                raise PermissionDenied

    # Out

    def export_sheet_view(self, request, kind: str):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in TYPES:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        try:
            listed = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(self._sheet_page("changelist") + "?e=1")
        keys = list(listed.values_list("pk", flat=True))
        name = f"{self.sheet.name}-{timezone.now():%Y-%m-%d}.{kind}"
        if kind == "csv":
            answer = Streaming(out.csv_lines(self.sheet, out.cells_of(self.sheet, keys)), content_type="text/csv; charset=utf-8")
            answer["Content-Disposition"] = f'attachment; filename="{name}"'
        else:
            visible = [part for part in self.sheet.parts if self.admin_site._registry[part.model].has_view_permission(request)]
            sheets = [(self.sheet, out.cells_of(self.sheet, keys)), *((part, out.part_cells(part, keys)) for part in visible)]
            file = out.workbook(sheets) if kind == "xlsx" else out.archive(sheets)
            answer = FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[kind])
        answer["Cache-Control"] = "private, no-store"
        return answer

    # In

    @takes_files
    def import_sheet_view(self, request):
        self._must_import(request)
        if request.method != "POST":
            return self.ask_for_sheet(request)
        file = request.FILES.get("file")
        if file is None:
            return self.ask_for_sheet(request, ["Choose a file first."], 400)
        if file.size > LARGEST_FILE:
            return self.ask_for_sheet(request, [f"The file has {file.size:,} bytes; at most {LARGEST_FILE:,} are taken."], 413)
        if request.session.session_key is None:
            request.session.create()
        try:
            upload = waiting.keep(file.name, file.read(), self.sheet, request.user.pk, request.session.session_key)
        except Unreadable as refusal:
            return self.ask_for_sheet(request, refusal.problems, 400)
        try:
            self._must_import(request, upload.about["headers"])
        except PermissionDenied:
            upload.remove()
            raise
        upload.look_on()
        return HttpResponseRedirect(self._sheet_page("import_preview", upload.token))

    def ask_for_sheet(self, request, errors=(), status=200):
        """The page that asks for a file."""
        return self._sheet_answer(request, "ask", {"errors": errors, "title": f"Import {self.opts.verbose_name_plural}"}, status)

    def import_preview_view(self, request, token: str):
        upload = self._sheet_upload(request, token)
        context: dict[str, Any] = {"upload": upload, "title": f"Import {self.opts.verbose_name_plural}"}
        if not upload.ready:
            return self._sheet_answer(request, "looking", context)
        counts = upload.counts()
        noted = sum(1 for line in upload.lines() if line.notes)
        kinds = [(outcome.value, outcome.label, counts[outcome]) for outcome in Outcome]
        kinds += [("noted", "With notes", noted)] if noted else []
        asked = request.GET.get("show", "")
        if asked not in [name for name, _, _ in kinds]:
            asked = next((name for name in ("refused", "changed", "new") if counts[name]), "unchanged")
        wanted = [line for line in upload.lines() if (line.notes if asked == "noted" else line.outcome == asked)]
        page = Paginator(wanted, PER_PAGE).get_page(request.GET.get("p"))
        context |= {
            "kinds": kinds,
            "asked": asked,
            "page": page,
            "lines": _explained(list(page.object_list), request.user),
            "refused": counts[Outcome.REFUSED],
            "writes": counts[Outcome.NEW] + counts[Outcome.CHANGED],
            "noted": noted,
            "digest": upload.digest,
        }
        return self._sheet_answer(request, "preview", context)

    def import_look_view(self, request, token: str):
        upload = self._sheet_posted(request, token)
        upload.look_on()
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"done": upload.looked_at, "of": upload.pieces})
        return HttpResponseRedirect(self._sheet_page("import_preview", token))

    def import_write_view(self, request, token: str):
        upload = self._sheet_posted(request, token)
        back = HttpResponseRedirect(self._sheet_page("import_preview", token))
        if not upload.ready:
            return back
        counts = upload.counts()
        if counts[Outcome.REFUSED]:
            messages.error(request, f"Nothing was written: {counts[Outcome.REFUSED]} of the rows are refused.")
            return back
        if request.POST.get("digest") != upload.digest:
            messages.warning(request, "This is not what you saw: look it over again.")
            return back
        if not upload.claim():
            messages.warning(request, "This file is being written already.")
            return back
        why = without_controls(request.POST.get("why", ""))[:2000]
        try:
            done = write(list(upload.lines()), by=request.user, why=why or f"Import of {upload.about['name']}", told=upload.tell)
        except Moved:
            upload.look_again()
            messages.warning(request, "Nothing was written: somebody saved one of these rows meanwhile. Look over what changed.")
            return back
        except Refused as refusal:
            upload.look_again()
            messages.error(request, f"Nothing was written. {refusal}")
            return back
        finally:
            upload.let_go()
        upload.remove()
        told = f"{done} row{'' if done == 1 else 's'} imported: {counts[Outcome.NEW]} new, {counts[Outcome.CHANGED]} changed."
        messages.success(request, f"{told} They are one change in the history.")
        return HttpResponseRedirect(self._sheet_page("changelist"))

    def import_progress_view(self, request, token: str):
        return JsonResponse({"done": self._sheet_upload(request, token).progress})

    def import_problems_view(self, request, token: str):
        upload = self._sheet_upload(request, token)
        if not upload.ready:
            raise Http404
        as_csv = len(upload.about["headers"]) == 1 and upload.about["name"].casefold().endswith(".csv")
        problems = {(line.sheet, line.number): " ".join([*line.reasons, *line.notes]) for line in upload.lines()}
        kind = "csv" if as_csv else "xlsx"
        file = out.returned(upload.book, problems, as_csv)
        stem = upload.about["name"].rpartition(".")[0] or upload.about["name"]
        return FileResponse(file, as_attachment=True, filename=f"{stem}-problems.{kind}", content_type=TYPES[kind])

    def import_discard_view(self, request, token: str):
        self._sheet_posted(request, token).remove()
        return HttpResponseRedirect(self._sheet_page("changelist"))

    def _sheet_posted(self, request, token: str) -> waiting.Upload:
        upload = self._sheet_upload(request, token)
        if request.method != "POST":
            raise Http404
        return upload

    def _sheet_upload(self, request, token: str) -> waiting.Upload:
        self._must_import(request)
        upload = waiting.find(token, self.sheet, request.user.pk, request.session.session_key or "")
        if upload is None:
            raise Http404("This file is no longer here: give it again.")
        self._must_import(request, upload.about["headers"])
        return upload

    def _sheet_answer(self, request, template: str, context: dict, status: int = 200) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "sheet": self.sheet,
            "list_page": self._sheet_page("changelist"),
            "import_page": self._sheet_page("import"),
            "limits": {"bytes": LARGEST_FILE // 1_000_000, "rows": f"{MOST_ROWS:,}"},
            **context,
        }
        return TemplateResponse(request, f"admin/sheets/{template}.html", context, status=status)


def _explained(lines: list[Line], user) -> list[tuple[Line, Any]]:
    """Each line with its difference as pages show it; None for one that changes nothing that is there."""
    changed = [line for line in lines if line.outcome == Outcome.CHANGED]
    told = dict(zip([id(line) for line in changed], shown([_difference(line) for line in changed], user=user), strict=True))
    return [(line, told.get(id(line))) for line in lines]


def _difference(line: Line) -> Difference:
    """What a line changes, as if it had been saved; what waits for new rows of the file is told beside."""
    sheet = SHEETS[line.sheet]
    model: Any = sheet.model
    after = line.before | line.settled
    changes = tuple(FieldChange(name, line.before[name], after[name]) for name in sheet.columns if name in line.settled)
    if sheet.whole is None:
        records = [Snapshot(model, line.pk or 0, values, {}) for values in (line.before, after)]
        return Difference(records[0], records[1], changes, ())
    record = Snapshot(sheet.whole, line.whole, {}, {})
    rows = [Row(model, line.pk or 0, values) for values in (line.before, after)]
    return Difference(record, record, (), (RowChange(rows[0], rows[1], changes),) if changes else ())


for sheet in RECORDS:
    page = type(admin.site._registry[sheet.model])
    admin.site.unregister(sheet.model)
    admin.site.register(sheet.model, type(page.__name__, (SheetPages, page), {}))
