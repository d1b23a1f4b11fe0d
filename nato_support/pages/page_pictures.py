"""Pictures within pages: drawn for both widths, each with a table of what it shows and the address of its data."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from entities.serializers import ENTITY_KINDS, PLURALS
from nato_support.api.api_request import ApiRequest
from nato_support.api.collections import Collection
from nato_support.api.entity_graph import neighbourhood
from nato_support.api.entity_timeline import newest_facts
from nato_support.api.graph_queries import EdgeEdition, fetch_public_editions
from nato_support.api.json_output import json_bytes
from nato_support.api.listing import list_response
from nato_support.api.register_state import RegisterState
from nato_support.api.sql import Sql, fetch_rows, public_at_release_condition, sql_placeholders
from nato_support.api.totals.inclusion_rules import PROMISE_NATURES
from nato_support.api.totals.totals_responses import totals_response
from nato_support.pages.graph_times import GraphTimes, times_of_graph
from nato_support.pages.kept_parts import KeptParts
from nato_support.pages.languages import in_this_language
from nato_support.pages.page_urls import API_PREFIX, address_of_question, page_path
from nato_support.pages.pictures.commitment_bars import commitments_picture
from nato_support.pages.pictures.drawing import NARROW, WIDE, Picture
from nato_support.pages.pictures.graph import graph_picture
from nato_support.pages.pictures.map_picture import map_picture
from nato_support.pages.pictures.promise_bar import promise_bar
from nato_support.pages.pictures.stated_amounts import bars_of_commitment, bars_of_totals
from nato_support.pages.pictures.tables import TableCell, TableRow, linked_table, table_html, table_of_rows
from nato_support.pages.pictures.timeline import timeline_picture
from nato_support.pages.pictures.whole_graph import graph_of_editions

MAX_FACTS = 40
"""Most facts on the timeline of a page: the newest ones."""
MAX_COMMITMENTS = 10_000
"""Most commitments that a page counts for a picture: each of them is read."""
PLACE_KINDS = ("facility", "event")
MAX_PLACES = 500
"""Most facilities or events that a page puts on a map."""
MAX_IN_WHOLE = 1_000
"""Most entities and relations of which the front page draws the whole: the table beneath has a row for each link."""
_KEPT_GRAPH_BYTES = 8 * 1024 * 1024
MAX_OPEN_ROWS = 12
"""Most rows of the list beside a map that stands open."""
_KINDS_IN_WHOLE = (*ENTITY_KINDS, "relation")
_TOTALS_PATH = f"{API_PREFIX}/commitments/totals/"


@dataclass(frozen=True)
class PagePicture:
    """A picture as a page shows it."""

    name: str
    """Unique on the page: the id of its heading."""
    heading: str
    wide: Picture
    narrow: Picture
    columns: Sequence[TableCell]
    rows: Sequence[TableRow]
    data_path: str
    """Path of the API where what is drawn is found as data."""
    path: str
    """Path and query of the picture's own page, with its files beside."""
    note: str = ""
    """Sentence on what is left out; empty if nothing is."""
    times: GraphTimes | None = None
    """Times as of which it can be seen too."""

    @property
    def is_table_open(self) -> bool:
        """The list beside a map has what is not on it, and stands open unless it is long."""
        return self.name == "map" and len(self.rows) <= MAX_OPEN_ROWS

    @property
    def description(self) -> str:
        """Sentences that tell what the picture shows."""
        return self.wide.description

    @property
    def svg_path(self) -> str:
        return in_this_language(picture_file_path(self.path, "svg"))

    @property
    def csv_path(self) -> str:
        return in_this_language(picture_file_path(self.path, "csv"))

    @cached_property
    def table(self) -> SafeString:
        """Head and body of the table."""
        return table_html(self.columns, self.rows)


def picture_file_path(path: str, suffix: str) -> str:
    """Return the address of a file of the picture whose page is at `path`: /graph/nato/?depth=2 -> /graph/nato.svg?depth=2."""
    page, mark, query = path.partition("?")
    return f"{page[:-1]}.{suffix}{mark}{query}"


def _size_of_picture(picture: PagePicture | None) -> int:
    # The boxes of its labels and the cells of its table take several times as much as its elements.
    return 8 * len(picture.wide.svg + picture.narrow.svg + picture.table) if picture else 0


kept_graphs: KeptParts[PagePicture | None] = KeptParts(_KEPT_GRAPH_BYTES, _size_of_picture)


def pictures_of_entity(document: dict[str, Any], evidence: dict[str, Any]) -> list[PagePicture]:
    """Return the pictures of a live entity that have something to show: its links, its timeline, and a map.

    `evidence` is what the detail of the entity adds to its document.
    """
    if document["kind"] not in ENTITY_KINDS:
        return []
    graph = neighbourhood(EdgeEdition(document, json_bytes(evidence).decode()))
    pictures = (_graph_of_entity(document, graph), _timeline_of_entity(document, evidence), _map_of_entity(document, graph))
    return [picture for picture in pictures if picture]


