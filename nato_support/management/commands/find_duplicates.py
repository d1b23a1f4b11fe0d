from django.core.management import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from entities.likeness.duplicate_finder import find_likenesses, refresh_likenesses
from entities.likeness.duplicate_queue import entities_changed_since_comparison, open_likenesses

MAX_SINGLE_LOOKUPS = 500
"""Up to so many changed records are looked up one by one; comparing all anew is quicker beyond."""


class Command(BaseCommand):
    help = (
        "Looks for entities that are likely the same, across scripts and spellings, and writes them down for the queue of"
        " likely duplicates. What editors answered stays. Changes no record."
    )

    def add_arguments(self, parser):
        parser.add_argument("--since-last", action="store_true", help="Only records saved since duplicates were last found.")

    def handle(self, *, since_last: bool, verbosity: int, **options):
        def bar(steps, title, total):
            return tqdm(steps, desc=title, total=total or None, disable=None if verbosity else True, leave=False)

        started = timezone.now()
        changed = list(entities_changed_since_comparison()[: MAX_SINGLE_LOOKUPS + 1]) if since_last else []
        if since_last and len(changed) <= MAX_SINGLE_LOOKUPS:
            found = refresh_likenesses(changed)
            looked_through = f"{len(changed)} changed record(s)"
        else:
            found = find_likenesses(bar)
            looked_through = "all entities"
        if verbosity:
            seconds = (timezone.now() - started).total_seconds()
            waiting = open_likenesses().count()
            self.stdout.write(f"Looked through {looked_through} in {seconds:.1f} s: {found} likely pair(s), {waiting} to answer.")
