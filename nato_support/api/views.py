"""The views: DRF's classes, so that drf-spectacular describes them, but answered by `answering.respond` alone."""

import json
from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from rest_framework.views import APIView

from nato_support.api import (
    changes,
    detail,
    exports,
    feed,
    found_shapes,
    front,
    graph,
    graph_shapes,
    listing,
    schema,
    searching,
    shapes,
    suggesting,
    sync_shapes,
    timeline,
)
from nato_support.api.answering import READING, Answer, Asked, respond
from nato_support.api.collections import SLUG, Collection
from nato_support.api.forms import answers
from nato_support.api.parameters import Parameter, read
from nato_support.api.problems import TITLES
from nato_support.api.totals import answers as totals
from nato_support.api.totals.shapes import TotalsRows, TotalsShape

_SLUG = ("Public id of the record.", {"type": "string", "pattern": f"^{SLUG}$", "maxLength": 250})
_NUMBER = {"type": "integer", "minimum": 1, "maximum": 999_999_999}


class PublicView(APIView):
    """Something that anyone may read. `get` takes what was asked and gives an Answer or raises a Problem.

    The other methods tell drf-spectacular what it is called, takes and gives.
    """

    # Negotiation, authentication, permissions and throttles of DRF cost a third of a list and decide nothing here.
    authentication_classes = ()
    permission_classes = ()
    schema = schema.PublicSchema()
    name = ""
    words = ""
    shape: Any = None
    parameters: Mapping[str, Parameter] = {}
    refuses: tuple[int, ...] = (400,)

    forms: tuple[str, ...] = ("json",)
    """What it can be had as (`negotiation.FORMS`), the usual one first."""
    methods: tuple[str, ...] = READING
    sends: tuple[str, ...] = ()
    """Headers of its answers, of `schema.HEADERS`, beyond those that every answer has."""
    media = ""
    """Media type of the answer, where it is no form."""

    def dispatch(self, request, *args, suffix: str = "", **kwargs):
        return respond(request, self, kwargs, suffix)

    def get(self, asked: Asked, **kwargs: Any) -> Answer:
        raise NotImplementedError

    def operation(self) -> str:
        return self.name

    def summary(self) -> str:
        return self.words

    def tag(self) -> str:
        return "register"

    def takes(self) -> Mapping[str, Parameter]:
        return self.parameters

    def places(self) -> dict[str, tuple[str, dict]]:
        """Parts of the address: what they are, and their JSON Schema."""
        return {}

    def gives(self) -> Any:
        return self.shape

    def may_refuse(self) -> tuple[int, ...]:
        return self.refuses


class OfCollection(PublicView):
    """A view of one collection, which the address names."""

    collection: Collection

    def operation(self) -> str:
        return f"{self.collection.name}_{self.name}"

    def summary(self) -> str:
        return self.words.format(self.collection.kinds[0] if len(self.collection.kinds) == 1 else "entity", self.collection.name)

    def tag(self) -> str:
        return self.collection.name


class ListView(OfCollection):
    collection: Collection = None  # type: ignore[assignment]
    name, words, refuses = "list", "List {1}", (308, 400, 409)

    def get(self, asked: Asked) -> Answer:
        return listing.answer(self.collection, asked) if asked.form == "json" else answers.listed(self.collection, asked)

    def takes(self) -> Mapping[str, Parameter]:
        return self.collection.parameters

    def gives(self) -> Any:
        kinds = self.collection.kinds
        if len(kinds) > 1:
            return shapes.page_of("Entity", schema.any_of("EntityRow", kinds, shapes.ROWS, many=True), shapes.FacetedShape)
        return shapes.page_of(kinds[0].title(), shapes.ROWS[kinds[0]](many=True), shapes.FacetedShape)


class PartsView(ListView):
    name, forms = "parts", ("csv",)
    part = ""

    def get(self, asked: Asked) -> Answer:
        return answers.listed(self.collection, asked, self.part)

    def operation(self) -> str:
        return f"{self.collection.name}_{self.part}"

    def summary(self) -> str:
        return f"The {self.part} of {self.collection.name}, a row for each"

    def gives(self) -> Any:
        return OpenApiTypes.STR


class ContextView(PublicView):
    name, words, forms, shape = "context", "The terms of JSON-LD, which stay as they are", ("jsonld",), OpenApiTypes.OBJECT

    def get(self, asked: Asked) -> Answer:
        return answers.context(asked)


class DetailView(OfCollection):
    collection: Collection = None  # type: ignore[assignment]
    name, words = "detail", "One {0} with its evidence"
    refuses: tuple[int, ...] = (302, 308, 400, 404, 410)
    timegate = True
    """Whether `Accept-Datetime` is heeded."""

    def get(self, asked: Asked, slug: str) -> Answer:
        return answers.detailed(detail.record(self.collection, asked, slug), asked)

    def takes(self) -> Mapping[str, Parameter]:
        return self.collection.of_detail

    def places(self) -> dict[str, tuple[str, dict]]:
        return {"slug": _SLUG}

    def gives(self) -> Any:
        kinds = self.collection.kinds
        return shapes.DETAILS[kinds[0]] if len(kinds) == 1 else schema.any_of("EntityDetail", kinds, shapes.DETAILS)


class EditionsView(OfCollection):
    collection: Collection = None  # type: ignore[assignment]
    name, words, refuses = "editions", "All editions of one {0}", (308, 400, 404, 410)
    parameters, shape = detail.EDITIONS, shapes.EditionPage

    def get(self, asked: Asked, slug: str) -> Answer:
        return detail.editions(self.collection, asked, slug)

    def places(self) -> dict[str, tuple[str, dict]]:
        return {"slug": _SLUG}


