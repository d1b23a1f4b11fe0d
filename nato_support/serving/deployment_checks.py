"""System checks of an installation, run by `manage.py check --deploy`."""

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def check_site(app_configs, **kwargs) -> list[CheckMessage]:
    """Tell what makes links, cookies or addresses other than their operator means them to be."""
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
                hint="Put a proxy that ends TLS before the server, and give the address with https://.",
                id="nato_support.W003",
            )
        ]
    if not settings.TRUSTED_PROXIES:
        return [
            Warning(
                "SITE_URL is https, and TRUSTED_PROXIES is empty: behind a proxy all clients are one, and no request is known"
                " to have come over TLS.",
                hint="Set TRUSTED_PROXIES to the addresses of your proxies, such as 127.0.0.1. If the server itself ends TLS,"
                " silence this check.",
                id="nato_support.W004",
            )
        ]
    return []
