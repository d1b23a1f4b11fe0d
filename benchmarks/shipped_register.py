"""The shipped register, in a temporary database of its own: for programs that measure it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def shipped_register(**variables: str) -> Iterator[Path]:
    """Set Django up over a new database with the shipped register; yield the temporary folder of both.

    Environment `variables` are set first. The database is a file, unless DATABASE_URL names an empty one on a server.
    """
    with tempfile.TemporaryDirectory(prefix="register-") as folder:
        if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
            os.environ["DATABASE_URL"] = f"sqlite:///{folder}/register.sqlite3"
        os.environ |= {"STATE_DIR": folder, "STATIC_ROOT": f"{folder}/static", "SECRET_KEY": "only-for-benchmarks"} | variables
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nato_support.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("load_register", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield Path(folder)
