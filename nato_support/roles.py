"""The four groups and what each may do. Run again it sets them right, and touches nobody's membership."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

VIEWER, CONTRIBUTOR, EDITOR, ADMINISTRATOR = "viewer", "contributor", "editor", "administrator"
GROUPS = (VIEWER, CONTRIBUTOR, EDITOR, ADMINISTRATOR)

_CURATED = ("entities", "sources")
_PUBLIC_TABLES = ("release", "edition", "editionterm", "namekey", "mentioncount")
_VOCABULARY = ("relationtype", "relationjoin")
# What other acts write along: nobody types it.
_WRITTEN_BY_OPERATIONS = ("change", "likeness", "merge")
# Findings of editors on what others have drafted.
_JUDGING = ("resolution", "judgement")


def ensure_groups() -> dict[str, Group]:
    """Creates or corrects the groups: viewers read; contributors draft and send for review; editors review, publish,
    withdraw, merge, resolve and delete drafts; administrators also keep the vocabulary and the users."""
    register = Permission.objects.filter(content_type__app_label__in=_CURATED)
    public = Q(content_type__app_label="publishing", content_type__model__in=_PUBLIC_TABLES)
    reading = Permission.objects.filter(Q(content_type__app_label__in=_CURATED) | public, codename__startswith="view_")
    vocabulary = Q(content_type__model__in=_VOCABULARY)
    judging = Q(content_type__model__in=_JUDGING)
    history = Q(content_type__model__startswith="historical")
    writable = register.exclude(vocabulary | history | Q(content_type__model__in=_WRITTEN_BY_OPERATIONS))
    writing = writable.filter(Q(codename__startswith="add_") | Q(codename__startswith="change_"))
    deleting = writable.filter(codename__startswith="delete_")
    granted = {VIEWER: [*reading]}
    granted[CONTRIBUTOR] = [
        *granted[VIEWER],
        *writing.exclude(judging),
        *_permissions_named("publishing", "view_submission", "submit"),
    ]
    granted[EDITOR] = [
        *granted[CONTRIBUTOR],
        *writing.filter(judging),
        *deleting,
        *_permissions_named("publishing", "review", "publish_unreviewed", "publish", "withdraw"),
        *_permissions_named("entities", "merge"),
    ]
    users = Permission.objects.filter(content_type__app_label="auth", content_type__model__in=("user", "group"))
    granted[ADMINISTRATOR] = [*granted[EDITOR], *register.filter(vocabulary), *users]
    groups = {}
    for name in GROUPS:
        groups[name], _ = Group.objects.get_or_create(name=name)
        groups[name].permissions.set(granted[name])
    return groups


def _permissions_named(app: str, *codenames: str):
    """Single permissions of `app`."""
    return Permission.objects.filter(content_type__app_label=app, codename__in=codenames)
