"""Pictures by address: what each shows, of which question to the API, now or as of a release."""

import json
from collections.abc import Sequence
from typing import Any

from entities.formatting import format_partial_date
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.as_of import release_as_of
from nato_support.api.collections import AS_OF_PARAMETER, COLLECTIONS, Collection
from nato_support.api.entity_graph import graph_response
from nato_support.api.entity_timeline import timeline_response
from nato_support.api.problems import invalid_parameters_problem
from nato_support.api.record_and_edition_responses import record_response
from nato_support.pages.citations import Citation, cite_question
from nato_support.pages.graph_times import times_of_graph
from nato_support.pages.list_pages import NOT_FILTERS
from nato_support.pages.page_pictures import (
    MAX_FACTS,
    PagePicture,
    map_of_links,
    map_of_list,
    map_of_register,
    picture_of_commitments,
    picture_of_graph,
    picture_of_timeline,
    promise_of_commitment,
    whole_register,
)
from nato_support.pages.page_urls import address_of_question, api_path
from nato_support.pages.pictures.commitment_bars import TITLES
from nato_support.publishing.editions.detail_response import split_detail_body

QueryPairs = Sequence[tuple[str, str]]


class PictureQuestion:
    """A kind of picture; `path` is that of its page, with the slug of the record that it is about."""

    path = ""
    own_parameters: Sequence[str] = ()
    """Parameters of the API that the picture sets itself, whatever is asked."""

    def picture(self, request: ApiRequest, pairs: QueryPairs, **kwargs: Any) -> PagePicture | None:
        """Return the picture, or None if there is nothing to draw. Raises a problem for a question that is not understood."""
        raise NotImplementedError

    def citation(self, request: ApiRequest, picture: PagePicture, pairs: QueryPairs, **kwargs: Any) -> Citation:
        """Return how to cite the picture."""
        path = self.path.format(**kwargs)
        release = _release(request, pairs) or request.register.release
        return cite_question(request, path.strip("/").replace("/", "-"), picture.wide.title, path, pairs, release, type="figure")

    def path_after_redirect(self, path: str) -> str:
        """Return the path of the picture's page, where the API redirects to `path`."""
        return path

    def record_path(self, **kwargs: Any) -> str:
        """Return the path of the page on which the picture is shown among other things."""
        return "/"


class GraphQuestion(PictureQuestion):
    """Links of an entity."""

    path = "/graph/{slug}/"

    def picture(self, request: ApiRequest, pairs: QueryPairs, *, slug: str) -> PagePicture | None:
        path, values = address_of_question(self.path.format(slug=slug), pairs), dict(pairs)
        graph = _graph(request, path, slug)
        time = values.get("active_on", "")
        # What begins and ends is asked of all times.
        always = [pair for pair in pairs if pair[0] != "active_on"]
        path_of_all_times = address_of_question(self.path.format(slug=slug), always)
        graph_of_all_times = _graph(request, path_of_all_times, slug) if time else graph
        times = times_of_graph(graph_of_all_times, path_of_all_times, time)
        on = format_partial_date(time)
        return picture_of_graph(graph, path, depth=int(values.get("depth", 1)), on=on, times=times)

    def record_path(self, *, slug: str) -> str:
        return f"/entities/{slug}/"


class TimelineQuestion(PictureQuestion):
    """The newest dated facts about an entity."""

    path = "/timeline/{slug}/"
    own_parameters = ("cursor", "ordering", "page_size")

    def picture(self, request: ApiRequest, pairs: QueryPairs, *, slug: str) -> PagePicture | None:
        path = self.path.format(slug=slug)
        given = {name for name, _ in pairs}
        # Only with a date does the API count what has none; all of them end after this one.
        date_from = [] if given & {"date_from", "date_to"} else [("date_from", "0001")]
        asked = [*pairs, *date_from, ("ordering", "-date"), ("page_size", str(MAX_FACTS))]
        answer = json.loads(timeline_response(request.asking(api_path(address_of_question(path, asked))), slug).body)
        members = {
            "is_truncated": bool(answer["next"]),
            "undated": answer["meta"].get("left_out", {}).get("date_unknown", 0),
        }
        return picture_of_timeline(answer | members, address_of_question(path, pairs))

    def record_path(self, *, slug: str) -> str:
        return f"/entities/{slug}/"


