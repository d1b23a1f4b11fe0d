"""Public tables: the public sees what is stored here, and nothing else."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

LIVE_EDITIONS = Q(superseded__isnull=True, withdrawn=False)
"""Editions that are public now."""
PAST_EDITIONS = Q(superseded__isnull=False, withdrawn=False)
"""Editions that were public."""


class ReleaseOperation(models.TextChoices):
    """Operation that made a release."""

    LOAD = "load", "load"
    PUBLISH = "publish", "publish"
    WITHDRAW = "withdraw", "withdraw"
    MERGE = "merge", "merge"
    IMPORT = "import", "import"
    REPUBLISH = "republish", "republish"


class ReleaseQuerySet(models.QuerySet):
    """Releases by their number."""

    def get_by_natural_key(self, number: int):
        return self.get(number=number)


class Release(models.Model):
    """A transaction that changed what is public; releases are numbered 1, 2, 3 ... without gaps."""

    number = models.PositiveBigIntegerField(
        primary_key=True, help_text="1, 2, 3 ... without gaps, in the order in which releases were committed."
    )
    released_at = models.DateTimeField(default=timezone.now, help_text="When it was published.")
    operation = models.CharField(max_length=10, choices=ReleaseOperation, help_text="What was done.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who did it. Private."
    )
    reason = models.TextField(blank=True, help_text="Reason, for editors. Private.")
    note = models.TextField(blank=True, help_text="Why, for the public.")
    state_hash = models.CharField(max_length=64, help_text="Sum, modulo 2^256, of the SHA-256 of every edition that is live.")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["number"], condition=Q(operation="republish"), name="republishing_releases")]
        permissions = [("publish", "Can publish records"), ("withdraw", "Can withdraw records")]

    def __str__(self) -> str:
        return f"{self.number}: {self.operation}"

    def natural_key(self) -> tuple[int]:
        return (self.number,)


class EditionCause(models.TextChoices):
    """Reason for a new edition."""

    CONTENT = "content", "its content changed"
    REFERENCE = "reference", "something that it refers to changed"


class EditionQuerySet(models.QuerySet):
    """Editions by record."""

    def newest(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], "Edition"]:
        """Return the newest edition, tombstones included, of each of `keys` (kind, slug) that has any."""
        slugs: dict[str, list[str]] = {}
        for kind, slug in sorted(set(keys)):
            slugs.setdefault(kind, []).append(slug)
        found: dict[tuple[str, str], Any] = {}
        for kind, wanted in slugs.items():
            for at in range(0, len(wanted), 500):
                for edition in self.filter(superseded__isnull=True, kind=kind, slug__in=wanted[at : at + 500]):
                    found[edition.kind, edition.slug] = edition
        return found

    def get_by_natural_key(self, kind: str, slug: str, number: int):
        return self.get(kind=kind, slug=slug, number=number)


class Edition(models.Model):
    """A record as one release published it: immutable, complete in itself, live until the next edition supersedes it."""

    # Long texts come last: SQLite reads a row from its front, and filters need only its first columns.
    kind = models.CharField(max_length=16, help_text="Kind of record: organisation ... commitment, relation, quote, document.")
    slug = models.CharField("public id", max_length=250, help_text="Public id of the record.")
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... within the record.")
    release = models.ForeignKey(
        Release, models.PROTECT, related_name="editions", db_column="release", help_text="Release that published it."
    )
    superseded = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Number of the release that replaced it; empty: live."
    )
    withdrawn = models.BooleanField(default=False, help_text="A tombstone: the record is no longer public.")
    moved_to = models.CharField(
        max_length=250, blank=True, help_text="For a tombstone: slug of the record, of the same kind, that it was merged into."
    )
    sort_date = models.CharField(
        max_length=10, blank=True, help_text="First day of its date; 0001-01-01 if it is open to the past, empty if it has none."
    )
    until = models.CharField(
        max_length=10, blank=True, help_text="Last day of its date; 9999-12-31 if it goes on or is open to the future."
    )
    cause = models.CharField(max_length=10, choices=EditionCause, default=EditionCause.CONTENT)
    version = models.PositiveIntegerField(default=0, help_text="Version of the working copy that was published.")
    name = models.CharField(max_length=700, help_text="Name of the record.")
    document = models.TextField(help_text="JSON as lists serve it.")
    evidence = models.TextField(help_text="JSON that a detail adds.")

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "slug", "number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["kind", "slug"], condition=Q(superseded__isnull=True), name="one_live_edition"),
        ]
        indexes = [
            models.Index(fields=["kind", "sort_date", "id"], condition=LIVE_EDITIONS, name="live_by_date"),
            models.Index(fields=["kind", "name", "id"], condition=LIVE_EDITIONS, name="live_by_name"),
            models.Index(fields=["kind", "release", "id"], condition=LIVE_EDITIONS, name="live_by_release"),
            models.Index(fields=["kind", "superseded", "withdrawn"], condition=LIVE_EDITIONS, name="live_counted"),
            models.Index(
                fields=["kind", "sort_date", "id", "superseded", "release"], condition=PAST_EDITIONS, name="past_by_date"
            ),
            models.Index(fields=["kind", "name", "id", "superseded", "release"], condition=PAST_EDITIONS, name="past_by_name"),
            models.Index(fields=["kind", "release", "id", "superseded"], condition=PAST_EDITIONS, name="past_by_release"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}, edition {self.number}"

    def natural_key(self) -> tuple[str, str, int]:
        return (self.kind, self.slug, self.number)


class EditionTermQuerySet(models.QuerySet):
    """Terms by natural key."""

    def get_by_natural_key(self, kind: str, slug: str, number: int, field: str, value: str):
        return self.get(edition__kind=kind, edition__slug=slug, edition__number=number, field=field, value=value)


class EditionTerm(models.Model):
    """A term that an edition is found by: a literal (category = equipment) or a reference (committed_by = organisation/italy)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="terms", db_index=False)
    kind = models.CharField(max_length=16)
    field = models.CharField(max_length=40)
    value = models.CharField(max_length=700)
    sort_date = models.CharField(max_length=10, blank=True)

    objects = EditionTermQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["field", "value", "kind", "sort_date", "edition"], name="term_lookup"),
            models.Index(fields=["edition", "field", "value"], name="term_of_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.field} = {self.value}"

    def natural_key(self) -> tuple[str, str, int, str, str]:
        return (*self.edition.natural_key(), self.field, self.value)


class NameKey(models.Model):
    """A key by which a live entity is found when its name is typed: a word, or a key of its sound. See `editions.name_keys`."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="name_keys")
    kind = models.CharField(max_length=16)
    popularity = models.PositiveSmallIntegerField(help_text="How well known it is: 0 to 7.")
    key = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["popularity", "kind", "key", "edition"], name="name_key_lookup")]

    def __str__(self) -> str:
        return self.key


class SearchEntry(models.Model):
    """Words by which full text finds a live edition, as `editions.search_words` writes them. The database indexes them."""

    edition = models.OneToOneField(Edition, models.CASCADE, primary_key=True, related_name="search_entry")
    kind = models.CharField(max_length=16)
    names = models.TextField(blank=True, help_text="Words of its names, or of its title.")
    texts = models.TextField(blank=True, help_text="Words of its other texts and of its amounts.")
    evidence = models.TextField(blank=True, help_text="Further words of the passages that it rests on, in no order.")

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"{self.kind} {self.edition_id}"


class MentionCount(models.Model):
    """Number of live editions that mention a record."""

    kind = models.CharField(max_length=16)
    slug = models.CharField("public id", max_length=250)
    mentions = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="mention_count_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}: {self.mentions}"
