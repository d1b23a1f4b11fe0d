"""Within v1 nothing is taken away: docs/promised.txt lists what was ever promised, one line each, and may only grow.

`python -m tests.api.test_promises` adds what docs/openapi.yaml promises beyond that; done when a release is made. What is
no promise (a new major version) is a new document under a new address, and a new list.
"""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.api.described import parameters

DOCS = Path(__file__).parents[2] / "docs"
PROMISED, DOCUMENT = DOCS / "promised.txt", DOCS / "openapi.yaml"


def promises(document: dict) -> set[str]:
    """Every address, parameter, member and word of a closed list in an OpenAPI document, a line for each."""
    found = set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            place = f"{method.upper()} {path}"
            found.add(place)
            for parameter in parameters(document, operation):
                name = f"{place} {parameter['in']} {parameter['name']}"
                found.add(name)
                # What `fields` takes are the members of the answer, promised below.
                if parameter["name"] != "fields":
                    found.update(f"{name} = {word}" for word in _words(parameter.get("schema", {})))
            found.update(f"{place} {media}" for media in operation["responses"].get("200", {}).get("content", ()))
    for name, schema in document["components"]["schemas"].items():
        found.update(f"{name} = {word}" for word in _words(schema))
        for member, told in schema.get("properties", {}).items():
            found.add(f"{name}.{member}")
            found.update(f"{name}.{member} = {word}" for word in _words(told))
    return found


def _words(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        # The countries of the world are no promise of ours.
        if len(schema.get("enum", ())) < 100:
            yield from map(str, schema.get("enum", ()))
        for inner in ("items", "oneOf", "anyOf", "allOf"):
            for one in schema[inner] if isinstance(schema.get(inner), list) else [schema.get(inner)]:
                yield from _words(one)


def promised() -> set[str]:
    return set(PROMISED.read_text().splitlines())


def lost(document: dict) -> list[str]:
    """What was promised and is in the document no more."""
    return sorted(promised() - promises(document))


def read() -> dict:
    """The document; by the parser in C, where there is one."""
    return yaml.load(DOCUMENT.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@pytest.fixture(scope="module")
def document():
    return read()


def test_nothing_that_was_promised_is_gone(document):
    assert len(promised()) > 500
    assert lost(document) == []


def test_what_is_gone_is_found(document):
    document = copy.deepcopy(document)
    operation = document["paths"]["/api/v1/commitments/"]["get"]
    taken = {parameter["name"]: parameter for parameter in parameters(document, operation)}
    taken["nature"]["schema"]["items"]["enum"].remove("hope")
    del taken["stage"]
    operation["parameters"] = list(taken.values())
    del document["components"]["schemas"]["Commitment"]["properties"]["conditions"]
    del document["paths"]["/api/v1/changes/"]
    gone = lost(document)
    assert {
        "GET /api/v1/commitments/ query nature = hope",
        "GET /api/v1/commitments/ query stage",
        "Commitment.conditions",
        "GET /api/v1/changes/",
    } <= set(gone)


if __name__ == "__main__":
    everything = promises(read()) | (promised() if PROMISED.exists() else set())
    PROMISED.write_text("".join(f"{line}\n" for line in sorted(everything)))
