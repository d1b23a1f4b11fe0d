"""The register as it stands on a server: one public address, proxies, health, outages, logs, lockout, groups."""

import json
import logging
import os
import re
import sqlite3
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import OperationalError
from django.db.utils import InterfaceError, ProgrammingError

from nato_support.api.wsgi_fast_path import PublicFastPathApplication
from nato_support.serving import health, outages
from nato_support.serving import site_url_and_proxy_checks as checks
from nato_support.serving.proxies import SCHEME_KEY, TrustedProxies, canonical_trusted_proxies
from nato_support.serving.request_log import OneLineFormatter, RequestIdFilter
from nato_support.serving.site_address import hostname_of, parse_site_url
from tests.api.test_wsgi import ask, connections_outlive_requests  # noqa: F401 - a fixture

SITE = "https://register.example.org"


@pytest.fixture
def site(settings):
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["register.example.org", "testserver"]
    return settings


# The public address


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("", ""),
        (" https://Register.Example.org/ ", SITE),
        ("https://register.example.org:443", SITE),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_the_address_of_the_site_is_read(text, parsed):
    assert parse_site_url(text) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "register.example.org",
        "ftp://register.example.org",
        "https://",
        "https://register.example.org/register",
        "https://register.example.org?x=1",
        "https://register.example.org:port",
        "https://user:secret@register.example.org",
        "https://register example.org",
        "https://[::1",
    ],
)
def test_an_address_that_is_none_is_refused_with_an_example(text):
    with pytest.raises(ImproperlyConfigured, match=r"SITE_URL is .*such as https://register\.example\.org"):
        parse_site_url(text)


def test_the_host_of_the_site_is_known():
    assert hostname_of("https://[2001:db8::1]:8443") == "[2001:db8::1]"
    assert hostname_of(SITE) == "register.example.org"


ABSOLUTE = [
    "/api/v1/commitments/?page_size=1",
    "/api/v1/commitments.jsonld",
    "/api/v1/commitments/forty-kites.jsonld",
    "/api/v1/contexts/1/",
    "/api/v1/changes.atom",
    "/api/v1/changes/?since=0&page_size=1",
    "/api/v1/search/?q=kites",
    "/api/v1/reconcile/",
    "/api/v1/reconcile/preview/?id=arcadia",
    "/api/v1/schema/",
    "/api/v1/commitments/totals/",
    "/api/v1/timeline/arcadia/",
    "/api/v1/nowhere",
]


@pytest.mark.parametrize("address", ABSOLUTE)
def test_no_answer_follows_the_host_header(public, site, address):
    served = PublicFastPathApplication(WSGIHandler())
    by_name, by_other = (ask(served, address, HTTP_HOST=host) for host in ("register.example.org", "testserver"))
    assert by_name == by_other
    assert "testserver" not in f"{by_other['headers']}{by_other['body'].decode()}"
    for link in re.findall(rf"https?://{re.escape('register.example.org')}", by_name["body"].decode()):
        assert link == SITE


def test_every_kind_of_absolute_link_names_the_site(public, site):
    def document(address: str) -> str:
        return ask(PublicFastPathApplication(WSGIHandler()), address, HTTP_HOST="testserver")["body"].decode()

    assert json.loads(document("/api/v1/entities/?page_size=1"))["next"].startswith(f"{SITE}/api/v1/entities/?")
    assert json.loads(document("/api/v1/commitments/forty-kites.jsonld"))["@id"].startswith(f"{SITE}/")
    assert f"<id>{SITE}/" in document("/api/v1/changes.atom")
    assert json.loads(document("/api/v1/reconcile/"))["identifierSpace"] == f"{SITE}/api/v1/entities/"
    assert json.loads(document("/api/v1/schema/"))["servers"] == [{"url": SITE}]


def test_without_an_address_links_follow_the_request(public, settings):
    settings.SITE_URL = ""
    answered = ask(PublicFastPathApplication(WSGIHandler()), "/api/v1/entities/?page_size=1")
    assert json.loads(answered["body"])["next"].startswith("http://testserver/")


