"""The README and the other pages name what exists: links, paths, packages, commands and targets of make."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "seeds" / "README.md"])
# The changelog also names what is gone.
PRESENT = [page for page in PAGES if page.name != "CHANGELOG.md"]
FOLDERS = ("benchmarks", "docs", "entities", "fixtures", "nato_support", "seeds", "sources", "tests")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.M))
README = (ROOT / "README.md").read_text()


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PRESENT, ids=name_of)
def test_every_command_exists(page):
    text = page.read_text()
    assert set(re.findall(r"\bmake ((?!it\b)[a-z]+(?:-[a-z]+)*)(?=[`\s;,]*(?:`|#|$|[A-Z]+=))", text, re.M)) <= TARGETS
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= get_commands().keys()
    for module in re.findall(r"python -m (benchmarks[\w.]*)", text):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


@pytest.mark.parametrize("page", PRESENT, ids=name_of)
def test_every_path_of_the_repository_exists(page):
    for path in re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`", page.read_text()):
        assert (ROOT / path).exists(), path


def test_the_readme_lists_every_package():
    listed = set(re.findall(r"^\| `([\w/]+)/` \|", README, re.M))
    packages = {path.parent for path in [*ROOT.glob("*/__init__.py"), *ROOT.glob("nato_support/*/__init__.py")]}
    assert {name_of(package) for package in packages} - {"nato_support"} <= listed
    assert all((ROOT / name).is_dir() for name in listed)


def test_pictures_are_small():
    assert not [path for path in (ROOT / "docs").rglob("*.png") if path.stat().st_size > 400_000]
