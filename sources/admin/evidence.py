"""Gives the pages of entities and relations their evidence, which entities know nothing of."""

from unfold.decorators import display

from entities.admin.base import CuratedAdmin
from entities.admin.commitment import CommitmentAdmin
from entities.admin.event import EventAdmin
from entities.admin.facility import FacilityAdmin
from entities.admin.organisation import OrganisationAdmin
from entities.admin.person import PersonAdmin
from entities.admin.post import PostAdmin
from entities.admin.relation import RelationAdmin
from sources.admin.citation import CitationInline
from sources.admin.columns import number_of_citations
from sources.admin.coverage import coverage
from sources.admin.resolution import ResolutionInline


@display(description="evidence")
def evidence(record):
    return record.citation_count


_TITLE, _RECORD = CuratedAdmin.record_fieldset

for page in (CommitmentAdmin, EventAdmin, FacilityAdmin, OrganisationAdmin, PersonAdmin, PostAdmin, RelationAdmin):
    key = "relation" if page is RelationAdmin else "entity"
    page.inlines = (CitationInline, ResolutionInline, *page.inlines)
    page.list_display = (*page.list_display[:-1], evidence, page.list_display[-1])
    page.list_annotations = {**page.list_annotations, "citation_count": number_of_citations(key)}
    page.readonly_fields = (*page.readonly_fields, coverage)
    page.record_fieldset = (_TITLE, _RECORD | {"fields": (*_RECORD["fields"], coverage)})
