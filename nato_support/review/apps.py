from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "nato_support.review"
    default_auto_field = "django.db.models.BigAutoField"
