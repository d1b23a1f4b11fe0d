"""Trusted proxies: what they say of their clients is believed, and what anybody else says of itself is not.

`TRUSTED_PROXIES` names the addresses and networks of one's own proxies. A request from one of them gets the address of its
real client (`REMOTE_ADDR`) and the scheme that this client used; from any other sender these headers are dropped unread.
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
"""Key of the environment for the scheme that a trusted proxy told; no header of a request can set it."""
UNIX_SOCKET = "unix"
"""Stands in `TRUSTED_PROXIES` for a proxy that comes by a Unix socket, and so without an address."""
UNKNOWN = "unknown"
"""The address of a client whom a trusted proxy does not name."""

# A server writes X_Forwarded_For under the same key as X-Forwarded-For: what an untrusted sender wrote goes under any spelling.
_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_FORWARDED",
)
_MOST_HOPS = 50
_V4_WITH_PORT = re.compile(r"([0-9.]+):[0-9]{1,5}")
_V6_IN_BRACKETS = re.compile(r"\[([0-9A-Fa-f:.]+)(?:%[A-Za-z0-9]+)?\](?::[0-9]{1,5})?")


def parse_networks(parts: Iterable[str]) -> tuple[str, ...]:
    """Return `TRUSTED_PROXIES` as networks, in canonical form. ImproperlyConfigured names what is none."""
    networks = []
    for part in parts:
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
    """Puts the client's own address and scheme in the place of the proxy's. Stands above all that asks for either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        self._proxies = Proxies(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        self._proxies.resolve(request.META)
        return self.get_response(request)


class Proxies:
    """The trusted proxies, by their networks."""

    def __init__(self, networks: Iterable[str]):
        networks = tuple(networks)
        self._by_socket = UNIX_SOCKET in networks
        self._networks: tuple[Network, ...] = tuple(ipaddress.ip_network(one) for one in networks if one != UNIX_SOCKET)
        self.trusts = lru_cache(maxsize=10_000)(self._trusts)

    def resolve(self, meta: MutableMapping) -> None:
        """Set `REMOTE_ADDR` and the scheme to those of the client, and drop the headers that told them.

        Done once more for the same request it changes nothing: the headers are gone.
        """
        told = [meta.pop(name) if name in meta else "" for name in _FORWARDED]
        if not any(told):
            return
        sender = meta.get("REMOTE_ADDR", "")
        if not self.trusts(sender):
            return
        forwarded_for, scheme = told[0], told[1].rpartition(",")[2].strip().lower()
        if forwarded_for:
            meta["REMOTE_ADDR"] = self.client_of(forwarded_for, sender)
        if scheme in ("http", "https"):
            meta[SCHEME_KEY] = scheme

    def client_of(self, forwarded_for: str, sender: str) -> str:
        """Return the right-most address of X-Forwarded-For that is no proxy of one's own.

        What stands left of it anybody may have written. A proxy that writes something else than an address there hides its
        client, who is then nobody in particular: `UNKNOWN`.
        """
        client = sender
        for hop in reversed(forwarded_for.rsplit(",", _MOST_HOPS)[-_MOST_HOPS:]):
            client = _parse_hop(hop.strip()) or UNKNOWN
            if not self.trusts(client):
                break
        return client

    def _trusts(self, address: str) -> bool:
        if not address:
            return self._by_socket
        parsed = _parse_address(address)
        return parsed is not None and any(parsed in network for network in self._networks)


def _parse_address(text: str) -> Address | None:
    """Return an address, an IPv4 one that is written as IPv6 as what it is; None if it is none."""
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (parsed.version == 6 and parsed.ipv4_mapped) or parsed


def _parse_hop(text: str) -> str:
    """Return the address of `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`; "" of anything else."""
    if found := _V4_WITH_PORT.fullmatch(text) or _V6_IN_BRACKETS.fullmatch(text):
        text = found[1]
    parsed = _parse_address(text)
    return str(parsed) if parsed else ""
