"""The front page, what is contested and how it was settled, what is due, and the releases."""

import json
from typing import Any

from django.utils.translation import gettext

from entities.formatting import format_partial_date
from entities.serializers import PLURALS, date_shape_text
from entities.vocabulary import FINAL_STAGES
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import COLLECTIONS
from nato_support.api.listing import list_response
from nato_support.api.release_responses import release_response, releases_or_changes_response
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows
from nato_support.pages.fact_evidence import EvidenceView, Link, cited_fact_label, evidence_of_field, record_link
from nato_support.pages.list_pages import collection_title
from nato_support.pages.page_pictures import map_of_register, picture_of_register
from nato_support.pages.page_queries import known_query
from nato_support.pages.page_urls import fact_anchor, page_path
from nato_support.pages.page_views import Page, render_page
from nato_support.pages.record_lines import RecordLine, kind_label, line_of_record

MAX_DOUBTFUL = 200
"""Most records on the page of what is contested."""
MAX_DUE = 500
"""Most commitments with a time by which they are due that are listed."""
_KINDS_IN_ORDER = ("commitment", "relation", "organisation", "person", "post", "facility", "event", "quote", "document")
_DOUBTFUL_SQL = (
    "SELECT e.document, e.evidence FROM publishing_edition e WHERE e.id IN (SELECT t.edition_id FROM publishing_editionterm t"
    " WHERE (t.field = 'is_contested' AND t.value = 'true') OR (t.field = 'agreement' AND t.value = 'resolved'))"
    f" AND {LIVE_SQL} ORDER BY e.name LIMIT %s"
)


class FrontPage(Page):
    """Front page: purpose, numbers and latest changes of the register."""

    depends_on_day = True

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        counts = dict(fetch_rows(Sql(f"SELECT e.kind, COUNT(*) FROM publishing_edition e WHERE {LIVE_SQL} GROUP BY e.kind")))
        overdue, upcoming, _ = _due_lines(request)
        newest = _list_documents(request, "commitments", "page_size=6")
        context = {
            "title": gettext("Who promised what to Ukraine, according to whom"),
            "description": gettext(
                "Commitments, decisions and refusals of NATO and its members for Ukraine, each traced to verbatim quotations."
            ),
            "counts": [(collection_title(PLURALS[kind]), f"/{PLURALS[kind]}/", counts.get(kind, 0)) for kind in _KINDS_IN_ORDER],
            "releases": releases_answer(request, "page_size=3", most=6)["results"],
            "newest": [line_of_record(document) for document in newest],
            "overdue": overdue[:5],
            "upcoming": upcoming[:5],
            "pictures": [picture for picture in (picture_of_register(request, counts), map_of_register()) if picture],
        }
        return render_page(request, "front.html", context)


class ContestedPage(Page):
    """Facts on which sources disagree, and how editors settled others."""

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        contested: list[tuple[Link, Link, EvidenceView]] = []
        settled: list[tuple[Link, Link, EvidenceView]] = []
        rows = fetch_rows(Sql(_DOUBTFUL_SQL, (MAX_DOUBTFUL,)))
        for document_json, evidence_json in rows:
            document = json.loads(document_json)
            link = record_link(document)
            for field_name, entry in json.loads(evidence_json).get("evidence", {}).items():
                if not (entry["contested"] or entry["resolution"]):
                    continue
                label = Link(cited_fact_label(field_name), f"{link.path}#{fact_anchor(field_name)}")
                fact = (link, label, evidence_of_field(document, field_name, entry))
                (contested if entry["contested"] else settled).append(fact)
        context = {
            "title": gettext("Contested, and how it was settled"),
            "description": gettext("Facts on which the sources disagree, side by side, and the reasons of those settled."),
            "contested": contested,
            "settled": settled,
            "is_truncated": len(rows) == MAX_DOUBTFUL,
        }
        return render_page(request, "contested.html", context)


