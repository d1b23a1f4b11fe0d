"""Relations as a citation's value states them: `planned: germany hosts nsatu`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from entities.vocabulary import Modality

_SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
_PATTERN = re.compile(rf"(?P<modality>{'|'.join(Modality)}): (?P<subject>{_SLUG}) (?P<type>{_SLUG}) (?P<object>{_SLUG})")


@dataclass(frozen=True, slots=True)
class RelationFact:
    """The one fact that a relation is: its modality, its type and its two parties, each by its slug."""

    modality: str
    subject: str
    type: str
    object: str

    @classmethod
    def parse(cls, text: str) -> "RelationFact":
        """Parse the value of a citation. Raises ValueError with an explanation."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise ValueError(
                f"“{text}” is not a relation such as planned: germany hosts nsatu, that is one of {', '.join(Modality)},"
                " a colon, and the slugs of first party, type and second party"
            )
        return cls(Modality(match["modality"]), match["subject"], match["type"], match["object"])

    @property
    def parties(self) -> dict[str, str]:
        """The slugs of its two parties, by the ends that they are."""
        return {"subject": self.subject, "object": self.object}

    def __str__(self) -> str:
        """Return the value of a citation, which parse() reads as an equal fact."""
        return f"{self.modality}: {self.subject} {self.type} {self.object}"


def relation_fact_or_none(text: str) -> RelationFact | None:
    """Return the fact that `text` states, or None if it states none."""
    try:
        return RelationFact.parse(text)
    except ValueError:
        return None


def rename_parties(value: str, slugs: Mapping[str, str]) -> str:
    """Return the value of a citation with the parties that `slugs` maps renamed; a value that is no relation as it is."""
    fact = relation_fact_or_none(value)
    return value if fact is None else str(replace(fact, **{end: slugs.get(slug, slug) for end, slug in fact.parties.items()}))
