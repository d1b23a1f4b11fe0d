"""Mixin that adds its evidence to the page and the list of a record."""

from django.contrib import admin
from django.utils.html import format_html
from unfold.decorators import display

from nato_support.desk.base import CuratedAdmin, coloured_badge
from nato_support.desk.evidence.count_annotations import citation_count_annotation
from nato_support.desk.evidence.coverage_views import coverage_table
from sources.evidence.field_coverage import coverage_of_records

_TITLE, _OPTIONS = CuratedAdmin.record_fieldset


class EvidenceCountAndCoverageMixin(admin.ModelAdmin):
    """Admin of a record that citations point at: their number in the list, and the coverage of each field on the page.

    An admin with this mixin names the column `evidence_count` in `list_display`, and the tabs of citations and resolutions
    in `inlines`.
    """

    list_annotations = {"citation_count": citation_count_annotation("entity")}
    readonly_fields = (*CuratedAdmin.readonly_fields, coverage_table)
    record_fieldset = (_TITLE, _OPTIONS | {"fields": (*_OPTIONS["fields"], coverage_table)})

    def attach_row_details(self, rows):
        """Set `unproven` on each row: the number of its values that the evidence does not bear out."""
        super().attach_row_details(rows)
        unproven = {coverage.record.pk: coverage.unproven for coverage in coverage_of_records(rows)}
        for row in rows:
            row.unproven = unproven[row.pk]

    @display(description="evidence")
    def evidence_count(self, record):
        unproven = getattr(record, "unproven", 0)
        if not unproven:
            return record.citation_count
        # The full sentence would widen the table.
        values = "value" if unproven == 1 else "values"
        badge = coloured_badge("unproven", f"{unproven} unproven", {"unproven": "danger"})
        return format_html(
            '{} <span title="{} {values} without evidence">{}<span class="sr-only"> ({} {values} without evidence)</span></span>',
            record.citation_count,
            unproven,
            badge,
            unproven,
            values=values,
        )