class EditionView(DetailView):
    name, words, refuses = "edition", "One edition of one {0}, which stays as it is", (308, 400, 404, 410)
    sends = ("Memento-Datetime",)
    timegate = False

    def get(self, asked: Asked, slug: str, number: int) -> Answer:
        return answers.detailed(detail.edition(self.collection, asked, slug, number), asked)

    def takes(self) -> Mapping[str, Parameter]:
        return self.collection.of_edition

    def places(self) -> dict[str, tuple[str, dict]]:
        return {"slug": _SLUG, "number": ("Number of the edition within its record.", _NUMBER)}


class SearchView(PublicView):
    name, words, refuses = "search", "Ranked search over all kinds", (400, 409)
    parameters, shape = searching.PARAMETERS, found_shapes.SearchPage

    def get(self, asked: Asked) -> Answer:
        return searching.answer(asked)


class SuggestView(PublicView):
    name, words = "suggest", "Names that begin like what was typed so far"
    parameters, shape = suggesting.PARAMETERS, found_shapes.SuggestionPage

    def get(self, asked: Asked) -> Answer:
        return suggesting.answer(asked)


class ChangesView(PublicView):
    name, words, refuses = "changes", "Everything that changed what is public: newest first, or after a stamp", (400, 409, 410)
    parameters, forms = changes.LIST, ("json", "atom")

    def get(self, asked: Asked) -> Answer:
        return feed.answer(asked) if asked.form == "atom" else changes.answer(asked)

    def gives(self) -> Any:
        return sync_shapes.Changes


class ChangeView(PublicView):
    name, words, refuses = "change", "One print run with its editions", (400, 404, 410)
    parameters, shape = changes.RUN, shapes.RunDetail

    def get(self, asked: Asked, stamp: int) -> Answer:
        return changes.run(asked, stamp)

    def places(self) -> dict[str, tuple[str, dict]]:
        return {"stamp": ("Number of the print run.", _NUMBER)}


class TotalsView(PublicView):
    name, words = "commitments_totals", "Sums of commitments that count each promise once"
    refuses: tuple[int, ...] = (308, 400)
    parameters, shape = totals.TOTALS.parameters, TotalsShape

    def get(self, asked: Asked) -> Answer:
        return totals.totals(asked)

    def tag(self) -> str:
        return "commitments"


class TotalsRowsView(TotalsView):
    name, words, refuses = "commitments_totals_rows", "The commitments behind a number of the totals", (308, 400, 409)
    parameters, shape = totals.ROWS.parameters, TotalsRows

    def get(self, asked: Asked) -> Answer:
        return totals.rows(asked)


class ExportsView(PublicView):
    name, words, shape = "exports", "Snapshots of the whole register", sync_shapes.SnapshotPage

    def get(self, asked: Asked) -> Answer:
        return exports.listed(asked)


class ExportView(PublicView):
    name, words, refuses = "export", "One snapshot: its files and their hashes", (400, 404, 410)
    shape: Any = sync_shapes.SnapshotShape

    def get(self, asked: Asked, stamp: int) -> Answer:
        return exports.manifest(asked, stamp)

    def places(self) -> dict[str, tuple[str, dict]]:
        return {"stamp": ("The print run up to which it goes.", _NUMBER)}


class ExportFileView(ExportView):
    name, words, shape = "export_file", "One file of a snapshot, or by Range the part of it that is missing", OpenApiTypes.BINARY
    media = "application/gzip"

    def get(self, asked: Asked, stamp: int, name: str) -> Answer:
        return exports.file(asked, stamp, name)

    def places(self) -> dict[str, tuple[str, dict]]:
        return super().places() | {"name": ("Its name, from the manifest.", {"type": "string", "enum": list(exports.NAMES)})}


class GraphView(PublicView):
    name, words, refuses = "graph", "What an entity is joined with, as nodes and edges with their evidence", (308, 400, 404, 410)
    parameters, shape = graph.GRAPH, graph_shapes.GraphShape

    def get(self, asked: Asked, slug: str) -> Answer:
        return graph.answer(asked, slug)

    def places(self) -> dict[str, tuple[str, dict]]:
        return {"slug": _SLUG}


class TimelineView(GraphView):
    name, words = "timeline", "Dated facts about an entity, in order, with their evidence"
    parameters, shape = timeline.TIMELINE, graph_shapes.TimelinePageShape

    def get(self, asked: Asked, slug: str) -> Answer:
        return timeline.answer(asked, slug)


class RootView(PublicView):
    name, words, shape = "root", "Where everything is", shapes.Root

    def get(self, asked: Asked) -> Answer:
        return front.root(asked)


class ProblemView(PublicView):
    name, words, refuses, shape = "problem", "What a problem means", (400, 404), shapes.ProblemShape

    def get(self, asked: Asked, code: str) -> Answer:
        return front.explanation(asked, code)

    def places(self) -> dict[str, tuple[str, dict]]:
        return {"code": ("The end of the problem's type.", {"type": "string", "enum": list(TITLES)})}


class SchemaView(PublicView):
    """The OpenAPI document; made once, at the first question."""

    name, words, shape = "schema", "The OpenAPI document", OpenApiTypes.OBJECT

    def get(self, asked: Asked) -> Answer:
        read(asked.query, {})
        return Answer(json.dumps(schema.document(), ensure_ascii=False).encode())
