"""Configuration of the desk, the app with every page of the admin, and of Django's admin below it."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class DeskConfig(AppConfig):
    name = "nato_support.desk"
    default = True


class AdminOnDemandConfig(SimpleAdminConfig):
    """Django's admin, whose pages are registered by the URLconf: importing them is most of what starting a command costs."""

    default = False

    def ready(self):
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(_check_admin_pages, checks.Tags.admin)


def _check_admin_pages(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Run Django's checks of every admin page, registered for this if no URL was asked for yet."""
    from django.contrib import admin

    admin.autodiscover()
    return check_admin_app(app_configs, **kwargs)
