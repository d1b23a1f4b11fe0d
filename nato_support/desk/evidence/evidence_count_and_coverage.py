"""Mixin that adds its evidence to the page and the list of a record."""

from django.contrib import admin
from unfold.decorators import display

from nato_support.desk.base import CuratedAdmin
from nato_support.desk.evidence.count_annotations import citation_count_annotation
from nato_support.desk.evidence.coverage_views import coverage_table

_TITLE, _OPTIONS = CuratedAdmin.record_fieldset


class EvidenceCountAndCoverageMixin(admin.ModelAdmin):
    """Admin of a record that citations point at: their number in the list, and the coverage of each field on the page.

    An admin with this mixin names the column `evidence_count` in `list_display`, and the tabs of citations and resolutions
    in `inlines`.
    """

    list_annotations = {"citation_count": citation_count_annotation("entity")}
    readonly_fields = (*CuratedAdmin.readonly_fields, coverage_table)
    record_fieldset = (_TITLE, _OPTIONS | {"fields": (*_OPTIONS["fields"], coverage_table)})

    @display(description="evidence")
    def evidence_count(self, record) -> int:
        return record.citation_count
