"""Value object of a suggestion: what a rule found in a text. It is not a fact until an editor accepts it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from entities.vocabulary import SuggestionKind


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Proposal about the passage `text[start:end] == exact`.

    Members of `proposal` by kind:
    quotation: quote_kind (direct_speech, fragment), speaker (slug of a known person or ''), speaker_text (the words that
        name the speaker; '' if none, or a pronoun that stays unresolved), attribution (how the source describes a speaker
        who is no known person, or ''), said_on (partial date or ''), said_on_reason, occasion (slug or ''), part_of (start
        of the first part of a quotation that is split or runs over paragraphs; None if it is in one piece);
    mention: entity (slug), entity_kind, name (the register's name that matched), others (slugs of further records so named);
    name: name, entity_kind (person, organisation, facility, event or ''), role (words that describe it, or '');
    amount: measure_kind (money, headcount, items, percent), qualifier, value, upper, unit (as a Measure takes them; numbers
        as decimal text), typed (as a citation takes it: 'about 700 person'), converts (start of the amount that this one
        converts, or None);
    date: date (partial date), end (of a range, or ''), reasoning (how it was found, in a sentence for people).
    """

    kind: SuggestionKind
    start: int
    end: int
    exact: str
    rule: str
    score: float
    reason: str = ""
    proposal: dict[str, Any] = field(default_factory=dict)
    occurrence: int = 0
    """Number, from 0, of this place among all places where these words occur in the text."""

    @property
    def key(self) -> str:
        """Return the hash that a decision is remembered by: of kind, words, their occurrence, and what is proposed for them."""
        # Offsets within the proposal change with the text above them; the words do not.
        stable = {name: value for name, value in self.proposal.items() if name not in ("part_of", "converts")}
        identity = [self.kind, " ".join(self.exact.split()), self.occurrence, stable]
        return hashlib.sha256(json.dumps(identity, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """Return the suggestion as plain values, for JSON."""
        return asdict(self) | {"kind": str(self.kind), "key": self.key}