def _graph_of_entity(document: dict[str, Any], graph: dict[str, Any]) -> PagePicture | None:
    path = f"/graph/{document['slug']}/"
    return picture_of_graph(graph, path, times=times_of_graph(graph, path))


def picture_of_graph(
    graph: Mapping[str, Any],
    path: str,
    *,
    name: str = "graph",
    depth: int = 1,
    on: str = "",
    times: GraphTimes | None = None,
) -> PagePicture | None:
    """Return the picture of an answer of `graph/`, whose page is at `path`; None if there was never an edge.

    `depth` and `on`, the day in words, are what was asked for.
    """
    if not graph["edges"] and not times:
        return None
    wide, narrow = (graph_picture(graph, width, name=name, depth=depth, on=on) for width in (WIDE, NARROW))
    columns, rows = linked_table(wide, path_of=page_path, linked_column=1)
    heading = gettext("Links") if graph["root"] else wide.title
    data_path = f"{API_PREFIX}{path}" if graph["root"] else f"{API_PREFIX}/exports/"
    note = "" if graph["edges"] else gettext("No link is known to be in force then.")
    return PagePicture(name, heading, wide, narrow, columns, rows, data_path, path, note, times)


def _map_of_entity(document: dict[str, Any], graph: dict[str, Any]) -> PagePicture | None:
    """Return where a facility or event is, or those that an organisation is linked to, if of any."""
    if document["kind"] in PLACE_KINDS:
        page = f"/map/{PLURALS[document['kind']]}/?slug={document['slug']}"
        return picture_of_places([document], document["href"], page) if document.get("latitude") else None
    return map_of_links(graph) if document["kind"] == "organisation" else None


def map_of_links(graph: Mapping[str, Any], release: int | None = None, query: str = "") -> PagePicture | None:
    """Return where the facilities and events are that the root of an answer of `graph/` is linked to, if of any."""
    slug = graph["root"]["slug"]
    keys = [(node["kind"], node["slug"]) for node in graph["nodes"] if node["kind"] in PLACE_KINDS]
    places = [edition.document for edition in fetch_public_editions(keys, release).values()]
    if not any(place.get("latitude") for place in places):
        return None
    return picture_of_places(places, f"{API_PREFIX}/graph/{slug}/{query}", f"/map/entities/{slug}/{query}")


def map_of_register(release: int | None = None, query: str = "") -> PagePicture | None:
    """Return where all facilities and events are, now or at `release`; None if there are none, or more than a map shows."""
    of_places = f"SELECT e.document FROM publishing_edition e WHERE e.kind IN ({sql_placeholders(PLACE_KINDS)}) AND "
    sql = Sql(of_places, PLACE_KINDS) + public_at_release_condition("e", release) + Sql(" LIMIT %s", (MAX_PLACES + 1,))
    places = [json.loads(document) for (document,) in fetch_rows(sql)]
    return picture_of_places(places, f"{API_PREFIX}/exports/", f"/map/{query}") if len(places) <= MAX_PLACES else None


def picture_of_places(records: Sequence[Mapping[str, Any]], data_path: str, path: str, note: str = "") -> PagePicture | None:
    """Return where facilities and events are, as a picture whose page is at `path`; None if there are none."""
    if not records:
        return None
    wide, narrow = (map_picture(records, width) for width in (WIDE, NARROW))
    columns, rows = linked_table(wide, path_of=page_path, linked_column=3)
    return PagePicture("map", gettext("Map"), wide, narrow, columns, rows, data_path, path, note)


def _timeline_of_entity(document: dict[str, Any], evidence: dict[str, Any]) -> PagePicture | None:
    return picture_of_timeline(newest_facts(document, evidence, MAX_FACTS), f"/timeline/{document['slug']}/")


def picture_of_timeline(timeline: Mapping[str, Any], path: str) -> PagePicture | None:
    """Return the picture of the newest facts of a timeline, as `newest_facts` returns them; None if there are none."""
    if not timeline["results"]:
        return None
    wide, narrow = (timeline_picture(timeline, width, undated=timeline["undated"]) for width in (WIDE, NARROW))
    columns, rows = linked_table(wide, path_of=page_path, linked_column=3)
    shown = len(timeline["results"])
    note = ngettext("Only the newest dated fact is shown.", "Only the %(count)s newest dated facts are shown.", shown)
    note = note % {"count": shown} if timeline["is_truncated"] else ""
    return PagePicture("timeline", gettext("Timeline"), wide, narrow, columns, rows, f"{API_PREFIX}{path}", path, note)


