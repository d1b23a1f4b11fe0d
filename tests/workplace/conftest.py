"""People of every group, signed in."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from nato_support.roles import ensure_groups


@pytest.fixture(autouse=True)
def no_static_files(settings):
    """Pages are under test: the folder of collected static files need not be there."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]


@pytest.fixture
def people(db):
    """`people("anna", "contributor")` is Anna, a contributor; without a group somebody who may nothing."""
    groups = ensure_groups()

    def one(name: str, group: str = "") -> User:
        user, _ = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if group:
            user.groups.add(groups[group])
        return user

    return one


@pytest.fixture
def anna(people):
    return people("anna", "contributor")


@pytest.fixture
def edith(people):
    return people("edith", "editor")


@pytest.fixture
def vera(people):
    return people("vera", "viewer")


@pytest.fixture
def desk_of():
    """The browser in which somebody is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
