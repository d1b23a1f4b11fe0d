from django.apps import AppConfig


class EditionsConfig(AppConfig):
    name = "nato_support.editions"
    default_auto_field = "django.db.models.BigAutoField"
