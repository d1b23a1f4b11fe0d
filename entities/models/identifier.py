"""Identifiers of entities in other registers."""

from django.db import models

from entities.fields import ChoiceField, LineField
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import Child, natural_key_dependencies
from entities.models.entity import Entity
from entities.vocabulary import IdentifierScheme


class IdentifierQuerySet(models.QuerySet):
    """Lookup of identifiers in fixtures."""

    def get_by_natural_key(self, scheme: str, value: str):
        return self.get(scheme=scheme, value=value)


class Identifier(Child):
    """Identifier of an entity in another register; imports find the entity by it."""

    PARENT_FIELDS = ("entity",)
    FIELD_GROUPS = (("scheme", "value"),)

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="identifiers")
    scheme = ChoiceField(choices=IdentifierScheme, help_text="The register that assigned it.")
    value = LineField(max_length=500, help_text="The identifier itself, such as Q7184 or UA.")

    objects = IdentifierQuerySet.as_manager()
    history = ChangeLinkedHistory()

    class Meta:
        ordering = ["entity", "scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"], name="identifier_once", violation_error_message="Another record has this identifier."
            ),
            models.CheckConstraint(
                name="identifier_url_is_web",
                condition=~models.Q(scheme="url")
                | models.Q(value__startswith="http://")
                | models.Q(value__startswith="https://"),
                violation_error_message="A web address starts with http:// or https://.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @natural_key_dependencies("entities.entity")
    def natural_key(self) -> tuple[str, str]:
        return (self.scheme, self.value)
