"""Public serializers of entities and relations, one per kind."""

from typing import Any, ClassVar

from rest_framework import serializers

from entities import vocabulary as v
from entities.serializers.base_shapes import (
    COUNTRY_CODE_PATTERN,
    EXAMPLE_DAY,
    FIELD_ADDRESS_PATTERN,
    SLUG_PATTERN,
    BlankAsNullChoiceField,
    BlankAsNullField,
    DateShape,
    DateShapeField,
    DecimalTextField,
    FilledInByRenderingField,
    PublicShape,
    ReferenceField,
    ReferencesField,
    RenderedDatesField,
    date_shape,
    record_path,
)
from entities.serializers.child_shapes import (
    ConversionShape,
    MeasuresField,
    MeasureShape,
    MilestoneShape,
    SharesField,
    ShareShape,
)


class EditionShape(PublicShape):
    """The first members of every rendered record. Edition and release are filled in by rendering."""

    KIND: ClassVar[str]
    IDENTIFYING_MEMBERS = ("kind", "slug", "href", "edition", "release")
    EXAMPLE = {
        "kind": "organisation",
        "slug": "kite-command",
        "href": record_path("organisation", "kite-command"),
        "edition": 3,
        "release": 1841,
    }

    kind = serializers.SerializerMethodField(help_text="Kind of record.")
    slug = serializers.RegexField(SLUG_PATTERN, help_text="The public id.")
    href = serializers.SerializerMethodField(help_text="Path of the record.")
    edition = FilledInByRenderingField(
        serializers.IntegerField(min_value=1), 0, help_text="Number of this edition within the record: 1, 2, 3 ..."
    )
    release = FilledInByRenderingField(
        serializers.IntegerField(min_value=1), 0, help_text="Number of the release that published it."
    )

    def get_kind(self, record) -> str:
        return self.KIND

    def get_href(self, record) -> str:
        return record_path(self.KIND, record.slug)


def edition_example(kind: str, slug: str) -> dict[str, Any]:
    """Return the first members of an example record."""
    return EditionShape.EXAMPLE | {"kind": kind, "slug": slug, "href": record_path(kind, slug)}


_CONTESTED_FIELD: dict[str, Any] = {
    "child": serializers.ListField(child=serializers.RegexField(FIELD_ADDRESS_PATTERN)),
    "empty": [],
    "help_text": "Fields whose sources differ, unresolved or disputed.",
}


_DENIED_FIELD: dict[str, Any] = {
    "child": serializers.ListField(child=serializers.RegexField(FIELD_ADDRESS_PATTERN)),
    "empty": [],
    "help_text": "Fields on which a source denies a value.",
}


class EntityShape(EditionShape):
    """The members of entities of every kind."""

    EXAMPLE = EditionShape.EXAMPLE | {
        "name": "Kite Command",
        "summary": "What a reader should know of it first.",
        "contested": ["name"],
        "denied": [],
        "citations": 4,
        "measures": [MeasureShape.EXAMPLE],
        "conversions": [],
    }

    name = serializers.CharField(help_text="Its name.")
    summary = BlankAsNullField(help_text="Summary in the register's own words.")
    contested = FilledInByRenderingField(**_CONTESTED_FIELD)
    denied = FilledInByRenderingField(**_DENIED_FIELD)
    citations = FilledInByRenderingField(
        serializers.IntegerField(min_value=0), 0, help_text="Number of citations that support the record."
    )
    measures = MeasuresField(help_text="Amounts as their sources state them.")
    conversions = MeasuresField(
        converted=True, source="measures", help_text="The same amounts in other currencies: never add them to `measures`."
    )


def _entity_example(kind: str, slug: str, name: str, **members: Any) -> dict[str, Any]:
    defaults: dict[str, Any] = {"name": name, "contested": [], "measures": []}
    return EntityShape.EXAMPLE | edition_example(kind, slug) | defaults | members


def _reference_example(kind: str, slug: str, name: str) -> dict[str, str]:
    return {"kind": kind, "slug": slug, "name": name, "href": record_path(kind, slug)}


class OrganisationShape(EntityShape):
    KIND = "organisation"
    EXAMPLE = _entity_example(
        KIND,
        "kite-command",
        "Kite Command",
        contested=["measures.staff"],
        measures=[
            MeasureShape.EXAMPLE
            | {
                "key": "staff",
                "kind": "headcount",
                "value": "700",
                "unit": "person",
                "currency": None,
                "qualifier": "about",
                "as_stated": "around 700 personnel",
            }
        ],
        type="command",
        country="DE",
        founded=DateShape.EXAMPLE,
        dissolved=None,
    )

    type = serializers.ChoiceField(v.OrganisationType.choices, help_text="Type of organisation.")
    country = BlankAsNullField(pattern=COUNTRY_CODE_PATTERN, help_text="ISO 3166-1 alpha-2.")
    founded = DateShapeField(help_text="Start.")
    dissolved = DateShapeField(help_text="End.")


