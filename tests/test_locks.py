"""The locks hold what pyproject.toml asks for, hashed, and name no place to fetch it from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SERVER = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["postgres"]
DEV = SERVER + PROJECT["dependency-groups"]["dev"]


def is_met(need: Requirement, pins: dict[NormalizedName, str]) -> bool:
    pin = pins.get(canonicalize_name(need.name))
    return pin is not None and need.specifier.contains(pin, prereleases=True)


@pytest.mark.parametrize(("lock", "wanted"), [("requirements.txt", SERVER), ("requirements-dev.txt", DEV)])
def test_a_lock_pins_all_that_is_asked_for(lock, wanted):
    text = (ROOT / lock).read_text()
    pins = {
        canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==(\S+)", text, re.MULTILINE)
    }
    unmet = [need for need in wanted if not is_met(Requirement(need), pins)]
    assert not unmet, f"{unmet}: run make locks"


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_is_hashed_and_names_no_host(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|--find-links|--trusted-host)\b", text, re.MULTILINE)
    for entry in re.split(r"\n(?=\S)", text):
        assert entry.startswith("#") or "--hash=sha256:" in entry, entry.splitlines()[0]


# Where the name that is imported, or used otherwise, is not that of the package.
USED_AS = {
    "django-axes": "axes.middleware",
    "django-csp": "csp.middleware",
    "django-simple-history": "simple_history",
    "django-stubs": "mypy_django_plugin",
    "django-unfold": "unfold",
    "djangorestframework": "rest_framework",
    "granian": "granian",
    "import-linter": "lint-imports",
    "lxml-html-clean": "lxml_html_clean|trafilatura",
    "markdown-it-py": "markdown_it",
    "openapi-python-client": "openapi-python-client|openapi_python_client",
    "psycopg": "postgresql",
    "pydot": "graph_models",
    "pytest-django": "DJANGO_SETTINGS_MODULE",
    "pytest-xdist": "-n \\$\\(WORKERS\\)",
    "pyyaml": "import yaml",
    "types-pyyaml": "import yaml",
}


def test_every_declared_dependency_is_used():
    folders = ("entities", "sources", "nato_support", "tests", "benchmarks")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if path != Path(__file__)]
    text = "\n".join(path.read_text() for path in [*files, ROOT / "Makefile"])
    tools = (ROOT / "pyproject.toml").read_text().split("[tool.", 1)[1]
    capture = PROJECT["project"]["optional-dependencies"]["capture"]
    names = [canonicalize_name(Requirement(line).name) for line in [*DEV, *capture] if isinstance(line, str)]
    unused = [name for name in names if not re.search(USED_AS.get(name, name.replace("-", "[-_]")), text + tools)]
    assert not unused
