"""What each version of the service says of itself. Clients keep it as it was when they added the service: no path ever moves."""

from typing import Any

from nato_support.api.reconciling.kinds import KINDS, TYPES
from nato_support.api.reconciling.queries import BATCH

ROOT = "/api/v1/reconcile"
WIDTH, HEIGHT = 420, 220
"""Of a preview."""
_NAME = "NATO's support for Ukraine: a register"
_LIMIT = {"type": "number", "default": 0}
_LIMIT_NAME, _LIMIT_HELP = "Limit", "How many values of it a row gets at most; 0 for all."


def manifest(site: str) -> dict[str, Any]:
    """Of version 0.2, as OpenRefine reads it."""
    service = f"{site}{ROOT}"

    def suggesting(what: str) -> dict[str, str]:
        paths = {"service_path": f"/suggest/{what}", "flyout_service_path": f"/flyout/{what}?id=${{id}}"}
        return {"service_url": service, "flyout_service_url": service} | paths

    return {
        "versions": ["0.2"],
        "name": _NAME,
        "identifierSpace": f"{site}/api/v1/entities/",
        "schemaSpace": f"{site}/api/v1/schema/",
        "documentation": f"{site}/api/v1/docs/",
        "view": {"url": f"{site}/api/v1/entities/{{{{id}}}}/"},
        "defaultTypes": _default_types(),
        "batchSize": BATCH,
        "suggest": {what: suggesting(what) for what in ("entity", "type", "property")},
        "preview": {"url": f"{service}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/extend/propose"},
            "property_settings": [{"name": "limit", "label": _LIMIT_NAME, "help_text": _LIMIT_HELP} | _LIMIT],
        },
    }


def draft_manifest(site: str) -> dict[str, Any]:
    """Of version 1.0-draft, whose paths below the root are fixed."""
    return {
        "versions": ["1.0-draft"],
        "name": _NAME,
        "lang": "en",
        "identifierSpace": f"{site}/api/v1/entities/",
        "schemaSpace": f"{site}/api/v1/schema/",
        "documentation": f"{site}/api/v1/docs/",
        "view": {"url": f"{site}/api/v1/entities/{{id}}/"},
        "defaultTypes": _default_types(),
        "batchSize": BATCH,
        "suggest": {"entity": True, "property": True, "type": True},
        "preview": {"width": WIDTH, "height": HEIGHT},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [{"id": "limit", "name": _LIMIT_NAME, "helpText": _LIMIT_HELP} | _LIMIT],
        },
        "standardizedScore": True,
    }


def _default_types() -> list[dict[str, str]]:
    return [{"id": kind, "name": TYPES[kind].name} for kind in KINDS]
