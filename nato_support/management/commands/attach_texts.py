from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from sources.fingerprint import text_hash
from sources.models import SourceDocument
from sources.verification import attach_text


class Command(BaseCommand):
    help = "Attaches the articles' texts (*.txt, UTF-8) from a folder to their documents, found by hash, and checks every quote."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options):
        paths = sorted(folder.glob("*.txt"))
        if not paths:
            raise CommandError(f"{folder} holds no .txt file.")
        failures, strangers = [], []
        with transaction.atomic():
            for path in paths:
                try:
                    text = path.read_bytes().decode()
                except UnicodeDecodeError as error:
                    raise CommandError(f"{path.name} is not UTF-8: {error}. Nothing was attached.") from None
                document = SourceDocument.objects.filter(sha256=text_hash(text)).first()
                if document is None:
                    strangers.append(path.name)
                    continue
                failures += [(document, *failure) for failure in attach_text(document, text)]
                self.stdout.write(f"{path.name}: {document.slug}, {document.quotes.count()} quotes checked")
        for document, quote, finding in failures:
            self.stderr.write(f"{document.slug}, quote {quote.slug}: {finding.explanation}")
        for name in strangers:
            self.stderr.write(f"{name}: no document of the register has this text")
        if failures:
            raise CommandError(f"{len(failures)} quote(s) do not stand in their texts.")
