"""Verification of quotes against their documents: by the text where it is stored, by the fingerprint otherwise."""

from dataclasses import dataclass

from django.db import transaction

from entities.vocabulary import Verification
from sources import anchoring, fingerprint
from sources.models import SourceDocument, SourceQuote


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
    try:
        proof = fingerprint.prove_passage(
            document.fingerprint, document.sha256, prefix=quote.prefix, exact=quote.exact, suffix=quote.suffix, start=quote.start
        )
    except ValueError as error:
        return QuoteCheck(Verification.FAILED, f"the document's fingerprint cannot be read: {error}")
    return QuoteCheck(Verification.FINGERPRINT if proof else Verification.FAILED, proof.explanation)


def check_against_text(quote: SourceQuote, text: str) -> QuoteCheck:
    """Check `quote` at its offsets in `text`; if it is not there, say where it is or what is nearest."""
    words_there = text[max(0, quote.start - len(quote.prefix)) : quote.end + len(quote.suffix)]
    if text[quote.start : quote.end] == quote.exact:
        if words_there == quote.prefix + quote.exact + quote.suffix:
            return QuoteCheck(Verification.TEXT, "found there, word for word")
        return QuoteCheck(Verification.FAILED, f"found there, but between other words: “{' '.join(words_there.split())}”")
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
    """Store `text` with its hash and fingerprint and check every quote of the document again. Return the failures."""
    sha256, new_fingerprint = fingerprint.text_hash(text), fingerprint.make_fingerprint(text)
    if (document.sha256, document.fingerprint) == (sha256, new_fingerprint):
        # The text that the document was recorded from: nothing in the register changes but the text itself.
        SourceDocument.objects.filter(pk=document.pk).update(text=text)
        document.text = text
    else:
        document.text, document.sha256, document.fingerprint = text, sha256, new_fingerprint
        document.save()
    return verify_quotes(document.quotes.select_related("document"))
