"""Settings without the cache of responses: each one is computed."""

from nato_support.settings import *  # noqa: F403

API_CACHE_BYTES = 0
