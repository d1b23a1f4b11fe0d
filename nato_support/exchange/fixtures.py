"""Fixtures: the register as YAML files, with problems located by file, record and field."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.core.serializers.python import Serializer
from django.db import DatabaseError, models, transaction

from entities import models as entities
from entities.vocabulary import Kind
from nato_support.data_licence import RIGHTS_NOTICE
from nato_support.db.disk_full_errors import is_disk_full
from nato_support.publishing.row_checks import RuleViolation
from sources import models as sources

_ENTITY_CHILDREN = ("names", "identifiers", "measures")

FIXTURE_MODELS: dict[str, type[models.Model]] = {
    "10_relation_types": entities.RelationType,
    "20_organisations": entities.Organisation,
    "21_facilities": entities.Facility,
    "22_persons": entities.Person,
    "23_posts": entities.Post,
    "24_events": entities.Event,
    "25_commitments": entities.Commitment,
    "30_relations": entities.Relation,
    "40_documents": sources.SourceDocument,
    "41_quotes": sources.SourceQuote,
    "50_citations": sources.Citation,
    "51_resolutions": sources.Resolution,
}
"""File name -> model of its records, each followed by its child rows, in load order."""

CURATED_MODELS = (
    entities.RelationType,
    entities.RelationJoin,
    entities.Entity,
    *(FIXTURE_MODELS[name] for name in list(FIXTURE_MODELS)[1:7]),
    entities.Name,
    entities.Identifier,
    entities.Milestone,
    entities.Measure,
    *(FIXTURE_MODELS[name] for name in list(FIXTURE_MODELS)[7:]),
)
"""Every model of the working copy, in load order."""

_HEADER = "".join(f"# {line}\n" for line in textwrap.wrap(RIGHTS_NOTICE, 118))

# Fields that the register computes or keeps for itself are in no fixture; nor are the private texts.
_EXCLUDED_FIELDS = {"version", "created_at", "updated_at", "verification", "decided_by", "merged_into"}


class _FixtureDumper(yaml.SafeDumper):
    """Dumper of block mappings, lists on one line and folded long texts, as one would write them by hand."""


class _FixtureList(list):
    """Outermost list of a file, with one record below the other."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else ">" if len(text) > 100 and " " in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_FixtureDumper.add_representer(str, _represent_text)
for _sequence in (list, tuple):
    _FixtureDumper.add_representer(
        _sequence, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
    )
_FixtureDumper.add_representer(
    _FixtureList, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=False)
)


class _FixtureSerializer(Serializer):
    """Django's serializer without empty and excluded fields."""

    def get_dump_object(self, obj):
        fields = {
            name: value for name, value in self._current.items() if name not in _EXCLUDED_FIELDS and value not in ("", None, [])
        }
        return {"model": str(obj._meta), "fields": fields}

    def handle_field(self, obj, field):
        if field.generated or (isinstance(obj, sources.SourceDocument) and field.name == "text"):
            return
        super().handle_field(obj, field)
        if isinstance(field, models.DecimalField) and self._current[field.name] is not None:
            number = getattr(obj, field.name).normalize()
            self._current[field.name] = int(number) if number == number.to_integral() else f"{number:f}"


