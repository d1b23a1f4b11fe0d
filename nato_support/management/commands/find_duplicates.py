"""Find likely duplicates for the queue."""

from django.core.management import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from entities.likeness.duplicate_finder import find_and_store_duplicates, refresh_duplicates
from entities.likeness.duplicate_queue import entities_changed_since_comparison, open_candidates

MAX_SINGLE_LOOKUPS = 500
"""Number of changed records beyond which comparing everything is quicker than looking them up one by one."""


class Command(BaseCommand):
    help = (
        "Finds entities that are likely the same, across scripts and spellings, and adds them to the queue of likely"
        " duplicates. Editors' answers are kept. Changes no record."
    )

    def add_arguments(self, parser):
        parser.add_argument("--since-last", action="store_true", help="Only records saved since duplicates were last found.")

    def handle(self, *, since_last: bool, verbosity: int, **options):
        def progress_bar(steps, title, total):
            return tqdm(steps, desc=title, total=total or None, disable=None if verbosity else True, leave=False)

        started = timezone.now()
        changed = list(entities_changed_since_comparison()[: MAX_SINGLE_LOOKUPS + 1]) if since_last else []
        if since_last and len(changed) <= MAX_SINGLE_LOOKUPS:
            likely_count = refresh_duplicates(changed)
            scope = f"{len(changed)} changed record(s)"
        else:
            likely_count = find_and_store_duplicates(progress_bar)
            scope = "all entities"
        if verbosity:
            seconds = (timezone.now() - started).total_seconds()
            waiting = open_candidates().count()
            self.stdout.write(f"Looked through {scope} in {seconds:.1f} s: {likely_count} likely pair(s), {waiting} to answer.")
