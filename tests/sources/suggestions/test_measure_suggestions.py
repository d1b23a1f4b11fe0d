"""The rules are measured on texts that readers have marked; texts that are not there are named, not guessed."""

import json

import pytest

from benchmarks import suggestion_quality
from sources.fingerprint import text_hash

pytestmark = pytest.mark.django_db

TEXT = "“We pledge forty kites,” said Tam Reed. “They will fly at dawn,” said Una Lee. The film “Kites of Arcadia” opened.\n"


def test_what_is_not_there_is_left_out_with_a_reason(tmp_path, capsys):
    suggestion_quality.main(["--texts", str(tmp_path)])
    assert "left out" in capsys.readouterr().out


def test_found_missed_and_wrong_are_counted(tmp_path, monkeypatch, capsys):
    (tmp_path / "kites.txt").write_text(TEXT)
    start = TEXT.index("They")
    quotes = [[1, 23, "speech", "Tam Reed"], [start, start + 22, "speech", "Ada Fell"], [0, 0, "scare", ""]]
    quotes.append([TEXT.index("opened"), len(TEXT) - 1, "fragment", "Tam Reed"])
    gold = {"documents": {text_hash(TEXT): {"part": "texts", "quotes": quotes, "turns": []}}}
    (tmp_path / "gold.json").write_text(json.dumps(gold))
    monkeypatch.setattr(suggestion_quality, "GOLD", tmp_path / "gold.json")
    suggestion_quality.main(["--texts", str(tmp_path), "--misses"])
    printed = capsys.readouterr().out
    [row] = [line.split() for line in printed.splitlines() if line.startswith("quotations")]
    assert row[-8:] == ["3", "2", "1.00", "0.67", "0.50", "of", "2", "(speaker)"]
    assert "missed" in printed and "'They will fly at dawn' ('Ada Fell',)" in printed