def export_fixtures(folder: Path) -> list[Path]:
    """Write the working copy into `folder`, a file for each entry of FIXTURE_MODELS; equal contents give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, model in FIXTURE_MODELS.items():
        records = _FixtureSerializer().serialize(
            list(_rows_to_export(model)), use_natural_foreign_keys=True, use_natural_primary_keys=True
        )
        texts = [
            yaml.dump(_FixtureList([record]), Dumper=_FixtureDumper, sort_keys=False, allow_unicode=True, width=120)
            for record in records
        ]
        path = folder / f"{name}.yaml"
        path.write_text("\n".join([_HEADER, *texts]) if texts else "[]\n", encoding="utf-8", newline="\n")
        written.append(path)
    return written


def _rows_to_export(model: type[models.Model]) -> Iterator[models.Model]:
    if model is entities.RelationType:
        for relation_type in model.objects.prefetch_related("joins").order_by("slug"):
            yield relation_type
            yield from sorted(relation_type.joins.all(), key=lambda join: join.natural_key())
    elif issubclass(model, entities.Entity):
        # An amount may belong to a milestone.
        parts = ("milestones", *_ENTITY_CHILDREN) if model is entities.Commitment else _ENTITY_CHILDREN
        for row in model.objects.select_related("entity").prefetch_related(*parts).order_by("slug"):  # type: ignore[misc]
            yield row.entity
            yield row
            for part in parts:
                yield from sorted(getattr(row, part).all(), key=_child_sort_key)
    else:
        yield from sorted(model.objects.all(), key=lambda row: [key or "" for key in row.natural_key()])


def _child_sort_key(part: models.Model) -> tuple:
    # An amount comes before its conversions.
    return (getattr(part, "conversion_of_id", None) is not None, part.natural_key())


# Model -> the fields that make its natural key, where that is not the slug.
_NATURAL_KEYS = {
    entities.RelationJoin: ("type", "subject_kind", "object_kind"),
    entities.Name: ("entity", "text"),
    entities.Identifier: ("scheme", "value"),
    entities.Measure: ("entity", "key"),
    entities.Milestone: ("commitment", "key"),
    sources.Citation: ("quote", "entity", "relation", "field", "value"),
    sources.Resolution: ("entity", "relation", "field", "decided_on"),
} | dict.fromkeys(list(FIXTURE_MODELS.values())[1:7], ("entity",))


@dataclass(frozen=True, slots=True)
class FixtureRecord:
    """A record of a fixture file."""

    path: Path
    position: int
    model: type[models.Model]
    fields: dict[str, Any]
    pk: Any = None
    """The primary key that the file gives it; None if it gives none."""

    def __str__(self) -> str:
        return f"{self.path.name}, record {self.position} ({self.model._meta.model_name} {self.label})"

    @property
    def label(self) -> str:
        """The natural key, its parts joined by spaces."""
        parts = [self.fields.get(name) for name in natural_key_fields(self.model)]
        return " ".join("/".join(map(str, part)) if isinstance(part, list) else str(part) for part in parts if part)


class MalformedFixture(Exception):
    """A fixture file is not a list of records; the message names file and place."""


class TooDeep(MalformedFixture):
    """A file nests more deeply than any fixture."""


def read_fixtures(paths: list[Path]) -> list[FixtureRecord]:
    """Read the records of fixture files in YAML or JSON, in order. Raises MalformedFixture, or TooDeep for endless nesting."""
    entries = []
    for path in paths:
        try:
            records = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise MalformedFixture(f"{path.name}: {error}") from None
        except RecursionError:
            raise TooDeep(
                f"{path.name}: is nested too deeply; a fixture is a list of records, each with model and fields"
            ) from None
        if not isinstance(records, list):
            raise MalformedFixture(f"{path.name}: a fixture is a list of records, each with model and fields")
        for position, record in enumerate(records, 1):
            if not isinstance(record, dict) or not isinstance(record.get("fields"), dict):
                raise MalformedFixture(f"{path.name}, record {position}: a record has model and fields")
            try:
                model = apps.get_model(record.get("model", ""))
            except (LookupError, ValueError):
                raise MalformedFixture(f"{path.name}, record {position}: there is no model “{record.get('model')}”") from None
            entries.append(FixtureRecord(path, position, model, record["fields"], record.get("pk")))
    return entries


def primary_key_errors(entries: list[FixtureRecord]) -> list[str]:
    """List an error for each record of the register that has a primary key: equal keys would silently overwrite each other."""
    return [
        f"{entry}: has the primary key {str(entry.pk)[:40]}, which may be another record's in this database. Take the line pk"
        f" out: the register knows this record by its natural key ({', '.join(natural_key_fields(entry.model))})"
        for entry in entries
        if entry.pk is not None and entry.model in CURATED_MODELS
    ]


def natural_key_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Return the fields that make up the natural key of a model."""
    return _NATURAL_KEYS.get(model, ("slug",))


def locate_problems(problems: list[Any], paths: list[Path]) -> list[str]:
    """Return problems as text, each with the file and record that it concerns, where one of `paths` contains it."""
    try:
        entries = read_fixtures(paths)
    except MalformedFixture:
        return [str(problem) for problem in problems]
    places = {(entry.model._meta.model_name, entry.label): entry for entry in entries}
    found = []
    for problem in problems:
        entry = None
        if isinstance(problem, RuleViolation):
            entry = places.get(("entity", problem.record)) if problem.model in Kind.values else None
            if entry is None or (problem.field and problem.field not in entry.fields):
                entry = places.get((problem.model, problem.record), entry)
        found.append(f"{entry.path.name}, record {entry.position}: {problem}" if entry else str(problem))
    return found


def diagnose_fixtures(paths: list[Path]) -> list[str]:
    """Load fixtures record by record to find file, record and field of each error; everything is rolled back."""
    try:
        entries = read_fixtures(paths)
    except MalformedFixture as error:
        return [str(error)]
    problems: list[str] = []
    with transaction.atomic():
        for entry in entries:
            problems += [f"{entry}: {problem}" for problem in _load_and_report_errors(entry)]
        transaction.set_rollback(True)
    return problems


def _load_and_report_errors(entry: FixtureRecord) -> Iterator[str]:
    values, many, problems = {}, {}, []
    for name, value in entry.fields.items():
        try:
            field = entry.model._meta.get_field(name)
        except FieldDoesNotExist:
            problems.append(f"field {name}: there is no such field on {entry.model._meta.model_name}")
            continue
        try:
            if field.many_to_many:
                many[name] = [_get_related_row(field, key) for key in value]
            elif field.is_relation:
                values[name] = _get_related_row(field, value) if value is not None else None
            else:
                values[name] = field.to_python(value)
        except ValidationError as error:
            problems.append(f"field {name}: {' '.join(error.messages)}")
        except (ObjectDoesNotExist, TypeError, ValueError):
            problems.append(f"field {name}: names {value}, which is neither in the register nor before it in these files")
    if problems:
        yield from problems
        return
    instance = entry.model(**values)
    inherited = {f.name for f in entry.model._meta.fields if f not in entry.model._meta.local_fields}
    try:
        instance.clean_fields(exclude=inherited)
        instance.clean()
        instance.validate_constraints(exclude=inherited)
    except ValidationError as error:
        faults = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in faults.items():
            yield f"field {name}: {' '.join(messages)}" if name not in ("", "__all__") else " ".join(messages)
        return
    # A raw row of a kind does not hold its base's columns: its history begins when all is loaded.
    instance.skip_history_when_saving = True
    try:
        with transaction.atomic():
            models.Model.save_base(instance, raw=True)
            for name, rows in many.items():
                getattr(instance, name).set(rows)
    except (DatabaseError, ValueError) as error:
        if is_disk_full(error):
            raise
        yield str(error)


def _get_related_row(field: Any, key: Any) -> models.Model:
    related = field.remote_field.model
    return related._default_manager.get_by_natural_key(*key) if isinstance(key, list) else related._default_manager.get(pk=key)
