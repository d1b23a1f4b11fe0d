"""Replacement of a document's text: follow its quotes into the new text and re-anchor them."""

from dataclasses import dataclass, field
from os.path import commonprefix

from django.db import transaction
from django.db.models import F, TextChoices

from entities.refusals import Stale
from sources import anchoring, fingerprint
from sources.anchoring import Passage
from sources.document_text import set_document_text
from sources.models import EarlierText, SourceDocument, SourceQuote
from sources.verification import check_against_text, save_pages_of_quotes, verify_quotes
from sources.word_diff import DiffSpan, diff_words


class PlacementOutcome(TextChoices):
    """Outcome for a quote when its document gets another text."""

    STANDS = "stands", "unchanged"
    MOVES = "moves", "re-anchored"
    FAILS = "fails", "not found"


@dataclass(frozen=True, slots=True)
class QuotePlacement:
    """Position of a quote in another text.

    `place` is None if the quote fails; `offers` then holds the places among which an editor may choose.
    """

    quote: SourceQuote
    outcome: PlacementOutcome
    place: Passage | None
    reason: str
    offers: list[Passage] = field(default_factory=list)
    nearest: Passage | None = None

    @property
    def difference(self) -> list[DiffSpan]:
        """Return the differences between the quote and the nearest passage, word by word."""
        return diff_words(self.quote.exact, self.nearest.exact) if self.nearest else []


MIN_DISTINCTIVE_WORDS = 5
"""Fewest words by which a quote may be followed alone: fewer are too likely to occur by chance."""


def plan_placements(document: SourceDocument, new_text: str) -> list[QuotePlacement]:
    """Return where each quote of `document` would be in `text`. Read only.

    A quote is followed to a place if all text before it or all text after it is unchanged; or if it occurs just once between the
    same words, or after or before them, as it did; or if its words occur just once, occurred once before, and are either many or
    have the same neighbours. A quote is never moved to a lookalike, and no two quotes to one place.
    """
    old_text = document.text
    # Lengths of what both texts have in common at their start and at their end.
    same_at_start = len(commonprefix([old_text, new_text]))
    same_at_end = len(commonprefix([old_text[::-1], new_text[::-1]]))
    followed = []
    for quote in document.quotes.order_by("start", "end"):
        place, reason, offers = _follow_quote(quote, old_text, new_text, same_at_start, same_at_end)
        followed.append((quote, place, reason, offers))
    # Quotes that keep their place claim it first; those that fail also stay, so that they can be seen where they were.
    taken_places = {
        (quote.start, place.end if place else quote.end) for quote, place, *_ in followed if _keeps_start(quote, place)
    }
    placements = []
    for quote, place, reason, offers in followed:
        if place and not _keeps_start(quote, place):
            if (place.start, place.end) in taken_places:
                offers, reason, place = [place], "found only where another quote is already", None
            else:
                taken_places.add((place.start, place.end))
        if place:
            stays = place.start == quote.start and check_against_text(quote, new_text)
            placements.append(QuotePlacement(quote, PlacementOutcome.STANDS if stays else PlacementOutcome.MOVES, place, reason))
        else:
            nearest = None if offers else anchoring.find_nearest(new_text, quote.exact)
            placements.append(
                QuotePlacement(quote, PlacementOutcome.FAILS, None, reason, offers, nearest[0] if nearest else None)
            )
    return placements


def _keeps_start(quote: SourceQuote, place: Passage | None) -> bool:
    return place is None or place.start == quote.start


def _follow_quote(
    quote: SourceQuote, old_text: str, new_text: str, same_at_start: int, same_at_end: int
) -> tuple[Passage | None, str, list[Passage]]:
    """Return the place of `quote` in `new_text` or None, the reason, and the places between which nothing decides."""
    was_in_place = bool(old_text) and old_text[quote.start : quote.end] == quote.exact
    old_passage = anchoring.passage_at(old_text, quote.start, quote.end) if was_in_place else None
    before, after = (old_passage.prefix, old_passage.suffix) if old_passage else ("", "")
    if was_in_place and quote.end + len(after) <= same_at_start:
        return anchoring.passage_at(new_text, quote.start, quote.end), "all before it is unchanged", []
    if was_in_place and len(old_text) - quote.start + len(before) <= same_at_end:
        shift = len(new_text) - len(old_text)
        return anchoring.passage_at(new_text, quote.start + shift, quote.end + shift), "all after it is unchanged", []
    places = anchoring.find_passages(new_text, quote.exact)
    if not places:
        return None, "not found", []
    for prefix, suffix in ((before, after), (before, ""), ("", after)):
        in_context = anchoring.find_passages(new_text, quote.exact, prefix, suffix) if prefix or suffix else []
        if len(in_context) == 1 and len(anchoring.find_passages(old_text, quote.exact, prefix, suffix)) == 1:
            return in_context[0], "found once between the same words", []
    if len(places) > 1:
        return None, f"found {len(places)} times, and nothing says which is meant", places
    if old_text and len(anchoring.find_passages(old_text, quote.exact)) > 1:
        return None, "found once, but several times before", places
    [place] = places
    if len(anchoring.WORD.findall(quote.exact)) >= MIN_DISTINCTIVE_WORDS or _has_same_neighbours(old_passage, place):
        return place, "found once", []
    return None, "found once, but its few words are between other words", places


def _has_same_neighbours(old: Passage | None, new: Passage) -> bool:
    """Return whether the word just before or the word just after is the same."""
    words = anchoring.WORD.findall
    return old is not None and bool(
        words(old.prefix)[-1:] == words(new.prefix)[-1:] != [] or words(old.suffix)[:1] == words(new.suffix)[:1] != []
    )


@transaction.atomic
def replace_text(document: SourceDocument, text: str, user=None) -> list[QuotePlacement]:
    """Give `document` another text, re-anchor its quotes in it and keep the old text as an EarlierText. Return all placements.

    Quotes that fail stay as they are, marked as failed. Raises Stale if the document was saved since `document` was read.
    """
    # The lock makes other replacements and anybody who is capturing quotes wait until this one is done.
    if SourceDocument.objects.select_for_update().values_list("version", flat=True).get(pk=document.pk) != document.version:
        raise Stale(f"“{document}” was changed in the meantime.")
    placements = plan_placements(document, text)
    if document.text:
        earlier_text = {"text": document.text, "replaced_by": user}
        EarlierText.objects.update_or_create(
            document=document, sha256=fingerprint.text_hash(document.text), defaults=earlier_text
        )
    set_document_text(document, text)
    document.full_clean()
    document.save()
    moved = [placement for placement in placements if placement.outcome == PlacementOutcome.MOVES]
    # Two quotes may swap places: shift all of them out of the way first.
    shifted = {"start": F("start") + _SHIFT_ASIDE, "end": F("end") + _SHIFT_ASIDE}
    SourceQuote.objects.filter(pk__in=[placement.quote.pk for placement in moved]).update(**shifted)
    for placement in moved:
        quote, place = placement.quote, placement.place
        assert place
        quote.start, quote.end, quote.exact = place.start, place.end, place.exact
        quote.document = document
        quote.save()
    save_pages_of_quotes(document)
    verify_quotes(document.quotes.select_related("document"))
    return placements


_SHIFT_ASIDE = 1_000_000_000
