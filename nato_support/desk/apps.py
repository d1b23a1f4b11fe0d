from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "nato_support.desk"
