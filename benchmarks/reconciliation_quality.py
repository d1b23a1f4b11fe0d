"""python -m benchmarks.reconciliation_quality FILE ...: recall of the reconciliation service at the first and fifth candidate."""

import csv
import json
import sys
import unicodedata
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

import benchmarks.django_setup  # noqa: F401
from nato_support.api.reconciliation import candidate_scoring
from nato_support.api.reconciliation.candidate_scoring import MatchCandidate
from nato_support.api.reconciliation.query_batches import MAX_BATCH, QueryCondition, ReconciliationQuery
from nato_support.publishing import releases
from nato_support.publishing.models import EditionCause, ReleaseOperation
from nato_support.publishing.rendering import Rendering

CANDIDATES = 5
"""Candidates asked for."""
_PERSON, _OTHER = "person", "organisation"


class ReconciliationPair(NamedTuple):
    """A name as written somewhere, and the name of the entity that should be found."""

    query: str
    expected: str
    kind: str


def main(arguments: Sequence[str] | None = None) -> None:
    """Print recall for all names and for groups of them, and how many matches are wrong.

    Every `name2` and every person of the files becomes an invented entity beside those of the register, in a transaction that is
    rolled back.
    """
    parser = ArgumentParser(
        prog="python -m benchmarks.reconciliation_quality",
        description="Measures how often reconciliation finds the right entity. Writes, and rolls back: use a copy.",
    )
    columns = "schema (Person or another), name1 (the query), name2 (the expected entity), is_match"
    files = f"CSV files with the columns {columns}, and Popolo files (.json), whose other names are the queries."
    parser.add_argument("files", type=Path, nargs="+", help=files)
    parser.add_argument("--misses", action="store_true", help="List each name whose entity did not come first.")
    options = parser.parse_args(arguments)
    labelled = [pair for path in options.files for pair in _read_labelled_pairs(path)]
    candidates = {pair.expected.casefold() for pair, _ in labelled}
    # A query that equals a candidate's name letter by letter measures nothing.
    pairs = list(
        dict.fromkeys(pair for pair, is_match in labelled if is_match and pair.query and pair.query.casefold() not in candidates)
    )
    if not pairs:
        sys.exit(f"{', '.join(map(str, options.files))}: no true pairs")
    with transaction.atomic():
        _publish_invented_entities(sorted({(pair.expected, pair.kind) for pair, _ in labelled}))
        batches = (pairs[start : start + MAX_BATCH] for start in range(0, len(pairs), MAX_BATCH))
        found = dict(zip(pairs, chain.from_iterable(map(_find_candidates, batches)), strict=True))
        transaction.set_rollback(True)
    same_entity = _canonical_names([pair for pair, is_match in labelled if is_match and pair.query])
    is_right = {
        pair: [
            same_entity.get(name, name) == same_entity[pair.expected.casefold()]
            for name in (candidate.record.name.casefold() for candidate in candidates)
        ]
        for pair, candidates in found.items()
    }
    for group, pairs_of_group in _group_pairs(pairs).items():
        first, among_all = (sum(any(is_right[pair][:limit]) for pair in pairs_of_group) for limit in (1, CANDIDATES))
        matched = [pair for pair in pairs_of_group if found[pair] and found[pair][0].match]
        size, wrong = max(1, len(pairs_of_group)), sum(not is_right[pair][0] for pair in matched)
        print(
            f"{group:<20}{len(pairs_of_group):>6} names, recall at 1 {first / size:.3f}, at {CANDIDATES} {among_all / size:.3f};"
            f" {len(matched)} matches, {wrong} wrong"
        )
    for pair in pairs if options.misses else ():
        if not any(is_right[pair][:1]):
            print(f"{pair.query} | {pair.expected} | found: {found[pair][0].record.name if found[pair] else 'nothing'}")


def _read_labelled_pairs(path: Path) -> list[tuple[ReconciliationPair, bool]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            if path.suffix == ".json":
                return [(pair, True) for person in json.load(file)["persons"] for pair in _pairs_of_person(person)]
            return [(_pair_from_row(row), row.get("is_match", "true").lower() == "true") for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError) as error:
        sys.exit(f"{path}: {error}")


def _pair_from_row(row: dict[str, str]) -> ReconciliationPair:
    return ReconciliationPair(row["name1"], row["name2"][:700], _PERSON if row.get("schema", "") == "Person" else _OTHER)


def _pairs_of_person(person: dict) -> list[ReconciliationPair]:
    """Return a pair for each other name of a person of a Popolo file, and one without a query for the person itself."""
    other_names = [other_name["name"] for other_name in person.get("other_names", ())]
    return [ReconciliationPair(name, person["name"], _PERSON) for name in ("", *other_names)]


def _group_pairs(pairs: list[ReconciliationPair]) -> dict[str, list[ReconciliationPair]]:
    cyrillic = [pair for pair in pairs if _main_script(pair.query) == "CYRILLIC"]
    return {
        "all": pairs,
        "across scripts": [pair for pair in pairs if _main_script(pair.query) != _main_script(pair.expected)],
        "Cyrillic": cyrillic,
        "Cyrillic with Дж": [pair for pair in cyrillic if "дж" in pair.query.casefold()],
    }


def _canonical_names(pairs: list[ReconciliationPair]) -> dict[str, str]:
    """Map each name to the representative of all names that true pairs link to it: most entities occur under several."""
    canonical: dict[str, str] = {}
    for pair in pairs:
        first, second = (canonical.setdefault(name.casefold(), name.casefold()) for name in (pair.query, pair.expected))
        for name, current in canonical.items() if first != second else ():
            if current == second:
                canonical[name] = first
    return canonical


def _find_candidates(pairs: list[ReconciliationPair]) -> list[list[MatchCandidate]]:
    """Return the best candidates for each pair."""
    queries = [
        ReconciliationQuery((QueryCondition("name", (pair.query,)),), (pair.kind,), "should", CANDIDATES) for pair in pairs
    ]
    return candidate_scoring.find_and_score_candidates(queries)


def _main_script(name: str) -> str:
    """Return the script of most letters of `name`: the first word of their Unicode names."""
    scripts = Counter(unicodedata.name(letter, "?").split()[0] for letter in name if letter.isalpha())
    return scripts.most_common(1)[0][0] if scripts else ""


def _publish_invented_entities(names_and_kinds: list[tuple[str, str]]) -> None:
    release = releases.open_release(ReleaseOperation.LOAD)
    renderings = [
        Rendering(kind, f"invented-name-{number}", _invented_document(kind, f"invented-name-{number}", name, release.number), {})
        for number, (name, kind) in enumerate(names_and_kinds)
    ]
    releases.store_and_index_editions(
        release, [(rendering, releases.edition_row(rendering, EditionCause.CONTENT)) for rendering in renderings], {}
    )
    releases.close_release(release)


def _invented_document(kind: str, slug: str, name: str, release: int) -> dict:
    empty = dict.fromkeys(
        ("summary", "country", "nationality", "family_name", "start", "end", "founded", "dissolved", "locality", "died", "born")
    )
    return empty | {"kind": kind, "slug": slug, "name": name, "type": "other", "edition": 1, "release": release}


if __name__ == "__main__":
    main()
