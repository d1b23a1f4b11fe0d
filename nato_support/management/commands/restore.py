"""Restore the database from a backup."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError

from nato_support.backups import BackupError, restore


class Command(BaseCommand):
    help = "Restores the database from a backup. An existing register is replaced only with --force, and one in use never."
    # The database may be empty, damaged or of another version.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="A file that `backup` wrote.")
        parser.add_argument("--force", action="store_true", help="Replace the existing register.")

    def handle(self, *, file: Path, force: bool, **options):
        try:
            kept = restore(file, force)
        except BackupError as error:
            raise CommandError(f"{error} Nothing was restored.") from None
        if options["verbosity"]:
            self.stdout.write(f"Restored from {file}." + (f" The previous database is kept as {kept}." if kept else ""))
            self.stdout.write("Now run migrate (the backup may be of an older version), check_data, and start the server.")