class DuePage(Page):
    """Commitments that are overdue, fall due, or were kept or dropped."""

    depends_on_day = True

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        overdue, upcoming, closed = _due_lines(request)
        context = {
            "title": gettext("Due and overdue"),
            "description": gettext("Commitments by the time by which they are due, according to their sources."),
            "today": format_partial_date(request.today),
            "overdue": overdue,
            "upcoming": upcoming,
            "closed": closed,
        }
        return render_page(request, "due.html", context)


class ReleasesPage(Page):
    """The releases, newest first."""

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        answer = releases_answer(request, known_query(request.query_string, {"cursor"}), most=10)
        context = {
            "title": gettext("Releases"),
            "description": gettext("Every change of what is public, newest first."),
            "releases": answer["results"],
            "next": (answer["next"] or "").removeprefix(request.site),
        }
        return render_page(request, "releases.html", context)


class ReleasePage(Page):
    """A release with the editions that it made."""

    def render(self, request: ApiRequest, *, release: int) -> ApiResponse:
        query = known_query(request.query_string, {"cursor"})
        answer = json.loads(release_response(_sub_request(request, query), release).body)
        context = {
            "title": gettext("Release %s") % release,
            "release": _release_view(answer | {"editions": answer["results"], "is_truncated": False}, len(answer["results"])),
            "next": (answer["next"] or "").removeprefix(request.site),
        }
        return render_page(request, "release.html", context)


def _sub_request(request: ApiRequest, query: str) -> ApiRequest:
    return request.asking(f"{request.path}?{query}")


def _list_documents(request: ApiRequest, collection: str, query: str) -> list[dict[str, Any]]:
    return json.loads(list_response(COLLECTIONS[collection], _sub_request(request, query)).body)["results"]


def releases_answer(request: ApiRequest, query: str, most: int) -> dict[str, Any]:
    """Return a page of the releases as the API has them, each described for readers with `most` of its records at most."""
    answer = json.loads(releases_or_changes_response(_sub_request(request, query)).body)
    return answer | {"results": [_release_view(release, most) for release in answer["results"]]}


def _release_view(release: dict[str, Any], most: int) -> dict[str, Any]:
    """Describe a release for readers: its day, and the first `most` records that it changed with what happened to them."""
    day, _, time = release["released_at"].partition("T")
    editions = [
        {
            "kind": kind_label(edition["kind"]),
            "name": edition["name"] or edition["slug"],
            "path": page_path(edition["href"]) if edition["href"] else "",
            "what": _what_happened(edition),
        }
        for edition in release["editions"][:most]
    ]
    return {
        "number": release["release"],
        "day": format_partial_date(day),
        "time": time[:5],
        "released_at": release["released_at"],
        "note": release["note"],
        "editions": editions,
        "is_truncated": release["is_truncated"] or len(release["editions"]) > most,
        "path": page_path(release["href"]),
    }


def _what_happened(edition: dict[str, Any]) -> str:
    if edition["moved_to"]:
        return gettext("joined with another record")
    if edition["withdrawn"]:
        return gettext("withdrawn")
    return gettext("new") if edition["edition"] == 1 else gettext("edition %s") % edition["edition"]


def _due_lines(request: ApiRequest) -> tuple[list[RecordLine], list[RecordLine], list[RecordLine]]:
    """Return the commitments that are overdue, those still due, and those that were delivered, refused or dropped."""
    with_due = _list_documents(request, "commitments", f"due_after=0001&page_size={MAX_DUE}")
    groups: tuple[list[RecordLine], list[RecordLine], list[RecordLine]] = ([], [], [])
    for document in sorted(with_due, key=lambda document: document["due"]["latest"] or "9999"):
        line = line_of_record(document)
        line.date = gettext("due %s") % format_partial_date(date_shape_text(document["due"]))
        is_past = bool(document["due"]["latest"]) and document["due"]["latest"] < request.today
        groups[2 if document["stage"] in FINAL_STAGES else 0 if is_past else 1].append(line)
    return groups