def test_plain_http_is_led_to_the_site_and_not_to_the_host_that_was_named(public, site):
    site.SECURE_SSL_REDIRECT, site.SECURE_SSL_HOST = True, "register.example.org"
    answered = ask(PublicFastPathApplication(WSGIHandler()), "/api/v1/", HTTP_HOST="testserver")
    assert answered["status"].startswith("301")
    assert ("Location", f"{SITE}/api/v1/") in answered["headers"]


def settings_from(**environment: str) -> subprocess.CompletedProcess:
    """The settings as a process of its own has them from this environment."""
    names = (
        "SITE_URL ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS TRUSTED_PROXIES SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS"
        " SESSION_COOKIE_SECURE SECURE_SSL_HOST"
    ).split()
    code = f"import json; from nato_support import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names!r}}}))"
    clean = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-c", code], env=clean | {"SECRET_KEY": "x", "DEBUG": ""} | environment, capture_output=True, text=True
    )


def test_hosts_origins_redirects_and_hsts_follow_from_the_address_of_the_site():
    found = json.loads(settings_from(SITE_URL=f"{SITE}/", TRUSTED_PROXIES="127.0.0.1").stdout)
    assert found == {
        "SITE_URL": SITE,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "register.example.org"],
        "CSRF_TRUSTED_ORIGINS": [SITE],
        "TRUSTED_PROXIES": ["127.0.0.1/32"],
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 2_592_000,
        "SESSION_COOKIE_SECURE": True,
        "SECURE_SSL_HOST": "register.example.org",
    }
    # Nobody would say which requests came over TLS: all would be led on for ever.
    assert not json.loads(settings_from(SITE_URL=SITE).stdout)["SECURE_SSL_REDIRECT"]
    assert json.loads(settings_from(SITE_URL="http://127.0.0.1:8000").stdout)["SESSION_COOKIE_SECURE"] is False
    nothing = json.loads(settings_from().stdout)
    assert (nothing["SITE_URL"], nothing["SECURE_HSTS_SECONDS"], nothing["SESSION_COOKIE_SECURE"]) == ("", 0, True)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SITE_URL": "register.example.org"}, "SITE_URL is 'register.example.org'; it must begin with https://"),
        ({"TRUSTED_PROXIES": "proxy.example.org"}, "TRUSTED_PROXIES holds 'proxy.example.org'"),
        ({"SECURE_HSTS_SECONDS": "a year"}, "SECURE_HSTS_SECONDS is 'a year'; it takes a whole number"),
        ({"SECURE_SSL_REDIRECT": "perhaps"}, "SECURE_SSL_REDIRECT is 'perhaps'; it takes 1 or 0"),
    ],
)
def test_a_setting_that_cannot_be_meant_stops_the_start(environment, said):
    done = settings_from(**environment)
    assert done.returncode == 1
    assert said in done.stderr.splitlines()[-1]


def test_check_deploy_tells_what_is_missing(settings):
    settings.SITE_URL, settings.TRUSTED_PROXIES = "", ()
    assert [told.id for told in checks.check_site_url_and_proxies(None)] == ["nato_support.W002"]
    settings.SITE_URL = "http://register.example.org"
    assert [told.id for told in checks.check_site_url_and_proxies(None)] == ["nato_support.W003"]
    settings.SITE_URL = SITE
    assert [told.id for told in checks.check_site_url_and_proxies(None)] == ["nato_support.W004"]
    settings.TRUSTED_PROXIES = ("127.0.0.1/32",)
    assert checks.check_site_url_and_proxies(None) == []


# Proxies


@pytest.mark.parametrize(
    ("entry", "said"), [("10.0.0.1/8", "has host bits set"), ("0.0.0.0/0", "trusts everybody"), ("::/0", "trusts everybody")]
)
def test_proxies_that_cannot_be_meant_are_refused(entry, said):
    with pytest.raises(ImproperlyConfigured, match=f"TRUSTED_PROXIES holds '{entry}'.*{said}"):
        canonical_trusted_proxies(["127.0.0.1", entry])


