"""Addresses that pictures link to: pages of records lie where the API has them, without its prefix."""

from urllib.parse import urlencode

from entities.serializers import PLURALS

_API_PREFIX = "/api/v1"


def fact_anchor(field: str) -> str:
    """Return the id of a fact within the page of its record: committed_by -> fact-committed-by."""
    return f"fact-{field.replace('.', '-').replace('_', '-')}"


def page_path(api_path: str) -> str:
    """Return the address of the page for a path of the API."""
    return api_path.removeprefix(_API_PREFIX)


def list_path(kind: str, type: str) -> str:
    """Return the address of the page that lists the entities of a kind and type; for commitments the type is their nature."""
    path = f"/{PLURALS[kind]}/"
    return f"{path}?{urlencode({'nature' if kind == 'commitment' else 'type': type})}" if type else path
