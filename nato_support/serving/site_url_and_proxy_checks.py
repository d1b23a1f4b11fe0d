"""System checks of an installation, run by `manage.py check --deploy`."""

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def check_site_url_and_proxies(app_configs, **kwargs) -> list[CheckMessage]:
    """Warn of settings that make links, cookies or client addresses wrong."""
    if not settings.SITE_URL:
        return [
            Warning(
                "SITE_URL is not set: links and identifiers follow the Host header of each request.",
                hint="Set it to the public address, such as SITE_URL=https://register.example.org.",
                id="nato_support.W002",
            )
        ]
    if not settings.SITE_URL.startswith("https://"):
        return [
            Warning(
                f"SITE_URL is {settings.SITE_URL}: passwords and sessions travel unencrypted.",
                hint="Put a proxy that terminates TLS in front of the server, and give the address with https://.",
                id="nato_support.W003",
            )
        ]
    if not settings.TRUSTED_PROXIES:
        return [
            Warning(
                "SITE_URL is https, and TRUSTED_PROXIES is empty: behind a proxy all clients share one address, and no"
                " request is known to have come over TLS.",
                hint="Set TRUSTED_PROXIES to the addresses of your proxies, such as 127.0.0.1. If the server itself"
                " terminates TLS, silence this check.",
                id="nato_support.W004",
            )
        ]
    return []
