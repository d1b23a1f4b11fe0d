"""People of every group, as the desk knows them."""

import pytest
from django.contrib.auth.models import User

from entities.models import one_change
from nato_support.roles import ensure_groups


@pytest.fixture
def people(db):
    """`people("anna", "contributor")` is Anna, a contributor; without a group whoever was asked for before."""
    groups = ensure_groups()

    def one(name: str, group: str = "") -> User:
        user, made = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if made:
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
def jan(people):
    return people("jan", "editor")


@pytest.fixture
def changed_by():
    """Changes a record or a row as somebody: `changed_by(anna, kites, name="Forty-one kites")`."""

    def change(user, row, **fields):
        with one_change(by=user):
            for name, value in fields.items():
                setattr(row, name, value)
            row._history_user = user
            row.save()
        row.refresh_from_db()
        return row

    return change


@pytest.fixture(autouse=True)
def no_static_files(settings):
    """Pages are under test: the folder of collected static files need not be there."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
