"""The app of everything that enters and leaves the register as data."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "nato_support.exchange"
