"""Rebuild the full-text index."""

from django.core.management import BaseCommand
from django.db import transaction

from nato_support.publishing import releases, search_index


class Command(BaseCommand):
    help = "Rebuilds the words by which full text finds live records. Needed when check_data reports stale ones."

    def handle(self, **options):
        with transaction.atomic():
            releases.lock_releases()
            count = search_index.rebuild_search_index()
        self.stdout.write(f"{count} live records.")