class FacilityShape(EntityShape):
    KIND = "facility"
    EXAMPLE = _entity_example(
        KIND,
        "kite-yard",
        "Kite Yard",
        type="plant",
        operator=_reference_example("organisation", "kite-command", "Kite Command"),
        locality="Harbourton",
        country="PL",
        latitude="53.1235",
        longitude="18.0084",
        condition="operating",
    )

    type = serializers.ChoiceField(v.FacilityType.choices, help_text="Type of facility.")
    operator = ReferenceField(help_text="Operator.")
    locality = BlankAsNullField(help_text="Town or place.")
    country = BlankAsNullField(pattern=COUNTRY_CODE_PATTERN, help_text="ISO 3166-1 alpha-2.")
    latitude = DecimalTextField(help_text="Degrees north (WGS 84).")
    longitude = DecimalTextField(help_text="Degrees east (WGS 84).")
    condition = BlankAsNullChoiceField(
        v.FacilityCondition.choices, allow_null=True, help_text="Its state, as far as a source says."
    )


class PersonShape(EntityShape):
    KIND = "person"
    EXAMPLE = _entity_example(KIND, "ada-fell", "Ada Fell", given_name="Ada", family_name="Fell", nationality="NO")

    given_name = BlankAsNullField(help_text="Given name.")
    family_name = BlankAsNullField(help_text="Family name.")
    nationality = BlankAsNullField(pattern=COUNTRY_CODE_PATTERN, help_text="ISO 3166-1 alpha-2.")


class PostShape(EntityShape):
    KIND = "post"
    EXAMPLE = _entity_example(
        KIND,
        "minister-of-kites",
        "Minister of Kites",
        organisation=_reference_example("organisation", "arcadia", "Arcadia"),
        rank="Minister",
    )

    organisation = ReferenceField(help_text="The organisation in which it is a position.")
    rank = BlankAsNullField(help_text="Rank that goes with it.")


class EventShape(EntityShape):
    KIND = "event"
    EXAMPLE = _entity_example(
        KIND,
        "lake-meeting",
        "Lake Meeting",
        type="meeting",
        start=date_shape(EXAMPLE_DAY),
        end=date_shape("2024-07-11"),
        locality="Valleytown",
        country="NO",
        latitude="61.1152",
        longitude="10.4663",
    )

    type = serializers.ChoiceField(v.EventType.choices, help_text="Type of event.")
    start = DateShapeField(help_text="Start.")
    end = DateShapeField(help_text="End.")
    locality = BlankAsNullField(help_text="Town or place.")
    country = BlankAsNullField(pattern=COUNTRY_CODE_PATTERN, help_text="ISO 3166-1 alpha-2.")
    latitude = DecimalTextField(help_text="Degrees north (WGS 84).")
    longitude = DecimalTextField(help_text="Degrees east (WGS 84).")


class CommitmentShape(EntityShape):
    KIND = "commitment"
    EXAMPLE = _entity_example(
        KIND,
        "kite-fund",
        "A fund for kites",
        contested=["conditions"],
        measures=[MeasureShape.EXAMPLE],
        conversions=[ConversionShape.EXAMPLE],
        nature="pledge",
        category="funding",
        stage="announced",
        shares=[ShareShape.EXAMPLE],
        committed_by=[_reference_example("organisation", "arcadia", "Arcadia")],
        beneficiary=_reference_example("organisation", "ruritania", "Ruritania"),
        concerns=[_reference_example("organisation", "kite-command", "Kite Command")],
        part_of=_reference_example("commitment", "kite-package", "The package of kites"),
        facility=_reference_example("facility", "kite-yard", "Kite Yard"),
        announced_at=_reference_example("event", "lake-meeting", "Lake Meeting"),
        due=date_shape("2025-03"),
        period=date_shape("2025"),
        conditions="If parliament agrees.",
        milestones=[MilestoneShape.EXAMPLE],
    )

    nature = serializers.ChoiceField(v.Nature.choices, help_text="Nature of the commitment: a refusal is no pledge.")
    category = serializers.ChoiceField(v.CommitmentCategory.choices, help_text="Subject of the commitment.")
    stage = BlankAsNullChoiceField(
        choices=v.REACHED_STAGES,
        allow_null=True,
        help_text="Stage of the newest milestone, null if there is none; delivered_in_part until the promised amount has come.",
    )
    shares = SharesField(help_text="What was allocated and delivered of the amounts promised, where amounts of both are stated.")
    committed_by = ReferencesField(help_text="Parties that undertake it; empty if no source names one.")
    beneficiary = ReferenceField(help_text="Beneficiary; null if no source says, or nobody benefits.")
    concerns = ReferencesField(help_text="Organisations that it creates, changes or is about.")
    part_of = ReferenceField(help_text="The package that it is part of: never add up both.")
    facility = ReferenceField(help_text="The facility that it is about.")
    announced_at = ReferenceField(help_text="The event at which it was announced.")
    due = DateShapeField(help_text="By when it is to be done; null if no source says. Overdue is what `overdue=true` finds.")
    period = DateShapeField(help_text="The time for which it is meant, all of it; null if no source says.")
    conditions = BlankAsNullField(help_text="Conditions, in the register's own words.")
    milestones = MilestoneShape(many=True, help_text="The steps that were taken.")