OURS = TrustedProxies(canonical_trusted_proxies(["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"]))


def client_and_scheme(proxies: TrustedProxies, sender: str, **headers: str) -> tuple[str, str]:
    meta = {"REMOTE_ADDR": sender} | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    for _ in range(2):
        proxies.resolve_client(meta)
    assert not [name for name in meta if name.startswith("HTTP_")]
    return meta["REMOTE_ADDR"], meta.get(SCHEME_KEY, "")


@pytest.mark.parametrize(
    ("told", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("[fe80::1%eth0]:4711", "fe80::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        # Whatever stands left of the right-most address that is not ours, its client may have written.
        ("192.0.2.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1, 203.0.113.7", "203.0.113.7"),
        ("10.1.1.1,203.0.113.7 , 10.0.0.9:80,[2001:db8:1::5]:9", "203.0.113.7"),
        ("10.0.0.1, 10.0.0.2", "10.0.0.1"),
        (", ".join(["10.0.0.1"] * 500), "10.0.0.1"),
        # No address: counted as nobody in particular, and never as this machine.
        ("unknown", "unknown"),
        ("_hidden, 10.0.0.2", "unknown"),
        ("203.0.113.7, nonsense", "unknown"),
        ("203.0.113.7:port", "unknown"),
        ("203.0.113.007", "unknown"),
        ("203.0.113.7,", "unknown"),
        ("1.2.3.4:1:2", "unknown"),
    ],
)
def test_the_client_is_the_right_most_address_that_is_no_proxy_of_ours(told, client):
    assert client_and_scheme(OURS, "127.0.0.1", x_forwarded_for=told)[0] == client


def test_what_an_untrusted_sender_says_of_itself_is_dropped():
    assert client_and_scheme(OURS, "203.0.113.9", x_forwarded_for="198.51.100.1", x_forwarded_proto="https") == (
        "203.0.113.9",
        "",
    )
    assert client_and_scheme(TrustedProxies(()), "127.0.0.1", x_forwarded_for="198.51.100.1", forwarded="for=x") == (
        "127.0.0.1",
        "",
    )
    assert client_and_scheme(TrustedProxies(()), "", x_forwarded_for="198.51.100.1") == ("", "")
    assert client_and_scheme(TrustedProxies(["unix"]), "", x_forwarded_for="198.51.100.1") == ("198.51.100.1", "")


def test_the_scheme_is_what_the_nearest_proxy_says():
    assert client_and_scheme(OURS, "::ffff:10.0.0.3", x_forwarded_proto="https") == ("::ffff:10.0.0.3", "https")
    assert client_and_scheme(OURS, "10.0.0.3", x_forwarded_proto="https, http")[1] == "http"
    assert client_and_scheme(OURS, "10.0.0.3", x_forwarded_proto="gopher")[1] == ""


@pytest.mark.parametrize("way", ["short", "long"])
def test_tls_is_known_by_a_trusted_proxy_alone(public, site, way):
    site.TRUSTED_PROXIES = ("127.0.0.1/32",)
    site.SECURE_SSL_REDIRECT, site.SECURE_SSL_HOST, site.SECURE_HSTS_SECONDS = True, "register.example.org", 60
    site.SECURE_PROXY_SSL_HEADER = (SCHEME_KEY, "https")
    served = PublicFastPathApplication(WSGIHandler()) if way == "short" else WSGIHandler()
    trusted = ask(served, "/api/v1/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")
    assert trusted["status"].startswith("200")
    assert ("Strict-Transport-Security", "max-age=60") in trusted["headers"]
    forged = ask(served, "/api/v1/", REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https")
    assert forged["status"].startswith("301")


# Health


@pytest.mark.parametrize("host", ["testserver", "10.0.0.5:8000", "evil.example", "[::1]", "a b", ""])
def test_health_is_told_to_whoever_asks_without_the_database(client, settings, host):
    # No fixture of this test allows the database.
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/healthz", HTTP_HOST=host)
    assert (answer.status_code, answer.content, answer.headers["Cache-Control"]) == (200, b"ok\n", "no-store")
    assert client.head("/healthz", HTTP_HOST=host).status_code == 200
    assert client.post("/healthz", HTTP_HOST=host).status_code == 405


def test_readiness_asks_the_database_and_its_migrations(client, db, monkeypatch):
    assert client.get("/readyz", HTTP_HOST="10.0.0.5").content == b"ok\n"
    monkeypatch.setattr(health, "_known_migrations", lambda: [(("entities", "9999_yet_to_come"), frozenset())])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations missing\n")
    assert answer.headers["Retry-After"] == "10"


# Outages


def caused(error: Exception, cause: object) -> Exception:
    error.__cause__ = cause  # type: ignore[assignment]
    return error


def sqlite_error(code: int) -> Exception:
    cause = sqlite3.OperationalError("...")
    cause.sqlite_errorcode = code
    return caused(OperationalError("..."), cause)


class PostgresError(Exception):
    def __init__(self, state: str | None):
        self.sqlstate = state


def test_an_outage_is_told_from_a_fault_of_ours(db):
    for code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY_SNAPSHOT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR_READ):
        assert outages.is_database_outage(sqlite_error(code))
    for state in (None, "08006", "57P01", "57P03", "53300", "28P01", "3D000", "55P03"):
        assert outages.is_database_outage(caused(OperationalError("..."), PostgresError(state)))
    assert outages.is_database_outage(caused(ProgrammingError("..."), PostgresError("42P01")))
    assert outages.is_database_outage(InterfaceError("connection already closed"))
    for fault in (
        sqlite_error(sqlite3.SQLITE_ERROR),
        sqlite_error(sqlite3.SQLITE_CONSTRAINT_UNIQUE),
        caused(ProgrammingError("..."), PostgresError("42601")),
        caused(OperationalError("..."), PostgresError("22003")),
        ValueError(),
        None,
    ):
        assert not outages.is_database_outage(fault)


@pytest.fixture
def down(db, monkeypatch, client):
    """A database that refuses to be opened."""

    def refuse(*args, **kwargs):
        raise sqlite_error(sqlite3.SQLITE_CANTOPEN)

    monkeypatch.setattr("nato_support.api.register_state.fetch_rows", refuse)
    monkeypatch.setattr("nato_support.serving.outages.connection", SimpleNamespace(cursor=refuse))
    monkeypatch.setattr("nato_support.serving.health.connection", SimpleNamespace(cursor=refuse))
    client.raise_request_exception = False
    return client


def test_a_database_that_is_down_is_answered_503_and_logged(down, caplog):
    for address in ("/api/v1/", "/api/v1/commitments/", "/admin/", "/admin/login/", "/readyz"):
        caplog.clear()
        answer = down.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10"), address
        assert answer.headers["Cache-Control"] == "no-store"
        assert [record for record in caplog.records if record.levelno >= logging.ERROR], address
    problem = down.get("/api/v1/commitments/").json()
    assert (problem["type"], problem["status"]) == ("/api/v1/problems/unavailable/", 503)
    assert b"does not answer" in down.get("/admin/").content
    assert down.get("/healthz").status_code == 200


def test_a_fault_is_500_and_recorded(client, public, monkeypatch, caplog):
    client.raise_request_exception = False
    monkeypatch.setattr("nato_support.api.root_and_problem_pages.json_bytes", lambda data: 1 / 0)
    answer = client.get("/api/v1/", headers={"X-Request-ID": "told-by-the-client"})
    assert answer.status_code == 500
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    line = written(record)
    assert "ZeroDivisionError" in line
    assert "[told-by-the-client] Internal Server Error: /api/v1/" in line
    assert "\n" not in line


# Logs


def written(record: logging.LogRecord) -> str:
    RequestIdFilter().filter(record)
    return OneLineFormatter().format(record)


def test_a_request_is_one_line_with_its_id(client, db, caplog):
    with caplog.at_level(logging.INFO, "nato_support.requests"):
        answer = client.get("/admin/login/?next=/admin/", headers={"X-Request-ID": "from-outside"})
        client.get("/api/v1/")
    assert answer.headers["X-Request-ID"] == "from-outside"
    (record,) = [record for record in caplog.records if record.name == "nato_support.requests"]
    assert re.fullmatch(
        r"\S+Z INFO nato_support\.requests \[from-outside\] GET /admin/login/\?next=/admin/ 200 \d+ ms from 127\.0\.0\.1",
        written(record),
    )


def test_an_id_that_could_forge_a_line_is_not_taken(client, db):
    assert len(client.get("/admin/login/", headers={"X-Request-ID": "a b\r\nc"}).headers["X-Request-ID"]) == 24
    record = logging.LogRecord("x", logging.ERROR, "", 0, "two\nlines\u2028and\x1b[31m red", None, None)
    assert written(record).endswith(r"[-] two\nlines\u2028and\x1b[31m red")


def test_public_reads_are_logged_if_asked_for(public, settings, caplog):
    with caplog.at_level(logging.INFO, "nato_support.requests"):
        ask(PublicFastPathApplication(WSGIHandler()), "/api/v1/")
        assert not caplog.records
        settings.LOG_PUBLIC_READS = True
        ask(PublicFastPathApplication(WSGIHandler()), "/api/v1/")
    assert "[the-same] GET /api/v1/ 200" in written(caplog.records[0])


def run_in_new_process(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "nato_support.settings", "SECRET_KEY": "x", "DEBUG": ""} | environment
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)


