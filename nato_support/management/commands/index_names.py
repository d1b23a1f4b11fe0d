"""Rebuild the index of names."""

from django.core.management import BaseCommand
from django.db import transaction

from nato_support.publishing import name_index, releases
from nato_support.publishing.models.public_tables import NameKey


class Command(BaseCommand):
    help = "Rebuilds the index by which live records are found by name. Needed when check_data reports stale keys."

    def handle(self, **options):
        with transaction.atomic():
            releases.lock_releases()
            name_index.rebuild_name_index()
        self.stdout.write(f"{NameKey.objects.count()} keys of live records.")