class RelationTypeShape(PublicShape):
    """The type of a relation, with the forms of its verb in both directions."""

    IDENTIFYING_MEMBERS = ("slug",)
    EXAMPLE = {
        "slug": "part-of",
        "label": "is part of",
        "plural_label": "are part of",
        "past_label": "was part of",
        "infinitive": "be part of",
        "inverse_label": "has the part",
        "inverse_plural_label": "have the part",
        "inverse_past_label": "had the part",
        "inverse_infinitive": "have the part",
    }

    slug = serializers.RegexField(SLUG_PATTERN, help_text="Its public id.")
    label = serializers.CharField(help_text="From subject to object, in the present; in the past if it tells an act.")
    plural_label = serializers.CharField(help_text="The same after a subject in the plural.")
    past_label = serializers.CharField(help_text="The same in the past.")
    infinitive = serializers.CharField(help_text="The same after “is to”.")
    inverse_label = serializers.CharField(help_text="From object to subject, in the present; in the past if it tells an act.")
    inverse_plural_label = serializers.CharField(help_text="The same after an object in the plural.")
    inverse_past_label = serializers.CharField(help_text="The same in the past.")
    inverse_infinitive = serializers.CharField(help_text="The same after “is to”.")


class RelationShape(EditionShape):
    KIND = "relation"
    EXAMPLE = edition_example(KIND, "kite-command-part-of-arcadia") | {
        "name": "Kite Command is to be part of Arcadia from July 2024",
        "type": RelationTypeShape.EXAMPLE,
        "subject": _reference_example("organisation", "kite-command", "Kite Command"),
        "object": _reference_example("organisation", "arcadia", "Arcadia"),
        "modality": "planned",
        "label": "is to be part of",
        "inverse_label": "is to have the part",
        "role": "Founding member",
        "start": DateShape.EXAMPLE,
        "end": None,
        "attested": [date_shape("2024-06-14")],
        "contested": ["start"],
        "denied": ["start"],
        "citations": 2,
    }

    name = FilledInByRenderingField(
        serializers.CharField(), "", help_text="The relation as one sentence, by number, tense, modality and time."
    )
    type = RelationTypeShape(help_text="Type of relation.")
    subject = ReferenceField(help_text="First party.")
    object = ReferenceField(help_text="Second party.")
    modality = serializers.ChoiceField(
        v.Modality.choices, help_text="How far it holds: only what is in force is told as a fact; a claim is somebody's."
    )
    label = FilledInByRenderingField(
        serializers.CharField(), "", help_text="What stands between subject and object, by number, tense and modality."
    )
    inverse_label = FilledInByRenderingField(
        serializers.CharField(), "", help_text="What stands between object and subject, read the other way."
    )
    role = BlankAsNullField(help_text="Role of the first party; null if no source states one.")
    start = DateShapeField(help_text="Start.")
    end = DateShapeField(help_text="End; null if it continues or no source says.")
    attested = RenderedDatesField(
        help_text="Days on which its sources state it: when the words were said or, if unknown, published. Without start and"
        " end nothing says that it holds on others."
    )
    contested = FilledInByRenderingField(**_CONTESTED_FIELD)
    denied = FilledInByRenderingField(**_DENIED_FIELD)
    citations = FilledInByRenderingField(
        serializers.IntegerField(min_value=0), 0, help_text="Number of citations that support the relation."
    )


SHAPES_BY_KIND: dict[str, type[EditionShape]] = {
    shape.KIND: shape
    for shape in (OrganisationShape, FacilityShape, PersonShape, PostShape, EventShape, CommitmentShape, RelationShape)
}
