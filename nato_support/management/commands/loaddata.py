"""Override Django's loaddata so that fixtures of the register leave a complete register or nothing."""

import contextlib
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, transaction
from tqdm import tqdm

from nato_support.db.disk_full_errors import is_disk_full
from nato_support.exchange import fixtures
from nato_support.publishing.loaded_rows_publication import IncompleteRegister, check_and_publish_loaded_rows

_FAILURES = (DeserializationError, DatabaseError, ObjectDoesNotExist, ValidationError, TypeError, ValueError, OSError)
_READABLE = (".yaml", ".yml", ".json")


def _primary_key_problem(row: Any) -> str:
    """Return the problem of a row whose primary key in the fixture is not that of its natural key; '' if there is none."""
    model = type(row)
    if row.pk is None or model not in fixtures.CURATED_MODELS or model._meta.pk.is_relation:
        return ""
    key = row.natural_key()
    try:
        known_key = model._default_manager.get_by_natural_key(*key).pk
    except ObjectDoesNotExist:
        known_key = None
    if row.pk == known_key:
        return ""
    fields = ", ".join(fixtures.natural_key_fields(model))
    return f"{model._meta.model_name} {' '.join(filter(None, key))}: has a primary key. Take it out: {fields} are its natural key"


class Command(loaddata.Command):
    help = f"{loaddata.Command.help} Fixtures of the register are checked and published as a whole, or not at all."

    def handle(self, *fixture_labels, **options):
        self.quiet = options["verbosity"] == 0 or not self.stdout.isatty()
        self.rows = None
        self.fixture_labels = fixture_labels
        try:
            # Django checks foreign keys at the end of its own part, which must happen within this transaction.
            with transaction.atomic(using=options["database"]):
                with self.progress_bar("loading", 0) as self.rows:
                    super().handle(*fixture_labels, **options)
                if not self.models.isdisjoint(fixtures.CURATED_MODELS):
                    check_and_publish_loaded_rows(self.progress_bar, note="")
        except IncompleteRegister as incomplete:
            raise CommandError(
                self._problem_report(fixtures.locate_problems(incomplete.problems, self._fixture_paths()))
            ) from None
        except fixtures.MalformedFixture as error:
            raise CommandError(self._problem_report([str(error)])) from None
        except _FAILURES as error:
            try:
                problems = (
                    []
                    if is_disk_full(error) or not self._loads_register_models()
                    else fixtures.diagnose_fixtures(self._fixture_paths())
                )
            except (DatabaseError, OSError) as second_error:
                error, problems = second_error, []
            if is_disk_full(error):
                raise CommandError("Nothing was loaded: the disk is full. Free some space and load again.") from None
            if not problems:
                raise
            raise CommandError(self._problem_report(problems)) from error

    def load_label(self, fixture_label):
        for name, _, _ in self.find_fixtures(fixture_label):
            if Path(name).suffix in _READABLE:
                self._refuse_primary_keys(Path(name))
        super().load_label(fixture_label)

    def _refuse_primary_keys(self, path: Path) -> None:
        try:
            problems = fixtures.primary_key_errors(fixtures.read_fixtures([path]))
        except fixtures.TooDeep:
            raise
        except fixtures.MalformedFixture:
            # Django may know what it is; if not, it is diagnosed then.
            return
        if problems:
            raise IncompleteRegister(problems)

    def save_obj(self, obj):
        self.rows.update(1)
        if problem := _primary_key_problem(obj.object):
            raise IncompleteRegister([problem])
        # A raw row of a kind does not hold its base's columns: its history begins when all is loaded.
        obj.object.skip_history_when_saving = True
        return super().save_obj(obj)

    def progress_bar(self, label: str, total: int) -> tqdm:
        return tqdm(desc=f"{label:18}", total=total or None, unit=" rows", disable=self.quiet)

    def _fixture_paths(self) -> list[Path]:
        paths = []
        for label in self.fixture_labels:
            with contextlib.suppress(CommandError):
                paths += [Path(path) for path, _, _ in self.find_fixtures(label)]
        return paths

    def _loads_register_models(self) -> bool:
        try:
            return any(entry.model in fixtures.CURATED_MODELS for entry in fixtures.read_fixtures(self._fixture_paths()))
        except fixtures.MalformedFixture:
            return True

    def _problem_report(self, problems: list[str]) -> str:
        shown = problems[:50]
        remainder = [f"... and {len(problems) - len(shown)} more"] if len(problems) > len(shown) else []
        names = {path.stem for path in self._fixture_paths()}
        missing_files = [f"{name}.yaml" for name in fixtures.FIXTURE_MODELS if name not in names]
        hint = (
            [f"Not named in this call: {', '.join(missing_files)}. A register loads as a whole."]
            if names & set(fixtures.FIXTURE_MODELS) and missing_files
            else []
        )
        return "\n".join([f"Nothing was loaded. {len(problems)} problem(s):", *shown, *remainder, *hint])
