from django.apps import AppConfig


class MirrorConfig(AppConfig):
    name = "nato_support.mirror"
    default_auto_field = "django.db.models.BigAutoField"
