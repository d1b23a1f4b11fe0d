"""Request of the API as views receive it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.http import HttpRequest

from nato_support.api.register_state import RegisterState


def utc_today() -> str:
    """Return the day (UTC) as YYYY-MM-DD."""
    return datetime.now(UTC).date().isoformat()


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """Request to a view, with the state of the register that it is to be answered from."""

    register: RegisterState
    site: str
    """Scheme and host, without a slash at the end."""
    path: str
    """Path without a format suffix."""
    query_string: str
    """As sent."""
    output_format: str = "json"
    """Key of `content_negotiation.MEDIA_TYPES`, one of those that the view offers."""
    has_suffix: bool = False
    """True if the URL names the format by a suffix; URLs of further pages then need it too."""
    today: str = field(default_factory=utc_today)
    """Day (UTC) on which it came, for the few responses that depend on it."""
    http_request: HttpRequest | None = None
    """For what the URL does not tell: a body, or a header that the response depends on."""

    @property
    def url(self) -> str:
        """URL requested, without its query."""
        return f"{self.site}{self.with_same_suffix(self.path)}"

    def asking(self, address: str) -> "ApiRequest":
        """Return a request of the same client, state and day for another address of the API, as JSON and without headers."""
        path, _, query = address.partition("?")
        return ApiRequest(self.register, self.site, path, query, today=self.today)

    def with_same_suffix(self, path: str) -> str:
        """Return `path` with the format suffix of this request, if it has one."""
        return f"{path[:-1]}.{self.output_format}" if self.has_suffix else path
