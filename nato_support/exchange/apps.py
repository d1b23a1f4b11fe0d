from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "nato_support.exchange"
