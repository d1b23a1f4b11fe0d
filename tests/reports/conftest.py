"""Readers who send reports, and editors who answer them."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.test import Client

from nato_support.reports.models import ReaderReport
from nato_support.roles import ensure_groups

FORM = "/reports/new/commitments/forty-tents/1/?field=due"
WORDS = {"problem": "value", "text": "It is due a year later.", "source_url": "https://example.org/tents", "contact": ""}


@pytest.fixture
def reader(settings, detailed):
    """A reader without cookies, from an address that is counted: `open` and `send` a form, `read` an address."""
    settings.REPORT_SECONDS = 0
    client = Client(REMOTE_ADDR="198.51.100.7")

    def open_form(address: str = FORM) -> str:
        """Return the token of a new form."""
        response = client.get(address)
        assert response.status_code == 200, response.content[:300]
        [token] = re.findall(r'name="token" value="([^"]+)"', response.content.decode())
        return token

    def send(address: str = FORM, token: str | None = None, headers: dict | None = None, **words: str):
        values = {"token": open_form(address) if token is None else token} | WORDS | words
        return client.post(address, values, headers=headers)

    return SimpleNamespace(client=client, open=open_form, send=send, read=client.get)


@pytest.fixture
def report(reader):
    """A report, with the address that the reader has as `path`."""
    path = reader.send().headers["Location"]
    [report] = ReaderReport.objects.all()
    report.path = path
    return report


@pytest.fixture
def desk_of():
    """A browser of the desk in which somebody of a group is signed in."""

    def sign_in(group: str) -> Client:
        user, _ = User.objects.get_or_create(username=f"of-{group}", is_staff=True)
        if group:
            user.groups.add(ensure_groups()[group])
        client = Client()
        client.force_login(user)
        return client

    return sign_in
