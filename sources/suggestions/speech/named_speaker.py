"""Attribution: the words that say whose a quotation is."""

from typing import NamedTuple

from sources.suggestions.speech.noun_phrases import NounPhrase


class Attribution(NamedTuple):
    """Who is said to have said it, and by which rule. `pronoun`: gender of a pronoun that stands for a name, or None."""

    rule: str
    phrase: NounPhrase | None = None
    pronoun: str | None = None
    place: int = 0
    """Token at which the pronoun, or the verb without a subject, stands."""
    is_calling: bool = False

    @property
    def names_somebody(self) -> bool:
        return self.phrase is not None or self.pronoun is not None
