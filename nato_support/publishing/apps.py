"""The app of everything that takes records from draft to public."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "nato_support.publishing"
