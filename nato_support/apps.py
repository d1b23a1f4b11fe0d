from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "nato_support"
    verbose_name = "register"

    def ready(self):
        from nato_support.db import checks  # noqa: F401 - registers itself
