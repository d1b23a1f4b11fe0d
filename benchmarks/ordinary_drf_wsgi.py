"""WSGI application of the ordinary viewset, without the project's shortcut for public reads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.ordinary_drf_settings")

application = get_wsgi_application()
