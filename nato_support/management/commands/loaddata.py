"""Django's loaddata, which for fixtures of the register leaves a complete register or nothing."""

import contextlib
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, transaction
from tqdm import tqdm

from nato_support.db.failures import is_disk_full
from nato_support.exchange import fixtures
from nato_support.publishing.load_completion import IncompleteRegister, complete_load

_FAILURES = (DeserializationError, DatabaseError, ObjectDoesNotExist, ValidationError, TypeError, ValueError, OSError)
_READABLE = (".yaml", ".yml", ".json")


def _foreign_key_of(row: Any) -> str:
    """What is wrong with a row of the register that came with a primary key other than its natural key's; '' if nothing is."""
    model = type(row)
    if row.pk is None or model not in fixtures.CURATED_MODELS or model._meta.pk.is_relation:
        return ""
    key = row.natural_key()
    try:
        known = model._default_manager.get_by_natural_key(*key).pk
    except ObjectDoesNotExist:
        known = None
    if row.pk == known:
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
            # The check of foreign keys at the end of Django's own part must be the transaction's, not the caller's.
            with transaction.atomic(using=options["database"]):
                with self.progress_bar("loading", 0) as self.rows:
                    super().handle(*fixture_labels, **options)
                if not self.models.isdisjoint(fixtures.CURATED_MODELS):
                    complete_load(self.progress_bar, note="")
        except IncompleteRegister as incomplete:
            raise CommandError(
                self._problem_report(fixtures.locate_problems(incomplete.problems, self._fixture_paths()))
            ) from None
        except fixtures.MalformedFixture as error:
            raise CommandError(self._problem_report([str(error)])) from None
        except _FAILURES as error:
            try:
                problems = [] if is_disk_full(error) or not self._is_ours() else fixtures.diagnose_fixtures(self._fixture_paths())
            except (DatabaseError, OSError) as another:
                error, problems = another, []
            if is_disk_full(error):
                raise CommandError("Nothing was loaded: the disk is full. Free some space and load again.") from None
            if not problems:
                raise
            raise CommandError(self._problem_report(problems)) from error

    def load_label(self, fixture_label):
        for name, _, _ in self.find_fixtures(fixture_label):
            if Path(name).suffix in _READABLE:
                self._refuse_keys(Path(name))
        super().load_label(fixture_label)

    def _refuse_keys(self, path: Path) -> None:
        try:
            problems = fixtures.refuse_keys(fixtures.read_fixtures([path]))
        except fixtures.TooDeep:
            raise
        except fixtures.MalformedFixture:
            # Django may know what it is; if not, it is diagnosed then.
            return
        if problems:
            raise IncompleteRegister(problems)

    def save_obj(self, obj):
        self.rows.update(1)
        if problem := _foreign_key_of(obj.object):
            raise IncompleteRegister([problem])
        # A raw row of a kind does not hold its base's columns: its history begins when all is loaded.
        obj.object.skip_history_when_saving = True
        return super().save_obj(obj)

    def progress_bar(self, what: str, total: int) -> tqdm:
        return tqdm(desc=f"{what:18}", total=total or None, unit=" rows", disable=self.quiet)

    def _fixture_paths(self) -> list[Path]:
        found = []
        for label in self.fixture_labels:
            with contextlib.suppress(CommandError):
                found += [Path(path) for path, _, _ in self.find_fixtures(label)]
        return found

    def _is_ours(self) -> bool:
        try:
            return any(entry.model in fixtures.CURATED_MODELS for entry in fixtures.read_fixtures(self._fixture_paths()))
        except fixtures.MalformedFixture:
            return True

    def _problem_report(self, problems: list[str]) -> str:
        shown = problems[:50]
        more = [f"... and {len(problems) - len(shown)} more"] if len(problems) > len(shown) else []
        names = {path.stem for path in self._fixture_paths()}
        absent = [f"{name}.yaml" for name in fixtures.FIXTURE_MODELS if name not in names]
        hint = (
            [f"Not named in this call: {', '.join(absent)}. A register loads as a whole."]
            if names & set(fixtures.FIXTURE_MODELS) and absent
            else []
        )
        return "\n".join([f"Nothing was loaded. {len(problems)} problem(s):", *shown, *more, *hint])
