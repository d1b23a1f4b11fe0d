"""Reports of readers as the desk shows them: with the fact as it was read, and the way to it in the working copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.urls import reverse

from nato_support.desk.dashboard.global_search import change_page_of_kind
from nato_support.publishing.models.public_tables import Edition
from nato_support.publishing.rendering import model_for_kind
from nato_support.reports.models import Problem, ReaderReport
from nato_support.reports.reported_facts import ReportedFact, fact_of_edition

_ROW_GROUPS = {"stage": "milestones", "shares": "measures"}
"""Facts that follow from rows of the record's form -> those rows."""
_FORM_FIELDS = {
    "relation": "type",
    "quote_kind": "kind",
}
"""Facts whose fields in the form of their record have other names."""


@dataclass(slots=True)
class ShownReport:
    """A report with what it is about."""

    report: ReaderReport
    about: ReportedFact | None
    """The fact as it was published; None if it is unknown here."""
    record_url: str
    """Form of the record, at the field; "" if the record is not in the working copy any more."""
    newest_edition: int
    """Number of the newest edition of the record, if it was published since; else 0."""

    @property
    def page(self) -> str:
        return reverse("admin:reports_readerreport_change", args=[self.report.pk])

    @property
    def name(self) -> str:
        return self.about.record_name if self.about else self.report.slug

    @property
    def fact_label(self) -> str:
        """Label of the fact; "" for the record as a whole."""
        return self.about.fact.label if self.about and self.about.fact else self.report.field

    @property
    def fact_text(self) -> str:
        """The value as it was published."""
        fact = self.about.fact if self.about else None
        return " ".join(filter(None, [", ".join(value.text for value in fact.values), fact.detail])) if fact else ""

    @property
    def has_changed_since(self) -> bool:
        return self.newest_edition > 0


def show_reports(reports: Sequence[ReaderReport]) -> list[ShownReport]:
    """Return `reports` with what they are about, in their order, with two queries and one for each kind of record."""
    if not reports:
        return []
    keys = {(report.kind, report.slug, report.edition) for report in reports}
    is_read = reduce(or_, (Q(kind=kind, slug=slug, number=number) for kind, slug, number in sorted(keys)))
    editions = {(one.kind, one.slug, one.number): one for one in Edition.objects.filter(is_read)}
    newest = Edition.objects.newest({(report.kind, report.slug) for report in reports})
    pks = {
        (kind, slug): pk
        for kind in {report.kind for report in reports}
        for slug, pk in model_for_kind(kind)
        .objects.filter(slug__in=[report.slug for report in reports if report.kind == kind])
        .values_list("slug", "pk")
    }
    shown = []
    for report in reports:
        edition = editions.get((report.kind, report.slug, report.edition))
        record, live = pks.get((report.kind, report.slug)), newest.get((report.kind, report.slug))
        # A register that was published anew counts editions from 1 again.
        is_same_edition = edition is not None and edition.release_id == report.release
        url = f"{change_page_of_kind(report.kind, record)}{_form_anchor(report)}" if record else ""
        about = fact_of_edition(edition, report.field) if edition and is_same_edition else None
        shown.append(ShownReport(report, about, url, live.number if live and live.release_id > report.release else 0))
    return shown


def _form_anchor(report: ReaderReport) -> str:
    """Return the place of a fact in the form of its record: a field, or the tab of its rows."""
    if not report.field:
        return ""
    if report.problem == Problem.QUOTE and report.kind not in ("document", "quote"):
        return "#citations"
    stem, _, key = report.field.partition(".")
    if key or stem in _ROW_GROUPS:
        return f"#{_ROW_GROUPS.get(stem, stem)}"
    if stem == "name" and report.kind == "document":
        return "#id_title"
    return f"#id_{_FORM_FIELDS.get(stem, stem)}"
