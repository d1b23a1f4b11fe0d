"""The OpenAPI document as a client reads it: references followed, and inherited members told with one's own."""

from typing import Any


def parameters(document: dict, operation: dict) -> list[dict]:
    """What an operation takes, told in full."""
    return [followed(document, parameter) for parameter in operation.get("parameters", ())]


def response(document: dict, operation: dict, status: int) -> dict:
    """What an operation answers with this status; its schemas stay references."""
    return component(document, operation["responses"].get(str(status), {}))


def members(document: dict, schema: dict) -> dict[str, dict]:
    """The members of an object, those first that it has from others by `allOf`."""
    inherited = (members(document, component(document, base)) for base in schema.get("allOf", ()))
    return {name: told for base in inherited for name, told in base.items()} | schema.get("properties", {})


def required(document: dict, schema: dict) -> set[str]:
    """The members that an object always has."""
    return {*schema.get("required", ())}.union(
        *(required(document, component(document, base)) for base in schema.get("allOf", ()))
    )


def component(document: dict, told: dict) -> dict:
    """What a reference leads to; anything else as it is."""
    if "$ref" not in told:
        return told
    place: Any = document
    for step in told["$ref"].removeprefix("#/").split("/"):
        place = place[step]
    return component(document, place)


def followed(document: dict, told: Any) -> Any:
    """A copy of `told` with its references replaced by what they lead to."""
    if isinstance(told, list):
        return [followed(document, one) for one in told]
    if not isinstance(told, dict):
        return told
    if "$ref" in told:
        return followed(document, component(document, told))
    return {name: followed(document, one) for name, one in told.items()}


def example(document: dict, schema: dict) -> Any:
    """The example that a reader makes up of those of the parts, as the page of the docs does."""
    schema = component(document, schema)
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if alternatives := schema.get("oneOf"):
        return example(document, alternatives[0])
    if schema.get("type") == "array":
        return [example(document, schema["items"])]
    if schema.get("type") == "boolean":
        return True
    return {name: example(document, told) for name, told in members(document, schema).items()}
