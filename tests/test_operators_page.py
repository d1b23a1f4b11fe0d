"""docs/operators.md tells the truth: each of its commands is run, behind a proxy that ends TLS and on a stopped database."""

import getpass
import http.client
import json
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from tests import with_postgres
from tests.tls_proxy import make_certificate, tls_proxy

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "operators.md"
NAME = "register.example.org"
SECTIONS = {
    title: re.findall(r"```console\n(.*?)```", text, re.S)
    for title, text in re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.S | re.M)
}
# What the environment of these very tests is made by: `make env`, from a lock that tests/test_locks.py checks.
INSTALLING = ["python3 -m venv .venv", ".venv/bin/pip install --require-hashes -r requirements.txt"]


def commands(section: str) -> list[list[str]]:
    """The commands of a section, block by block."""
    return [re.findall(r"^\$ (.*)$", block, re.M) for block in SECTIONS[section]]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Installation:
    """A register in a folder of its own, with the environment that the page tells its operator to set."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        told = ("SITE_URL", "TRUSTED_PROXIES", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE", "DEBUG", "API_RATE", "SECRET_KEY")
        # Playwright's tests set the last for their own process.
        left_out = {*told, "DJANGO_ALLOW_ASYNC_UNSAFE"}
        self.environment = {name: value for name, value in os.environ.items() if name not in left_out}
        self.environment |= {
            "DATABASE_URL": f"sqlite:///{folder / 'register.sqlite3'}",
            "STATE_DIR": str(folder / "var"),
            "STATIC_ROOT": str(folder / "static"),
            "PYTHONPATH": str(ROOT),
            "DJANGO_SUPERUSER_PASSWORD": "right-and-long",
            "DJANGO_SUPERUSER_EMAIL": "",
            "DJANGO_SUPERUSER_USERNAME": "olga",
        }
        self.replaced = {
            ".venv/bin/": f"{Path(sys.executable).parent}/",
            " manage.py": f" {ROOT / 'manage.py'}",
            "127.0.0.1:8000": f"127.0.0.1:{self.port}",
            "--port 8000": f"--port {self.port}",
            # It asks for a password, and takes it from the environment if nobody sits there.
            "createsuperuser": "createsuperuser --no-input",
        }

    def words(self, command: str) -> str:
        for told, here in self.replaced.items():
            command = command.replace(told, here)
        return command

    def run(self, block: list[str], keep: bool = False, status: int = 0) -> str:
        """Run the commands of a block, one after the other. What it exports lasts as long as the block, unless it is kept."""
        script = "set -e\n" + "\n".join(self.words(command) for command in block)
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self.environment, capture_output=True, text=True)
        assert done.returncode == status, f"{script}\n{done.stdout}{done.stderr}"
        if keep:
            exports = [shlex.split(command)[1:] for command in block if command.startswith("export ")]
            self.environment |= dict(pair.split("=", 1) for pairs in exports for pair in pairs)
        return done.stdout + done.stderr

    @contextmanager
    def server(self):
        """The server as the page starts it."""
        ((command,),) = commands("The server")
        log = (self.folder / "log").open("a")
        process = subprocess.Popen(
            shlex.split(self.words(command)),
            cwd=self.folder,
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            wait_for(lambda: self.ask("/healthz").status == 200, process)
            yield process
            process.terminate()
            process.wait(40)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(30)
            log.close()

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def ask(self, path: str, method: str = "GET", body: str | None = None, tls=None, **headers: str) -> SimpleNamespace:
        """Ask the server itself, or, with `tls` (port and certificate), the proxy before it."""
        connection: http.client.HTTPConnection
        if tls:
            context = ssl.create_default_context(cafile=tls[1])
            connection = http.client.HTTPSConnection("127.0.0.1", tls[0], context=context, timeout=60)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return SimpleNamespace(status=answer.status, headers=answer.headers, body=answer.read().decode())
        finally:
            connection.close()


def wait_for(condition, process: subprocess.Popen, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except (OSError, http.client.HTTPException):
            pass
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < until, "the server does not answer as it should"
        time.sleep(0.1)


def workers(process: subprocess.Popen) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if "resource_tracker" not in line]


def sign_in(register: Installation, tls, password: str) -> SimpleNamespace:
    page = register.ask("/admin/login/", tls=tls, Host=NAME)
    (cookie,) = re.findall(r"csrftoken=[^;]+", page.headers["Set-Cookie"])
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)[0]
    form = urlencode({"csrfmiddlewaretoken": token, "username": "olga", "password": password})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Origin": f"https://{NAME}"}
    return register.ask("/admin/login/", "POST", form, tls, Host=NAME, **headers)


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    """A register installed as the page says, on SQLite."""
    register = Installation(tmp_path_factory.mktemp("installed"))
    installing, filling = commands("Installing")
    assert installing == INSTALLING
    said = register.run(filling, keep=True)
    assert "System check identified no issues" in said
    return register


def test_every_block_is_one_that_is_run_here():
    tested = {"Installing", "The server", "Health and logs", "Signing in", "The database", "Checks", "Backups", "Upgrading"}
    tested |= {"Snapshots and mirrors", "Sources that change or die"}
    assert {title for title, blocks in SECTIONS.items() if blocks} == tested
    for program in ("openssl", "curl"):
        assert shutil.which(program), f"{program} is needed by these tests"
    assert with_postgres.program("pg_ctl")


def test_every_setting_is_told():
    listed = re.findall(r"^\| (`.*?`) \|", PAGE.read_text(), re.M)
    told = {name for cell in listed for name in re.findall(r"`([A-Z_]+)`", cell)}
    source = (ROOT / "nato_support" / "settings.py").read_text()
    read = set(re.findall(r'(?:env_\w+|environ\.get)\(\s*"([A-Z_]+)"', source)) | {"DATABASE_URL"}
    assert told == read


def test_the_site_behind_tls(register, tmp_path):
    certificate = make_certificate(tmp_path, NAME)
    with register.server() as process, tls_proxy(register.port, certificate) as port:
        tls = (port, certificate)
        for block in commands("Health and logs"):
            assert register.run(block) == "ok\nok\n"
        listed = register.ask("/api/v1/entities/?page_size=1", tls=tls, Host=NAME)
        assert json.loads(listed.body)["next"].startswith(f"https://{NAME}/api/v1/entities/?")
        assert listed.headers["Strict-Transport-Security"] == "max-age=2592000"
        # Any other host that is served gets the same links, and one that is not gets nothing.
        other = register.ask("/api/v1/entities/?page_size=1", tls=tls, Host="localhost")
        assert json.loads(other.body)["next"] == json.loads(listed.body)["next"]
        assert register.ask("/api/v1/", tls=tls, Host="evil.example").status == 404
        assert register.ask("/healthz", tls=tls, Host="10.1.2.3").status == 200
        plain = register.ask("/api/v1/", Host="localhost")
        assert (plain.status, plain.headers["Location"]) == (301, f"https://{NAME}/api/v1/")
        # Of what nobody told through a trusted proxy nothing is believed.
        assert register.ask("/api/v1/", tls=tls, Host=NAME, X_Forwarded_Proto="http").status == 200
        assert sign_in(register, tls, "right-and-long").status == 302
        tries = [sign_in(register, tls, f"wrong-{at}").status for at in range(8)]
        assert tries == [200] * 5 + [429] * 3
        assert "127.0.0.1 olga" in register.run(["export X=1", commands("Signing in")[0][0]]).replace("\t", " ")
        register.run([command.replace("editor", "olga") for command in commands("Signing in")[0]])
        entered = sign_in(register, tls, "right-and-long")
        assert entered.status == 302
        assert all("Secure" in cookie for cookie in entered.headers.get_all("Set-Cookie"))
        assert re.search(r"INFO nato_support\.requests \[\w+\] POST /admin/login/ 429 \d+ ms from 127\.0\.0\.1", register.log())
        mirror(register, port, certificate)
        killed = workers(process)
        assert len(killed) == 2
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: register.ask("/readyz").status == 200, process)
        wait_for(lambda: len(workers(process)) == 2, process)


def mirror(register: Installation, port: int, certificate: Path) -> None:
    snapshot, copying = commands("Snapshots and mirrors")
    register.run(snapshot)
    register.environment["SSL_CERT_FILE"] = str(certificate)
    copying = [command.replace(f"https://{NAME}", f"https://127.0.0.1:{port}") for command in copying]
    check = commands("Checks")[0][1]
    said = register.run([*copying, check])
    assert "Started from snapshot" in said
    assert "The mirror is sound" in said


def test_checks_and_backups(register):
    for block in commands("Checks"):
        assert "The register is sound" in register.run(block)
    writing, reading = commands("Backups")
    register.run(writing)
    assert "The register is sound" in register.run(reading)
    # As in earnest: nobody else has it open.
    restore = reading[1]
    assert "holds a register" in register.run([restore], status=1)
    assert "kept as" in register.run([f"{restore} --force"])
    for block in commands("Upgrading"):
        assert "The register is sound" in register.run(block)


def test_pages_held_against_the_quotes(register):
    (register.folder / "FOLDER").mkdir()
    (register.folder / "FOLDER" / "stranger.txt").write_text("Words that belong to no document. " * 20)
    ((plain, as_json),) = commands("Sources that change or die")
    assert "stranger.txt" in register.run([plain])
    assert '"no_document"' in register.run([as_json])


@pytest.fixture
def postgresql():
    """A private server, and what starts and stops it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    data = folder / "data"
    if os.getuid() == 0:
        shutil.chown(folder, with_postgres.unprivileged())
    with_postgres.server("initdb", "-D", data, "-U", getpass.getuser(), "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    with (data / "postgresql.auto.conf").open("a") as conf:
        conf.write(f"listen_addresses = ''\nunix_socket_directories = '{folder}'\nfsync = off\n")

    def turn(*words: str, check: bool = True) -> None:
        with_postgres.server("pg_ctl", "-D", data, "-l", folder / "log", "-w", "-t", "120", *words, check=check)

    turn("start")
    yield SimpleNamespace(folder=folder, turn=turn)
    turn("-m", "immediate", "stop", check=False)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_database_that_stops_and_comes_back(postgresql, tmp_path):
    register = Installation(tmp_path)
    user, folder = getpass.getuser(), str(postgresql.folder)
    url = f"postgresql://{user}@{folder.replace('/', '%2F')}/register"
    register.replaced["postgresql://user:password@host:5432/register"] = url
    register.environment |= {"PGHOST": folder, "PGUSER": user, "LC_ALL": "C"}
    register.environment["PATH"] += f":{Path(with_postgres.program('pg_ctl')).parent}"
    exports, _, collecting, *_ = commands("Installing")[1]
    register.run([exports, collecting], keep=True)
    (block,) = commands("The database")
    register.run(block)
    register.environment["DATABASE_URL"] = url
    back_up, restore = commands("Backups")[0][0], commands("Backups")[1][1]
    register.run([back_up])
    assert "holds a register" in register.run([restore], status=1)
    proxied = {"X_Forwarded_Proto": "https"}
    with register.server() as process:
        assert register.ask("/readyz").status == 200
        assert register.ask("/api/v1/", **proxied).status == 200
        assert "is in use" in register.run([f"{restore} --force"], status=1)
        postgresql.turn("-m", "immediate", "stop")
        for path in ("/readyz", "/api/v1/", "/api/v1/commitments/", "/admin/", "/admin/login/"):
            for _ in range(4):
                answer = register.ask(path, **proxied)
                assert (answer.status, answer.headers["Retry-After"]) == (503, "10"), path
        assert json.loads(register.ask("/api/v1/", **proxied).body)["type"] == "/api/v1/problems/unavailable/"
        assert register.ask("/healthz").status == 200
        postgresql.turn("start")
        wait_for(lambda: register.ask("/readyz").status == 200, process)
        for path in ("/api/v1/", "/admin/login/"):
            wait_for(lambda path=path: register.ask(path, **proxied).status == 200, process)
    log = register.log()
    assert "ERROR django.request" in log
    assert "Database unavailable: /api/v1/" in log
    assert "Service Unavailable: /admin/" in log
    assert "Restored" in register.run([f"{restore} --force"])
    register.run([block[-1], commands("Checks")[0][1]])


def test_nginx_passes_on_what_is_needed(register, tmp_path):
    """The configuration as printed, with this machine's ports and a certificate for the day."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert nginx, "nginx is needed by this test: the Debian package nginx-light"
    certificate, port = make_certificate(tmp_path, NAME), free_port()
    (server,) = re.findall(r"```nginx\n(.*?)```", PAGE.read_text(), re.S)
    server = server.replace("443", f"127.0.0.1:{port}").replace("127.0.0.1:8000", f"127.0.0.1:{register.port}")
    server = server.replace("/etc/ssl/register.pem", str(certificate)).replace("/etc/ssl/register.key", str(tmp_path / "key.pem"))
    folders = " ".join(f"{name}_temp_path {tmp_path}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.getuid() == 0 else ""
    (tmp_path / "nginx.conf").write_text(
        f"{user} daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off; {folders}\n{server} }}"
    )
    with ExitStack() as stack:
        process = stack.enter_context(register.server())
        proxy = subprocess.Popen([nginx, "-c", tmp_path / "nginx.conf"])
        stack.callback(proxy.wait, 20)
        stack.callback(proxy.terminate)
        tls = (port, certificate)
        wait_for(lambda: register.ask("/healthz", tls=tls).status == 200, process, 20)
        listed = register.ask("/api/v1/entities/?page_size=1", tls=tls, Host=NAME)
        assert json.loads(listed.body)["next"].startswith(f"https://{NAME}/")
        assert sign_in(register, tls, "right-and-long").status == 302
        # What a client writes of itself under another spelling never arrives.
        forged = http.client.HTTPSConnection("127.0.0.1", port, context=ssl.create_default_context(cafile=certificate))
        forged.request("GET", "/admin/login/", headers={"Host": NAME, "X_Forwarded_For": "203.0.113.66"})
        assert forged.getresponse().status == 200
        forged.close()
        assert "203.0.113.66" not in register.log()
