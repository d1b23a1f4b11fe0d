"""Persons."""

from entities.fields import CountryField, LineField
from entities.models.change import ChangeLinkedHistory
from entities.models.entity import Entity, kind_parent_link
from entities.vocabulary import Kind


class Person(Entity):
    """A named human being. An unnamed office holder is an unfilled Post, never a Person."""

    KIND = Kind.PERSON
    FIELD_GROUPS = (("name", "given_name", "family_name"),)

    entity = kind_parent_link(Kind.PERSON)
    given_name = LineField(max_length=120, blank=True, help_text="Given names as the sources write them, such as Christopher G.")
    family_name = LineField(max_length=120, blank=True, db_index=True, help_text="Family name, such as Cavoli.")
    nationality = CountryField(help_text="ISO 3166-1 alpha-2 code, such as NO, if a source says so.")

    history = ChangeLinkedHistory()
