"""WSGI application."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nato_support.settings")

_django = get_wsgi_application()

# Only now are the settings and apps there that it needs.
from nato_support.api.wsgi_fast_path import PublicFastPathApplication  # noqa: E402
from nato_support.pages.middleware import PageShortcutMiddleware  # noqa: E402
from nato_support.pages.pictures.drawing import NARROW, WIDE  # noqa: E402
from nato_support.pages.pictures.map_picture import map_picture  # noqa: E402

application = PublicFastPathApplication(_django, PageShortcutMiddleware)

if not settings.DEBUG:
    # A server's first visitor does not wait for the pages of the admin to be imported; a demo starts in half the time without.
    get_resolver().url_patterns  # noqa: B018 - imports them
    # Nor for the land beneath the first map to be laid out.
    for width in (WIDE, NARROW):
        map_picture([], width)
    # What is loaded by now stays: the collector, which the making of a page sets off often, need not look at it each time.
    gc.collect()
    gc.freeze()
