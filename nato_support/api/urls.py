"""URLs of the API."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from nato_support.api import record_views, register_views
from nato_support.api.collections import COLLECTIONS, Collection
from nato_support.api.renderers import formatted_responses
from nato_support.publishing import register_snapshot_files


class SlugConverter(StringConverter):
    """Slug of a record."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class PositiveNumberConverter:
    """Positive number that fits the integers of every database."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class SnapshotFileConverter(StringConverter):
    """Name of a file in a snapshot."""

    regex = register_snapshot_files.FILE_NAME_PATTERN


register_converter(SlugConverter, "public_id")
register_converter(PositiveNumberConverter, "ordinal")
register_converter(SnapshotFileConverter, "snapshot_file")

urlpatterns = [
    path("", register_views.ApiRootView.as_view(), name="root"),
    path("search/", register_views.SearchView.as_view(), name="search"),
    path("suggest/", register_views.SuggestView.as_view(), name="suggest"),
    path("changes/", register_views.ChangesView.as_view(), name="changes"),
    path("changes/<ordinal:release>/", register_views.ReleaseView.as_view(), name="change"),
    # No commitment has this slug: see `RESERVED_SLUGS`.
    path("commitments/totals/", register_views.TotalsView.as_view(), name="totals"),
    path("commitments/totals/rows/", register_views.TotalsRowsView.as_view(), name="totals-rows"),
    path("exports/", register_views.SnapshotListView.as_view(), name="exports"),
    path("exports/<ordinal:release>/", register_views.SnapshotView.as_view(), name="export"),
    path("exports/<ordinal:release>/<snapshot_file:name>", register_views.SnapshotFileView.as_view(), name="export-file"),
    path("", include("nato_support.api.reconciliation.urls")),
    path("contexts/1/", record_views.JsonLdContextView.as_view(), name="context"),
    path("graph/<public_id:slug>/", register_views.GraphView.as_view(), name="graph"),
    path("timeline/<public_id:slug>/", register_views.TimelineView.as_view(), name="timeline"),
    path("schema/", register_views.SchemaView.as_view(), name="schema"),
    path("docs/", register_views.DocsView.as_view(), name="docs"),
    path("problems/<public_id:code>/", register_views.ProblemView.as_view(), name="problem"),
]


def _collection_patterns(collection: Collection) -> list:
    """URLs of one collection, relative to its own."""
    list_formats, detail_formats = (
        formatted_responses.list_formats(collection.name),
        formatted_responses.detail_formats(collection.name),
    )
    record_view = record_views.RecordDetailView.as_view(collection=collection, formats=detail_formats)
    patterns = [
        path(
            "", record_views.RecordListView.as_view(collection=collection, formats=list_formats), name=f"{collection.name}-list"
        ),
        path("<public_id:slug>/", record_view, name=f"{collection.name}-detail"),
    ]
    if len(collection.kinds) == 1:
        editions_view = record_views.EditionListView.as_view(collection=collection)
        edition_view = record_views.EditionView.as_view(collection=collection, formats=detail_formats)
        patterns += [
            path("<public_id:slug>/editions/", editions_view, name=f"{collection.name}-editions"),
            path("<public_id:slug>/editions/<ordinal:number>/", edition_view, name=f"{collection.name}-edition"),
        ]
    return patterns


urlpatterns += [path(f"{collection.name}/", include(_collection_patterns(collection))) for collection in COLLECTIONS.values()]
urlpatterns += [
    path(
        f"{child_member}/{name}/",
        record_views.ChildRowsView.as_view(collection=COLLECTIONS[name], child_member=child_member),
        name=f"{name}-{child_member}",
    )
    for name, parts in formatted_responses.CHILD_TABLES.items()
    for child_member in parts
]
