"""Rows of the register that the rows of a file refer to."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from entities.models import Entity, Identifier
from entities.numbers import integer_or_none
from entities.vocabulary import IdentifierScheme
from nato_support.exchange.spreadsheets.cells import unescape_cell
from nato_support.exchange.spreadsheets.file_reader import FileRow
from nato_support.exchange.spreadsheets.planned_rows import PlannedRow, same_value
from nato_support.exchange.spreadsheets.sheets_and_columns import KEY_SEPARATOR, Sheet, SheetColumn


class ReferencedRegisterRows:
    """The rows of the register that some rows of one sheet refer to, loaded in a constant number of queries."""

    def __init__(self, sheet: Sheet, rows: list[FileRow]):
        self.sheet = sheet
        slugs = {slug for row in rows if (slug := row.stripped_cell(sheet.leading_columns[0]))}
        self.parent_keys: dict[str, int] = {}
        self.by_slug: dict[str, Any] = {}
        self.by_pk: dict[int, Any] = {}
        self.by_matching_fields: dict[tuple, Any] = {}
        self.children_of_parent: dict[str, list[Any]] = defaultdict(list)
        self.by_identifier: dict[str, str] = {}
        self.identifier_owners: dict[str, str] = {}
        if sheet.parent_fields:
            parent_model: Any = sheet.parent_model
            self.parent_keys = dict(parent_model._default_manager.filter(slug__in=slugs).values_list("slug", "pk"))
            if sheet.model is Identifier:
                values = {unescape_cell(row.stripped_cell("value")) for row in rows}
                self.identifier_owners = {
                    str(identifier): identifier.entity.slug
                    for identifier in Identifier.objects.filter(value__in=values).select_related("entity")
                }
            for child in sheet.annotated_rows().filter(**{f"{sheet.parent_fields[0]}__in": self.parent_keys.values()}):
                self.children_of_parent[child.parent_slug].append(child)
                self.by_pk[child.pk] = child
        else:
            self.by_slug = {record.slug: record for record in sheet.annotated_rows().filter(slug__in=slugs)}
            self._find_records_by_identifiers(rows)
        self.references = {
            column.name: self._referenced_keys(column, rows)
            for column in sheet.columns.values()
            if column.related and not column.is_within_record
        }
        self.keys_within_records = self._keys_within_records(sheet)
        slugs_are_of_entities = sheet.parent_fields or issubclass(sheet.model, Entity)
        referenced_slugs = {
            key
            for column in sheet.columns.values()
            if column.related and issubclass(column.related, Entity)
            for key in self.references[column.name]
        }
        self.survivors = _survivors_of_merged(referenced_slugs | (slugs if slugs_are_of_entities else set()))

    def _referenced_keys(self, column: SheetColumn, rows: Iterable[FileRow]) -> dict[str, int]:
        keys = {key for row in rows if (cell := row.cells.get(column.name)) for key in column.keys(unescape_cell(cell))}
        related: Any = column.related
        return dict(related._default_manager.filter(slug__in=keys).values_list("slug", "pk"))

    def _keys_within_records(self, sheet: Sheet) -> dict[tuple[Any, str, str], int]:
        """Return (model, slug of the record, key) -> primary key of the rows of a record that its other rows may refer to."""
        keys: dict[tuple[Any, str, str], int] = {}
        models: set[Any] = {column.related for column in sheet.columns.values() if column.is_within_record}
        for model in models:
            [parent] = model.PARENT_FIELDS
            rows = model._default_manager.filter(**{f"{parent}__in": self.parent_keys.values()})
            keys |= {(model, slug, key): pk for slug, key, pk in rows.values_list(f"{parent}__slug", "key", "pk")}
        return keys

    def _find_records_by_identifiers(self, rows: Iterable[FileRow]):
        """Find the records that rows without a slug mean by an identifier."""
        rows_without_slug = [row for row in rows if not row.stripped_cell("slug")]
        if not rows_without_slug:
            return
        if "identifiers" in self.sheet.leading_columns:
            identifiers = {identifier for row in rows_without_slug for identifier in _parse_identifiers(row)}
            identifier_rows = Identifier.objects.filter(value__in={value for _, value in identifiers}).select_related("entity")
            self.by_identifier = {
                str(identifier): identifier.entity.slug
                for identifier in identifier_rows
                if (identifier.scheme, identifier.value) in identifiers
            }
            records = self.sheet.annotated_rows().filter(slug__in=self.by_identifier.values())
            self.by_slug |= {record.slug: record for record in records}

    def referenced_key(self, column: SheetColumn, key: str, planned: PlannedRow) -> int | None:
        """Return the primary key of the row that a cell refers to, or None."""
        if column.is_within_record:
            return self.keys_within_records.get((column.related, planned.slug, key))
        return self.references[column.name].get(key)

    def matching_row(self, row: FileRow, planned: PlannedRow, values: dict[str, Any]) -> Any:
        """Return the row of the register that a row means, or None for a new one. Refuses a row that means two at once."""
        if self.sheet.parent_fields:
            return self._matching_child(row, planned, values)
        if planned.slug:
            return self.by_slug.get(planned.slug)
        if "identifiers" in self.sheet.leading_columns:
            slugs = {self.by_identifier[f"{s}:{v}"] for s, v in _parse_identifiers(row) if f"{s}:{v}" in self.by_identifier}
            if len(slugs) > 1:
                planned.refuse(f"they belong to several records: {', '.join(sorted(slugs))}. Enter the slug.", "identifiers")
            current_row = self.by_slug.get(slugs.pop()) if len(slugs) == 1 else None
            if current_row is None and not planned.reasons:
                planned.refuse("a new record needs a public id, such as arcadia-air-force.", "slug")
            return current_row
        stated = {name: values.get(name, self.sheet.columns[name].empty) for name in self.sheet.matching_fields}
        if any(isinstance(value, dict) for value in stated.values()):
            return None
        columns = {self.sheet.columns[name].field.attname: value for name, value in stated.items()}
        return self.sheet.annotated_rows().filter(**columns).first()

    def _matching_child(self, row: FileRow, planned: PlannedRow, values: dict[str, Any]) -> Any:
        number = row.stripped_cell("row")
        if number:
            pk = integer_or_none(number)
            current_row = None if pk is None else self.by_pk.get(pk)
            if current_row is None or current_row.parent_slug != planned.slug:
                planned.refuse(
                    f"{planned.slug} has no row {number[:20]} in {self.sheet.name}. Leave row and version empty to add it.", "row"
                )
                return None
            return current_row
        stated = f"{values.get('scheme')}:{values.get('value')}"
        if self.identifier_owners.get(stated, planned.slug) != planned.slug:
            planned.refuse(
                f"{stated} belongs to {self.identifier_owners[stated]}. If it is the same record, use its slug.", "value"
            )
            return None
        siblings = self.children_of_parent.get(planned.slug, [])
        matching_values = {name: values.get(name) for name in self.sheet.matching_fields}
        if all(value not in (None, "") for value in matching_values.values()):
            return next(
                (
                    sibling
                    for sibling in siblings
                    if all(
                        same_value(matching_values[name], self.sheet.columns[name].snapshot_value(sibling))
                        for name in matching_values
                    )
                ),
                None,
            )
        # Without a key it is the one with equal values, so that importing a file twice adds nothing twice.
        return next(
            (
                sibling
                for sibling in siblings
                if values
                and all(same_value(value, self.sheet.columns[name].snapshot_value(sibling)) for name, value in values.items())
            ),
            None,
        )


def _survivors_of_merged(slugs: set[str]) -> dict[str, Entity]:
    """Return the survivors of those of `slugs` that were merged."""
    survivors: dict[str, Entity] = {}
    for merged in Entity.objects.filter(slug__in=slugs).exclude(merged_into=None).select_related("merged_into"):
        survivor = merged
        while survivor.merged_into is not None:
            survivor = survivor.merged_into
        survivors[merged.slug] = survivor
    return survivors


def _parse_identifiers(row: FileRow) -> list[tuple[str, str]]:
    cell = unescape_cell(row.cells.get("identifiers", ""))
    pairs = [text.strip().partition(":") for text in cell.split(KEY_SEPARATOR.strip()) if text.strip()]
    return [(scheme, value) for scheme, _, value in pairs if scheme in IdentifierScheme.values and value]
