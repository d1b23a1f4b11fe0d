"""The app of what readers report, and of the answers that they get."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "nato_support.reports"
