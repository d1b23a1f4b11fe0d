"""JSON-LD: records in schema.org's terms where these mean exactly the same, in the register's own terms elsewhere.

Evidence is written as Web Annotations. Nothing is claimed beyond the JSON: a day only where it is known, an amount with
the limits that its source gives, a grant only where money was granted.
"""

import json
from typing import Any

from entities.serializers import date_shape_text, is_promised_measure
from nato_support.data_licence import LICENCE_URL

CONTEXT_PATH = "/api/v1/contexts/1/"
"""Path of the context, whose content never changes. A changed context gets the next number."""

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
    "location": "location",
    "latitude": "latitude",
    "longitude": "longitude",
    "authors": "author",
}
_SCHEMA_LINKS = ("funder", "creator", "isBasedOn", "recordedIn", "publisher", "url", "archivedAt", "sameAs", "license")
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
# Date member of a record -> schema.org's name of the day.
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
# The register cannot license the words of others.
_OTHERS_WORKS = ("quote", "document")
_OMITTED_MEMBERS = ("kind", "href", "edition", "links", "fingerprint", "names", "identifiers", "evidence", "archived_url")
LIST_TAIL = "]}"


def jsonld_context(site: str) -> dict:
    """Return the context. Every term is an IRI, so that clients need not fetch another context."""
    own_prefix = f"{site}{CONTEXT_PATH}#"
    decimal_types = {name: {"@type": "xsd:decimal"} for name in _DECIMALS}
    terms: dict[str, Any] = {
        "@version": 1.1,
        "@vocab": own_prefix,
        "schema": "https://schema.org/",
        "oa": "http://www.w3.org/ns/oa#",
        "dcterms": "http://purl.org/dc/terms/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "edtf": "http://id.loc.gov/datatypes/edtf/EDTF",
    }
    terms |= {name: f"{own_prefix}{name}" for name in _OWN_TYPES}
    terms |= {name: f"schema:{name}" for name in _SCHEMA_TYPES}
    terms |= {name: {"@id": f"schema:{term}"} | decimal_types.get(name, {}) for name, term in _SCHEMA_TERMS.items()}
    terms |= {name: {"@id": f"schema:{name}", "@type": "@id"} for name in _SCHEMA_LINKS}
    terms |= {name: {"@id": f"schema:{name}", "@type": "xsd:date"} for name in _SCHEMA_DAYS}
    terms |= {name: f"oa:{name}" for name in _ANNOTATION_TYPES}
    terms |= {
        "amount": {"@id": "schema:amount"},
        "rate": {"@id": f"{own_prefix}rate", "@type": "xsd:decimal"},
        "evidence": {"@id": f"{own_prefix}evidence", "@container": "@set"},
        "body": {"@id": "oa:hasBody", "@type": "@id"},
        "target": {"@id": "oa:hasTarget", "@type": "@id"},
        "source": {"@id": "oa:hasSource", "@type": "@id"},
        "selector": {"@id": "oa:hasSelector", "@type": "@id"},
        "exact": {"@id": "oa:exact"},
        "from": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
        "to": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
        "pointer": {"@id": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value"},
        "conformsTo": {"@id": "dcterms:conformsTo", "@type": "@id"},
        "hasVersion": {"@id": "dcterms:hasVersion", "@type": "@id"},
        "isVersionOf": {"@id": "dcterms:isVersionOf", "@type": "@id"},
    }
    return {"@context": terms}


def jsonld_document(record: dict, site: str) -> str:
    """Write a record as a document of its own."""
    return _jsonld_text({"@context": site + CONTEXT_PATH} | _jsonld_node(record, site))


def jsonld_list_head(site: str) -> str:
    """Text before the members of a list."""
    return f'{{"@context":{json.dumps(site + CONTEXT_PATH)},"@graph":['


def jsonld_list_member(record: dict, site: str) -> str:
    """Write a record as a member of a list."""
    return _jsonld_text(_jsonld_node(record, site))


def _jsonld_node(record: dict, site: str) -> dict:
    iri = site + record["href"]
    edition_url = f"{iri}editions/{record['edition']}/"
    kind = record["kind"]
    node: dict[str, Any] = {
        "@id": iri,
        "@type": list(_NODE_TYPES[kind]),
        "version": record["edition"],
        "hasVersion": {"@id": edition_url, "isVersionOf": iri},
    }
    if kind not in _OTHERS_WORKS:
        node["hasVersion"]["license"] = LICENCE_URL
    for name, value in record.items():
        if name not in _OMITTED_MEMBERS and value not in (None, []):
            node[name] = _jsonld_value(value, site)
    # What is only planned or claimed has no time at which it holds.
    is_fact = record.get("modality", "in_force") == "in_force"
    for name, term in _DAY_TERMS.items() if is_fact else ():
        date = record.get(name)
        if isinstance(date, dict) and date["precision"] == "day" and not (date["is_approximate"] or date["is_uncertain"]):
            node[term] = date["value"]
    if kind in ("event", "organisation", "relation") and is_fact and (coverage := _temporal_coverage(record)):
        node["temporalCoverage"] = coverage
    node |= _alternate_names(record) | _identifier_terms(record)
    for member in ("measures", "conversions"):
        if record.get(member):
            node[member] = [_jsonld_measure(measure, site) for measure in record[member]]
    if kind == "commitment":
        _add_grant_terms(node, record, site)
    elif kind == "event" and "latitude" in node:
        # In schema.org a place has coordinates, not what happens there.
        node["location"] = {"@type": "Place"} | {name: node.pop(name) for name in ("latitude", "longitude")}
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
        node["evidence"] = list(_evidence_annotations(record, edition_url, site))
        node["assessments"] = [
            _evidence_assessment(entry, _evidence_target(record, field, edition_url), site)
            for field, entry in record["evidence"].items()
        ]
    return node


def _jsonld_value(value: Any, site: str) -> Any:
    """Convert a member's value: references to nodes, dates to EDTF; anything else is kept."""
    if isinstance(value, list):
        return [_jsonld_value(item, site) for item in value]
    if not isinstance(value, dict):
        return value
    if "precision" in value:
        return {"@value": date_shape_text(value), "@type": "edtf"}
    members = {name: _jsonld_value(item, site) for name, item in value.items() if item is not None}
    if "href" in members:
        kind = members.pop("kind")
        return {"@id": site + members.pop("href"), "@type": list(_NODE_TYPES[kind])} | members
    return members


def _temporal_coverage(record: dict) -> str:
    """Time of a record as EDTF; empty if it has no dates. It also covers dates that are less precise than a day."""
    first, last = record.get("start") or record.get("founded"), record.get("end") or record.get("dissolved")
    if record["kind"] == "event" and not last:
        return date_shape_text(first) if first else ""
    if not (first or last):
        return ""
    # Nothing before the slash: the start is unknown; two points after it: it goes on (see entities.dates.days_in_force).
    # Of a start or end that is an interval itself, the outer end counts.
    begin = date_shape_text(first).partition("/")[0].removeprefix("..") if first else ""
    return f"{begin}/{date_shape_text(last).rpartition('/')[2] if last else '..'}"


def _alternate_names(record: dict) -> dict:
    """`alternateName` with the further names, `mentionedAs` with the mentions, in their languages where these are known.

    `namesOutsideSources` has those names once more that no source states.
    """
    terms: dict[str, list] = {}
    for name in record.get("names", ()):
        literal = {"@value": name["text"], "@language": name["language"]} if name["language"] else name["text"]
        terms.setdefault("mentionedAs" if name["kind"] == "mention" else "alternateName", []).append(literal)
        if name.get("origin") == "outside":
            terms.setdefault("namesOutsideSources", []).append(literal)
    return terms


def _identifier_terms(record: dict) -> dict:
    identifiers = record.get("identifiers") or ()
    terms: dict[str, Any] = {}
    if identifiers:
        terms["identifier"] = [
            {"@type": "PropertyValue", "propertyID": identifier["scheme"], "value": {"@value": identifier["value"]}}
            for identifier in identifiers
        ]
    wikidata_urls = [
        f"http://www.wikidata.org/entity/{identifier['value']}"
        for identifier in identifiers
        if identifier["scheme"] == "wikidata"
    ]
    return terms | ({"sameAs": wikidata_urls} if wikidata_urls else {})


def _jsonld_measure(measure: dict, site: str) -> dict:
    """Write an amount with the limits that its source gives: a limit or a range is not a value."""
    value, upper = measure["value"], measure["upper"]
    terms: dict[str, Any] = {"@type": ["Measure", "MonetaryAmount" if measure["currency"] else "QuantitativeValue"]}
    terms |= {
        name: _jsonld_value(member_value, site)
        for name, member_value in measure.items()
        if member_value is not None and name not in ("value", "upper", "kind")
    }
    terms["measureKind"] = measure["kind"]
    if upper is not None:
        terms |= {"minValue": value, "maxValue": upper} if value is not None else {"maxValue": upper}
    elif value is not None:
        terms[_LIMIT_TERMS.get(measure["qualifier"], "value")] = value
    return terms


def _add_grant_terms(node: dict, record: dict, site: str) -> None:
    # What was delivered of a grant is not its amount.
    money = [measure for measure in record["measures"] if measure["currency"] and is_promised_measure(measure)]
    if record["nature"] in _GRANT_NATURES and record["category"] == "funding" and money:
        node["@type"].append("MonetaryGrant")
        node["amount"] = [_jsonld_measure(measure, site) for measure in money]
        if record["committed_by"]:
            node["funder"] = node["committed_by"]


def _add_quotation_terms(node: dict, record: dict, site: str) -> None:
    document_iri = site + record["document"]["href"]
    passage = {"exact": node.pop("exact")}
    position = {"from": node.pop("start"), "to": node.pop("end")}
    node["text"] = record["exact"]
    node["isBasedOn"] = node.pop("document")
    if record["document"]["language"]:
        node["inLanguage"] = record["document"]["language"]
    for name, term in (("speakers", "creator"), ("occasion", "recordedIn")):
        if name in node:
            node[term] = node.pop(name)
    node["place"] = {
        "@type": "SpecificResource",
        "source": document_iri,
        # Positions are counted in code points of the document's text.
        "selector": [{"@type": "TextQuoteSelector"} | passage, {"@type": "TextPositionSelector"} | position],
    }


def _evidence_annotations(record: dict, edition_url: str, site: str):
    """Yield an annotation per citation: its body is the quote, its target the edition's field, as a JSON Pointer."""
    for field, field_evidence in record["evidence"].items():
        target = _evidence_target(record, field, edition_url)
        for citation in field_evidence["citations"]:
            quote = citation["quote"]
            details = {name: citation[name] for name in ("polarity", "stance", "as_stated", "note") if citation[name]}
            page = {"page": quote["page"]} if quote.get("page") else {}
            yield {
                "@type": "Annotation",
                "body": {"@id": site + quote["href"], "@type": "Quotation", "text": quote["exact"], **page},
                "target": target,
                "states": citation["value"],
                **details,
            }


def _evidence_target(record: dict, field: str, edition_url: str) -> dict:
    """Return the field of an edition that evidence is about."""
    selector = {
        "@type": "FragmentSelector",
        "conformsTo": "http://tools.ietf.org/rfc/rfc6901",
        "pointer": evidence_pointer(record, field),
    }
    return {"@type": "SpecificResource", "source": edition_url, "selector": selector}


def _evidence_assessment(entry: dict, target: dict, site: str) -> dict:
    """Tell how the sources of a field agree, what it rests on, and which verdicts editors gave."""
    assessment = {"target": target, "agreement": entry["agreement"], "contested": entry["contested"]}
    if entry.get("basis"):
        assessment["basis"] = entry["basis"]
    if entry["resolutions"]:
        assessment["resolutions"] = [_jsonld_resolution(resolution, site) for resolution in entry["resolutions"]]
    return assessment


def _jsonld_resolution(resolution: dict, site: str) -> dict:
    """Write a verdict. What a statement `states` is no schema:value, which is a number."""
    statements = ("settles", "decides_for")
    terms = {name: _jsonld_value(value, site) for name, value in resolution.items() if name not in statements}
    terms["settles"] = [_jsonld_statement(statement) for statement in resolution["settles"]]
    if resolution.get("decides_for"):
        terms["decides_for"] = _jsonld_statement(resolution["decides_for"])
    return terms


def _jsonld_statement(statement: dict) -> dict:
    return {"states": statement["value"], "polarity": statement["polarity"]}


def evidence_pointer(record: dict, field: str) -> str:
    """JSON Pointer to a field of the evidence within the record: `measures.staff` -> `/measures/0`."""
    name, _, key = field.partition(".")
    for member in (name, "conversions") if name == "measures" else (name,):
        for index, row in enumerate(record.get(member) or () if key else ()):
            if row["key"] == key:
                return f"/{member}/{index}"
    return f"/{name}"


def _jsonld_text(node: dict) -> str:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"))
