"""JSON-LD: a record with schema.org's terms where they say just what the register says, its own terms elsewhere.

Quotes and evidence are Web Annotations. Nothing is claimed that the JSON does not say: a day only where it is known, an
amount as limited as its source limits it, a grant only where money was granted.
"""

import json
from typing import Any

CONTEXT = "/api/v1/contexts/1/"
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

_TYPES = {
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
_DAYS = {
    "start": "startDate",
    "end": "endDate",
    "founded": "foundingDate",
    "dissolved": "dissolutionDate",
    "published_on": "datePublished",
    "updated_on": "dateModified",
}
_LIMITS = {"at_least": "minValue", "more_than": "minValue", "up_to": "maxValue"}
_GRANTING = ("pledge", "decision", "action")
_LEFT_OUT = ("kind", "href", "edition", "links", "fingerprint", "names", "identifiers", "evidence", "archived_url")
TAIL = "]}"


def context(site: str) -> dict:
    """The context: every term is an IRI, so that nobody need fetch another one."""
    own = f"{site}{CONTEXT}#"
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


def document(record: dict, site: str) -> str:
    """One record as a document of its own."""
    return _text({"@context": site + CONTEXT} | _node(record, site))


def head(site: str) -> str:
    """What comes before the members of a list."""
    return f'{{"@context":{json.dumps(site + CONTEXT)},"@graph":['


def member(record: dict, site: str) -> str:
    """One record of a list."""
    return _text(_node(record, site))


def _node(record: dict, site: str) -> dict:
    iri = site + record["href"]
    edition = f"{iri}editions/{record['edition']}/"
    kind = record["kind"]
    node: dict[str, Any] = {
        "@id": iri,
        "@type": list(_TYPES[kind]),
        "version": record["edition"],
        "hasVersion": {"@id": edition, "isVersionOf": iri},
    }
    for name, value in record.items():
        if name not in _LEFT_OUT and value not in (None, []):
            node[name] = _value(value, site)
    for name, term in _DAYS.items():
        date = record.get(name)
        if isinstance(date, dict) and date["precision"] == "day" and not (date["is_approximate"] or date["is_uncertain"]):
            node[term] = date["value"]
    if kind in ("event", "organisation", "relation") and (covered := _covered(record)):
        node["temporalCoverage"] = covered
    node |= _names(record) | _identifiers(record)
    for member in ("measures", "conversions"):
        if record.get(member):
            node[member] = [_measure(measure, site) for measure in record[member]]
    if kind == "commitment":
        _as_grant(node, record, site)
    elif kind == "post":
        node["roleName"] = record["name"]
    elif kind == "relation" and record["role"]:
        node["roleName"] = node.pop("role")
    elif kind == "quote":
        _as_quotation(node, record, site)
    elif kind == "document" and record["language"]:
        node["inLanguage"] = node.pop("language")
    if record.get("archived_url"):
        node["archivedAt"] = record["archived_url"]
    if record.get("evidence"):
        node["evidence"] = list(_evidence(record, edition, site))
    return node


def _value(value: Any, site: str) -> Any:
    """A member's value: references as nodes, dates as EDTF, all else as it is."""
    if isinstance(value, list):
        return [_value(one, site) for one in value]
    if not isinstance(value, dict):
        return value
    if "precision" in value:
        return {"@value": _edtf(value), "@type": "edtf"}
    found = {name: _value(one, site) for name, one in value.items() if one is not None}
    if "href" in found:
        kind = found.pop("kind")
        return {"@id": site + found.pop("href"), "@type": list(_TYPES[kind])} | found
    return found


def _edtf(date: dict) -> str:
    return date["value"] + ("~" if date["is_approximate"] else "?" if date["is_uncertain"] else "")


def _covered(record: dict) -> str:
    """The time of a record, where one of its ends is known less precisely than schema.org's days."""
    first, last = record.get("start") or record.get("founded"), record.get("end") or record.get("dissolved")
    if first and last:
        return f"{_edtf(first)}/{_edtf(last)}"
    return _edtf(first) if first and record["kind"] == "event" else f"{_edtf(first)}/" if first else ""


def _names(record: dict) -> dict:
    """Other names, each once, with their languages where they are known."""
    found = [
        {"@value": name["text"], "@language": name["language"]} if name["language"] else name["text"]
        for name in record.get("names", ())
    ]
    return {"alternateName": found} if found else {}


def _identifiers(record: dict) -> dict:
    found = record.get("identifiers") or ()
    told: dict[str, Any] = {}
    if found:
        told["identifier"] = [
            {"@type": "PropertyValue", "propertyID": one["scheme"], "value": {"@value": one["value"]}} for one in found
        ]
    same = [f"http://www.wikidata.org/entity/{one['value']}" for one in found if one["scheme"] == "wikidata"]
    return told | ({"sameAs": same} if same else {})


def _measure(measure: dict, site: str) -> dict:
    """An amount, as its source limits it: a limit or a range is no value."""
    value, upper = measure["value"], measure["upper"]
    told: dict[str, Any] = {"@type": ["Measure", "MonetaryAmount" if measure["currency"] else "QuantitativeValue"]}
    told |= {
        name: _value(one, site) for name, one in measure.items() if one is not None and name not in ("value", "upper", "kind")
    }
    told["measureKind"] = measure["kind"]
    if upper is not None:
        told |= {"minValue": value, "maxValue": upper} if value is not None else {"maxValue": upper}
    elif value is not None:
        told[_LIMITS.get(measure["qualifier"], "value")] = value
    return told


def _as_grant(node: dict, record: dict, site: str) -> None:
    money = [measure for measure in record["measures"] if measure["currency"]]
    if record["nature"] in _GRANTING and record["category"] == "funding" and money:
        node["@type"].append("MonetaryGrant")
        node["amount"] = [_measure(measure, site) for measure in money]
        if record["committed_by"]:
            node["funder"] = node["committed_by"]


def _as_quotation(node: dict, record: dict, site: str) -> None:
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


def _evidence(record: dict, edition: str, site: str):
    """An annotation for each citation: the quote is the body; the field of this edition, as a JSON Pointer, its target."""
    for field, told in record["evidence"].items():
        selector = {
            "@type": "FragmentSelector",
            "conformsTo": "http://tools.ietf.org/rfc/rfc6901",
            "pointer": pointer(record, field),
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


def pointer(record: dict, field: str) -> str:
    """Where a field of the evidence stands in the record: `measures.staff` -> `/measures/0`."""
    name, _, key = field.partition(".")
    for member in (name, "conversions") if name == "measures" else (name,):
        for at, part in enumerate(record.get(member) or () if key else ()):
            if part["key"] == key:
                return f"/{member}/{at}"
    return f"/{name}"


def _text(node: dict) -> str:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"))
