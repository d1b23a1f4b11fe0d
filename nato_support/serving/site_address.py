"""Public address of this register: `SITE_URL`, with which every absolute link begins."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

_EXAMPLE = "such as https://register.example.org"
_HOST = re.compile(r"(?!-)[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")


def parse_site_url(text: str) -> str:
    """Return `SITE_URL` in lower case without a trailing slash; "" if it is not set.

    Raises ImproperlyConfigured unless it is a scheme, a host and perhaps a port.
    """
    if not (text := text.strip()):
        return ""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"SITE_URL is {text!r}: {error}. Give the address of the site, {_EXAMPLE}.") from None
    if parts.scheme not in ("http", "https"):
        raise ImproperlyConfigured(f"SITE_URL is {text!r}; it must begin with https:// (or http://), {_EXAMPLE}.")
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    if not _HOST.fullmatch(host):
        raise ImproperlyConfigured(f"SITE_URL is {text!r}; after {parts.scheme}:// it takes a host alone, {_EXAMPLE}.")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"SITE_URL is {text!r}; the register is at the root of its site, without a path, {_EXAMPLE}.")
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host.lower()}" + (f":{port}" if port not in (None, usual) else "")


def hostname_of(site_url: str) -> str:
    """Return the host of a parsed `SITE_URL`, as `ALLOWED_HOSTS` takes it; "" if it is empty."""
    name = urlsplit(site_url).hostname or ""
    return f"[{name}]" if ":" in name else name


def site_address(request: HttpRequest) -> str:
    """Return the scheme and host of absolute links: `SITE_URL` or, if it is not set, those of the request.

    Raises DisallowedHost if the request was sent to a host that is not served.
    """
    host = request.get_host()
    return settings.SITE_URL or f"{request.scheme}://{host}"
