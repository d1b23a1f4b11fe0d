"""docs/openrefine.md tells the truth: each of its examples is asked of the register that this repository ships."""

import io
import json
import re
import shlex
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client

from benchmarks import reconciliation_quality
from nato_support.publishing.models.public_tables import Edition
from tests.api.test_consumers_page import holds

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).parents[3] / "docs" / "openrefine.md").read_text()
EXAMPLES = re.findall(r"```\nGET (\S+)\n```\n```json\n(.*?)```", PAGE, re.S)
COMMANDS = re.findall(r"```sh\n(.*?)```", PAGE, re.S)
[PROGRAM] = re.findall(r"```python\n(.*?)```", PAGE, re.S)


def _path(address: str) -> str:
    return address.removeprefix("http://127.0.0.1:8000")


def test_the_examples(register):
    assert len(EXAMPLES) == PAGE.count("\nGET /") >= 2
    for address, excerpt in EXAMPLES:
        answer = Client().get(address).json()
        assert holds(answer, json.loads(excerpt)), answer


def test_the_commands(register):
    answers = []
    for command in COMMANDS:
        [name, address, option, field] = shlex.split(command.replace("\\\n", " "))
        assert (name, option) == ("curl", "--data-urlencode")
        parameter, _, value = field.partition("=")
        body = f"{parameter}={quote(value)}"
        answers.append(Client().post(_path(address), body, content_type="application/x-www-form-urlencoded").json())
    batch, extension = answers
    assert [(one["result"][0]["id"], one["result"][0]["match"]) for one in batch.values()] == [
        ("stoltenberg", True),
        ("germany", True),
    ]
    assert extension["rows"]["aid-40bn"] == {
        "amount": [{"str": "40000000000"}],
        "currency": [{"str": "EUR"}],
        "beneficiary": [{"id": "ukraine", "name": "Ukraine"}],
    }


def test_the_program(register, monkeypatch, capsys):
    def urlopen(request):
        response = Client().post(_path(request.full_url), request.data, content_type=request.get_header("Content-type"))
        assert response.status_code == 200
        return io.BytesIO(response.content)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    exec(PROGRAM, {})
    assert capsys.readouterr().out == "Germany True\n"


def test_how_often_the_right_one_comes_first_is_printed(register, tmp_path, capsys):
    pairs = tmp_path / "pairs.csv"
    rows = [
        "Person,Bo Lund,Bo Lunde,true",
        "Person,Бо Лунде,Bo Lunde,true",
        "Other,Zyx,Gull Works,true",
        "Other,Gull,Gulls,false",
    ]
    pairs.write_text("\n".join(["schema,name1,name2,is_match", *rows]))
    popolo = tmp_path / "popolo.json"
    persons = [{"name": "Joe Bellridge", "other_names": [{"name": "Джо Беллрідж"}]}, {"name": "Joe Bell"}]
    popolo.write_text(json.dumps({"persons": persons}))
    before = Edition.objects.count()
    reconciliation_quality.main([str(pairs), str(popolo), "--misses"])
    assert capsys.readouterr().out.splitlines() == [
        "all                      4 names, recall at 1 0.750, at 5 0.750; 3 matches, 0 wrong",
        "across scripts           2 names, recall at 1 1.000, at 5 1.000; 2 matches, 0 wrong",
        "Cyrillic                 2 names, recall at 1 1.000, at 5 1.000; 2 matches, 0 wrong",
        "Cyrillic with Дж         1 names, recall at 1 1.000, at 5 1.000; 1 matches, 0 wrong",
        "Zyx | Gull Works | found: nothing",
    ]
    assert Edition.objects.count() == before
