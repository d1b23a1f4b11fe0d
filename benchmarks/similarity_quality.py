from pathlib import Path

from django.core.management import BaseCommand, CommandError

from benchmarks.name_similarity import best_threshold_score, group_name_pairs, read_labelled_name_pairs, score_at_threshold
from entities.likeness.names import SAME_NAME_SIMILARITY


class Command(BaseCommand):
    help = (
        "Prints how well names are told alike on labelled pairs of a CSV file with the columns schema (Person or another), name1,"
        " name2, is_match (true or false) and category. Reads and writes no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="The CSV file.")
        parser.add_argument(
            "--misses", action="store_true", help="List each pair that is told wrongly at the register's threshold."
        )

    def handle(self, *, file: Path, misses: bool, **options):
        try:
            pairs = read_labelled_name_pairs(file)
        except (OSError, ValueError) as fault:
            raise CommandError(str(fault)) from fault
        if not pairs:
            raise CommandError(f"{file} holds no pairs")
        best_of = f"{'':<26}{'pairs':>6}{'best F1':>9}{'precision':>11}{'recall':>8}{'from':>6}"
        self.stdout.write(f"{best_of} | F1 from {SAME_NAME_SIMILARITY}{'precision':>11}{'recall':>8}")
        for group, of in group_name_pairs(pairs).items():
            best, at = best_threshold_score(of), score_at_threshold(of, SAME_NAME_SIMILARITY)
            self.stdout.write(
                f"{group:<26}{best.pairs:>6}{best.f1:>9.3f}{best.precision:>11.3f}{best.recall:>8.3f}{best.threshold:>6.2f}"
                f" | {at.f1:>12.3f}{at.precision:>11.3f}{at.recall:>8.3f}"
            )
        for pair in sorted(pairs, key=lambda pair: pair.likeness) if misses else ():
            if pair.same != (pair.likeness >= SAME_NAME_SIMILARITY):
                self.stdout.write(f"{pair.likeness:.2f} {'missed' if pair.same else 'taken for one'}: {' | '.join(pair.names)}")
