"""People of every group, as the desk knows them."""

import pytest

from entities.models import change_set


@pytest.fixture
def changed_by():
    """Changes a record or a row as somebody: `changed_by(anna, kites, name="Forty-one kites")`."""

    def change(user, row, **fields):
        with change_set(by=user):
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
