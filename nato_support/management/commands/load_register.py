"""Load the register from fixtures into an empty database."""

from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from entities.models import Entity
from nato_support.exchange.fixtures import FIXTURE_MODELS
from nato_support.publishing.models.public_tables import Release
from sources.models import SourceDocument


class Command(BaseCommand):
    help = "Loads a folder of fixtures into an empty database: the whole register, checked and published, or nothing."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures", help="Default: fixtures/.")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Load over a register that is in use: records that the fixtures name get the fixtures' values.",
        )

    def handle(self, *, folder: Path, overwrite: bool, **options):
        if not overwrite and (Entity.objects.exists() or SourceDocument.objects.exists() or Release.objects.exists()):
            raise CommandError(
                "This database holds a register already; loading would overwrite what its editors changed. Nothing was loaded. "
                "Load into an empty database, or use --overwrite if the fixtures' values are to win."
            )
        paths = [folder / f"{name}.yaml" for name in FIXTURE_MODELS]
        missing_files = [path.name for path in paths if not path.is_file()]
        if missing_files:
            raise CommandError(f"{folder} lacks {', '.join(missing_files)}. Nothing was loaded.")
        # Django warns of files without records; a register may well have no facility yet.
        filled = [str(path) for path in paths if path.read_text(encoding="utf-8").strip() not in ("", "[]")]
        call_command("loaddata", *filled, verbosity=options["verbosity"], stdout=self.stdout)
        try:
            call_command("snapshot", verbosity=options["verbosity"], stdout=self.stdout)
        except CommandError as error:
            # The register is complete without.
            self.stderr.write(str(error))
