"""The OpenAPI document, finished after drf-spectacular has generated it."""

import json
from functools import lru_cache
from typing import Any

from nato_support.api.openapi_components import ERROR_RESPONSES, RESPONSE_HEADERS, describe_error_response, header_references
from nato_support.data_licence import LICENCE_NAME, LICENCE_URL


def finish_openapi_document(result: Any, **kwargs) -> Any:
    """Add the shared headers, responses and parameters to the generated document, and remove the generator's marks."""
    components = result.setdefault("components", {})
    components["headers"] = {
        name: {"description": description, "schema": schema} for name, (description, schema) in RESPONSE_HEADERS.items()
    }
    components.setdefault("responses", {}).update(
        {name: describe_error_response(status) for status, (name, _, _) in ERROR_RESPONSES.items()}
    )
    components["responses"]["NotModified"] = {
        "description": "Nothing changed since the ETag that you hold.",
        "headers": header_references(304),
    }
    _move_shared_parameters_to_components(result)
    # No operation needs authentication.
    result["security"] = []
    result["servers"] = [{"url": "/"}]
    result["info"] |= {"license": {"name": LICENCE_NAME, "url": LICENCE_URL}, "contact": {"name": result["info"]["title"]}}
    return _unwrap_single_references(_strip_generator_marks(result))


def _move_shared_parameters_to_components(result: dict) -> None:
    """Move each parameter that several operations take to the components: hundreds of operations take the same ones."""
    operations = [
        operation for methods in result["paths"].values() for operation in methods.values() if "parameters" in operation
    ]
    uses_by_content: dict[str, list[tuple[dict, str]]] = {}
    for operation in operations:
        for parameter in operation["parameters"]:
            uses_by_content.setdefault(json.dumps(parameter, sort_keys=True), []).append((parameter, operation["tags"][0]))
    shared: dict[str, dict] = {}
    names: dict[str, str] = {}
    for content, uses in sorted(uses_by_content.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(uses) > 1:
            parameter, tag = uses[0]
            title = "".join(word.title() for word in parameter["name"].split("_"))
            candidates = (title, f"{title}Of{tag.title()}", *(f"{title}{number}" for number in range(2, 100)))
            name = next(candidate for candidate in candidates if candidate not in shared)
            shared[name], names[content] = parameter, name
    for operation in operations:
        keys = [json.dumps(parameter, sort_keys=True) for parameter in operation["parameters"]]
        operation["parameters"] = [
            {"$ref": f"#/components/parameters/{names[key]}"} if key in names else parameter
            for key, parameter in zip(keys, operation["parameters"], strict=True)
        ]
    result["components"]["parameters"] = dict(sorted(shared.items()))


def _strip_generator_marks(result: Any) -> Any:
    """Remove the marks that drf-spectacular writes for itself, and `readOnly`, which goes without saying in this API."""
    if isinstance(result, dict):
        for mark in ("x-spec-enum-id", "readOnly"):
            result.pop(mark, None)
    for value in result.values() if isinstance(result, dict) else result:
        if isinstance(value, dict | list):
            _strip_generator_marks(value)
    return result


def _unwrap_single_references(result: dict) -> dict:
    """Unwrap references from an `allOf`, which OpenAPI needs beside a description only before 3.1."""
    for schema in result["components"]["schemas"].values():
        for object_schema in (schema, *schema.get("allOf", ())):
            for property_schema in object_schema.get("properties", {}).values():
                if len(references := property_schema.get("allOf", ())) == 1:
                    property_schema |= references[0]
                    del property_schema["allOf"]
    return result


@lru_cache(maxsize=1)
def openapi_document() -> dict:
    """Generate the OpenAPI document, without the address of a site."""
    from drf_spectacular.generators import SchemaGenerator

    return SchemaGenerator().get_schema(request=None, public=True)


def openapi_document_of_site(site: str) -> dict:
    """Return the OpenAPI document of the register at `site`, such as https://register.example.org."""
    document = openapi_document()
    info = document["info"] | {"contact": document["info"]["contact"] | {"url": site}}
    return document | {"servers": [{"url": site}], "info": info}
