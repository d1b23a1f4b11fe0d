"""JSON-LD: a record with schema.org's terms where they say just what the register says, its own terms elsewhere.

Quotes and evidence are Web Annotations. Nothing is claimed that the JSON does not say: a day only where it is known, an
amount as limited as its source limits it, a grant only where money was granted.
"""

import json
from typing import Any

CONTEXT_PATH = "/api/v1/contexts/1/"
"""Where the context is; what stands there never changes. A change of it gets the next number."""

_OWN_TYPES = ("Commitment", "Relation", "Post", "Measure", "Milestone")
_SCHEMA_TYPES = (
    "CreativeWork",
    "Event",
    "MonetaryAmount",
    "MonetaryGrant",
    "Organization",
    "OrganizationRole",
    "Person",
    "Place",
    "PropertyValue",
    "QuantitativeValue",
    "Quotation",
)
_SCHEMA_TERMS = {
    "name": "name",
    "summary": "description",
    "alternateName": "alternateName",
    "identifier": "identifier",
    "propertyID": "propertyID",
    "value": "value",
    "minValue": "minValue",
    "maxValue": "maxValue",
    "currency": "currency",
    "unit": "unitText",
    "version": "version",
    "text": "text",
    "inLanguage": "inLanguage",
    "temporalCoverage": "temporalCoverage",
    "roleName": "roleName",
    "given_name": "givenName",
    "family_name": "familyName",
    "latitude": "latitude",
    "longitude": "longitude",
    "authors": "author",
}
_SCHEMA_LINKS = ("funder", "creator", "isBasedOn", "recordedIn", "publisher", "url", "archivedAt", "sameAs")
_SCHEMA_DAYS = ("startDate", "endDate", "foundingDate", "dissolutionDate", "datePublished", "dateModified")
_ANNOTATION_TYPES = ("Annotation", "SpecificResource", "TextQuoteSelector", "TextPositionSelector", "FragmentSelector")
_DECIMALS = ("value", "minValue", "maxValue", "latitude", "longitude", "rate")

_NODE_TYPES = {
    "organisation": ["Organization"],
    "facility": ["Place"],
    "person": ["Person"],
    "post": ["Post", "OrganizationRole"],
    "event": ["Event"],
    "commitment": ["Commitment"],
    "relation": ["Relation"],
    "quote": ["Quotation"],
    "document": ["CreativeWork"],
}
# Date of a record -> schema.org's name of the day.
_DAY_TERMS = {
    "start": "startDate",
    "end": "endDate",
    "founded": "foundingDate",
    "dissolved": "dissolutionDate",
    "published_on": "datePublished",
    "updated_on": "dateModified",
}
_LIMIT_TERMS = {"at_least": "minValue", "more_than": "minValue", "up_to": "maxValue"}
_GRANT_NATURES = ("pledge", "decision", "action")
_OMITTED_MEMBERS = ("kind", "href", "edition", "links", "fingerprint", "names", "identifiers", "evidence", "archived_url")
LIST_TAIL = "]}"


