"""Checks a quote against its document: by the text if it is held, by the fingerprint otherwise."""

from dataclasses import dataclass

from entities.vocabulary import Verification
from sources import anchoring, fingerprint
from sources.models import SourceDocument, SourceQuote


@dataclass(frozen=True, slots=True)
class Finding:
    """What the check of one quote found; `explanation` names the nearest passage where it failed."""

    verification: Verification
    explanation: str

    def __bool__(self) -> bool:
        return self.verification in (Verification.TEXT, Verification.FINGERPRINT)


def check(quote: SourceQuote) -> Finding:
    """Whether `quote` stands in its document, word for word, at its place. Reads only; never moves a quote."""
    document = quote.document
    if document.text:
        return _check_text(quote, document.text)
    if not document.fingerprint:
        return Finding(Verification.UNVERIFIED, "the document has neither text nor fingerprint")
    try:
        proof = fingerprint.prove(
            document.fingerprint, document.sha256, prefix=quote.prefix, exact=quote.exact, suffix=quote.suffix, start=quote.start
        )
    except ValueError as error:
        return Finding(Verification.FAILED, f"the document's fingerprint cannot be read: {error}")
    return Finding(Verification.FINGERPRINT if proof else Verification.FAILED, proof.explanation)


def _check_text(quote: SourceQuote, text: str) -> Finding:
    around = text[max(0, quote.start - len(quote.prefix)) : quote.end + len(quote.suffix)]
    if text[quote.start : quote.end] == quote.exact:
        if around == quote.prefix + quote.exact + quote.suffix:
            return Finding(Verification.TEXT, "stands there, word for word")
        return Finding(Verification.FAILED, f"stands there, but between other words: “{' '.join(around.split())}”")
    places = anchoring.find(text, quote.exact)
    if places:
        found = ", ".join(f"{place.start} to {place.end}" for place in places)
        return Finding(
            Verification.FAILED, f"does not stand at {quote.start} to {quote.end}, but at {found}: “{places[0].exact}”"
        )
    near = anchoring.nearest(text, quote.exact)
    if near is None:
        return Finding(Verification.FAILED, "does not stand in the text")
    place, likeness = near
    shown = " ".join(place.exact.split())
    return Finding(
        Verification.FAILED, f"does not stand in the text; nearest ({likeness:.0f}% alike), at {place.start}: “{shown}”"
    )


def verify(quotes) -> list[tuple[SourceQuote, Finding]]:
    """Checks each of `quotes` and stores what was found, where it changed. Returns the failures."""
    failures = []
    for quote in quotes:
        finding = check(quote)
        if quote.verification != finding.verification:
            SourceQuote.objects.filter(pk=quote.pk).update(verification=finding.verification)
            quote.verification = finding.verification
        if not finding:
            failures.append((quote, finding))
    return failures


def attach_text(document: SourceDocument, text: str) -> list[tuple[SourceQuote, Finding]]:
    """Stores `text` with its hash and fingerprint and checks every quote of the document anew. Returns the failures."""
    sha256, print_of_text = fingerprint.text_hash(text), fingerprint.make(text)
    if (document.sha256, document.fingerprint) == (sha256, print_of_text):
        # The text that was always meant: nothing that the register says of the document changes.
        SourceDocument.objects.filter(pk=document.pk).update(text=text)
        document.text = text
    else:
        document.text, document.sha256, document.fingerprint = text, sha256, print_of_text
        document.save()
    return verify(document.quotes.select_related("document"))
