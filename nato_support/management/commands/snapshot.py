"""Write a public snapshot."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from nato_support.publishing import register_snapshot_files


class Command(BaseCommand):
    help = "Writes the public register into EXPORTS_DIR, served at exports/, for mirrors to start from. Deletes old snapshots."

    def add_arguments(self, parser):
        parser.add_argument("--keep", type=int, default=3, help="Number of snapshots to keep, including this one. Default: 3.")

    def handle(self, *, keep: int, **options):
        if keep < 1:
            raise CommandError("--keep takes 1 or more.")
        quiet = options["verbosity"] == 0 or not self.stdout.isatty()
        try:
            with tqdm(desc="snapshot", unit=" records", disable=quiet) as progress_bar:
                result = register_snapshot_files.write_register_snapshot(
                    settings.EXPORTS_DIR, keep=keep, progress=progress_bar.update
                )
        except register_snapshot_files.StateHashMismatch as unsound:
            raise CommandError(str(unsound)) from None
        except OSError as error:
            raise CommandError(f"No snapshot could be written to {settings.EXPORTS_DIR}: {error}") from None
        if options["verbosity"] == 0:
            return
        if result is None:
            self.stdout.write("Nothing has been published yet: there is nothing to write.")
            return
        manifest, is_new = result
        size = sum(file["bytes"] for file in manifest["files"])
        size_and_place = f"{size:,} bytes in {settings.EXPORTS_DIR / str(manifest['release'])}"
        self.stdout.write(
            f"Snapshot {manifest['release']}: {size_and_place}" if is_new else f"Snapshot {manifest['release']} is up to date."
        )
