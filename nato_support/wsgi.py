"""WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nato_support.settings")

_django = get_wsgi_application()

# Only now are the settings and apps there that it needs.
from nato_support.api.wsgi_fast_path import PublicReadApplication  # noqa: E402

application = PublicReadApplication(_django)