def test_what_goes_wrong_reaches_the_console_of_a_server():
    code = (
        "import django, logging; django.setup()\n"
        "for name, fault in (('django.request', 'a fault'), ('x', 'y')): logging.getLogger(name).error(fault)"
    )
    process = run_in_new_process(code)
    assert re.findall(r"Z ERROR (\S+) \[-\] (.*)", process.stderr) == [("django.request", "a fault"), ("x", "y")]


def test_commands_start_without_the_pages_of_the_admin_and_the_checks_import_them():
    code = (
        "import django, sys; django.setup()\n"
        "from django.contrib.admin import site\n"
        "from django.core.checks import run_checks\n"
        "print(len(site._registry), 'nato_support.desk.admin' in sys.modules)\n"
        "from django.contrib.admin.checks import ModelAdminChecks\n"
        "ModelAdminChecks.check = lambda self, page, **kwargs: [type(page).__name__]\n"
        "print('MeasureAdmin' in run_checks(tags=['admin']))"
    )
    assert run_in_new_process(code).stdout == "0 False\nTrue\n"


@pytest.mark.parametrize(("debug", "is_imported"), [("", True), ("1", False)])
def test_a_server_imports_its_pages_before_the_first_request(debug, is_imported):
    code = "import sys, nato_support.wsgi; print('nato_support.urls' in sys.modules)"
    assert run_in_new_process(code, DEBUG=debug).stdout == f"{is_imported}\n"


