"""Copy another register's public content and keep the copy up to date."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from entities.models import Entity
from nato_support.exchange.mirror import snapshot_loading
from nato_support.exchange.mirror.register_client import DamagedData, RegisterClient, SourceProblem, SourceUnreachable
from nato_support.exchange.mirror.release_replication import Diverged, copy_new_releases
from nato_support.exchange.models import Mirror
from nato_support.publishing.models.public_tables import Release
from sources.models import SourceDocument

NOT_UNDERSTOOD = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
START_OVER_HINT = "With --start-over it is copied again from the start; until that is complete, readers see the present copy."


class Command(BaseCommand):
    help = "Copies another register's public content into this database over its API, and keeps it up to date."

    def add_arguments(self, parser):
        parser.add_argument("url", help="Address of the register: https://register.example.org")
        frequency = parser.add_mutually_exclusive_group()
        frequency.add_argument("--once", action="store_true", help="Catch up and stop. This is the default.")
        frequency.add_argument(
            "--every", type=float, metavar="SECONDS", help="Keep running, and check for new releases at this interval."
        )
        parser.add_argument("--start-over", action="store_true", help="Copy everything again and replace the present copy.")

    def handle(self, *, url: str, every: float | None, start_over: bool, **options):
        self.quiet = options["verbosity"] == 0
        try:
            source = RegisterClient(url)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if every is not None and every < 1:
            raise CommandError("--every takes 1 second or more.")
        try:
            mirror = self._find_or_start_mirror(source, start_over)
            while True:
                self._copy_new_releases(source, mirror)
                if every is None:
                    return
                time.sleep(every)
        except Diverged as diverged:
            raise CommandError(f"{diverged} {START_OVER_HINT}") from None
        except DatabaseError as error:
            raise CommandError(f"The database refused the copied data: {error}") from error
        except (DamagedData, SourceProblem, SourceUnreachable, *NOT_UNDERSTOOD) as error:
            raise CommandError(f"{self._error_message(error)} Nothing incomplete is shown; run it again to continue.") from None

    def _error_message(self, error: Exception) -> str:
        if isinstance(error, NOT_UNDERSTOOD):
            return f"The source sent an answer that is not supported here ({error!r})."
        return str(error)

    def _find_or_start_mirror(self, source: RegisterClient, start_over: bool) -> Mirror:
        mirror = Mirror.objects.first()
        if mirror is None:
            if Release.objects.exists() or Entity.objects.exists() or SourceDocument.objects.exists():
                raise CommandError("This database holds a register of its own. A mirror needs an empty database.")
        elif not start_over:
            newest = Release.objects.order_by("-number").values_list("number", flat=True).first() or 0
            if newest != mirror.through:
                raise Diverged(f"This database has a release of its own: {newest}, after release {mirror.through}.")
            Mirror.objects.filter(pk=mirror.pk).update(source=source.root)
            return mirror
        mirror = snapshot_loading.start_mirror(source, Path(settings.STATE_DIR) / "mirror", self._progress_bar)
        self._print_line(f"Started from snapshot {mirror.begins}." if mirror.begins else "Started from the first change.")
        return mirror

    def _copy_new_releases(self, source: RegisterClient, mirror: Mirror) -> None:
        first_release = mirror.through
        with self._progress_bar("changes", 0) as progress:

            def report_progress(release: int, newest: int) -> None:
                progress.total = newest - first_release
                progress.update(1)

            copy_new_releases(source, mirror, report_progress)
        if mirror.through > first_release or not first_release:
            self._print_line(f"Up to date through release {mirror.through}.")

    def _progress_bar(self, label: str, total: int) -> tqdm:
        return tqdm(desc=f"{label:18}", total=total or None, disable=self.quiet or not self.stdout.isatty())

    def _print_line(self, text: str) -> None:
        if not self.quiet:
            self.stdout.write(text)
            self.stdout.flush()
