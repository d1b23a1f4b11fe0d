"""python -m benchmarks.reconciliation_quality FILE: recall of the reconciliation service at the first candidate."""

import csv
import sys
import unicodedata
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

import benchmarks.django_setup  # noqa: F401
from nato_support.api.reconciliation import candidate_scoring
from nato_support.api.reconciliation.query_batches import MAX_BATCH, QueryCondition, ReconciliationQuery
from nato_support.publishing import releases
from nato_support.publishing.models import EditionCause, ReleaseOperation
from nato_support.publishing.rendering import Rendering

_PERSON, _OTHER = "person", "organisation"


class ReconciliationPair(NamedTuple):
    """A name as written somewhere, and the name of the entity that should be found."""

    query: str
    expected: str
    kind: str


def main(arguments: Sequence[str] | None = None) -> None:
    """Print recall at 1, over all names and over those written in another script than the entity's own.

    Every `name2` of the file becomes an invented entity beside those of the register, in a transaction that is rolled back.
    """
    parser = ArgumentParser(
        prog="python -m benchmarks.reconciliation_quality",
        description="Measures how often reconciliation puts the right entity first. Writes, and rolls back: use a copy.",
    )
    columns = "schema (Person or another), name1 (the query), name2 (the expected entity), is_match"
    parser.add_argument("file", type=Path, help=f"CSV file with the columns {columns}.")
    parser.add_argument("--misses", action="store_true", help="List each name whose entity did not come first.")
    options = parser.parse_args(arguments)
    labelled = _read_labelled_pairs(options.file)
    candidates = {pair.expected.casefold() for pair, _ in labelled}
    # A query that equals a candidate's name letter by letter measures nothing.
    pairs = [pair for pair, is_match in labelled if is_match and pair.query.casefold() not in candidates]
    if not pairs:
        sys.exit(f"{options.file} contains no true pairs")
    with transaction.atomic():
        _publish_invented_entities(sorted({(pair.expected, pair.kind) for pair, _ in labelled}))
        batches = (pairs[start : start + MAX_BATCH] for start in range(0, len(pairs), MAX_BATCH))
        names_found = [name for batch in batches for name in _names_of_best_candidates(batch)]
        transaction.set_rollback(True)
    same_entity = _canonical_names([pair for pair, is_match in labelled if is_match])
    found_by_pair = dict(zip(pairs, names_found, strict=True))
    is_right = {
        pair: same_entity.get(name.casefold(), name) == same_entity[pair.expected.casefold()]
        for pair, name in found_by_pair.items()
    }
    across_scripts = [pair for pair in pairs if _main_script(pair.query) != _main_script(pair.expected)]
    for group, pairs_of_group in {"all": pairs, "across scripts": across_scripts}.items():
        recall = sum(is_right[pair] for pair in pairs_of_group) / max(1, len(pairs_of_group))
        print(f"{group:<16}{len(pairs_of_group):>6} names, recall at 1 {recall:.3f}")
    for pair in pairs if options.misses else ():
        if not is_right[pair]:
            print(f"{pair.query} | {pair.expected} | found: {found_by_pair[pair] or 'nothing'}")


def _read_labelled_pairs(path: Path) -> list[tuple[ReconciliationPair, bool]]:
    try:
        with path.open(newline="") as file:
            return [(_pair_from_row(row), row.get("is_match", "true").lower() == "true") for row in csv.DictReader(file)]
    except (OSError, KeyError, UnicodeDecodeError) as error:
        sys.exit(f"{path}: {error}")


def _pair_from_row(row: dict[str, str]) -> ReconciliationPair:
    return ReconciliationPair(row["name1"], row["name2"][:700], _PERSON if row.get("schema", "") == "Person" else _OTHER)


def _canonical_names(pairs: list[ReconciliationPair]) -> dict[str, str]:
    """Map each name to the representative of all names that true pairs link to it: most entities occur under several."""
    canonical: dict[str, str] = {}
    for pair in pairs:
        first, second = (canonical.setdefault(name.casefold(), name.casefold()) for name in (pair.query, pair.expected))
        for name, current in canonical.items() if first != second else ():
            if current == second:
                canonical[name] = first
    return canonical


def _names_of_best_candidates(pairs: list[ReconciliationPair]) -> list[str]:
    """Return the name of the best candidate for each pair, or '' where there is none."""
    queries = [ReconciliationQuery((QueryCondition("name", (pair.query,)),), (pair.kind,), "should", 1) for pair in pairs]
    return [
        candidates[0].record.name if candidates else "" for candidates in candidate_scoring.find_and_score_candidates(queries)
    ]


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
