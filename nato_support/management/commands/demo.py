"""Set up and serve the whole register on this machine."""

import json
import os
import secrets
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from nato_support.publishing.models.public_tables import Release
from nato_support.publishing.republication import has_editions_of_earlier_form
from nato_support.roles import ADMINISTRATOR, GROUPS

HOST = "127.0.0.1"


class Command(BaseCommand):
    # `migrate` runs the checks of the database; the tests run all others.
    requires_system_checks: list[str] = []
    help = "Sets up the register on this machine: tables, fixtures, a user for each group, server. Keeps existing data."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--texts", type=Path, help="Folder with the articles' texts (*.txt), to attach.")
        parser.add_argument("--no-server", action="store_true", help="Stop before the server starts.")

    def handle(self, *, port: int, texts: Path | None, no_server: bool, **options):
        if not no_server:
            self._check_port(port)
        self._migrate()
        if Release.objects.exists():
            self.stdout.write("The register exists already; changes by its editors are kept.")
        else:
            call_command("load_register", stdout=self.stdout)
            call_command("find_duplicates", stdout=self.stdout)
        if texts:
            call_command("attach_texts", texts, stdout=self.stdout, stderr=self.stderr)
        if has_editions_of_earlier_form():
            call_command("republish", stdout=self.stdout)
        passwords = self._ensure_users()
        self._print_addresses(port, passwords)
        if not no_server:
            self._start_server(port)

    def _migrate(self) -> None:
        """Bring the tables up to date. If they are, `migrate` is skipped: it would take longer than everything else."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)

    def _check_port(self, port: int) -> None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                raise CommandError(
                    f"Another server answers on {HOST}:{port}. Stop it, or choose another port: --port {port + 1}."
                )

    def _ensure_users(self) -> dict[str, str]:
        """Create a user for each group, named after it. Passwords are kept beside the database, readable by the owner only."""
        path = settings.STATE_DIR / "demo_users.json"
        passwords = json.loads(path.read_text()) if path.exists() else {}
        users = get_user_model().objects
        for name in GROUPS:
            if users.filter(username=name).exists():
                continue
            passwords[name] = secrets.token_urlsafe(9)
            user = users.create_user(name, password=passwords[name], is_staff=True, is_superuser=name == ADMINISTRATOR)
            user.groups.add(Group.objects.get(name=name))
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            json.dump(passwords, file)
        existing = users.filter(username__in=passwords).values_list("username", flat=True)
        return {name: password for name, password in passwords.items() if name in set(existing)}

    def _print_addresses(self, port: int, passwords: dict[str, str]) -> None:
        site = f"http://{HOST}:{port}"
        self.stdout.write(f"\n  admin     {site}/admin/\n  API       {site}/api/v1/\n  API docs  {site}/api/v1/docs/\n")
        for name, password in passwords.items():
            self.stdout.write(f"  sign in as {name:14} password {password}")
        self.stdout.write("\nStop with Ctrl+C. Run it again at any time: changes are kept.\n")
        self.stdout.flush()

    def _start_server(self, port: int) -> None:
        os.environ |= {"DEBUG": "1", "SITE_URL": "", "TRUSTED_PROXIES": ""}
        # Mail to editors is printed here, unless there is a server for it.
        os.environ.setdefault("EMAIL_URL", "console:")
        granian = Path(sys.executable).with_name("granian")
        arguments = [
            "--interface",
            "wsgi",
            "--host",
            HOST,
            "--port",
            str(port),
            "--workers",
            "2",
            "--blocking-threads",
            "4",
            # Without this, a killed worker would end the whole server.
            "--respawn-failed-workers",
            # A server that is stopped while it starts would otherwise never end.
            "--workers-kill-timeout",
            "10",
            "--log-level",
            "warning",
        ]
        os.execv(granian, [str(granian), *arguments, "nato_support.wsgi:application"])  # noqa: S606 - no shell, fixed words
