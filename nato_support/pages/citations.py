"""“Cite this” on the pages of records, editions, lists and pictures, and the files with the same for reference managers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from entities.formatting import format_partial_date
from entities.serializers import date_shape_text
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.json_output import json_text, utc_timestamp
from nato_support.api.sql import Sql, fetch_rows
from nato_support.data_licence import LICENCE_NAME, LICENCE_URL
from nato_support.pages.filter_forms import filter_label
from nato_support.pages.page_urls import address_of_question
from nato_support.pages.page_views import register_name
from sources.citation_text import Reference

BIBTEX_TYPE = "application/x-bibtex; charset=utf-8"
CSL_TYPE = "application/vnd.citationstyles.csl+json"
# What is drawn, not what is selected.
_SAID_BY_TITLES = ("by", "active_on")


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference with what a page says about it."""

    reference: Reference
    file_path: str
    """Path and query of its files, which `{}` stands in for the suffix of."""
    release: int
    is_permanent: bool
    """True if its address shows the same for ever."""
    source: Reference | None = None
    """Document that a quote was taken from."""

    @property
    def words_before_url(self) -> str:
        return self.reference.words.partition(self.reference.url)[0]

    @property
    def day(self) -> str:
        """The day of its release, in words."""
        return format_partial_date(self.reference.date)

    @property
    def bibtex_path(self) -> str:
        return self.file_path.format("bib")

    @property
    def csl_path(self) -> str:
        return self.file_path.format("json")

    @property
    def csl_json(self) -> str:
        """Its items as CSL JSON: a list, as reference managers take it."""
        return json_text([reference.csl_item for reference in (self.reference, self.source) if reference])

    @property
    def bibtex(self) -> str:
        return "\n".join(reference.bibtex for reference in (self.reference, self.source) if reference)

    def file_response(self, suffix: str) -> ApiResponse:
        """Return the file of this suffix, `bib` or `json`, for download."""
        text, media_type = (self.bibtex, BIBTEX_TYPE) if suffix == "bib" else (self.csl_json, CSL_TYPE)
        name = f"{self.reference.key}.{suffix}"
        return ApiResponse(text.encode(), media_type, extra_headers={"Content-Disposition": f'attachment; filename="{name}"'})


def cite_edition(request: ApiRequest, document: dict[str, Any], own_path: str) -> Citation:
    """Return how to cite the edition of a record, whose page is at `own_path`."""
    kind, slug, number = document["kind"], document["slug"], document["edition"]
    path = f"{own_path}editions/{number}/"
    reference = _reference(
        request,
        f"{kind}-{slug}-{number}",
        document.get("name") or document["exact"],
        path,
        document["release"],
        edition=number,
        type="entry",
    )
    source = _source_of_quote(document) if kind == "quote" else None
    return Citation(reference, f"{path}cite.{{}}", document["release"], is_permanent=True, source=source)


def cite_question(
    request: ApiRequest, name: str, title: str, path: str, pairs: Sequence[tuple[str, str]], release: int, *, type: str
) -> Citation:
    """Return how to cite an answer to a question: a list or a picture, as of a release.

    Its address names the release, unless the question is one for full text, which only the present can be asked.
    """
    is_permanent = all(parameter != "q" for parameter, _ in pairs)
    asked = [pair for pair in pairs if pair[0] != "as_of"]
    pinned = [*asked, ("as_of", f"release:{release}")] if is_permanent else asked
    filters = ", ".join(f"{filter_label(parameter)}: {value}" for parameter, value in asked if parameter not in _SAID_BY_TITLES)
    reference = _reference(
        request,
        f"{name}-release-{release}",
        f"{title} ({filters})" if filters else title,
        address_of_question(path, pinned),
        release,
        type=type,
    )
    return Citation(reference, address_of_question(f"{path}cite.{{}}", pinned), release, is_permanent)


def cite_editions(request: ApiRequest, path: str, title: str) -> Citation:
    """Return how to cite the list of a record's editions, whose page is at `path`."""
    release = request.register.release
    key = re.sub("[^a-z0-9]+", "-", path.strip("/"))
    reference = _reference(request, f"{key}-release-{release}", title, path, release, type="webpage")
    return Citation(reference, f"{path}cite.{{}}", release, is_permanent=False)


def _reference(request: ApiRequest, key: str, title: str, path: str, release: int, *, type: str, edition: int = 0) -> Reference:
    words = gettext("release %s") % release
    return Reference(
        key=f"nato-support-{key}",
        title=title,
        publisher=register_name(),
        date=day_of_release(request, release),
        version=f"{gettext('edition %s') % edition}, {words}" if edition else words,
        url=f"{request.site}{path}",
        licence=f"{LICENCE_NAME}, {LICENCE_URL}",
        type=type,
    )


def _source_of_quote(quote: dict[str, Any]) -> Reference:
    document = quote["document"]
    return Reference(
        key=f"document-{document['slug']}",
        title=document["name"],
        publisher=document["publisher"]["name"] if document["publisher"] else "",
        date=date_shape_text(document["published_on"]) if document["published_on"] else "",
        page=quote["page"],
        url=document["url"] or "",
    )


def day_of_release(request: ApiRequest, release: int) -> str:
    """Return the day of a release, as YYYY-MM-DD; "" if there is no such release."""
    if release == request.register.release:
        return utc_timestamp(request.register.released_at)[:10] if request.register.released_at else ""
    rows = fetch_rows(Sql("SELECT released_at FROM publishing_release WHERE number = %s", (release,)))
    return utc_timestamp(rows[0][0])[:10] if rows else ""
