"""python -m benchmarks.similarity_quality FILE: precision, recall and F1 of name similarity on labelled pairs of names."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from benchmarks.name_pair_scores import (
    LabelledNamePair,
    best_threshold_score,
    group_name_pairs,
    read_labelled_name_pairs,
    score_at_threshold,
)
from entities.likeness.names import SAME_NAME_SIMILARITY


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a row of scores for each group of pairs. Reads and writes no database."""
    parser = ArgumentParser(
        prog="python -m benchmarks.similarity_quality",
        description="Measures how well similarity separates pairs of names that mean the same from those that do not.",
    )
    columns = "schema (Person or another), name1, name2, is_match (true or false), category"
    parser.add_argument("file", type=Path, help=f"CSV file with the columns {columns}.")
    parser.add_argument("--misses", action="store_true", help="List each pair classified wrongly at the register's threshold.")
    options = parser.parse_args(arguments)
    try:
        pairs = read_labelled_name_pairs(options.file)
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    if not pairs:
        sys.exit(f"{options.file} contains no pairs")
    _print_scores(pairs)
    if options.misses:
        _print_misses(pairs)


def _print_scores(pairs: list[LabelledNamePair]) -> None:
    best_columns = f"{'':<26}{'pairs':>6}{'best F1':>9}{'precision':>11}{'recall':>8}{'from':>6}"
    print(f"{best_columns} | F1 from {SAME_NAME_SIMILARITY}{'precision':>11}{'recall':>8}")
    for group, pairs_of_group in group_name_pairs(pairs).items():
        best = best_threshold_score(pairs_of_group)
        chosen = score_at_threshold(pairs_of_group, SAME_NAME_SIMILARITY)
        print(
            f"{group:<26}{best.pairs:>6}{best.f1:>9.3f}{best.precision:>11.3f}{best.recall:>8.3f}{best.threshold:>6.2f}"
            f" | {chosen.f1:>12.3f}{chosen.precision:>11.3f}{chosen.recall:>8.3f}"
        )


def _print_misses(pairs: list[LabelledNamePair]) -> None:
    for pair in sorted(pairs, key=lambda pair: pair.similarity):
        if pair.same != (pair.similarity >= SAME_NAME_SIMILARITY):
            print(f"{pair.similarity:.2f} {'missed' if pair.same else 'wrongly matched'}: {' | '.join(pair.names)}")


if __name__ == "__main__":
    main()
