"""From which a migrated database comes, as one digest: while it is the same, so is the database."""

import ast
import hashlib
import inspect
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader


def digest() -> str:
    """A digest of every migration, of all that migrations and apps import of this project, and of what migrating makes
    of the models: their tables' content types and permissions."""
    found = hashlib.sha256(repr((django.VERSION, sys.version_info[:2], _engine())).encode())
    for path in sorted(_closure(set(_first()))):
        found.update(f"\0{path.name}\0".encode() + path.read_bytes())
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label):
        meta = model._meta
        found.update(repr((meta.label, str(meta.verbose_name), meta.default_permissions, meta.permissions)).encode())
    return found.hexdigest()[:16]


def _engine() -> str:
    return f"{connection.vendor} {sqlite3.sqlite_version if connection.vendor == 'sqlite' else ''}"


def _first() -> Iterator[Path]:
    """The modules of the migrations of every app, and of the apps themselves, whose receivers run after migrating."""
    for migration in MigrationLoader(None).disk_migrations.values():
        yield Path(inspect.getfile(type(migration)))
    for app in apps.get_app_configs():
        yield Path(inspect.getfile(type(app)))


def _closure(paths: set[Path]) -> set[Path]:
    """`paths`, and what they import of this project, directly or not, wherever in them it is imported."""
    found, todo = set(), list(paths)
    while todo:
        if (path := todo.pop()) not in found:
            found.add(path)
            if path.is_relative_to(settings.BASE_DIR) and ".venv" not in path.parts:
                todo += _imported(path)
    return found


def _imported(path: Path) -> Iterator[Path]:
    """The project's modules that `path` imports; a module brings the packages that it is in."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.ImportFrom):
            package = path.parents[node.level - 1].relative_to(settings.BASE_DIR).parts
            base = ".".join([*package, *([node.module] if node.module else [])])
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            yield from _files(name)


def _files(name: str) -> Iterator[Path]:
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        stem = settings.BASE_DIR.joinpath(*parts[:end])
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if path.is_file():
                yield path
