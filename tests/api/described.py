"""The OpenAPI document as a client reads it: references followed where they stand for parameters and what these take."""

from typing import Any


def parameters(document: dict, operation: dict) -> list[dict]:
    """What an operation takes, told in full."""
    return [followed(document, parameter) for parameter in operation.get("parameters", ())]


def followed(document: dict, told: Any) -> Any:
    """A copy of `told` with its references replaced by what they lead to."""
    if isinstance(told, list):
        return [followed(document, one) for one in told]
    if not isinstance(told, dict):
        return told
    if "$ref" in told:
        place: Any = document
        for step in told["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        return followed(document, place)
    return {name: followed(document, one) for name, one in told.items()}
