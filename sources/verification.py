"""Checks a quote against its document: by the text if it is held, by the fingerprint otherwise. Follows it into a newer text."""

from dataclasses import dataclass

from django.db import transaction

from entities.vocabulary import Verification
from sources import anchoring, fingerprint
from sources.models import SourceDocument, SourceQuote


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """What the check of one quote found; `explanation` names the nearest passage where it failed."""

    verification: Verification
    explanation: str

    def __bool__(self) -> bool:
        return self.verification in (Verification.TEXT, Verification.FINGERPRINT)


def check_quote(quote: SourceQuote) -> QuoteCheck:
    """Whether `quote` stands in its document, word for word, at its place. Reads only; never moves a quote."""
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
    around = text[max(0, quote.start - len(quote.prefix)) : quote.end + len(quote.suffix)]
    if text[quote.start : quote.end] == quote.exact:
        if around == quote.prefix + quote.exact + quote.suffix:
            return QuoteCheck(Verification.TEXT, "stands there, word for word")
        return QuoteCheck(Verification.FAILED, f"stands there, but between other words: “{' '.join(around.split())}”")
    places = anchoring.find(text, quote.exact)
    if places:
        found = ", ".join(f"{place.start} to {place.end}" for place in places)
        return QuoteCheck(
            Verification.FAILED, f"does not stand at {quote.start} to {quote.end}, but at {found}: “{places[0].exact}”"
        )
    near = anchoring.find_nearest(text, quote.exact)
    if near is None:
        return QuoteCheck(Verification.FAILED, "does not stand in the text")
    place, likeness = near
    shown = " ".join(place.exact.split())
    return QuoteCheck(
        Verification.FAILED, f"does not stand in the text; nearest ({likeness:.0f}% alike), at {place.start}: “{shown}”"
    )


def verify_quotes(quotes) -> list[tuple[SourceQuote, QuoteCheck]]:
    """Checks each of `quotes` and stores what was found, where it changed. Returns the failures."""
    failures = []
    for quote in quotes:
        finding = check_quote(quote)
        if quote.verification != finding.verification:
            SourceQuote.objects.filter(pk=quote.pk).update(verification=finding.verification)
            quote.verification = finding.verification
        if not finding:
            failures.append((quote, finding))
    return failures


@transaction.atomic
def attach_text(document: SourceDocument, text: str) -> list[tuple[SourceQuote, QuoteCheck]]:
    """Stores `text` with its hash and fingerprint and checks every quote of the document anew. Returns the failures."""
    sha256, print_of_text = fingerprint.text_hash(text), fingerprint.make_fingerprint(text)
    if (document.sha256, document.fingerprint) == (sha256, print_of_text):
        # The text that was always meant: nothing that the register says of the document changes.
        SourceDocument.objects.filter(pk=document.pk).update(text=text)
        document.text = text
    else:
        document.text, document.sha256, document.fingerprint = text, sha256, print_of_text
        document.save()
    return verify_quotes(document.quotes.select_related("document"))