def promise_of_commitment(document: dict[str, Any], query: str = "") -> PagePicture | None:
    """Return what is promised, allocated and delivered of a commitment; `query` is that of the picture's page.

    None if it is no promise, such as a plan or a refusal, or if no source states a number.
    """
    bars = bars_of_commitment(document) if document["nature"] in PROMISE_NATURES else []
    if all(rung.low is None for bar in bars for rung in bar.rungs):
        return None
    title = gettext("%(name)s: promised, allocated and delivered") % {"name": document["name"]}
    wide, narrow = (promise_bar(bars, width, title=title, due=document.get("due")) for width in (WIDE, NARROW))
    path = f"/promise/{document['slug']}/{query}"
    return _picture_of_promise(wide, narrow, f"{document['href']}{query}", path)


def _picture_of_promise(wide: Picture, narrow: Picture, data_path: str, path: str) -> PagePicture:
    columns, rows = table_of_rows(wide.columns, [(row, "") for row in wide.rows])
    return PagePicture("promise", gettext("Promised and delivered"), wide, narrow, columns, rows, data_path, path)


def is_amount_unknown(document: dict[str, Any]) -> bool:
    """Return whether a commitment is a promise of which no source states an amount with a number, nor a share."""
    return document["nature"] in PROMISE_NATURES and all(measure["value"] is None for measure in document["measures"])


def picture_of_register(request: ApiRequest, counts: Mapping[str, int]) -> PagePicture | None:
    """Return the whole register if it is small enough, else its commitments over time; None if there is nothing to show.

    `counts` has the number of live records of each kind.
    """
    if sum(counts.get(kind, 0) for kind in _KINDS_IN_WHOLE) <= MAX_IN_WHOLE:
        return whole_register(request.register)
    return picture_of_commitments(request, "year") if counts.get("commitment", 0) <= MAX_COMMITMENTS else None


def whole_register(register: RegisterState, release: int | None = None, query: str = "") -> PagePicture | None:
    """Return all entities and their links, now or at `release`; None if there are none, or more than `MAX_IN_WHOLE`.

    The picture follows from their editions, which are read only if it is not kept.
    """
    in_whole = f"FROM publishing_edition e WHERE e.kind IN ({sql_placeholders(_KINDS_IN_WHOLE)}) AND "
    where = Sql(in_whole, _KINDS_IN_WHOLE) + public_at_release_condition("e", release)
    ids = frozenset(id for (id,) in fetch_rows(Sql("SELECT e.id ") + where + Sql(" LIMIT %s", (MAX_IN_WHOLE + 1,))))
    if len(ids) > MAX_IN_WHOLE:
        return None
    return kept_graphs.part(register, (get_language(), query, ids), lambda: _draw_register(where, query))


def _draw_register(where: Sql, query: str) -> PagePicture | None:
    rows = fetch_rows(Sql("SELECT e.document, e.evidence ") + where)
    graph = graph_of_editions(EdgeEdition(json.loads(document), evidence) for document, evidence in rows)
    return picture_of_graph(graph, f"/graph/{query}", name="whole")


def picture_of_commitments(request: ApiRequest, by: str, filters: Sequence[tuple[str, str]] = ()) -> PagePicture | None:
    """Return the numbers of the commitments that `filters` select, grouped by one field; None if there are none.

    Without a field, their amounts: what was promised, allocated and delivered in all.
    """
    data_path = address_of_question(_TOTALS_PATH, [*filters, ("by", by)] if by else filters)
    totals = json.loads(totals_response(request.asking(data_path)).body)
    addresses = data_path, page_path(data_path)
    if not by:
        bars = bars_of_totals(totals)
        if not bars:
            return None
        return _picture_of_promise(promise_bar(bars, WIDE), promise_bar(bars, NARROW), *addresses)
    if not totals["groups"]:
        return None
    wide, narrow = (commitments_picture(totals, by, width) for width in (WIDE, NARROW))
    columns, rows = linked_table(wide, linked_column=1)
    return PagePicture(f"by-{by}", wide.title, wide, narrow, columns, rows, *addresses)


def map_of_list(request: ApiRequest, collection: Collection, filters: Sequence[tuple[str, str]]) -> PagePicture | None:
    """Return where the facilities or events are that `filters` select, `MAX_PLACES` at most; None if there are none."""
    data_path = f"{API_PREFIX}/{collection.name}/?{urlencode([*filters, ('page_size', str(MAX_PLACES))])}"
    answer = json.loads(list_response(collection, request.asking(data_path)).body)
    note = gettext("Only the first %s are shown.") % MAX_PLACES if answer["next"] else ""
    page = address_of_question(f"/map/{collection.name}/", filters)
    return picture_of_places(answer["results"], data_path, page, note)
