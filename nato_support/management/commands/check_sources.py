"""Check quotes against freshly saved pages of their sources."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from sources import anchoring, document_intake, formats, near_copies
from sources.models import SourceDocument

MIN_SHARED_SEQUENCES = 0.3
"""Share of common word sequences from which a page counts as another version of a document."""

FINDING_MESSAGES = {
    "quote": "{document}, quote {quote}: not found in {page}: “{exact}”{nearest_in_words}",
    "no_page": "{document}: no page in the folder",
    "no_document": "{page}: belongs to no document of the register",
    "unreadable": "{page}: {reason}",
}


class Command(BaseCommand):
    help = (
        "Reads a folder of freshly saved pages (.html, .mhtml, .pdf, .txt) and lists the quotes that they no longer contain, word"
        " for word. Fetches nothing and changes nothing; exits with 1 if a quote is missing."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", action="store_true", help="Print each finding as one line of JSON.")

    def handle(self, *, folder: Path, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        failed_count = page_count = 0
        for finding in check_saved_pages(folder):
            failed_count += finding["finding"] == "quote"
            page_count += finding["finding"] == "page"
            if options["json"]:
                self.stdout.write(json.dumps(finding, ensure_ascii=False))
            elif finding["finding"] == "page":
                self.stdout.write("{page}: {document}, {found} of {quotes} quotes found".format(**finding))
            else:
                self.stdout.write(_finding_text(finding))
        if failed_count:
            raise CommandError(f"{failed_count} quote(s) were not found in their pages.")
        if not options["json"]:
            self.stdout.write(f"In the {page_count} page(s) that belong to documents, every quote was found.")


def _finding_text(finding: dict) -> str:
    nearest_passage = finding.get("nearest")
    nearest = f"; nearest ({finding['similarity']}% similar): “{nearest_passage}”" if nearest_passage else ""
    return FINDING_MESSAGES[finding["finding"]].format(**finding, nearest_in_words=nearest)


def check_saved_pages(folder: Path) -> Iterator[dict]:
    """Yield a finding for each page of `folder`, each quote no longer in its page and each document without a page."""
    documents = {document.slug: document for document in SourceDocument.objects.defer("fingerprint", "text").order_by("slug")}
    pages: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")):
        try:
            draft = document_intake.read_document_file(path.read_bytes(), path.name)
        except formats.UnreadableDocument as refusal:
            yield {"finding": "unreadable", "page": path.name, "reason": str(refusal)}
            continue
        if document := _match_document(draft, documents.get(path.stem)):
            pages[document.slug].append((path.name, draft.text))
        else:
            yield {"finding": "no_document", "page": path.name}
    for slug, document in documents.items():
        if slug not in pages:
            yield {"finding": "no_page", "document": slug}
        for name, text in pages.get(slug, []):
            yield from _check_page_text(document, name, text)


def _match_document(draft: formats.ExtractedDocument, document_named_like_file: SourceDocument | None) -> SourceDocument | None:
    """Return the document of a page: by the URL in it, by the name of its file, or by its words; None if there is none."""
    document = (
        (document_intake.find_same_document("", draft.url) if draft.url else None)
        or document_named_like_file
        or document_intake.find_same_document(draft.text)
    )
    if document:
        return document
    near_copies_found = near_copies.find_near_copies(draft.text)[:1]
    return next((document for document, similarity in near_copies_found if similarity >= MIN_SHARED_SEQUENCES), None)


def _check_page_text(document: SourceDocument, page: str, text: str) -> Iterator[dict]:
    quotes = list(document.quotes.order_by("start"))
    missing = [quote for quote in quotes if not anchoring.find_passages(text, quote.exact)]
    present_count = len(quotes) - len(missing)
    yield {"finding": "page", "page": page, "document": document.slug, "quotes": len(quotes), "found": present_count}
    for quote in missing:
        finding: dict = {"finding": "quote", "page": page, "document": document.slug, "quote": quote.slug, "exact": quote.exact}
        if nearest := anchoring.find_nearest(text, quote.exact):
            place, similarity = nearest
            finding |= {"nearest": " ".join(place.exact.split()), "similarity": round(similarity)}
        yield finding
