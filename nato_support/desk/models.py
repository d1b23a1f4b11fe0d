"""What belongs to a person's place at the desk: saved filters, habits, and which page they have open."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from entities.fields import LineField


def _owner_field(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name=related_name)


class SavedFilter(models.Model):
    """A list as somebody likes to see it: filters, search and order under a name of its own."""

    owner = _owner_field("saved_filters")
    list = LineField(max_length=100, help_text="Which list, as app_model.")
    name = LineField(max_length=80, help_text="What it is called.")
    query = models.TextField(blank=True, help_text="The query of its address.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place among the owner's.")

    class Meta:
        ordering = ["list", "position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list", "name"],
                name="saved_filter_once",
                violation_error_message="You have a filter of this name for this list already.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Preferences(models.Model):
    """How somebody likes to work."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="habits", primary_key=True)
    single_keys = models.BooleanField(default=True, help_text="Whether single letters are shortcuts (WCAG 2.1.4).")

    class Meta:
        verbose_name_plural = "habits"

    def __str__(self) -> str:
        return f"Habits of {self.owner}"


class Presence(models.Model):
    """One window in which somebody has the page of a record open: kept while it says so, every few seconds."""

    user = _owner_field("presences")
    page = LineField(max_length=120, help_text="Which record, as app.model/key.")
    window = LineField(max_length=40, help_text="Which of the person's windows.")
    since = models.DateTimeField(default=timezone.now, help_text="Since when it is open.")
    seen_at = models.DateTimeField(default=timezone.now, db_index=True, help_text="When it last said so.")
    edited_at = models.DateTimeField(null=True, blank=True, help_text="When something was last typed there.")

    class Meta:
        ordering = ["since", "pk"]
        constraints = [models.UniqueConstraint(fields=["page", "user", "window"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.page}"
