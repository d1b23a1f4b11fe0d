"""The answers to query batches, in the words of each version of the protocol."""

from collections.abc import Mapping
from typing import Any

from nato_support.api.answering import Answer, Asked
from nato_support.api.reconciling import asking, extending, matching, queries
from nato_support.api.reconciling.kinds import described, short, types_of
from nato_support.api.reconciling.manifest import manifest
from nato_support.api.reconciling.matching import Candidate
from nato_support.api.reconciling.properties import PROPERTIES, country_of

_FEATURES = {
    "name": "How alike the names are, 0 to 100",
    "exact": "Whether it is called or identified just so",
    "type": "Whether it is of the type asked for",
}


def root(asked: Asked) -> Answer:
    """Of version 0.2: the manifest or, with `queries`, `query` or `extend`, what they ask for."""
    data = asking.sent(asked)
    reading = asked.request is None or asked.request.method != "POST"
    callback = data.get("callback", "") if reading else ""
    return asking.answer(_asked_for(data, asked.site), callback, kept=reading)


def match(asked: Asked) -> Answer:
    """Of version 1.0-draft: candidates for each query, in the order of the queries."""
    batch = queries.queries(asking.posted(asked))
    results = [{"candidates": [_shape(one) for one in found]} for found in matching.matched(batch)]
    return asking.answer({"results": results}, kept=False)


def _asked_for(data: Mapping[str, str], site: str) -> Any:
    if "queries" in data:
        batch = queries.batch(asking.parsed(data["queries"], "queries"), "queries")
        found = matching.matched(list(batch.values()))
        return {key: _result(candidates) for key, candidates in zip(batch, found, strict=True)}
    if "extend" in data:
        return extending.extended(asking.parsed(data["extend"], "extend"), "extend")
    if "query" in data:
        return _result(matching.matched([_single(data)])[0])
    return manifest(site)


def _single(data: Mapping[str, str]) -> queries.Query:
    """The one query of a request without a batch: a text, or a query in JSON."""
    text = data["query"]
    if not text.lstrip().startswith("{"):
        return queries.single(text, data)
    return queries.batch({"query": asking.parsed(text, "query")})["query"]


def _result(found: list[Candidate]) -> dict[str, Any]:
    return {"result": [_shape(one) for one in found]}


def _shape(one: Candidate) -> dict[str, Any]:
    lean = one.record.lean
    return {
        "id": one.record.slug,
        "name": one.record.name,
        "description": described(lean, country_of(lean)),
        "score": one.score,
        "match": one.match,
        "type": [short(type) for type in types_of(lean)],
        "features": [{"id": id, "name": _feature(id), "value": value} for id, value in one.features.items()],
    }


def _feature(id: str) -> str:
    asked = PROPERTIES.get(id.removeprefix("property."))
    return _FEATURES.get(id) or f"How well this agrees, 0 to 100: {asked.name if asked else id}"