def jsonld_context(site: str) -> dict:
    """The context: every term is an IRI, so that nobody need fetch another one."""
    own = f"{site}{CONTEXT_PATH}#"
    decimal = {name: {"@type": "xsd:decimal"} for name in _DECIMALS}
    terms: dict[str, Any] = {
        "@version": 1.1,
        "@vocab": own,
        "schema": "https://schema.org/",
        "oa": "http://www.w3.org/ns/oa#",
        "dcterms": "http://purl.org/dc/terms/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "edtf": "http://id.loc.gov/datatypes/edtf/EDTF",
    }
    terms |= {name: f"{own}{name}" for name in _OWN_TYPES}
    terms |= {name: f"schema:{name}" for name in _SCHEMA_TYPES}
    terms |= {name: {"@id": f"schema:{term}"} | decimal.get(name, {}) for name, term in _SCHEMA_TERMS.items()}
    terms |= {name: {"@id": f"schema:{name}", "@type": "@id"} for name in _SCHEMA_LINKS}
    terms |= {name: {"@id": f"schema:{name}", "@type": "xsd:date"} for name in _SCHEMA_DAYS}
    terms |= {name: f"oa:{name}" for name in _ANNOTATION_TYPES}
    terms |= {
        "amount": {"@id": "schema:amount"},
        "rate": {"@id": f"{own}rate", "@type": "xsd:decimal"},
        "evidence": {"@id": f"{own}evidence", "@container": "@set"},
        "body": {"@id": "oa:hasBody", "@type": "@id"},
        "target": {"@id": "oa:hasTarget", "@type": "@id"},
        "source": {"@id": "oa:hasSource", "@type": "@id"},
        "selector": {"@id": "oa:hasSelector", "@type": "@id"},
        "exact": {"@id": "oa:exact"},
        "prefix": {"@id": "oa:prefix"},
        "suffix": {"@id": "oa:suffix"},
        "from": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
        "to": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
        "pointer": {"@id": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value"},
        "conformsTo": {"@id": "dcterms:conformsTo", "@type": "@id"},
        "hasVersion": {"@id": "dcterms:hasVersion", "@type": "@id"},
        "isVersionOf": {"@id": "dcterms:isVersionOf", "@type": "@id"},
    }
    return {"@context": terms}


def jsonld_document(record: dict, site: str) -> str:
    """One record as a document of its own."""
    return _jsonld_text({"@context": site + CONTEXT_PATH} | _jsonld_node(record, site))


def jsonld_list_head(site: str) -> str:
    """What comes before the members of a list."""
    return f'{{"@context":{json.dumps(site + CONTEXT_PATH)},"@graph":['


def jsonld_list_member(record: dict, site: str) -> str:
    """One record of a list."""
    return _jsonld_text(_jsonld_node(record, site))


def _jsonld_node(record: dict, site: str) -> dict:
    iri = site + record["href"]
    edition = f"{iri}editions/{record['edition']}/"
    kind = record["kind"]
    node: dict[str, Any] = {
        "@id": iri,
        "@type": list(_NODE_TYPES[kind]),
        "version": record["edition"],
        "hasVersion": {"@id": edition, "isVersionOf": iri},
    }
    for name, value in record.items():
        if name not in _OMITTED_MEMBERS and value not in (None, []):
            node[name] = _jsonld_value(value, site)
    for name, term in _DAY_TERMS.items():
        date = record.get(name)
        if isinstance(date, dict) and date["precision"] == "day" and not (date["is_approximate"] or date["is_uncertain"]):
            node[term] = date["value"]
    if kind in ("event", "organisation", "relation") and (covered := _temporal_coverage(record)):
        node["temporalCoverage"] = covered
    node |= _alternate_names(record) | _identifier_terms(record)
    for member in ("measures", "conversions"):
        if record.get(member):
            node[member] = [_jsonld_measure(measure, site) for measure in record[member]]
    if kind == "commitment":
        _add_grant_terms(node, record, site)
    elif kind == "post":
        node["roleName"] = record["name"]
    elif kind == "relation" and record["role"]:
        node["roleName"] = node.pop("role")
    elif kind == "quote":
        _add_quotation_terms(node, record, site)
    elif kind == "document" and record["language"]:
        node["inLanguage"] = node.pop("language")
    if record.get("archived_url"):
        node["archivedAt"] = record["archived_url"]
    if record.get("evidence"):
        node["evidence"] = list(_evidence_annotations(record, edition, site))
    return node


def _jsonld_value(value: Any, site: str) -> Any:
    """A member's value: references as nodes, dates as EDTF, all else as it is."""
    if isinstance(value, list):
        return [_jsonld_value(one, site) for one in value]
    if not isinstance(value, dict):
        return value
    if "precision" in value:
        return {"@value": _edtf_text(value), "@type": "edtf"}
    found = {name: _jsonld_value(one, site) for name, one in value.items() if one is not None}
    if "href" in found:
        kind = found.pop("kind")
        return {"@id": site + found.pop("href"), "@type": list(_NODE_TYPES[kind])} | found
    return found


def _edtf_text(date: dict) -> str:
    return date["value"] + ("~" if date["is_approximate"] else "?" if date["is_uncertain"] else "")


def _temporal_coverage(record: dict) -> str:
    """The time of a record, where one of its ends is known less precisely than schema.org's days."""
    first, last = record.get("start") or record.get("founded"), record.get("end") or record.get("dissolved")
    if record["kind"] == "event" and not last:
        return _edtf_text(first) if first else ""
    if not (first or last):
        return ""
    # Nothing before the slash: unknown; two points after it: it goes on (see entities.dates.days_in_force).
    return f"{_edtf_text(first) if first else ''}/{_edtf_text(last) if last else '..'}"


def _alternate_names(record: dict) -> dict:
    """Other names, each once, with their languages where they are known."""
    found = [
        {"@value": name["text"], "@language": name["language"]} if name["language"] else name["text"]
        for name in record.get("names", ())
    ]
    return {"alternateName": found} if found else {}


def _identifier_terms(record: dict) -> dict:
    found = record.get("identifiers") or ()
    told: dict[str, Any] = {}
    if found:
        told["identifier"] = [
            {"@type": "PropertyValue", "propertyID": one["scheme"], "value": {"@value": one["value"]}} for one in found
        ]
    same = [f"http://www.wikidata.org/entity/{one['value']}" for one in found if one["scheme"] == "wikidata"]
    return told | ({"sameAs": same} if same else {})


def _jsonld_measure(measure: dict, site: str) -> dict:
    """An amount, as its source limits it: a limit or a range is no value."""
    value, upper = measure["value"], measure["upper"]
    told: dict[str, Any] = {"@type": ["Measure", "MonetaryAmount" if measure["currency"] else "QuantitativeValue"]}
    told |= {
        name: _jsonld_value(one, site)
        for name, one in measure.items()
        if one is not None and name not in ("value", "upper", "kind")
    }
    told["measureKind"] = measure["kind"]
    if upper is not None:
        told |= {"minValue": value, "maxValue": upper} if value is not None else {"maxValue": upper}
    elif value is not None:
        told[_LIMIT_TERMS.get(measure["qualifier"], "value")] = value
    return told


def _add_grant_terms(node: dict, record: dict, site: str) -> None:
    money = [measure for measure in record["measures"] if measure["currency"]]
    if record["nature"] in _GRANT_NATURES and record["category"] == "funding" and money:
        node["@type"].append("MonetaryGrant")
        node["amount"] = [_jsonld_measure(measure, site) for measure in money]
        if record["committed_by"]:
            node["funder"] = node["committed_by"]


def _add_quotation_terms(node: dict, record: dict, site: str) -> None:
    source = site + record["document"]["href"]
    passage = {name: node.pop(name) for name in ("exact", "prefix", "suffix") if name in node}
    place = {"from": node.pop("start"), "to": node.pop("end")}
    node["text"] = record["exact"]
    node["isBasedOn"] = node.pop("document")
    if record["document"]["language"]:
        node["inLanguage"] = record["document"]["language"]
    for name, term in (("speaker", "creator"), ("occasion", "recordedIn")):
        if name in node:
            node[term] = node.pop(name)
    node["place"] = {
        "@type": "SpecificResource",
        "source": source,
        # Positions are counted in code points of the document's text.
        "selector": [{"@type": "TextQuoteSelector"} | passage, {"@type": "TextPositionSelector"} | place],
    }


def _evidence_annotations(record: dict, edition: str, site: str):
    """An annotation for each citation: the quote is the body; the field of this edition, as a JSON Pointer, its target."""
    for field, told in record["evidence"].items():
        selector = {
            "@type": "FragmentSelector",
            "conformsTo": "http://tools.ietf.org/rfc/rfc6901",
            "pointer": evidence_pointer(record, field),
        }
        for citation in told["citations"]:
            quote = citation["quote"]
            rest = {name: citation[name] for name in ("stance", "as_stated", "note") if citation[name]}
            yield {
                "@type": "Annotation",
                "body": {"@id": site + quote["href"], "@type": "Quotation", "text": quote["exact"]},
                "target": {"@type": "SpecificResource", "source": edition, "selector": selector},
                "states": citation["value"],
                **rest,
            }


def evidence_pointer(record: dict, field: str) -> str:
    """Where a field of the evidence stands in the record: `measures.staff` -> `/measures/0`."""
    name, _, key = field.partition(".")
    for member in (name, "conversions") if name == "measures" else (name,):
        for at, part in enumerate(record.get(member) or () if key else ()):
            if part["key"] == key:
                return f"/{member}/{at}"
    return f"/{name}"


def _jsonld_text(node: dict) -> str:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"))
