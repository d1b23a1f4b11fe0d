"""Rows that only the desk needs: saved filters, columns, preferences and presence of its users, and dismissed doubts."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from entities.fields import ChoiceField, LineField, ProseField
from entities.models import Entity, Relation
from entities.vocabulary import DoubtKind
from sources.models.citation import exactly_one_target_constraint


def _owner_field(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name=related_name)


class SavedFilter(models.Model):
    """Filters, search and order of a list, saved under a name."""

    owner = _owner_field("saved_filters")
    list = LineField(max_length=100, help_text="List, as app_model.")
    name = LineField(max_length=80, help_text="Its name.")
    query = models.TextField(blank=True, help_text="Query string of its URL.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Position among the owner's filters.")

    class Meta:
        ordering = ["list", "position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list", "name"],
                name="saved_filter_once",
                violation_error_message="You already have a saved view of this name for this list.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Preferences(models.Model):
    """Working preferences of a user."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences", primary_key=True)
    single_keys = models.BooleanField(default=True, help_text="Ticked if single letters are shortcuts (WCAG 2.1.4).")

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.owner}"


class ListColumns(models.Model):
    """A user's choice of columns for one list; those it does not name are shown, so that new ones are seen."""

    owner = _owner_field("list_columns")
    list = LineField(max_length=100, help_text="List, as app_model.")
    hidden = models.JSONField(default=tuple, blank=True, help_text="Names of the columns that are not shown.")

    class Meta:
        ordering = ["list"]
        verbose_name_plural = "list columns"
        constraints = [models.UniqueConstraint(fields=["owner", "list"], name="list_columns_once")]

    def __str__(self) -> str:
        return f"Columns of {self.list} for {self.owner}"


class Presence(models.Model):
    """A browser window with the page of a record open, kept while it pings every few seconds."""

    user = _owner_field("presences")
    page = LineField(max_length=120, help_text="Record, as app.model/key.")
    window = LineField(max_length=40, help_text="Name of the browser window.")
    since = models.DateTimeField(default=timezone.now, help_text="When the page was opened.")
    seen_at = models.DateTimeField(default=timezone.now, db_index=True, help_text="When the window last pinged.")
    edited_at = models.DateTimeField(null=True, blank=True, help_text="When the user last typed there.")

    class Meta:
        ordering = ["since", "pk"]
        constraints = [models.UniqueConstraint(fields=["page", "user", "window"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.page}"


class DismissedDoubt(models.Model):
    """An editor's finding that a value in doubt is right as it stands. It holds as long as the values stay the same."""

    # A doubt goes with its record.
    entity = models.ForeignKey(Entity, models.CASCADE, null=True, blank=True, related_name="+", help_text="The record in doubt.")
    relation = models.ForeignKey(
        Relation, models.CASCADE, null=True, blank=True, related_name="+", help_text="The relation in doubt, instead of a record."
    )
    kind = ChoiceField(choices=DoubtKind, help_text="Kind of the doubt.")
    about = LineField(max_length=400, blank=True, help_text="What of the record it is about, such as a field and its quote.")
    fingerprint = LineField(max_length=64, help_text="Hash of the record and of the values in doubt.")
    sentence = ProseField(help_text="The doubt, as it was told.")
    reason = ProseField(help_text="Why the values are right all the same.")
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who dismissed it."
    )
    dismissed_at = models.DateTimeField(default=timezone.now, db_index=True, help_text="When.")

    class Meta:
        ordering = ["-dismissed_at", "-pk"]
        constraints = [
            exactly_one_target_constraint("dismissed_doubt_of_one_target"),
            models.UniqueConstraint(
                fields=["fingerprint"],
                name="dismissed_doubt_once",
                violation_error_message="This was dismissed already.",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def target(self) -> Entity | Relation:
        """The entity or relation in doubt."""
        target = self.entity or self.relation
        assert target is not None
        return target
