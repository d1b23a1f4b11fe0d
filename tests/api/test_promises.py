"""Within v1 nothing is taken away: promised.txt lists what was ever promised, one line each, and may only grow.

`python -m tests.api.test_promises` adds what the OpenAPI document promises beyond that; done when a release is made. What is
no promise (a new major version) is a new document under a new address, and a new list.
"""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.api.described import members, parameters, response

PROMISED = Path(__file__).with_name("promised.txt")


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
                    if parameter.get("schema", {}).get("type") == "boolean":
                        found.update((f"{name} = true", f"{name} = false"))
            found.update(f"{place} {media}" for media in response(document, operation, 200).get("content", ()))
    for name, schema in document["components"]["schemas"].items():
        found.update(f"{name} = {word}" for word in _words(schema))
        for member, told in members(document, schema).items():
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


def test_nothing_that_was_promised_is_gone(document):
    assert len(promised()) > 500
    assert lost(document) == []


def test_what_is_gone_is_found(document):
    document = copy.deepcopy(document)
    schemas = document["components"]["schemas"]
    operation = document["paths"]["/api/v1/commitments/"]["get"]
    taken = {parameter["name"]: parameter for parameter in parameters(document, operation)}
    taken["nature"]["schema"]["items"]["enum"].remove("hope")
    del taken["stage"]
    operation["parameters"] = list(taken.values())
    del schemas["Commitment"]["allOf"][-1]["properties"]["conditions"]
    del schemas["Entity"]["allOf"][-1]["properties"]["summary"]
    del document["paths"]["/api/v1/changes/"]
    gone = lost(document)
    assert {
        "GET /api/v1/commitments/ query nature = hope",
        "GET /api/v1/commitments/ query stage",
        "Commitment.conditions",
        "PersonDetail.summary",
        "GET /api/v1/changes/",
    } <= set(gone)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from nato_support.api.openapi import openapi_document as written

    everything = promises(written()) | (promised() if PROMISED.exists() else set())
    PROMISED.write_text("".join(f"{line}\n" for line in sorted(everything)))
