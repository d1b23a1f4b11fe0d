"""Attach the texts of articles to their documents."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from sources.fingerprint import HEADER, text_hash
from sources.models import SourceDocument
from sources.verification import attach_text


class Command(BaseCommand):
    help = "Attaches the articles' texts (*.txt, UTF-8) of a folder to their documents, matched by hash, and checks every quote."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options):
        paths = sorted(folder.glob("*.txt"))
        if not paths:
            raise CommandError(f"{folder} has no .txt file.")
        failures, unmatched = [], []
        with transaction.atomic():
            for path in paths:
                try:
                    text = path.read_bytes().decode()
                except UnicodeDecodeError as error:
                    raise CommandError(f"{path.name} is not UTF-8: {error}. Nothing was attached.") from None
                document = SourceDocument.objects.filter(sha256=text_hash(text)).first()
                if document is None:
                    unmatched.append(path.name)
                    continue
                failures += [(document, *failure) for failure in attach_text(document, text)]
                self.stdout.write(f"{path.name}: {document.slug}, {document.quotes.count()} quotes checked")
        outdated = Q(word_count=None) | ~Q(fingerprint__startswith=HEADER)
        for document in SourceDocument.objects.filter(outdated).exclude(text=""):
            # Stored before its words were counted, or with an earlier form of fingerprint.
            attach_text(document, document.text)
        for document, quote, finding in failures:
            self.stderr.write(f"{document.slug}, quote {quote.slug}: {finding.explanation}")
        for name in unmatched:
            self.stderr.write(f"{name}: belongs to no document of the register")
        if failures:
            raise CommandError(f"{len(failures)} quote(s) were not found in their texts.")
