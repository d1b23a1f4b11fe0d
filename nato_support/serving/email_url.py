"""The address of the mail server, as `EMAIL_URL` gives it."""

from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_BACKENDS = "django.core.mail.backends."
_PORTS = {"smtp": 25, "smtps": 465}


class MailServer(NamedTuple):
    """Django's mail settings. Without a server nothing is sent."""

    backend: str = f"{_BACKENDS}dummy.EmailBackend"
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False

    @property
    def is_set_up(self) -> bool:
        """True if mail goes anywhere."""
        return "dummy" not in self.backend


def parse_email_url(text: str) -> MailServer:
    """Parse `smtp://user:password@host:port/?tls=1`, `smtps://...` (TLS from the start) or `console:`; "" is no server.

    Raises ImproperlyConfigured, without repeating the password.
    """
    if not text.strip():
        return MailServer()
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured("EMAIL_URL is no address such as smtp://user:password@host:587/?tls=1") from None
    if parts.scheme == "console":
        return MailServer(f"{_BACKENDS}console.EmailBackend")
    options = parse_qs(parts.query)
    if parts.scheme not in _PORTS or not parts.hostname or options.keys() - {"tls"} or parts.path not in ("", "/"):
        raise ImproperlyConfigured(
            "EMAIL_URL is no address such as smtp://user:password@host:587/?tls=1, smtps://... or console:"
        )
    return MailServer(
        f"{_BACKENDS}smtp.EmailBackend",
        parts.hostname,
        port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp" and options.get("tls") == ["1"],
        use_ssl=parts.scheme == "smtps",
    )
