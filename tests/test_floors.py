"""Floors: each package imports only from below, and the check that says so would find an import upwards."""

import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS = [contract["layers"] for contract in LINTER["contracts"] if contract["type"] == "layers"]


def test_every_floor_imports_only_from_below():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_contract_has_an_exception():
    assert not [contract["name"] for contract in LINTER["contracts"] if "ignore_imports" in contract]


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph(*LINTER["root_packages"], exclude_type_checking_imports=True, cache_dir=None)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("entities.dates", "sources.anchoring"),
        ("entities.models.measure", "nato_support.desk.base"),
        ("sources.evidence.field_coverage", "nato_support.publishing.publication"),
        ("nato_support.publishing.releases", "nato_support.exchange.fixtures"),
        ("nato_support.exchange.fixtures", "nato_support.desk.base"),
    ],
)
def test_an_import_upwards_is_found(graph, importer, imported):
    graph.add_import(importer=importer, imported=imported)
    try:
        illegal = [
            dependency
            for layers in LAYERS
            for dependency in graph.find_illegal_dependencies_for_layers(
                layers=[set(layer.split(" | ")) for layer in layers], containers=set()
            )
        ]
        assert illegal
    finally:
        graph.remove_import(importer=importer, imported=imported)
