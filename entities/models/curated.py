"""What every record that editors curate has in common, and every part of such a record."""

from typing import Any, cast

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from entities.fields import ChoiceField, SlugField
from entities.models.locking import lock_rows
from entities.vocabulary import Status


def natural_key_dependencies(*labels: str):
    """Marks a `natural_key`: rows of the models named stand before its own in fixtures."""

    def mark(natural_key):
        natural_key.dependencies = list(labels)
        return natural_key

    return mark


class CuratedQuerySet(models.QuerySet):
    def published(self):
        """Working copies whose record is public; the public itself reads editions, never these."""
        return self.filter(status=Status.PUBLISHED)

    def get_by_natural_key(self, slug: str):
        return self.get(slug=slug)


class Curated(models.Model):
    """A working copy: what editors edit, whatever the public sees of it."""

    # Each record's class makes it, since its length and its help differ.
    slug: SlugField
    status = ChoiceField(
        choices=Status,
        default=Status.DRAFT,
        editable=False,
        db_index=True,
        help_text="Where the record stands in the workflow; changed by publishing and withdrawing, never by hand.",
    )
    version = models.PositiveIntegerField(
        default=1, editable=False, help_text="Raised by one whenever the record or one of its parts is saved."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    objects = CuratedQuerySet.as_manager()

    FIELD_GROUPS: tuple[tuple[str, ...], ...] = ()
    """Fields that mean something only together: of two people who change some of them at once one is asked."""

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

    def touch(self):
        """Raise the version because a part of the record changed."""
        base = type(self).objects.filter(pk=self.pk)
        base.update(version=F("version") + 1, updated_at=timezone.now())


def first_free_name(stem: str, taken: set[str]) -> str:
    """The first of stem, stem-2, stem-3 ... that is not taken."""
    return stem if stem not in taken else next(name for n in range(2, len(taken) + 3) if (name := f"{stem}-{n}") not in taken)


class Child(models.Model):
    """A row that belongs to one curated record (`whole`): saving or deleting it is a change of that record."""

    PARENT_FIELDS: tuple[str, ...]
    """The foreign keys to the record it belongs to; of several exactly one is filled."""
    FIELD_GROUPS: tuple[tuple[str, ...], ...] = ()
    """As in Curated."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):  # type: ignore[override]
        part = super().from_db(db, field_names, values)
        part._loaded_owners = part._owners()
        return part

    @property
    def whole(self) -> Curated:
        return next(whole for name in self.PARENT_FIELDS if (whole := getattr(self, name)) is not None)

    def save(self, *args, **kwargs):
        loaded = getattr(self, "_loaded_owners", None)
        owners = self._owners()
        # First, so that whoever publishes the record waits for this part, or this part for them.
        if loaded is None or loaded == owners or None in loaded:
            self.whole.touch()
            super().save(*args, **kwargs)
        else:
            with transaction.atomic():
                lock_rows(owner for owner in loaded | owners if owner)
                # As it moves, a trigger raises the versions of both owners.
                if self._is_moved_already():
                    self.whole.touch()
                super().save(*args, **kwargs)
        self._loaded_owners = owners

    def _is_moved_already(self) -> bool:
        columns = [cast(models.ForeignKey, self._meta.get_field(name)).attname for name in self.PARENT_FIELDS]
        return type(self)._base_manager.filter(pk=self.pk, **{name: getattr(self, name) for name in columns}).exists()

    def _owners(self) -> set[tuple[type[models.Model], Any] | None]:
        """Model and key of the record that it belongs to; None among them for a foreign key that was not fetched."""
        found: set[tuple[type[models.Model], Any] | None] = set()
        for name in self.PARENT_FIELDS:
            column = cast(models.ForeignKey, self._meta.get_field(name))
            if column.attname in self.get_deferred_fields():
                found.add(None)
            elif (pk := getattr(self, column.attname)) is not None:
                found.add((column.related_model, pk))
        return found

    def delete(self, *args, **kwargs):
        whole = self.whole
        deleted = super().delete(*args, **kwargs)
        whole.touch()
        return deleted
