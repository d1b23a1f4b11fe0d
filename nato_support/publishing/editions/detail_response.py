"""Detail responses built from the JSON texts of an edition: document, evidence and links."""

import json

from entities.serializers import record_path

# Kind -> further URLs about such a record, by name. {0} is its slug.
_RELATED_URLS = {
    "organisation": {
        "commitments": "/api/v1/commitments/?committed_by={0}",
        "commitments_to_it": "/api/v1/commitments/?beneficiary={0}",
        "commitments_concerning_it": "/api/v1/commitments/?concerns={0}",
        "documents": "/api/v1/documents/?publisher={0}",
    },
    "facility": {"commitments": "/api/v1/commitments/?facility={0}"},
    "person": {"quotes": "/api/v1/quotes/?speaker={0}"},
    "event": {"commitments": "/api/v1/commitments/?announced_at={0}", "quotes": "/api/v1/quotes/?occasion={0}"},
    "commitment": {"parts": "/api/v1/commitments/?part_of={0}"},
    "document": {"quotes": "/api/v1/quotes/?document={0}", "entities": "/api/v1/entities/?document={0}"},
    "quote": {"entities": "/api/v1/entities/?quote={0}", "relations": "/api/v1/relations/?quote={0}"},
}


def detail_links(kind: str, slug: str, number: int) -> dict[str, str]:
    """Return the links of a record, by name."""
    url = record_path(kind, slug)
    links = {"self": url, "edition": f"{url}editions/{number}/", "editions": f"{url}editions/"}
    if kind not in ("document", "quote", "relation"):
        links["relations"] = f"/api/v1/relations/?entity={kind}/{slug}"
    return links | {name: template.format(slug) for name, template in _RELATED_URLS.get(kind, {}).items()}


EVIDENCE_MEMBERS = ("names", "identifiers", "evidence", "fingerprint")
"""Members that a detail adds to the document, before its links."""


def detail_body(kind: str, slug: str, number: int, document_json: str, evidence_json: str) -> bytes:
    """Join the JSON texts of an edition and its links into the response body, without parsing them."""
    evidence_members = "" if evidence_json == "{}" else f",{evidence_json[1:-1]}"
    links_json = json.dumps(detail_links(kind, slug, number), separators=(",", ":"))
    return f'{document_json[:-1]}{evidence_members},"links":{links_json}}}'.encode()


def split_detail_body(text: bytes) -> tuple[dict, dict]:
    """Split a response body back into document and evidence. Raises ValueError, TypeError or KeyError if it is no detail."""
    document = json.loads(text)
    del document["links"]
    evidence = {member: document.pop(member) for member in EVIDENCE_MEMBERS if member in document}
    return document, evidence
