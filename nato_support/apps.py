from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "nato_support"
    verbose_name = "register"
