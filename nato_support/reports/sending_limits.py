"""Limits on how many reports are taken: from one address, and in all.

Of an address only a keyed hash is kept, in a row that names no report, and for two days at most.
"""

import math
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from nato_support.api import dispatch
from nato_support.api.throttle import Rate
from nato_support.reports.models import SentReport

FORGOTTEN_AFTER = timedelta(days=2)
"""Age at which hashes of addresses are deleted; the longest rate is one a day."""
# A mistake in the settings is told when the server starts, not by the first report.
for _setting in ("REPORT_RATE", "REPORT_TOTAL_RATE"):
    Rate.parse(getattr(settings, _setting), _setting)
_SALT = "nato_support.reports.sender"


def seconds_to_wait(request: HttpRequest) -> int:
    """Return in how many seconds another report may be sent from the address of `request`; 0: now."""
    address_hash = _address_hash(request)
    waits = [_wait(settings.REPORT_TOTAL_RATE)]
    if address_hash:
        waits.append(_wait(settings.REPORT_RATE, address_hash=address_hash))
    return max(waits)


def count_report(request: HttpRequest) -> None:
    """Count a report from the address of `request`."""
    forget_senders()
    SentReport.objects.create(address_hash=_address_hash(request))


def forget_senders() -> int:
    """Delete hashes of addresses that are no longer needed, and return how many."""
    return SentReport.objects.filter(sent_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]


def _wait(rate_text: str, **sender: str) -> int:
    rate = Rate.parse(rate_text)
    if rate is None:
        return 0
    window = timedelta(seconds=rate.seconds)
    now = timezone.now()
    times = SentReport.objects.filter(sent_at__gt=now - window, **sender).order_by("-sent_at").values_list("sent_at", flat=True)
    # The report that has to leave the window before another fits.
    oldest = times[rate.requests - 1 : rate.requests].first() if rate.requests else None
    return max(1, math.ceil((oldest + window - now).total_seconds())) if oldest else 0


def _address_hash(request: HttpRequest) -> str:
    address = dispatch.throttle.client_address(request)
    return salted_hmac(_SALT, address, algorithm="sha256").hexdigest() if address else ""
