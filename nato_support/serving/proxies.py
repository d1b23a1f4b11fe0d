"""Trusted proxies: forwarding headers are accepted from them, and dropped from everybody else.

`TRUSTED_PROXIES` lists the addresses and networks of the operator's own proxies. A request from one of them gets the address
of its real client (`REMOTE_ADDR`) and the scheme that this client used; from other senders these headers are dropped unread.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, MutableMapping
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

SCHEME_KEY = "register.forwarded_scheme"
"""Key in the WSGI environment for the scheme that a trusted proxy reported; no header of a request can set it."""
UNIX_SOCKET = "unix"
"""Entry of `TRUSTED_PROXIES` for a proxy that connects by a Unix socket, and so without an address."""
UNKNOWN = "unknown"
"""Address of a client that a trusted proxy does not name."""

# Servers store X_Forwarded_For under the same key as X-Forwarded-For, so an untrusted header is dropped in any spelling.
_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_FORWARDED",
)
_MAX_HOPS = 50
_V4_WITH_PORT = re.compile(r"([0-9.]+):[0-9]{1,5}")
_V6_IN_BRACKETS = re.compile(r"\[([0-9A-Fa-f:.]+)(?:%[A-Za-z0-9]+)?\](?::[0-9]{1,5})?")


def canonical_trusted_proxies(entries: Iterable[str]) -> tuple[str, ...]:
    """Return `TRUSTED_PROXIES` as networks, in canonical form. Raises ImproperlyConfigured for anything else."""
    networks = []
    for part in entries:
        if part == UNIX_SOCKET:
            networks.append(part)
            continue
        try:
            network = ipaddress.ip_network(part)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"TRUSTED_PROXIES holds {part!r}: {error}. It takes addresses and networks of your own proxies, separated by"
                f" commas, such as 127.0.0.1,10.0.0.0/8, and {UNIX_SOCKET} for a proxy on a Unix socket."
            ) from None
        if network.prefixlen == 0:
            raise ImproperlyConfigured(
                f"TRUSTED_PROXIES holds {part!r}, which trusts everybody: anyone could then give any address as theirs."
                " Name the addresses or networks of your own proxies, such as 127.0.0.1,10.0.0.0/8."
            )
        networks.append(str(network))
    return tuple(networks)


class TrustedProxyMiddleware:
    """Replaces the proxy's address and scheme by the client's. Must come before all middleware that uses either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        self._proxies = TrustedProxies(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        self._proxies.resolve_client(request.META)
        return self.get_response(request)


class TrustedProxies:
    """The trusted proxies, by their networks."""

    def __init__(self, networks: Iterable[str]):
        networks = tuple(networks)
        self._by_socket = UNIX_SOCKET in networks
        self._networks: tuple[Network, ...] = tuple(
            ipaddress.ip_network(network) for network in networks if network != UNIX_SOCKET
        )
        self.trusts = lru_cache(maxsize=10_000)(self._is_trusted)

    def resolve_client(self, meta: MutableMapping) -> None:
        """Set `REMOTE_ADDR` and the scheme to those of the client, and drop the headers that reported them.

        A second call for the same request changes nothing, since the headers are gone.
        """
        headers = [meta.pop(name) if name in meta else "" for name in _FORWARDED]
        if not any(headers):
            return
        sender = meta.get("REMOTE_ADDR", "")
        if not self.trusts(sender):
            return
        forwarded_for, scheme = headers[0], headers[1].rpartition(",")[2].strip().lower()
        if forwarded_for:
            meta["REMOTE_ADDR"] = self.client_address(forwarded_for, sender)
        if scheme in ("http", "https"):
            meta[SCHEME_KEY] = scheme

    def client_address(self, forwarded_for: str, sender: str) -> str:
        """Return the right-most address of X-Forwarded-For that is not a trusted proxy.

        Anything to the left of it may be forged. If a proxy wrote something other than an address, the client is `UNKNOWN`.
        """
        client = sender
        for hop in reversed(forwarded_for.rsplit(",", _MAX_HOPS)[-_MAX_HOPS:]):
            client = _parse_hop(hop.strip()) or UNKNOWN
            if not self.trusts(client):
                break
        return client

    def _is_trusted(self, address: str) -> bool:
        if not address:
            return self._by_socket
        parsed = _parse_address(address)
        return parsed is not None and any(parsed in network for network in self._networks)


def _parse_address(text: str) -> Address | None:
    """Return an address, with IPv4 written as IPv6 converted to IPv4; None if the text is no address."""
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (parsed.version == 6 and parsed.ipv4_mapped) or parsed


def _parse_hop(text: str) -> str:
    """Return the address of `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`; "" for anything else."""
    if found := _V4_WITH_PORT.fullmatch(text) or _V6_IN_BRACKETS.fullmatch(text):
        text = found[1]
    parsed = _parse_address(text)
    return str(parsed) if parsed else ""
