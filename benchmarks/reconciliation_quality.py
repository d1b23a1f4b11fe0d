import csv
import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from nato_support.api.reconciliation import candidate_scoring
from nato_support.api.reconciliation.query_batches import MAX_BATCH, QueryCondition, ReconciliationQuery
from nato_support.publishing import name_index
from nato_support.publishing.models.public_tables import Edition, EditionTerm, Release

_PERSON, _OTHER = "person", "organisation"


class ReconciliationPair(NamedTuple):
    """A name as somebody wrote it, and the name under which it is to be found."""

    query: str
    expected: str
    kind: str


class Command(BaseCommand):
    help = (
        "Prints how often the reconciliation service puts the right entity first, for the true pairs of a CSV file with the"
        " columns schema (Person or another), name1 (asked), name2 (to be found) and is_match. All name2 of the file are"
        " invented as entities beside those of the register, in a transaction that is taken back: use a copy of the register."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="The CSV file.")
        parser.add_argument("--misses", action="store_true", help="List each name whose entity did not come first.")

    def handle(self, *, file: Path, misses: bool, **options):
        try:
            with file.open(newline="") as lines:
                rows = [(_pair_from_row(row), row.get("is_match", "true").lower() == "true") for row in csv.DictReader(lines)]
        except (OSError, KeyError, UnicodeDecodeError) as fault:
            raise CommandError(f"{file}: {fault}") from fault
        invented = {pair.expected.casefold() for pair, _ in rows}
        # What is asked by a name that is there as it stands measures nothing.
        pairs = [pair for pair, same in rows if same and pair.query.casefold() not in invented]
        one_of = _canonical_names([pair for pair, same in rows if same])
        if not pairs:
            raise CommandError(f"{file} holds no true pairs")
        with transaction.atomic():
            _create_invented_editions(sorted({(pair.expected, pair.kind) for pair, _ in rows}))
            found = [one for at in range(0, len(pairs), MAX_BATCH) for one in _first_candidates(pairs[at : at + MAX_BATCH])]
            transaction.set_rollback(True)
        groups = {
            "all": pairs,
            "across scripts": [pair for pair in pairs if _main_script(pair.query) != _main_script(pair.expected)],
        }
        told = dict(zip(pairs, found, strict=True))
        right_of = {pair: one_of.get(name.casefold(), name) == one_of[pair.expected.casefold()] for pair, name in told.items()}
        for group, some in groups.items():
            right = sum(right_of[pair] for pair in some)
            self.stdout.write(f"{group:<16}{len(some):>6} names, recall at 1 {right / max(1, len(some)):.3f}")
        for pair in pairs if misses else ():
            if not right_of[pair]:
                self.stdout.write(f"{pair.query} | {pair.expected} | found: {told[pair] or 'nothing'}")


def _pair_from_row(row: dict[str, str]) -> ReconciliationPair:
    return ReconciliationPair(row["name1"], row["name2"][:700], _PERSON if row.get("schema", "") == "Person" else _OTHER)


def _canonical_names(pairs: list[ReconciliationPair]) -> dict[str, str]:
    """Name -> one name for all that true pairs join with it: the file has most of its entities under several names."""
    one_of: dict[str, str] = {}
    for pair in pairs:
        first, second = (one_of.setdefault(name.casefold(), name.casefold()) for name in pair[:2])
        for name, one in one_of.items() if first != second else ():
            if one == second:
                one_of[name] = first
    return one_of


def _first_candidates(pairs: list[ReconciliationPair]) -> list[str]:
    """The name of the first candidate for each; empty if there is none."""
    queries = [ReconciliationQuery((QueryCondition("name", (pair.query,)),), (pair.kind,), "should", 1) for pair in pairs]
    return [found[0].record.name if found else "" for found in candidate_scoring.match_queries(queries)]


def _main_script(name: str) -> str:
    """The script of most of its letters."""
    counted = Counter(unicodedata.name(letter, "?").split()[0] for letter in name if letter.isalpha())
    return counted.most_common(1)[0][0] if counted else ""


def _create_invented_editions(called: list[tuple[str, str]]) -> None:
    """Stores a live edition for each name."""
    newest = Release.objects.order_by("-number").first()
    run = Release.objects.create(number=newest.release + 1 if newest else 1, operation="load", state_hash="0" * 64)
    fields = dict.fromkeys(("summary", "country", "nationality", "start", "locality"))
    editions = [
        Edition(
            kind=kind,
            slug=f"invented-name-{at}",
            number=1,
            run=run,
            name=name,
            document=json.dumps(fields | {"kind": kind, "slug": f"invented-name-{at}", "name": name, "type": "other"}),
            evidence='{"names":[],"identifiers":[]}',
        )
        for at, (name, kind) in enumerate(called)
    ]
    Edition.objects.bulk_create(editions, batch_size=1000)
    terms = [EditionTerm(edition=one, kind=one.kind, field="name", value=one.name.casefold()[:700]) for one in editions]
    EditionTerm.objects.bulk_create(terms, batch_size=2000)
    found = {(one.kind, one.slug): (one.pk, name_index.entity_name_keys(one.kind, {"name": one.name}, {})) for one in editions}
    name_index.update_name_index(found, Counter())
