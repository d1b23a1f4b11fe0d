"""The app of the project itself: triggers and groups after migrations, system checks."""

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class RegisterConfig(AppConfig):
    name = "nato_support"
    verbose_name = "register"

    def ready(self):
        from nato_support.db import trigger_checks  # noqa: F401 - registers itself
        from nato_support.roles import make_groups_after_migrating
        from nato_support.serving import site_url_and_proxy_checks  # noqa: F401 - registers itself

        # Django sends these for apps that have models, which this one has not.
        publishing = apps.get_app_config("publishing")
        pre_migrate.connect(_remove_triggers_before_migrating, sender=publishing)
        post_migrate.connect(_install_triggers_after_migrating, sender=publishing)
        post_migrate.connect(_fill_search_index_after_migrating, sender=publishing)
        post_migrate.connect(make_groups_after_migrating, dispatch_uid="nato_support.groups")


def _remove_triggers_before_migrating(*, using: str, plan, **kwargs) -> None:
    """Drop the triggers before migrations run on SQLite: it refuses to rename a table that one of them names."""
    from nato_support.db import row_rule_triggers, triggers

    if plan and connections[using].vendor == "sqlite":
        triggers.remove_triggers(connections[using], row_rule_triggers.TRIGGERS)


def _install_triggers_after_migrating(*, using: str, plan=(), **kwargs) -> None:
    """Make the database's triggers those that are declared, and the index of texts that they maintain."""
    from nato_support.db import row_rule_triggers, text_index, triggers

    connection = connections[using]
    has_documents = "sources_sourcedocument" in connection.introspection.table_names()
    is_new = has_documents and text_index.create_text_index_if_missing(connection)
    triggers.install_triggers(connection, row_rule_triggers.TRIGGERS)
    # Without triggers a migration of the documents leaves their index behind.
    if is_new or (has_documents and any(migration.app_label == "sources" for migration, _ in plan)):
        text_index.rebuild_text_index(connection)


def _fill_search_index_after_migrating(*, using: str, **kwargs) -> None:
    """Compute the words by which full text finds what was public before they were kept; republishing computes them anyway."""
    from nato_support.publishing import republication, search_index

    if search_index.is_empty_beside_editions(using) and not republication.has_editions_of_earlier_form():
        search_index.rebuild_search_index()