class PromiseQuestion(PictureQuestion):
    """Promise of a commitment, with what was allocated and delivered of it."""

    path = "/promise/{slug}/"

    def picture(self, request: ApiRequest, pairs: QueryPairs, *, slug: str) -> PagePicture | None:
        body = record_response(
            COLLECTIONS["commitments"], request.asking(api_path(address_of_question(f"/commitments/{slug}/", pairs))), slug
        ).body
        document, _ = split_detail_body(body)
        return promise_of_commitment(document, address_of_question("", pairs))

    def path_after_redirect(self, path: str) -> str:
        return path.replace("/commitments/", "/promise/")

    def record_path(self, *, slug: str) -> str:
        return f"/commitments/{slug}/"


class TotalsQuestion(PictureQuestion):
    """Commitments that filters select: their amounts or, `by` one field, their number."""

    path = "/commitments/totals/"

    def picture(self, request: ApiRequest, pairs: QueryPairs) -> PagePicture | None:
        values = dict(pairs)
        by = values.get("by", "")
        if by and by not in TITLES:
            raise invalid_parameters_problem([{"in": "query", "name": "by", "code": "not_allowed", "allowed": [*TITLES]}])
        return picture_of_commitments(request, by, [pair for pair in pairs if pair[0] != "by"])

    def record_path(self) -> str:
        return "/commitments/"


class MapQuestion(PictureQuestion):
    """Where the facilities or events are that filters select."""

    own_parameters = NOT_FILTERS

    def __init__(self, collection: Collection):
        self.collection = collection
        self.path = f"/map/{collection.name}/"

    def picture(self, request: ApiRequest, pairs: QueryPairs) -> PagePicture | None:
        return map_of_list(request, self.collection, pairs)

    def path_after_redirect(self, path: str) -> str:
        return f"/map{path}"

    def record_path(self) -> str:
        return f"/{self.collection.name}/"


class LinkedPlacesQuestion(PictureQuestion):
    """Where the facilities and events are that an entity is linked to."""

    path = "/map/entities/{slug}/"

    def picture(self, request: ApiRequest, pairs: QueryPairs, *, slug: str) -> PagePicture | None:
        graph = _graph(request, address_of_question(f"/graph/{slug}/", pairs), slug)
        return map_of_links(graph, _release(request, pairs), address_of_question("", pairs))

    def path_after_redirect(self, path: str) -> str:
        return path.replace("/graph/", "/map/entities/")

    def record_path(self, *, slug: str) -> str:
        return f"/entities/{slug}/"


class AllPlacesQuestion(PictureQuestion):
    """Where all facilities and events are."""

    path = "/map/"

    def picture(self, request: ApiRequest, pairs: QueryPairs) -> PagePicture | None:
        _refuse_all_but_as_of(pairs)
        return map_of_register(_release(request, pairs), address_of_question("", pairs))


class WholeQuestion(PictureQuestion):
    """All entities and their links."""

    path = "/graph/"

    def picture(self, request: ApiRequest, pairs: QueryPairs) -> PagePicture | None:
        _refuse_all_but_as_of(pairs)
        return whole_register(request.register, _release(request, pairs), address_of_question("", pairs))


QUESTIONS: Sequence[PictureQuestion] = (
    WholeQuestion(),
    GraphQuestion(),
    TimelineQuestion(),
    PromiseQuestion(),
    TotalsQuestion(),
    AllPlacesQuestion(),
    *(MapQuestion(COLLECTIONS[name]) for name in ("facilities", "events")),
    LinkedPlacesQuestion(),
)


def _graph(request: ApiRequest, path: str, slug: str) -> dict[str, Any]:
    return json.loads(graph_response(request.asking(api_path(path)), slug).body)


def _refuse_all_but_as_of(pairs: QueryPairs) -> None:
    p.read_parameters(address_of_question("", pairs)[1:], {AS_OF_PARAMETER.name: AS_OF_PARAMETER})


def _release(request: ApiRequest, pairs: QueryPairs) -> int | None:
    """Return the release that is asked for; None for the newest."""
    as_of = dict(pairs).get(AS_OF_PARAMETER.name)
    release = release_as_of(as_of, request.register) if as_of else None
    return release if release != request.register.release else None
