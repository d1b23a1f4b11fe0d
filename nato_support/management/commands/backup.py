"""Back up the database while it is in use."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError

from nato_support.backups import BackupError, back_up


class Command(BaseCommand):
    help = "Writes the whole database, as of one moment, to a file while it is in use."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="File to write; its folder must exist.")
        parser.add_argument("--force", action="store_true", help="Replace an existing file.")

    def handle(self, *, file: Path, force: bool, **options):
        try:
            size = back_up(file, force)
        except BackupError as error:
            raise CommandError(f"{error} Nothing was written.") from None
        if options["verbosity"]:
            self.stdout.write(
                f"{file}: {size:,} bytes, checked. Keep the secret key with it: without the key everybody has to sign in again."
            )
