"""Layout of the cards of a review page: values with their evidence first, new quotes and documents folded, texts beside them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nato_support.desk.records.displayed_differences import DisplayedCitation
from nato_support.desk.review.record_cards import RecordCard
from nato_support.desk.review.source_texts import SourceText, quotes_with_documents, source_texts


@dataclass
class CardLayout:
    """Cards of a page in the order shown. Each card is in exactly one of the lists, and none is left out."""

    open_cards: list[RecordCard] = field(default_factory=list)
    folded_documents: list[RecordCard] = field(default_factory=list)
    """New documents: a line each, that opens."""
    folded_quotes: list[RecordCard] = field(default_factory=list)
    """New quotes whose passage and particulars are shown beside the values that they support."""
    texts: list[SourceText] = field(default_factory=list)
    quote_count: int = 0

    @property
    def quotes_summary(self) -> str:
        """Return how many of the page's quotes are folded: "7 quotes, all shown beside the values they support"."""
        folded = len(self.folded_quotes)
        if folded == self.quote_count:
            if folded == 1:
                return "1 quote, shown beside the values it supports"
            return f"{folded} quotes, all shown beside the values they support"
        verb = "is" if folded == 1 else "are"
        return f"{folded} of {self.quote_count} quotes {verb} shown beside the values they support"


def lay_out_cards(cards: Iterable[RecordCard], user) -> CardLayout:
    """Sort cards into those shown open and those folded, and fetch the texts beside them, in a constant number of queries."""
    layout = CardLayout()
    all_cards = list(cards)
    cited = _mark_first_citations(card for card in all_cards if card.kind != "quote")
    for card in all_cards:
        if card.kind == "document" and _may_fold(card):
            layout.folded_documents.append(card)
        elif card.kind == "quote" and card.record.pk in cited and _may_fold(card):
            layout.folded_quotes.append(card)
        else:
            layout.open_cards.append(card)
    layout.quote_count = sum(card.kind == "quote" for card in all_cards)
    own = {card.record.pk for card in all_cards if card.kind == "quote"}
    quotes = quotes_with_documents(cited | own, user)
    layout.texts = source_texts(quotes, _citations_on(all_cards), user)
    return layout


def _may_fold(card: RecordCard) -> bool:
    """Return whether a card holds nothing but a new record as it was sent, without a word of anybody on it."""
    is_remarked_on = bool(card.comments or any(card.typed.values()))
    return card.pending.is_new and not (card.changed_since_sent or is_remarked_on)


def _mark_first_citations(cards: Iterable[RecordCard]) -> set[int]:
    """Mark for each quote the first citation on the page, which shows its particulars; return the keys of the quotes."""
    seen: set[int] = set()
    for citation in _citations_on(cards):
        if citation.quote_key is not None:
            citation.is_first_of_quote = citation.quote_key not in seen
            seen.add(citation.quote_key)
    return seen


def _citations_on(cards: Iterable[RecordCard]) -> list[DisplayedCitation]:
    return [citation for card in cards for line in card.table.lines for citation in line.sources]
