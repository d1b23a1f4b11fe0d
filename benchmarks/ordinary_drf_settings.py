"""Settings of the ordinary viewset: its URLs, and no middleware that could slow it."""

from nato_support.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.ordinary_drf_api"
MIDDLEWARE = []
REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"], "UNAUTHENTICATED_USER": None}
