"""Lockout after too many wrong passwords: the page with the time to wait, and the address by which failures are counted."""

import ipaddress
import math

from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers


def client_address(request: HttpRequest) -> str | None:
    """Return the client's address, as reported by a trusted proxy; None if it has none, as over a Unix socket."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def lockout_response(request: HttpRequest, response: HttpResponse | None, credentials: dict | None) -> HttpResponse:
    """Answer a locked-out sign-in with 429 and the time to wait."""
    wait = _seconds_until_unlocked(request, credentials)
    minutes = math.ceil(wait / 60)
    context = admin.site.each_context(request) | {
        "title": "Too many attempts to sign in",
        "wait": f"{minutes} minute{'' if minutes == 1 else 's'}",
    }
    page = render(request, "desk/locked_out.html", context, status=429)
    page.headers["Retry-After"] = str(wait)
    add_never_cache_headers(page)
    return page


def _seconds_until_unlocked(request: HttpRequest, credentials: dict | None) -> int:
    """Return the seconds until the failures of this name and address are forgotten."""
    cool_off = get_cool_off(request)
    assert cool_off is not None, "AXES_COOLOFF_TIME is set"
    attempts = AccessAttempt.objects.filter(
        username=get_client_username(request, credentials), ip_address=client_address(request)
    )
    newest = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first() or timezone.now()
    return max(1, math.ceil((newest + cool_off - timezone.now()).total_seconds()))
