"""The four groups and what each may do. Run again it sets them right, and touches nobody's membership."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

VIEWER, CONTRIBUTOR, EDITOR, ADMINISTRATOR = "viewer", "contributor", "editor", "administrator"
GROUPS = (VIEWER, CONTRIBUTOR, EDITOR, ADMINISTRATOR)

_CURATED = ("entities", "sources")
_VOCABULARY = ("relationtype", "relationjoin")


def ensure_groups() -> dict[str, Group]:
    """Creates or corrects the groups: viewers read, contributors draft, editors also delete, publish and withdraw,
    administrators also keep the vocabulary and the users."""
    register = Permission.objects.filter(content_type__app_label__in=_CURATED)
    vocabulary = Q(content_type__model__in=_VOCABULARY)
    history = Q(content_type__model__startswith="historical")
    reading = register.filter(codename__startswith="view_") | Permission.objects.filter(
        content_type__app_label="editions", codename__startswith="view_"
    )
    drafting = register.filter(Q(codename__startswith="add_") | Q(codename__startswith="change_")).exclude(vocabulary | history)
    deleting = register.filter(codename__startswith="delete_").exclude(vocabulary | history)
    public = Permission.objects.filter(content_type__app_label="editions", codename__in=("publish", "withdraw"))
    users = Permission.objects.filter(content_type__app_label="auth", content_type__model__in=("user", "group"))
    granted = {VIEWER: [*reading]}
    granted[CONTRIBUTOR] = [*granted[VIEWER], *drafting]
    granted[EDITOR] = [*granted[CONTRIBUTOR], *deleting, *public]
    granted[ADMINISTRATOR] = [*granted[EDITOR], *register.filter(vocabulary), *users]
    groups = {}
    for name in GROUPS:
        groups[name], _ = Group.objects.get_or_create(name=name)
        groups[name].permissions.set(granted[name])
    return groups
