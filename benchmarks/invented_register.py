"""Invented register of any size in an SQLite database: the working copy by plain SQL, editions by publishing."""

import json
import random
import sqlite3
import sys
import time
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tqdm import tqdm

SYLLABLES = "ba be bo ca co du fa ge ha ki la lo ma mi na no pa ra ri so ta te vo wa zu".split()
VERBS = {
    "pledge": "pledged",
    "decision": "granted",
    "plan": "plans",
    "target": "seeks",
    "refusal": "refused",
    "action": "gave",
}
"""Nature of a commitment -> the word by which a passage states it."""
CATEGORIES = ("funding", "equipment", "personnel", "training", "institution", "production")
MONTHS = "January February March April May June July August September October November December".split()
WORDS_BETWEEN_PASSAGES = 70
"""Enough for passages of 25 words to stay below the share of a document that may be shown."""
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


class InventedPassage(NamedTuple):
    """Passage of a quote: its words, the values that they state, and the keys of the records that they name."""

    exact: str
    nature: str
    party: int
    thousands: int
    facility: int
    year: int
    month: int
    day: int

    @property
    def date(self) -> str:
        return f"{self.year}-{self.month:02}-{self.day:02}"

    @property
    def date_in_words(self) -> str:
        return f"{self.day} {MONTHS[self.month - 1]} {self.year}"

    @property
    def amount_in_words(self) -> str:
        return f"about {self.thousands} thousand euros"


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
        count = len(self.documents)
        self.quotes_by_document = {pk: self.quotes[at::count] for at, pk in enumerate(self.documents)}
        self.names = {pk: self.invented_name(pk) for pk in (*self.organisations, *self.facilities)}
        self.localities = {pk: self.invented_words(1).title() for pk in self.facilities}
        self.beneficiary = self.organisations[0]
        self.passages = {pk: self.invented_passage(pk) for pk in self.quotes}
        # Each commitment takes its parties from one passage, its place and day from another, its money from a third.
        self.party_quotes, self.place_quotes, self.money_quotes = (
            array("L", self.random.choices(self.quotes, k=size)) for _ in range(3)
        )

    def invented_words(self, count: int) -> str:
        return " ".join(self.random.choices(self.vocabulary, k=count))

    def invented_name(self, pk: int) -> str:
        return f"{self.invented_words(3).title()} {pk}"

    def invented_passage(self, pk: int) -> InventedPassage:
        """Return the passage of the quote `pk`; the first ones name every facility, and so every organisation, in turn."""
        facility = self.facilities[(pk - 1) % len(self.facilities)]
        # Skewed as in real registers: few parties make many commitments.
        skewed = int(self.random.random() ** 2 * len(self.organisations))
        party = self.organisations[(pk - 1) % len(self.organisations) if pk <= len(self.facilities) else skewed]
        nature = self.random.choice(list(VERBS))
        passage = InventedPassage("", nature, party, 1 + pk % 5000, facility, 2005 + pk % 21, 1 + pk % 12, 1 + pk % 28)
        words = (
            f"{self.names[party]} {VERBS[nature]} {passage.amount_in_words} for {self.names[self.beneficiary]}"
            f" at {self.names[facility]} in {self.localities[facility]} on {passage.date_in_words}"
        )
        return passage._replace(exact=words)

    def commitment_passages(self) -> Iterator[tuple[int, InventedPassage, InventedPassage, InventedPassage]]:
        """Yield each commitment with the passages for its parties, for its place and day, and for its money."""
        for pk, *quotes in zip(self.commitments, self.party_quotes, self.place_quotes, self.money_quotes, strict=True):
            party, place, money = (self.passages[quote] for quote in quotes)
            yield pk, party, place, money

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
                    self.names.get(pk) or self.invented_name(pk),
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
                (pk, "plant", self.passages[quote].party, self.localities[pk], "", "operating")
                for quote, pk in zip(self.quotes, self.facilities, strict=False)
            ),
        )
        yield (
            "entities_commitment",
            "entity_id nature category beneficiary_id facility_id due period conditions",
            (
                (pk, party.nature, self.random.choice(CATEGORIES))
                # A refusal benefits nobody.
                + (None if party.nature == "refusal" else self.beneficiary, place.facility, "", "", "")
                for pk, party, place, _ in self.commitment_passages()
            ),
        )
        yield (
            "entities_commitment_committed_by",
            "commitment_id organisation_id",
            ((pk, party.party) for pk, party, _, _ in self.commitment_passages()),
        )
        yield (
            "entities_measure",
            "entity_id key kind value unit currency qualifier as_stated as_of rate_date rate_source",
            (
                (pk, "money", "money", money.thousands * 1000, "", "EUR", "about", money.amount_in_words, "", "", "")
                for pk, _, _, money in self.commitment_passages()
            ),
        )
        yield (
            "entities_milestone",
            "commitment_id key stage date",
            ((pk, "announced", "announced", place.date) for pk, _, place, _ in self.commitment_passages()),
        )
        starts: dict[int, int] = {}
        yield (
            "sources_sourcedocument",
            f"id slug title publisher_id authors published_on updated_on retrieved_on dating url archived_url language "
            f"translated_from rights text sha256 fingerprint word_count speech_spans {curated}",
            ((*self.document_row(pk, starts), *state) for pk in self.documents),
        )
        yield (
            "sources_sourcequote",
            f"id slug document_id exact start end kind fidelity attribution reported_by said_on utterance note"
            f" verification {curated}",
            (
                (pk, f"quote-{pk}", document, text := self.passages[pk].exact, starts[pk], starts[pk] + len(text))
                + ("narration", "original", "", "", "", "", "", "text", *state)
                for document, quotes in self.quotes_by_document.items()
                for pk in quotes
            ),
        )
        yield (
            "sources_citation",
            "quote_id entity_id field value as_stated polarity note",
            ((*row, "affirms", "") for row in self.citation_rows()),
        )

    def document_row(self, pk: int, starts: dict[int, int]) -> tuple:
        """Return a document with the text in which its passages stand; note in `starts` where each quote begins."""
        from sources.document_text import values_made_from_text

        text = ""
        for quote in self.quotes_by_document[pk]:
            starts[quote] = len(text)
            text += f"{self.passages[quote].exact}. {self.invented_words(WORDS_BETWEEN_PASSAGES).capitalize()}.\n"
        made = values_made_from_text(text)
        return (
            (pk, f"document-{pk}", self.invented_words(6).capitalize(), 3 * (pk % 15) + 3)
            + ("", f"2024-{1 + pk % 12:02}", "", "", "", "", "", "en", "", "", text)
            + (made["sha256"], made["fingerprint"], made["word_count"], json.dumps(made["speech_spans"]))
        )

    def citation_rows(self) -> Iterator[tuple[int, int, str, str, str]]:
        """Yield quote, record, field, value and the passage's words for all that the records state."""
        for quote, pk in zip(self.quotes, self.organisations, strict=False):
            yield quote, pk, "name", self.names[pk], self.names[pk]
        for quote, pk in zip(self.quotes, self.facilities, strict=False):
            operator = self.passages[quote].party
            yield quote, pk, "name", self.names[pk], self.names[pk]
            yield quote, pk, "operator", f"organisation-{operator}", self.names[operator]
            yield quote, pk, "locality", self.localities[pk], self.localities[pk]
        quotes = zip(self.party_quotes, self.place_quotes, self.money_quotes, strict=True)
        for (pk, party, place, money), (of_party, of_place, of_money) in zip(self.commitment_passages(), quotes, strict=True):
            yield of_party, pk, "nature", party.nature, VERBS[party.nature]
            yield of_party, pk, "committed_by", f"organisation-{party.party}", self.names[party.party]
            if party.nature != "refusal":
                yield of_party, pk, "beneficiary", f"organisation-{self.beneficiary}", self.names[self.beneficiary]
            yield of_place, pk, "facility", f"facility-{place.facility}", self.names[place.facility]
            yield of_place, pk, "milestones.announced", f"announced {place.date}", place.date_in_words
            yield of_money, pk, "measures.money", f"about {money.thousands * 1000} EUR", money.amount_in_words
