"""The one address under which this register is public: `SITE_URL`, from which every absolute link is made."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

_EXAMPLE = "such as https://register.example.org"
_HOST = re.compile(r"(?!-)[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")


def parse_site_url(text: str) -> str:
    """Return `SITE_URL` without a slash at its end, lower-case; "" where none is set.

    ImproperlyConfigured if it is anything but a scheme, a host and perhaps a port.
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
        raise ImproperlyConfigured(
            f"SITE_URL is {text!r}; the register stands at the root of its site, without a path, {_EXAMPLE}."
        )
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host.lower()}" + (f":{port}" if port not in (None, usual) else "")


def hostname_of(site_url: str) -> str:
    """Return the host of a parsed `SITE_URL`, as `ALLOWED_HOSTS` takes it; "" of none."""
    name = urlsplit(site_url).hostname or ""
    return f"[{name}]" if ":" in name else name


def site_address(request: HttpRequest) -> str:
    """Return scheme and host that absolute links begin with: `SITE_URL`, or, where none is set, as the request came in.

    DisallowedHost if the request was sent to a host that is not served.
    """
    host = request.get_host()
    return settings.SITE_URL or f"{request.scheme}://{host}"
