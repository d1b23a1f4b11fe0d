"""docs/tutorial.md tells the truth: its commands and programs are run against a server of the shipped register."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
SITE = "http://127.0.0.1:8000"
PROGRAM = re.compile(r"```python\n(.*?)```\n```text\n(.*?)```", re.S)
COMMANDS = re.compile(r"```console\n(.*?)```", re.S)


@pytest.fixture
def site(transactional_db, live_server):
    call_command("load_register", verbosity=0)
    return live_server.url


def ran(program: list[str], site: str, **options) -> str:
    """What a program prints, with the address of the page instead of the server's."""
    done = subprocess.run(program, capture_output=True, text=True, timeout=600, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout.replace(site, SITE)


def like(told: str) -> re.Pattern[str]:
    """A pattern of an output in which … stands for whatever was cut out."""
    return re.compile(".*?".join(map(re.escape, told.rstrip("\n").split("…"))) + ".*" * told.rstrip().endswith("…"), re.S)


def commands() -> list[tuple[str, str]]:
    """(command, what it prints) of each line that begins with a dollar sign."""
    found = []
    for block in COMMANDS.findall(PAGE.read_text()):
        found += re.findall(r"^\$ (.*?)\n(.*?)(?=^\$ |\Z)", block, re.S | re.M)
    return found


def test_the_tutorial_answers_what_it_says(site):
    if not shutil.which("curl"):
        pytest.fail("curl is missing")
    text = PAGE.read_text()
    assert len(re.findall("^## [1-6][.] .*[?]$", text, re.M)) == 6
    programs = PROGRAM.findall(text)
    assert len(programs) == text.count("```python") == 6
    assert len(commands()) == text.count("\n$ ") >= 6
    for program, told in programs:
        printed = ran([sys.executable, "-c", program.replace(SITE, site)], site)
        assert like(told).fullmatch(printed.rstrip("\n")), printed
    for command, told in commands():
        printed = ran(["bash", "-c", command.replace(SITE, site)], site)
        assert like(told).fullmatch(printed.rstrip("\n")), f"{command}\n{printed}"
