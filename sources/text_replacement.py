"""Replacement of a document's text: follow its quotes into the new text and re-anchor them."""

from dataclasses import dataclass, field
from os.path import commonprefix

from django.db import transaction
from django.db.models import F, TextChoices

from entities.refusals import Stale
from sources import anchoring, fingerprint, word_diff
from sources.anchoring import Passage
from sources.models import EarlierText, SourceDocument, SourceQuote
from sources.verification import check_against_text, verify_quotes


class PlacementOutcome(TextChoices):
    """What becomes of a quote when another text takes the place of its document's."""

    STANDS = "stands", "stands unchanged in its place"
    MOVES = "moves", "stands elsewhere or between other words, and is placed there"
    FAILS = "fails", "no longer stands"


@dataclass(frozen=True, slots=True)
class QuotePlacement:
    """Where a quote stands in another text. `place` is None if it fails; `offers` are the places that an editor may choose."""

    quote: SourceQuote
    outcome: PlacementOutcome
    place: Passage | None
    reason: str
    offers: list[Passage] = field(default_factory=list)
    nearest: Passage | None = None

    @property
    def difference(self) -> list[tuple[str, str]]:
        """How the nearest passage differs from the quote, word by word."""
        return word_diff.diff_words(self.quote.exact, self.nearest.exact) if self.nearest else []


MIN_DISTINCTIVE_WORDS = 5
"""Words below which a quote is too likely to stand somewhere by chance to be followed by its words alone."""


def plan_placements(document: SourceDocument, text: str) -> list[QuotePlacement]:
    """Where each quote of `document` would stand in `text`. Reads only.

    A quote is followed to a place if all that is before it or all that is after it is unchanged; if it stands just once
    between the same words, or after or before them, as it did; or if its words stand just once, did so before, and are not
    few with nothing of the same around them. It is never moved to a lookalike, and no two quotes to one place.
    """
    old = document.text
    # How much of both texts is the same at their beginning and, counted from there, at their end.
    opening = len(commonprefix([old, text]))
    closing = len(commonprefix([old[::-1], text[::-1]]))
    found = []
    for quote in document.quotes.order_by("start", "end"):
        place, reason, offers = _follow_quote(quote, old, text, opening, closing)
        found.append((quote, place, reason, offers))
    # What keeps its place keeps it before anything may come there; what fails stays, to be seen where it was.
    taken = {(quote.start, place.end if place else quote.end) for quote, place, *_ in found if _keeps_start(quote, place)}
    result = []
    for quote, place, reason, offers in found:
        if place and not _keeps_start(quote, place):
            if (place.start, place.end) in taken:
                offers, reason, place = [place], "stands only where another quote is marked already", None
            else:
                taken.add((place.start, place.end))
        if place:
            stays = place.start == quote.start and check_against_text(quote, text)
            result.append(QuotePlacement(quote, PlacementOutcome.STANDS if stays else PlacementOutcome.MOVES, place, reason))
        else:
            near = None if offers else anchoring.find_nearest(text, quote.exact)
            result.append(QuotePlacement(quote, PlacementOutcome.FAILS, None, reason, offers, near[0] if near else None))
    return result


def _keeps_start(quote: SourceQuote, place: Passage | None) -> bool:
    return place is None or place.start == quote.start


def _follow_quote(
    quote: SourceQuote, old: str, text: str, opening: int, closing: int
) -> tuple[Passage | None, str, list[Passage]]:
    """The place of `quote` in `text`, or None; why; and the places between which nothing decides."""
    stood = bool(old) and old[quote.start : quote.end] == quote.exact
    if stood and quote.end + len(quote.suffix) <= opening:
        return anchoring.passage_at(text, quote.start, quote.end), "all before it is unchanged", []
    if stood and len(old) - quote.start + len(quote.prefix) <= closing:
        shift = len(text) - len(old)
        return anchoring.passage_at(text, quote.start + shift, quote.end + shift), "all after it is unchanged", []
    places = anchoring.find(text, quote.exact)
    if not places:
        return None, "stands nowhere", []
    for prefix, suffix in ((quote.prefix, quote.suffix), (quote.prefix, ""), ("", quote.suffix)):
        between = anchoring.find(text, quote.exact, prefix, suffix) if prefix or suffix else []
        if len(between) == 1 and (not old or len(anchoring.find(old, quote.exact, prefix, suffix)) == 1):
            return between[0], "stands once between the same words", []
    if len(places) > 1:
        return None, f"stands {len(places)} times, and nothing says which is meant", places
    if old and len(anchoring.find(old, quote.exact)) > 1:
        return None, "stands once, but stood several times before", places
    [place] = places
    if len(anchoring.WORD.findall(quote.exact)) >= MIN_DISTINCTIVE_WORDS or _has_same_neighbours(quote, place):
        return place, "stands once", []
    return None, "stands once, but its few words stand between others", places


def _has_same_neighbours(quote: SourceQuote, place: Passage) -> bool:
    """Whether the words just before or just after are the same."""
    words = anchoring.WORD.findall
    return bool(
        words(quote.prefix)[-1:] == words(place.prefix)[-1:] != [] or words(quote.suffix)[:1] == words(place.suffix)[:1] != []
    )


@transaction.atomic
def replace_text(document: SourceDocument, text: str, by=None) -> list[QuotePlacement]:
    """Gives `document` another text and places its quotes in it; the old text stays as an EarlierText. Returns every placement.

    Quotes that fail stay as they are, marked as failed. Raises Stale if the document was saved since `document` was read.
    """
    # Another replacement, and whoever works at the desk, waits until this one is done.
    if SourceDocument.objects.select_for_update().values_list("version", flat=True).get(pk=document.pk) != document.version:
        raise Stale(f"“{document}” was changed meanwhile.")
    fates = plan_placements(document, text)
    if document.text:
        kept = {"text": document.text, "replaced_by": by}
        EarlierText.objects.update_or_create(document=document, sha256=fingerprint.text_hash(document.text), defaults=kept)
    document.text, document.sha256, document.fingerprint = text, fingerprint.text_hash(text), fingerprint.make_fingerprint(text)
    document.full_clean()
    document.save()
    moving = [fate for fate in fates if fate.outcome == PlacementOutcome.MOVES]
    # Two quotes may change places: all step aside first.
    aside = {"start": F("start") + _SHIFT_ASIDE, "end": F("end") + _SHIFT_ASIDE}
    SourceQuote.objects.filter(pk__in=[fate.quote.pk for fate in moving]).update(**aside)
    for fate in moving:
        quote, place = fate.quote, fate.place
        assert place
        quote.start, quote.end, quote.exact = place.start, place.end, place.exact
        quote.prefix, quote.suffix = place.prefix, place.suffix
        quote.save()
    verify_quotes(document.quotes.select_related("document"))
    return fates


_SHIFT_ASIDE = 1_000_000_000
