"""Addresses of lists that pictures link to."""

from urllib.parse import urlencode


def list_path(record_path: str, kind: str, type: str) -> str:
    """Return the address of the page that lists the entities of a kind and type: that of one of them without its last part.

    For commitments the type is their nature.
    """
    path = f"{record_path.rstrip('/').rpartition('/')[0]}/"
    return f"{path}?{urlencode({'nature' if kind == 'commitment' else 'type': type})}" if type else path
