"""Limit on quotation: of no document may more than a share of its words be shown in its publisher's own wording.

What counts is all that is public, older editions of quotes included, and all that is shipped: fixtures hold drafts too.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition, EditionTerm
from nato_support.publishing.rendering import PublicKey, Rendering
from nato_support.publishing.row_checks import RuleViolation, Unpublishable
from sources import quotation_share
from sources.document_text import values_made_from_text
from sources.models import SourceDocument, SourceQuote
from sources.quotation_share import QuotationShare, ShownPassage

_BATCH_SIZE = 200


@dataclass(frozen=True, slots=True)
class DocumentQuotation:
    """The passages of a document that are shown: in all, and by what is public alone."""

    document: SourceDocument
    passages: tuple[ShownPassage, ...]
    public_passages: tuple[ShownPassage, ...]
    quotes: dict[str, ShownPassage]
    """Slug of a quote -> its passage in the working copy."""

    @property
    def share(self) -> QuotationShare:
        """Return the share of all that is public or shipped."""
        return _measure(self.document, self.passages)

    @property
    def public_share(self) -> QuotationShare:
        """Return the share of what is public."""
        return _measure(self.document, self.public_passages)


def quotation_of_documents(documents: Iterable[SourceDocument]) -> list[DocumentQuotation]:
    """Return what is shown of each of `documents`, with a constant number of queries for each _BATCH_SIZE of them."""
    documents = list(documents)
    found = []
    for start in range(0, len(documents), _BATCH_SIZE):
        batch = documents[start : start + _BATCH_SIZE]
        quotes_by_document: dict[int, dict[str, ShownPassage]] = {document.pk: {} for document in batch}
        for quote in SourceQuote.objects.filter(document__in=batch).prefetch_related("speakers").order_by("pk"):
            passage = ShownPassage(quote.start, quote.exact, bool(quote.speaker_keys))
            quotes_by_document[quote.document_id][quote.slug] = passage
        published = _passages_in_editions(slug for quotes in quotes_by_document.values() for slug in quotes)
        for document in batch:
            quotes = quotes_by_document[document.pk]
            public = tuple(passage for slug in quotes for passage in published.get(slug, ()))
            # An edition whose words are within the present ones shows nothing more, wherever they stood then.
            older = (p for slug in quotes for p in published.get(slug, ()) if p.exact not in quotes[slug].exact)
            found.append(DocumentQuotation(document, (*quotes.values(), *older), public, quotes))
    return found


def quotation_of_all_documents() -> Iterator[DocumentQuotation]:
    """Yield what is shown of each document, in the order of their slugs."""
    keys = list(SourceDocument.objects.order_by("slug").values_list("pk", flat=True))
    for start in range(0, len(keys), _BATCH_SIZE):
        documents = SourceDocument.objects.filter(pk__in=keys[start : start + _BATCH_SIZE]).defer("fingerprint")
        yield from quotation_of_documents(documents.order_by("slug"))


def _passages_in_editions(slugs: Iterable[str]) -> dict[str, list[ShownPassage]]:
    """Return the passages that public editions of quotes show, by slug; also of withdrawn ones still quoted elsewhere."""
    wanted = list(slugs)
    passages: dict[str, list[ShownPassage]] = {}
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        editions = Edition.objects.filter(kind="quote", slug__in=chunk)
        live = set(editions.filter(LIVE_EDITIONS).values_list("slug", flat=True))
        withdrawn = set(editions.filter(superseded__isnull=True, withdrawn=True).values_list("slug", flat=True))
        quoted_elsewhere = EditionTerm.objects.filter(field="quote", value__in=[f"quote/{slug}" for slug in withdrawn])
        shown = live | {value.removeprefix("quote/") for value in quoted_elsewhere.values_list("value", flat=True)}
        for slug, text in editions.filter(slug__in=shown, withdrawn=False).values_list("slug", "document"):
            passages.setdefault(slug, []).append(_passage_of_rendering(json.loads(text)))
    return passages


def _passage_of_rendering(document: dict) -> ShownPassage:
    return ShownPassage(document["start"], document["exact"], bool(document.get("speakers") or document.get("speaker")))


def _measure(document: SourceDocument, passages: Iterable[ShownPassage]) -> QuotationShare:
    return quotation_share.measure_share(document.title, *_counted_text(document), passages)


def _counted_text(document: SourceDocument) -> tuple[int | None, list[list[int]]]:
    """Return number of words and quotation marks of a document; a text that was stored before they were kept is counted now."""
    if document.word_count is None and document.text:
        values = values_made_from_text(document.text)
        return values["word_count"], values["speech_spans"]
    return document.word_count, document.speech_spans


def find_quotation_problems() -> Iterator[RuleViolation]:
    """Yield each document of which too much is shown, each passage that is too short or too long, and what cannot be counted."""
    for quotation in quotation_of_all_documents():
        yield from _problems_of_document(quotation)


def _problems_of_document(quotation: DocumentQuotation) -> Iterator[RuleViolation]:
    document, share = quotation.document, quotation.share
    if document.text and document.word_count is not None:
        made = values_made_from_text(document.text)
        for name in ("word_count", "speech_spans", "page_breaks"):
            if getattr(document, name) != made[name]:
                yield RuleViolation("document", document.slug, name, "differs from its text: attach the text again")
    if share.words is None and quotation.quotes:
        yield RuleViolation(
            "document", document.slug, "word_count", "is not known: attach the text, whose words are then counted"
        )
    if share.exceeds_limit:
        yield RuleViolation("document", document.slug, "", f"is shown to {share}; {_limit_in_words()}")
    _, speech_spans = _counted_text(document)
    for slug, passage in quotation.quotes.items():
        if problem := quotation_share.passage_length_problem(passage, speech_spans):
            yield RuleViolation("quote", slug, "exact", problem)


def quotation_blockers(renderings: Iterable[Rendering], assumed_public: Collection[PublicKey]) -> list[RuleViolation]:
    """List the quotes among `renderings` that may not be public, as they or their document would exceed the limit.

    The quotes of `assumed_public` count as public already.
    """
    renderings = list(renderings)
    passages_by_document = _new_passages(renderings)
    documents = _documents_by_slug(passages_by_document)
    problems = _length_blockers(documents, passages_by_document)
    for quotation in quotation_of_documents(documents):
        new_passages = passages_by_document[quotation.document.slug]
        assumed = {slug: passage for slug, passage in quotation.quotes.items() if ("quote", slug) in assumed_public}
        share = _measure(quotation.document, [*quotation.public_passages, *(assumed | new_passages).values()])
        if share.exceeds_limit and share.shown_words > quotation.public_share.shown_words:
            message = f"would show {share} of document {quotation.document.slug}; {_limit_in_words()}"
            problems += [Unpublishable("quote", slug, "", message) for slug in new_passages]
    return problems


class QuotationBudget:
    """What may still be shown of each document, while quotes are chosen group by group."""

    def __init__(self, renderings: Iterable[Rendering]):
        """Take the quotes to choose from, before any of them is public."""
        self._passages = _new_passages(renderings)
        self._shown: dict[str, dict[str, ShownPassage]] = {}
        self._documents = [
            document
            for document in _documents_by_slug(self._passages)
            if _measure(document, self._passages[document.slug].values()).exceeds_limit
        ]

    def excess_with(self, slugs: Collection[str]) -> str:
        """Return in words why the quotes `slugs` may not be shown beside those chosen already; '' if they may."""
        for document in self._documents:
            new = self._passages_among(document, slugs)
            share = _measure(document, (self._shown.get(document.slug, {}) | new).values())
            if new and share.exceeds_limit:
                return f"would show {share} of document {document.slug}; {_limit_in_words()}"
        return ""

    def show(self, slugs: Collection[str]) -> None:
        """Choose the quotes `slugs`."""
        for document in self._documents:
            self._shown.setdefault(document.slug, {}).update(self._passages_among(document, slugs))

    def _passages_among(self, document: SourceDocument, slugs: Collection[str]) -> dict[str, ShownPassage]:
        passages = self._passages[document.slug]
        return {slug: passages[slug] for slug in slugs if slug in passages}


def length_blockers(renderings: Iterable[Rendering]) -> list[RuleViolation]:
    """List the quotes among `renderings` that are too short or too long to be public."""
    passages_by_document = _new_passages(renderings)
    return _length_blockers(_documents_by_slug(passages_by_document), passages_by_document)


def _length_blockers(
    documents: Iterable[SourceDocument], passages_by_document: dict[str, dict[str, ShownPassage]]
) -> list[RuleViolation]:
    problems: list[RuleViolation] = []
    for document in documents:
        _, speech_spans = _counted_text(document)
        for slug, passage in passages_by_document[document.slug].items():
            if problem := quotation_share.passage_length_problem(passage, speech_spans):
                problems.append(Unpublishable("quote", slug, "", problem))
    return problems


def _new_passages(renderings: Iterable[Rendering]) -> dict[str, dict[str, ShownPassage]]:
    """Return slug of a document -> slug of a quote of it -> its passage, of the quotes among `renderings`."""
    passages_by_document: dict[str, dict[str, ShownPassage]] = {}
    for rendering in renderings:
        if rendering.kind == "quote":
            passages = passages_by_document.setdefault(rendering.document["document"]["slug"], {})
            passages[rendering.slug] = _passage_of_rendering(rendering.document)
    return passages_by_document


def _documents_by_slug(slugs: Collection[str]) -> list[SourceDocument]:
    return list(SourceDocument.objects.filter(slug__in=slugs).defer("fingerprint").order_by("slug"))


def _limit_in_words() -> str:
    return (
        f"at most {100 * quotation_share.MAX_SHARE:.0f}% may be in its publisher's own wording:"
        " shorten quotes of it, delete drafts or withdraw quotes"
    )