# Signing in


@pytest.fixture
def someone(django_user_model):
    return django_user_model.objects.create_user("edith", password="right-and-long", is_staff=True)


def sign_in(client, password: str, name: str = "edith", address: str = "203.0.113.7"):
    return client.post("/admin/login/", {"username": name, "password": password}, REMOTE_ADDR=address)


def test_too_many_wrong_passwords_are_locked_out_for_a_while(client, someone, settings):
    settings.TRUSTED_PROXIES = ("127.0.0.1/32",)
    tries = [sign_in(client, f"wrong-{at}").status_code for at in range(settings.AXES_FAILURE_LIMIT + 2)]
    assert tries == [200] * (settings.AXES_FAILURE_LIMIT - 1) + [429] * 3
    refused = sign_in(client, "right-and-long")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert "Wait 15 minutes" in refused.content.decode()
    assert "no-store" in refused.headers["Cache-Control"]
    # Others at the address, and the same person elsewhere, are not.
    assert sign_in(client, "right-and-long", address="203.0.113.8").status_code == 302
    call_command("axes_reset_username", "edith", verbosity=0)
    assert sign_in(client, "right-and-long").status_code == 302


def test_failures_are_counted_by_the_address_that_a_trusted_proxy_tells(client, someone, settings):
    from axes.models import AccessAttempt

    settings.TRUSTED_PROXIES = ("127.0.0.1/32",)
    data = {"username": "edith", "password": "wrong"}
    client.post("/admin/login/", data, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.1, 198.51.100.4:4711")
    client.post("/admin/login/", data, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.5")
    client.post("/admin/login/", data, REMOTE_ADDR="")
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"198.51.100.4", "203.0.113.7", None}
    assert "wrong" not in str(list(AccessAttempt.objects.values()))


@pytest.mark.parametrize(
    "address", ["/admin/login/", "/admin/password_change/", "/admin/auth/user/add/", "/admin/auth/user/{}/password/"]
)
def test_pages_that_take_passwords_are_kept_by_nobody(client, admin_user, address):
    if "login" not in address:
        client.force_login(admin_user)
    answer = client.get(address.format(admin_user.pk))
    assert answer.status_code == 200
    assert {"no-store", "private"} <= {part.strip() for part in answer.headers["Cache-Control"].split(",")}


# What pages may load


def policy(answer) -> dict[str, list[str]]:
    directives = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in directives}


