"""Abstract models of the records that editors curate, and of the child rows that belong to them."""

from typing import Any, cast

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from entities.fields import ChoiceField, SlugField
from entities.models.locking import lock_rows
from entities.vocabulary import Status


def natural_key_dependencies(*labels: str):
    """Decorate a `natural_key` method: rows of the models `labels` come first in fixtures."""

    def set_dependencies(natural_key):
        natural_key.dependencies = list(labels)
        return natural_key

    return set_dependencies


class CuratedQuerySet(models.QuerySet):
    """Queries for records, and their lookup by slug in fixtures."""

    def published(self):
        """Filter for working copies of public records. Public pages and the API read editions instead."""
        return self.filter(status=Status.PUBLISHED)

    def get_by_natural_key(self, slug: str):
        return self.get(slug=slug)


class Curated(models.Model):
    """A working copy: the row that editors edit. The public sees editions rendered from it."""

    # Declared by each subclass, as length and help text differ.
    slug: SlugField
    status = ChoiceField(
        choices=Status,
        default=Status.DRAFT,
        editable=False,
        db_index=True,
        help_text="State in the editorial workflow; changed by publishing and withdrawing, never by hand.",
    )
    version = models.PositiveIntegerField(
        default=1, editable=False, help_text="Raised by one whenever the record or one of its child rows is saved."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    objects = CuratedQuerySet.as_manager()

    FIELD_GROUPS: tuple[tuple[str, ...], ...] = ()
    """Groups of fields that only make sense together: concurrent edits within one group are a conflict."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            self.version += 1
            self.updated_at = timezone.now()
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "version", "updated_at"}
        super().save(*args, **kwargs)

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def increment_version(self):
        """Raise the version because a child row has changed."""
        base = type(self).objects.filter(pk=self.pk)
        base.update(version=F("version") + 1, updated_at=timezone.now())


def first_free_name(stem: str, taken: set[str]) -> str:
    """Return the first of stem, stem-2, stem-3 ... that is not in `taken`."""
    return stem if stem not in taken else next(name for n in range(2, len(taken) + 3) if (name := f"{stem}-{n}") not in taken)


class Child(models.Model):
    """A row that belongs to one curated record (its `parent`): saving or deleting it raises that record's version."""

    PARENT_FIELDS: tuple[str, ...]
    """Foreign keys to the parent; if there are several, exactly one is set."""
    FIELD_GROUPS: tuple[tuple[str, ...], ...] = ()
    """As in Curated."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):  # type: ignore[override]
        child = super().from_db(db, field_names, values)
        child._loaded_parents = child._parent_keys()
        return child

    @property
    def parent(self) -> Curated:
        return next(parent for name in self.PARENT_FIELDS if (parent := getattr(self, name)) is not None)

    def save(self, *args, **kwargs):
        loaded = getattr(self, "_loaded_parents", None)
        parents = self._parent_keys()
        # The parent first: publishing the record and saving this row then wait for each other.
        if loaded is None or loaded == parents or None in loaded:
            self.parent.increment_version()
            super().save(*args, **kwargs)
        else:
            with transaction.atomic():
                lock_rows(parent for parent in loaded | parents if parent)
                # Otherwise a trigger raises the versions of both parents as the row moves.
                if self._is_moved_already():
                    self.parent.increment_version()
                super().save(*args, **kwargs)
        self._loaded_parents = parents

    def _is_moved_already(self) -> bool:
        columns = [cast(models.ForeignKey, self._meta.get_field(name)).attname for name in self.PARENT_FIELDS]
        return type(self)._base_manager.filter(pk=self.pk, **{name: getattr(self, name) for name in columns}).exists()

    def _parent_keys(self) -> set[tuple[type[models.Model], Any] | None]:
        """Return model and primary key of each parent; None for a deferred foreign key."""
        parents: set[tuple[type[models.Model], Any] | None] = set()
        for name in self.PARENT_FIELDS:
            column = cast(models.ForeignKey, self._meta.get_field(name))
            if column.attname in self.get_deferred_fields():
                parents.add(None)
            elif (pk := getattr(self, column.attname)) is not None:
                parents.add((column.related_model, pk))
        return parents

    def delete(self, *args, **kwargs):
        parent = self.parent
        deleted = super().delete(*args, **kwargs)
        parent.increment_version()
        return deleted
