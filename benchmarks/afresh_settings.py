"""Settings under which every response is computed afresh: none is kept for repeated questions."""

from nato_support.settings import *  # noqa: F403

API_CACHE_BYTES = 0
