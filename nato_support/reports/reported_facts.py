"""Facts that reports are about, as their edition published them. Reads editions alone."""

from dataclasses import dataclass

from nato_support.api.api_request import ApiRequest
from nato_support.api.collections import Collection
from nato_support.api.problems import ApiProblem
from nato_support.api.record_and_edition_responses import edition_response
from nato_support.pages.page_urls import api_path, page_path
from nato_support.pages.record_facts import Fact, facts_of_record
from nato_support.publishing.editions.detail_response import detail_body, split_detail_body
from nato_support.publishing.models.public_tables import Edition


@dataclass(frozen=True, slots=True)
class ReportedFact:
    """A fact of an edition, or with `fact` None the record as a whole."""

    kind: str
    slug: str
    edition: int
    release: int
    record_name: str
    record_path: str
    field: str
    fact: Fact | None

    @property
    def edition_path(self) -> str:
        """Path of the page of the edition, at the fact."""
        anchor = f"#{self.fact.anchor}" if self.fact and self.fact.anchor else ""
        return f"{self.record_path}editions/{self.edition}/{anchor}"

    @property
    def key(self) -> list:
        """What names the fact, for the token of its form."""
        return [self.kind, self.slug, self.edition, self.field]


def public_fact(request: ApiRequest, collection: Collection, slug: str, number: int, field: str) -> ReportedFact:
    """Return a fact of an edition that is public. Raises the ApiProblem that the page of the edition would."""
    asked = request.asking(api_path(f"/{collection.name}/{slug}/editions/{number}/"))
    return _fact_of_body(edition_response(collection, asked, slug, number).body, field)


def fact_of_edition(edition: Edition, field: str) -> ReportedFact | None:
    """Return a fact of an edition, public or not, for the desk; None if the edition has no such fact."""
    try:
        return _fact_of_body(detail_body(edition.kind, edition.slug, edition.number, edition.document, edition.evidence), field)
    except ApiProblem:
        return None


def _fact_of_body(body: bytes, field: str) -> ReportedFact:
    document, evidence = split_detail_body(body)
    fact = None
    if field:
        fact = next((one for one in facts_of_record(document, evidence).all if one.field_name == field), None)
        if fact is None:
            raise ApiProblem("not-found")
    return ReportedFact(
        document["kind"],
        document["slug"],
        document["edition"],
        document["release"],
        document.get("name") or f"“{document['exact']}”",
        page_path(document["href"]),
        field,
        fact,
    )
