"""A record that somebody changed."""

import pytest

from tests.publishing.review.conftest import changed_by

__all__ = ["changed_by", "mail_server"]


@pytest.fixture
def mail_server(settings):
    """Mail is set up; Django's test runner keeps it in its outbox."""
    settings.SENDS_MAIL = True
    settings.SITE_URL = "https://register.example"
