"""The four groups and their permissions, created and corrected by `migrate`, which leaves memberships alone."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS, router, transaction

VIEWER, CONTRIBUTOR, EDITOR, ADMINISTRATOR = "viewer", "contributor", "editor", "administrator"
GROUPS = (VIEWER, CONTRIBUTOR, EDITOR, ADMINISTRATOR)

_CURATED = ("entities", "sources")
_PUBLIC_TABLES = ("release", "edition", "editionterm", "namekey", "mentioncount")
_VOCABULARY = ("relationtype", "relationjoin")
# Rows that operations write: nobody types them.
_WRITTEN_BY_OPERATIONS = ("change", "duplicatecandidate", "merge")
# Decisions that editors make on drafts of others.
_DECISIONS = ("resolution", "duplicatedecision")


class _PermissionRow(NamedTuple):
    """A permission, with its app and its model."""

    pk: int
    app: str
    model: str
    codename: str

    @property
    def is_writable(self) -> bool:
        """True if people enter such rows themselves."""
        unwritten = (*_VOCABULARY, *_WRITTEN_BY_OPERATIONS)
        return self.app in _CURATED and self.model not in unwritten and not self.model.startswith("historical")

    @property
    def is_reading(self) -> bool:
        public = self.app == "publishing" and self.model in _PUBLIC_TABLES
        return (public or self.app in _CURATED) and self.codename.startswith("view_")

    @property
    def is_writing(self) -> bool:
        return self.is_writable and self.codename.startswith(("add_", "change_"))

    @property
    def is_deleting(self) -> bool:
        return self.is_writable and self.codename.startswith("delete_")


def make_groups_after_migrating(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Create the groups once the permissions of every app exist (`post_migrate`).

    Django sends the signal app by app. At the last app all others have their permissions; those of the last app are created
    here, since the order of the signal's receivers is not fixed.
    """
    last = [app for app in apps.get_app_configs() if app.models_module is not None][-1]
    if sender.label != last.label or not router.allow_migrate_model(using, Group):
        return
    try:
        kwargs.get("apps", apps).get_model("auth", "Group")
    except LookupError:
        # The tables of groups do not exist yet, or no longer.
        return
    create_permissions(last, verbosity=0, using=using)
    ensure_groups(using)


def ensure_groups(using: str = DEFAULT_DB_ALIAS) -> dict[str, Group]:
    """Create or correct the groups, and return them by name; correct ones are not written again.

    Viewers read; contributors draft, send for review and read what readers report; editors review, publish, withdraw, merge,
    resolve, dismiss doubts, answer readers and delete drafts; administrators also keep the vocabulary and the users.
    """
    permissions = Permission.objects.using(using).order_by()
    rights = [
        _PermissionRow(*row)
        for row in permissions.values_list("pk", "content_type__app_label", "content_type__model", "codename")
    ]
    groups = {group.name: group for group in Group.objects.using(using).filter(name__in=GROUPS).prefetch_related("permissions")}
    with transaction.atomic(using):
        for name, granted in _permission_keys_by_group(rights).items():
            group = groups.get(name)
            if group is None:
                group = groups[name] = Group.objects.using(using).create(name=name)
            if {permission.pk for permission in group.permissions.all()} != granted:
                group.permissions.set(granted)
    return {name: groups[name] for name in GROUPS}


def _permission_keys_by_group(rights: Iterable[_PermissionRow]) -> dict[str, set[int]]:
    """Return the keys of the permissions that each group has."""
    rights = list(rights)

    def single(app: str, *codenames: str) -> Iterator[int]:
        return (right.pk for right in rights if right.app == app and right.codename in codenames)

    viewer = {right.pk for right in rights if right.is_reading} | {*single("desk", "view_dismisseddoubt")}
    contributor = viewer | {right.pk for right in rights if right.is_writing and right.model not in _DECISIONS}
    contributor |= {*single("publishing", "view_submission", "submit"), *single("reports", "view_readerreport")}
    editor = contributor | {right.pk for right in rights if right.is_writing or right.is_deleting}
    editor |= {
        *single("publishing", "review", "publish_unreviewed", "publish", "withdraw"),
        *single("entities", "merge"),
        *single("desk", "add_dismisseddoubt"),
        *single("reports", "answer_report"),
    }
    vocabulary = {right.pk for right in rights if right.app in _CURATED and right.model in _VOCABULARY}
    users = {right.pk for right in rights if right.app == "auth" and right.model in ("user", "group")}
    return {VIEWER: viewer, CONTRIBUTOR: contributor, EDITOR: editor, ADMINISTRATOR: editor | vocabulary | users}
