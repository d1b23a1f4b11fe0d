"""Posts: positions in an organisation."""

from django.db import models

from entities.fields import LineField
from entities.models.change import ChangeLinkedHistory
from entities.models.entity import Entity, kind_parent_link
from entities.models.organisation import Organisation
from entities.vocabulary import Kind


class Post(Entity):
    """A position that exists whoever holds it; the holder is a relation, so an unfilled post simply has none."""

    KIND = Kind.POST

    entity = kind_parent_link(Kind.POST)
    # A post has no meaning without its organisation.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="posts", help_text="The organisation in which the position exists."
    )
    rank = LineField(max_length=120, blank=True, help_text="Rank that its holder must have, such as three-star general.")

    history = ChangeLinkedHistory()
