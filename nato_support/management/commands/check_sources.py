import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from sources import anchoring, document_intake, formats, near_copies
from sources.models import SourceDocument

MIN_SHARED_SEQUENCES = 0.3
"""From which share of common word sequences a page is taken for another state of a document."""

FINDING_MESSAGES = {
    "quote": "{document}, quote {quote}: no longer stands in {page}: “{exact}”{nearest_in_words}",
    "no_page": "{document}: no page in the folder",
    "no_document": "{page}: belongs to no document of the register",
    "unreadable": "{page}: {reason}",
}


class Command(BaseCommand):
    help = (
        "Reads a folder of freshly saved pages (.html, .mhtml, .pdf, .txt) and tells which quotes no longer stand in them, word"
        " for word. Fetches nothing and changes nothing; exits with 1 if a quote no longer stands."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", action="store_true", help="One JSON object a line for each finding, for machines.")

    def handle(self, *, folder: Path, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        fallen = pages = 0
        for finding in check_saved_pages(folder):
            fallen += finding["finding"] == "quote"
            pages += finding["finding"] == "page"
            if options["json"]:
                self.stdout.write(json.dumps(finding, ensure_ascii=False))
            elif finding["finding"] == "page":
                self.stdout.write("{page}: {document}, {stand} of {quotes} quotes stand".format(**finding))
            else:
                self.stdout.write(_finding_text(finding))
        if fallen:
            raise CommandError(f"{fallen} quote(s) no longer stand in their pages.")
        if not options["json"]:
            self.stdout.write(f"In the {pages} page(s) that belong to documents, every quote still stands.")


def _finding_text(finding: dict) -> str:
    near = finding.get("nearest")
    nearest = f"; nearest ({finding['likeness']}% alike): “{near}”" if near else ""
    return FINDING_MESSAGES[finding["finding"]].format(**finding, nearest_in_words=nearest)


def check_saved_pages(folder: Path) -> Iterator[dict]:
    """What is found of each page of `folder`, of each quote that no longer stands and of each document without a page."""
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
            yield from _check_page(document, name, text)


def _match_document(draft: formats.ExtractedDocument, called_so: SourceDocument | None) -> SourceDocument | None:
    """The document of a page: by the address that it gives, by the name of its file, or by its words."""
    found = (
        (document_intake.find_same_document("", draft.url) if draft.url else None)
        or called_so
        or document_intake.find_same_document(draft.text)
    )
    if found:
        return found
    alike = near_copies.find_near_copies(draft.text)[:1]
    return next((document for document, likeness in alike if likeness >= MIN_SHARED_SEQUENCES), None)


def _check_page(document: SourceDocument, page: str, text: str) -> Iterator[dict]:
    quotes = list(document.quotes.order_by("start"))
    fallen = [quote for quote in quotes if not anchoring.find(text, quote.exact)]
    stand = len(quotes) - len(fallen)
    yield {"finding": "page", "page": page, "document": document.slug, "quotes": len(quotes), "stand": stand}
    for quote in fallen:
        finding: dict = {"finding": "quote", "page": page, "document": document.slug, "quote": quote.slug, "exact": quote.exact}
        if near := anchoring.find_nearest(text, quote.exact):
            place, likeness = near
            finding |= {"nearest": " ".join(place.exact.split()), "likeness": round(likeness)}
        yield finding
