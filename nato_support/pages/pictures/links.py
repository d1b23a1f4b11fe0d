"""Addresses of lists that pictures link to."""

from urllib.parse import urlencode

from entities.serializers import PLURALS


def list_path(kind: str, type: str) -> str:
    """Return the address of the page that lists the entities of a kind and type; for commitments the type is their nature."""
    path = f"/{PLURALS[kind]}/"
    return f"{path}?{urlencode({'nature' if kind == 'commitment' else 'type': type})}" if type else path
