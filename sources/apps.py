"""App configuration of the sources."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Configuration of the app of sources."""

    name = "sources"
    default_auto_field = "django.db.models.BigAutoField"
