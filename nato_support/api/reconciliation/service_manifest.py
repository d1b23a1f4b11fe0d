"""Manifest of each version of the service. Clients keep it as it was when they added the service: no path may ever change."""

from typing import Any

from nato_support.api.reconciliation.entity_types import ENTITY_TYPES, KINDS
from nato_support.api.reconciliation.query_batches import MAX_BATCH

SERVICE_ROOT = "/api/v1/reconcile"
PREVIEW_WIDTH, PREVIEW_HEIGHT = 420, 220
"""Size of a preview, in pixels."""
_SERVICE_NAME = "NATO's support for Ukraine: a register"
_LIMIT_SETTING = {"type": "number", "default": 0}
_LIMIT_NAME, _LIMIT_HELP = "Limit", "How many values of it a row gets at most; 0 for all."


def build_manifest(site: str) -> dict[str, Any]:
    """Return the manifest of version 0.2, as OpenRefine reads it."""
    service_url = f"{site}{SERVICE_ROOT}"

    def suggest_service(suggested_kind: str) -> dict[str, str]:
        paths = {"service_path": f"/suggest/{suggested_kind}", "flyout_service_path": f"/flyout/{suggested_kind}?id=${{id}}"}
        return {"service_url": service_url, "flyout_service_url": service_url} | paths

    return {
        "versions": ["0.2"],
        "name": _SERVICE_NAME,
        "identifierSpace": f"{site}/api/v1/entities/",
        "schemaSpace": f"{site}/api/v1/schema/",
        "documentation": f"{site}/api/v1/docs/",
        "view": {"url": f"{site}/api/v1/entities/{{{{id}}}}/"},
        "defaultTypes": _default_types(),
        "batchSize": MAX_BATCH,
        "suggest": {kind: suggest_service(kind) for kind in ("entity", "type", "property")},
        "preview": {"url": f"{service_url}/preview?id={{{{id}}}}", "width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "extend": {
            "propose_properties": {"service_url": service_url, "service_path": "/extend/propose"},
            "property_settings": [{"name": "limit", "label": _LIMIT_NAME, "help_text": _LIMIT_HELP} | _LIMIT_SETTING],
        },
    }


def build_draft_manifest(site: str) -> dict[str, Any]:
    """Return the manifest of version 1.0-draft, whose paths below the root are fixed."""
    return {
        "versions": ["1.0-draft"],
        "name": _SERVICE_NAME,
        "lang": "en",
        "identifierSpace": f"{site}/api/v1/entities/",
        "schemaSpace": f"{site}/api/v1/schema/",
        "documentation": f"{site}/api/v1/docs/",
        "view": {"url": f"{site}/api/v1/entities/{{id}}/"},
        "defaultTypes": _default_types(),
        "batchSize": MAX_BATCH,
        "suggest": {"entity": True, "property": True, "type": True},
        "preview": {"width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [{"id": "limit", "name": _LIMIT_NAME, "helpText": _LIMIT_HELP} | _LIMIT_SETTING],
        },
        "standardizedScore": True,
    }


def _default_types() -> list[dict[str, str]]:
    return [{"id": kind, "name": ENTITY_TYPES[kind].name} for kind in KINDS]
