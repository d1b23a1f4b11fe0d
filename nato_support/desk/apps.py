"""Configuration of the desk, the app with every page of the admin."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "nato_support.desk"
