"""Export the working copy as fixtures."""

from pathlib import Path

from django.core.management import BaseCommand

from nato_support.exchange.fixtures import export_fixtures


class Command(BaseCommand):
    help = "Writes the working copy as fixtures into a folder; equal contents give equal bytes."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options):
        for path in export_fixtures(folder):
            self.stdout.write(str(path))
