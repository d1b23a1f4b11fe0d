"""Verification of quotes against their documents: by the text where it is stored, by the fingerprint otherwise."""

from dataclasses import dataclass

from django.db import transaction

from entities.vocabulary import Verification
from sources import anchoring, fingerprint
from sources.document_text import set_document_text
from sources.models import SourceDocument, SourceQuote
from sources.passage_edges import explain_cut


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """Result of checking one quote; where it failed, `explanation` names the nearest passage."""

    verification: Verification
    explanation: str

    def __bool__(self) -> bool:
        return self.verification in (Verification.TEXT, Verification.FINGERPRINT)


def check_quote(quote: SourceQuote) -> QuoteCheck:
    """Check that `quote` occurs in its document, word for word, at its offsets. Read only: a quote is never moved."""
    document = quote.document
    if document.text:
        return check_against_text(quote, document.text)
    if not document.fingerprint:
        return QuoteCheck(Verification.UNVERIFIED, "the document has neither text nor fingerprint")
    if not fingerprint.has_enough_words(quote.exact):
        few = f"too few words to prove without the text: a passage needs at least {fingerprint.WINDOW_WORDS}"
        return QuoteCheck(Verification.UNVERIFIED, few)
    try:
        proof = fingerprint.prove_passage(document.fingerprint, document.sha256, exact=quote.exact, start=quote.start)
    except ValueError as error:
        return QuoteCheck(Verification.FAILED, f"the document's fingerprint cannot be read: {error}")
    return QuoteCheck(Verification.FINGERPRINT if proof else Verification.FAILED, proof.explanation)


def check_against_text(quote: SourceQuote, text: str) -> QuoteCheck:
    """Check `quote` at its offsets in `text`; if it is not there, say where it is or what is nearest."""
    if text[quote.start : quote.end] == quote.exact:
        if cut := explain_cut(text, quote.start, quote.end):
            return QuoteCheck(Verification.FAILED, cut)
        return QuoteCheck(Verification.TEXT, "found there, word for word")
    places = anchoring.find_passages(text, quote.exact)
    if places:
        offsets = ", ".join(f"{place.start} to {place.end}" for place in places)
        return QuoteCheck(
            Verification.FAILED, f"not found at {quote.start} to {quote.end}, but at {offsets}: “{places[0].exact}”"
        )
    nearest = anchoring.find_nearest(text, quote.exact)
    if nearest is None:
        return QuoteCheck(Verification.FAILED, "not found in the text")
    place, similarity = nearest
    words = " ".join(place.exact.split())
    return QuoteCheck(
        Verification.FAILED, f"not found in the text; nearest ({similarity:.0f}% similar), at {place.start}: “{words}”"
    )


def verify_quotes(quotes) -> list[tuple[SourceQuote, QuoteCheck]]:
    """Check each of `quotes` and store the result where it changed. Return the failures."""
    failures = []
    for quote in quotes:
        check = check_quote(quote)
        if quote.verification != check.verification:
            SourceQuote.objects.filter(pk=quote.pk).update(verification=check.verification)
            quote.verification = check.verification
        if not check:
            failures.append((quote, check))
    return failures


@transaction.atomic
def attach_text(document: SourceDocument, text: str) -> list[tuple[SourceQuote, QuoteCheck]]:
    """Store `text` with all that is made from it and check every quote of the document again. Return the failures."""
    public_proof = document.sha256, document.fingerprint
    set_document_text(document, text)
    if public_proof == (document.sha256, document.fingerprint):
        # The text that the document was recorded from: nothing in the register changes but what only editors see.
        private = {name: getattr(document, name) for name in ("text", "word_count", "speech_spans", "page_breaks")}
        SourceDocument.objects.filter(pk=document.pk).update(**private)
    else:
        document.save()
    save_pages_of_quotes(document)
    return verify_quotes(document.quotes.select_related("document"))


def save_pages_of_quotes(document: SourceDocument) -> None:
    """Save each quote whose page is no longer that of its place, as after the document got a text with page breaks."""
    if document.page_breaks:
        for quote in document.quotes.select_related("document"):
            if quote.page != quote.page_in_text:
                quote.save()
