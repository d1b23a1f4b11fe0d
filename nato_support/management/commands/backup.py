from pathlib import Path

from django.core.management import BaseCommand, CommandError

from nato_support.backups import BackupError, back_up


class Command(BaseCommand):
    help = "Writes the whole database to a file, as of one moment, while editors and readers go on."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="Where to; its folder must exist.")
        parser.add_argument("--force", action="store_true", help="Replace the file if it is there.")

    def handle(self, *, file: Path, force: bool, **options):
        try:
            size = back_up(file, force)
        except BackupError as error:
            raise CommandError(f"{error} Nothing was written.") from None
        if options["verbosity"]:
            self.stdout.write(f"{file}: {size:,} bytes, checked. Keep the secret key beside it: without it all sign in anew.")
