"""docs/consumers.md tells the truth: each of its examples is asked of the register that this repository ships."""

import io
import json
import re
import urllib.request
from pathlib import Path

import pytest
from django.test import Client

from nato_support.api.problems import PROBLEM_TITLES
from nato_support.api.root_and_problem_pages import COLLECTIONS

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).parents[2] / "docs" / "consumers.md").read_text()
EXAMPLES = re.findall(r"```\nGET (\S+)(?:\n(\d{3}))?\n```(?:\n```json\n(.*?)```)?", PAGE, re.S)
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.S)


def test_the_page_has_its_examples():
    assert len(EXAMPLES) == PAGE.count("\nGET /") >= 12
    assert len(PYTHON) == 1
    for name in (*COLLECTIONS, "search", "changes", "exports", "reconcile"):
        assert f"`{name}/`" in PAGE
    headings = re.findall(r"(?m)^## (.*)$", PAGE)
    assert {f"#{heading.lower().replace(' ', '-')}" for heading in headings} == set(re.findall(r"\]\((#[^)]*)\)", PAGE))
    for status in {status for status, _ in PROBLEM_TITLES.values() if status < 500}:
        assert f"| {status} |" in PAGE


def test_example(register, subtests):
    for address, status, excerpt in EXAMPLES:
        with subtests.test(address=address, status=status, excerpt=excerpt):
            response = Client().get(address)
            assert response.status_code == int(status or 200), response.content
            answer = json.loads(response.content)
            assert holds(answer, json.loads(excerpt or "{}")), answer
            if "results" in answer and not excerpt:
                assert answer["results"]


def holds(answer, excerpt) -> bool:
    """Whether an excerpt, with members and further elements left out, is one of this answer."""
    if isinstance(excerpt, dict):
        return all(name in answer and holds(answer[name], value) for name, value in excerpt.items())
    if isinstance(excerpt, list):
        return len(answer) >= len(excerpt) and all(map(holds, answer, excerpt))
    return answer == excerpt


@pytest.mark.parametrize("program", PYTHON)
def test_program(register, program, monkeypatch, capsys):
    def urlopen(address):
        response = Client().get(address.removeprefix("http://127.0.0.1:8000").removeprefix("http://testserver"))
        assert response.status_code == 200
        return io.BytesIO(response.content)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    exec(program, {})
    assert re.match(r"[1-9][0-9]+ quotes of Jens Stoltenberg", capsys.readouterr().out)
