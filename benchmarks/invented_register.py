"""Invented register of any size in an SQLite database: the working copy by plain SQL, editions by publishing."""

import random
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from tqdm import tqdm

SYLLABLES = "ba be bo ca co du fa ge ha ki la lo ma mi na no pa ra ri so ta te vo wa zu".split()
NATURES = ("pledge", "decision", "plan", "target", "refusal", "action")
CATEGORIES = ("funding", "equipment", "personnel", "training", "institution", "production")
NOW = "2026-01-01 00:00:00"


def build_register(path: Path, size: int) -> None:
    """Write `size` published commitments, with parties, places, measures, milestones and evidence, into a new database."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    connection.close()
    rows = InventedRows(size)
    started = time.perf_counter()
    with sqlite3.connect(path, isolation_level=None) as database:
        database.execute("BEGIN")
        for table, columns, values in rows.table_rows():
            marks = ", ".join("?" * len(columns.split()))
            names = ", ".join(f'"{column}"' for column in columns.split())
            database.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)
        database.execute("COMMIT")
    print(f"working copy: {size:,} commitments in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    publish_all_records()
    with sqlite3.connect(path) as database:
        database.execute("ANALYZE")


def publish_all_records() -> None:
    """Publish every record, in releases of 2,000."""
    from nato_support.publishing.publication import publish
    from nato_support.publishing.rendering import model_for_kind

    # The evidence for a publisher is a quote from its documents, so the three are published together.
    publish(
        [record for kind in ("organisation", "document", "quote") for record in model_for_kind(kind).objects.all()],
        rows_checked=True,
    )
    for kind in ("facility", "commitment"):
        rows = model_for_kind(kind).objects.order_by("pk")
        for at in tqdm(range(0, rows.count(), 2000), desc=f"publishing {kind}", unit=" x 2,000"):
            publish(list(rows[at : at + 2000]), rows_checked=True)


class InventedRows:
    """Rows of every table; the same size always gives the same rows."""

    def __init__(self, size: int):
        self.size = size
        self.random = random.Random(20261122)
        self.organisations = range(1, max(50, size // 500) + 1)
        first = len(self.organisations) + 1
        self.facilities = range(first, first + max(50, size // 100))
        self.commitments = range(self.facilities.stop, self.facilities.stop + size)
        self.documents = range(1, max(20, size // 1000) + 1)
        self.quotes = range(1, max(100, size // 10) + 1)
        self.vocabulary = ["".join(self.random.choices(SYLLABLES, k=self.random.choice((2, 3, 4)))) for _ in range(6000)]

    def invented_words(self, count: int) -> str:
        return " ".join(self.random.choices(self.vocabulary, k=count))

    def table_rows(self) -> Iterator[tuple[str, str, Iterable[tuple]]]:
        curated = "status version created_at updated_at"
        state = ("published", 1, NOW, NOW)
        yield (
            "entities_entity",
            f"id kind slug name summary {curated}",
            (
                (
                    pk,
                    kind,
                    f"{kind}-{pk}",
                    f"{self.invented_words(3).title()} {pk}",
                    self.invented_words(12).capitalize() + ".",
                    *state,
                )
                for kind, keys in (
                    ("organisation", self.organisations),
                    ("facility", self.facilities),
                    ("commitment", self.commitments),
                )
                for pk in keys
            ),
        )
        yield (
            "entities_organisation",
            "entity_id type country founded dissolved",
            ((pk, "state" if pk % 3 else "media", "", "", "") for pk in self.organisations),
        )
        yield (
            "entities_facility",
            "entity_id type operator_id locality country condition",
            (
                (pk, "plant", self.random.choice(self.organisations), self.invented_words(1).title(), "", "operating")
                for pk in self.facilities
            ),
        )
        pick = self.random.choice
        yield (
            "entities_commitment",
            "entity_id nature category beneficiary_id facility_id due period conditions",
            (
                # A refusal benefits nobody.
                (
                    pk,
                    nature := pick(NATURES),
                    pick(CATEGORIES),
                    None if nature == "refusal" else 1,
                    pick(self.facilities),
                    "",
                    "",
                    "",
                )
                for pk in self.commitments
            ),
        )
        yield (
            "entities_commitment_committed_by",
            "commitment_id organisation_id",
            # Skewed as in real registers: few parties make many commitments.
            ((pk, self.organisations[int(self.random.random() ** 2 * len(self.organisations))]) for pk in self.commitments),
        )
        yield (
            "entities_measure",
            "entity_id key kind value unit currency qualifier as_stated as_of rate_date rate_source",
            (
                (pk, "money", "money", pk % 5000 * 1000, "", "EUR", "about", f"about {pk % 5000} thousand", "", "", "")
                for pk in self.commitments
            ),
        )
        yield (
            "entities_milestone",
            "commitment_id key stage date",
            ((pk, "announced", "announced", f"{2005 + pk % 21}-{1 + pk % 12:02}-{1 + pk % 28:02}") for pk in self.commitments),
        )
        yield (
            "sources_sourcedocument",
            f"id slug title publisher_id authors published_on updated_on retrieved_on dating url archived_url language "
            f"translated_from rights text sha256 fingerprint speech_spans {curated}",
            (
                (pk, f"document-{pk}", self.invented_words(6).capitalize(), 3 * (pk % 15) + 3)
                + ("", f"2024-{1 + pk % 12:02}", "", "", "", "", "", "en", "", "", "", "", "", "[]", *state)
                for pk in self.documents
            ),
        )
        yield (
            "sources_sourcequote",
            f"id slug document_id exact start end kind fidelity attribution reported_by said_on utterance note"
            f" verification {curated}",
            (
                (pk, f"quote-{pk}", self.documents[pk % len(self.documents)], text := self.invented_words(24), pk * 1000)
                + (pk * 1000 + len(text), "narration", "original", "", "", "", "", "", "text", *state)
                for pk in self.quotes
            ),
        )
        yield "sources_citation", "entity_id field value as_stated polarity note quote_id", self.citation_rows()

    def citation_rows(self) -> Iterator[tuple]:
        for pk in (*self.organisations, *self.facilities):
            yield (pk, "name", "as printed", "", "affirms", "", self.random.choice(self.quotes))
        for pk in self.commitments:
            for field, value in (
                ("nature", "pledge"),
                ("measures.money", f"about {pk % 5000 * 1000} EUR"),
                ("milestones.announced", "announced 2024"),
            ):
                yield (pk, field, value, "", "affirms", "", self.random.choice(self.quotes))
