"""The server's short way says just what Django's own handler says."""

import io

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections, connection

from nato_support.api import sql
from nato_support.wsgi import application

ADDRESSES = [
    "/api/v1/",
    "/api/v1/commitments/?count=true",
    "/api/v1/commitments/forty-kites/",
    "/api/v1/commitments/none/",
    "/api/v1/nowhere",
    "/api/v1/commitments/?x=1",
    "/api/v1/docs/",
    "/api/",
    "/healthz",
    "/api/v1/commitments/\xff\xfe/",
    "/api/v1/search/?q=kites",
]


@pytest.fixture(autouse=True)
def connections_outlive_requests():
    """As in Django's test client: a test's transaction must not be closed under it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask(served, address: str, method: str = "GET", **more):
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "HTTP_X_REQUEST_ID": "the-same",
    } | more
    told = {}

    def start_response(status, headers, exc_info=None):
        told["status"], told["headers"] = status, sorted(headers)

    return told | {"body": b"".join(served(environ, start_response))} | told


def test_it_says_the_same(public, subtests):
    for address in ADDRESSES:
        for method in ["GET", "HEAD", "POST", "OPTIONS"]:
            with subtests.test(address=address, method=method):
                short, long = (ask(served, address, method) for served in (application, WSGIHandler()))
                assert short == long
                if address.startswith("/api/") and "docs" not in address:
                    assert ("X-Content-Type-Options", "nosniff") in short["headers"]
                    assert ("Access-Control-Allow-Origin", "*") in short["headers"]


def test_a_host_that_is_not_ours_gets_nothing(public):
    short, long = (ask(served, "/api/v1/commitments/", HTTP_HOST="evil.example") for served in (application, WSGIHandler()))
    assert short == long
    assert short["status"].startswith("404")


def test_plain_http_leads_to_https_if_so_set(public, settings):
    from nato_support.api.wsgi_fast_path import PublicFastPathApplication

    settings.SECURE_SSL_REDIRECT = True
    answered = ask(PublicFastPathApplication(WSGIHandler()), "/api/v1/")
    assert answered["status"].startswith("301")
    assert ("Location", "https://testserver/api/v1/") in answered["headers"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connection to lose")
def test_a_lost_connection_is_opened_anew():
    assert ask(application, "/api/v1/")["status"].startswith("200")
    connection.connection.close()
    with pytest.raises(OperationalError):
        sql.fetch_rows(sql.Sql("SELECT 1"))
    ask(application, "/api/v1/")
    assert ask(application, "/api/v1/")["status"].startswith("200")
