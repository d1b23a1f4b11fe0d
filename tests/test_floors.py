"""Which package may import which: the contracts stand in pyproject.toml and are read here by import-linter."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

PUBLIC_SIDE = "The public side reads editions, never the working copy"
SHARED = "What the public side may use touches no model of the working copy"
MODELS = "Models know nothing of how they are shown"
WORKING_COPY = ["entities.admin", "entities.models", "sources.admin", "sources.models"]

# A contract may name only what exists: what belongs to it joins it when it appears.
BELONGS = [
    (PUBLIC_SIDE, "source_modules", ["nato_support.api", "nato_support.pages"]),
    (PUBLIC_SIDE, "forbidden_modules", [*WORKING_COPY, "nato_support.editions.printing", "nato_support.editions.publishing"]),
    (SHARED, "source_modules", ["entities.dates", "entities.serializers", "entities.vocabulary"]),
    (SHARED, "source_modules", ["nato_support.editions.models", "sources.serializers"]),
    (SHARED, "forbidden_modules", WORKING_COPY),
    (MODELS, "source_modules", ["entities.models", "sources.models"]),
    (MODELS, "forbidden_modules", ["entities.admin", "entities.serializers", "sources.admin", "sources.serializers"]),
]


def exists(module: str) -> bool:
    path = ROOT / module.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@pytest.mark.parametrize(("contract", "role", "modules"), BELONGS)
def test_a_contract_names_every_module_that_it_is_about(contract, role, modules):
    (named,) = [found[role] for found in CONTRACTS if found["name"] == contract]
    assert {module for module in modules if exists(module)} <= set(named)


def test_every_floor_imports_only_from_below():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
