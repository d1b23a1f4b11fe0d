"""Bring the catalogues of the public pages up to date with their words, and compile them."""

from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand

from nato_support.pages.catalogue.messages import updated_catalogue
from nato_support.pages.catalogue.po_files import compile_mo, read_po, write_po


class Command(BaseCommand):
    help = "Collects the words of the public pages into locale/*/LC_MESSAGES/django.po, and compiles them (needs no gettext)."

    def handle(self, *args, **options):
        for path in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po")):
            catalogue = updated_catalogue(read_po(path.read_text(encoding="utf-8")))
            path.write_text(write_po(catalogue), encoding="utf-8")
            path.with_suffix(".mo").write_bytes(compile_mo(catalogue))
            missing = [key for key, entry in catalogue.entries.items() if not entry.is_translated]
            self.stdout.write(f"{path.parts[-3]}: {len(catalogue.entries)} messages, {len(missing)} not translated")
            for key in missing:
                self.stdout.write(f"  {key.context + ': ' if key.context else ''}{key.text}")
