"""Rebuild the index of the documents' texts."""

from django.core.management import BaseCommand
from django.db import connection

from nato_support.db.text_index import rebuild_text_index


class Command(BaseCommand):
    help = "Rebuilds the index by which editors search the texts of documents. Needed when check_data reports it out of step."

    def handle(self, **options):
        self.stdout.write(f"{rebuild_text_index(connection)} texts.")
