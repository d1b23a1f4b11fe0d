from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "nato_support.publishing"