def test_pages_may_run_scripts_of_their_own_site_alone(client, public, admin_user):
    outside = policy(client.get("/nowhere/"))
    assert outside["default-src"] == ["'none'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & {value for values in outside.values() for value in values}
    client.force_login(admin_user)
    answer = client.get("/admin/")
    admin = policy(answer)
    assert admin["script-src"] == ["'self'", "'unsafe-eval'"]
    assert "'unsafe-inline'" not in admin["style-src"]
    docs = policy(client.get("/api/v1/docs/"))
    assert docs["script-src"] == ["'self'"]
    assert policy(client.get("/api/v1/"))["default-src"] == ["'none'"]
    assert policy(client.get("/api/v1/reconcile/preview/?id=arcadia"))["frame-ancestors"] == ["*"]


# Groups


def test_migrate_makes_the_groups_and_mends_them(db):
    assert {"viewer", "contributor", "editor", "administrator"} <= set(Group.objects.values_list("name", flat=True))
    editor = Group.objects.get(name="editor")
    granted = set(editor.permissions.values_list("codename", flat=True))
    assert {"publish", "merge", "change_commitment"} <= granted
    editor.permissions.clear()
    call_command("migrate", verbosity=0)
    assert set(editor.permissions.values_list("codename", flat=True)) == granted


def test_groups_are_made_whatever_the_order_of_the_apps(db, settings):
    """With this app before all whose permissions it grants."""
    from django.apps import apps
    from django.core.management.sql import emit_post_migrate_signal

    Group.objects.all().delete()
    Permission.objects.all().delete()
    order = apps.app_configs
    try:
        for reverse in (False, True):
            Permission.objects.all().delete()
            apps.app_configs = type(order)(sorted(order.items(), reverse=reverse))
            emit_post_migrate_signal(0, False, "default")
            assert Group.objects.get(name="editor").permissions.filter(codename="publish").exists()
            assert Group.objects.get(name="viewer").permissions.filter(codename="view_edition").exists()
    finally:
        apps.app_configs = order


def test_groups_that_are_right_are_not_written_again(db, django_assert_max_num_queries):
    from nato_support.roles import ensure_groups

    with django_assert_max_num_queries(8) as queries:
        ensure_groups()
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
