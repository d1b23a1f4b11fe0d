from django.apps import AppConfig


class WorkplaceConfig(AppConfig):
    name = "nato_support.workplace"
    default_auto_field = "django.db.models.BigAutoField"
