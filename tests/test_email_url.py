"""The address of the mail server."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from nato_support.serving.email_url import parse_email_url

READ = [
    ("", ("dummy", "", 25, "", "", False, False, False)),
    ("console:", ("console", "", 25, "", "", False, False, True)),
    ("smtp://mail.example", ("smtp", "mail.example", 25, "", "", False, False, True)),
    ("smtp://anna:p%40ss@mail.example:587/?tls=1", ("smtp", "mail.example", 587, "anna", "p@ss", True, False, True)),
    ("smtps://anna:pass@mail.example", ("smtp", "mail.example", 465, "anna", "pass", False, True, True)),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_an_address_is_read(text, expected):
    server = parse_email_url(text)
    found = (server.backend.split(".")[-2], *server[1:], server.is_set_up)
    assert found == expected


@pytest.mark.parametrize(
    "text", ["mail.example", "http://mail.example", "smtp://", "smtp://u:secret@h:x", "smtp://u:secret@h/?ssl=1"]
)
def test_no_address_is_guessed_and_no_password_repeated(text):
    with pytest.raises(ImproperlyConfigured) as refusal:
        parse_email_url(text)
    assert "secret" not in str(refusal.value)
