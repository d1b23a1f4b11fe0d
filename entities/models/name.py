"""Further names of entities."""

from django.core.validators import RegexValidator
from django.db import models

from entities.fields import ChoiceField, LineField
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import Child, natural_key_dependencies
from entities.models.entity import Entity
from entities.vocabulary import NameKind, NameOrigin


class NameQuerySet(models.QuerySet):
    """Lookup of names in fixtures."""

    def get_by_natural_key(self, entity: str, text: str):
        return self.get(entity__slug=entity, text=text)


class Name(Child):
    """Another name of an entity, as a source writes it."""

    PARENT_FIELDS = ("entity",)
    FIELD_GROUPS = (("text", "language", "script"),)

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="names")
    text = LineField(max_length=300, db_index=True, help_text="The name, character for character, such as JATEC.")
    kind = ChoiceField(
        choices=NameKind,
        default=NameKind.ALIAS,
        help_text="A translation artefact is a name that only a translation made. A mention is no name but how a text refers to"
        " it, such as the mission: no search finds it.",
    )
    origin = ChoiceField(
        choices=NameOrigin,
        default=NameOrigin.SOURCES,
        help_text="Outside the sources: a name that every reader knows and no source states, such as an acronym.",
    )
    language = LineField(
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"\A[a-z]{2,3}(-[A-Za-z0-9]+)*\Z", "Use a BCP 47 tag, such as uk.")],
        help_text="BCP 47 tag of its language, such as en or uk.",
    )
    script = LineField(
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"\A[A-Z][a-z]{3}\Z", "Use an ISO 15924 code, such as Cyrl.")],
        help_text="ISO 15924 code of its script, such as Latn or Cyrl.",
    )

    objects = NameQuerySet.as_manager()
    history = ChangeLinkedHistory()

    class Meta:
        ordering = ["entity", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "text"], name="name_once", violation_error_message="This name is already there."
            )
        ]

    def __str__(self) -> str:
        return self.text

    @natural_key_dependencies("entities.entity")
    def natural_key(self) -> tuple[str, str]:
        return (self.entity.slug, self.text)
