"""A second reading of what full text finds, in plain Python over raw texts, for queries whose forms are written out by hand."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition

SIGNS = {"US$": " usd dollar ", "…": " ", "€": " euro ", "$": " dollar ", "£": " pound ", "%": " percent ", "'": "", "’": ""}


class Record(NamedTuple):
    """Raw texts of a live edition, folded: words with one space between them and around."""

    id: int
    called: str
    names: list[str]
    texts: list[str]
    evidence: list[str]


def all_records() -> list[Record]:
    return [_record(edition) for edition in Edition.objects.filter(LIVE_EDITIONS)]


def _record(edition: Edition) -> Record:
    document, evidence = json.loads(edition.document), json.loads(edition.evidence)
    names = [document["name"]] if "name" in document else []
    names += [name["text"] for name in evidence.get("names", ()) if name["kind"] != "mention"]
    texts = [document.get(member) for member in "exact summary conditions locality attribution reported_by role".split()]
    texts += [speaker["name"] for speaker in document.get("speakers", ())]
    for measure in document.get("measures", []) + document.get("conversions", []):
        unit = {"EUR": "euro", "USD": "dollar"}.get(measure["currency"], measure["currency"] or measure["unit"])
        texts += [measure["as_stated"], *(f"{end} {unit}" for end in (measure["value"], measure["upper"]) if end)]
        texts += ["USD"] * (measure["currency"] == "USD")
    if edition.kind in ("quote", "relation"):
        names, texts = [], names + texts
    cited = [citation for entry in evidence.get("evidence", {}).values() for citation in entry["citations"]]
    passages = {text for citation in cited for text in (citation["quote"]["exact"], citation["as_stated"])}
    return Record(edition.pk, edition.name, *(list(_folded(group)) for group in (names, texts, passages)))


def _folded(texts: Iterable[str | None]) -> Iterator[str]:
    """Yield each text with its compounds in two words, and once more with them in one."""
    for text in filter(None, texts):
        for written, word in SIGNS.items():
            text = text.replace(written, word)
        text = text.replace("U.S.", "US").casefold().replace("ł", "l")
        letters = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        # Points and commas stay within numbers alone.
        words = re.sub(r"(?<!\d)[.,]|[.,](?!\d)", " ", letters).replace("per cent", "percent")
        for between in (" ", ""):
            yield f" {' '.join(re.sub('[-/]', between, re.sub('[^a-z0-9.,/-]', ' ', words)).split())} "


def ranked_ids(records: list[Record], typed: str, terms: list[list[str]]) -> list[int]:
    """Return the ids of the records that have one of the forms of each term: so named, in a name, stated, in its evidence."""
    ranked = []
    for record in records:
        stated = record.names + record.texts
        for place, (texts, evidence) in enumerate(((record.names, []), (stated, []), (stated, record.evidence))):
            if all(_has_one(texts, evidence, forms) for forms in terms):
                is_so_named = any(name.strip() == typed.casefold() for name in record.names)
                ranked.append((-1 if is_so_named else place, len(record.called), -record.id))
                break
    return [-newest for _, _, newest in sorted(ranked)]


def _has_one(texts: list[str], evidence: list[str], forms: list[str]) -> bool:
    # In no order, evidence has no phrases; an amount is none.
    single = [form for form in forms if " " not in form or any(c.isdigit() for c in form)]
    return any(f" {form} " in text for form in forms for text in texts) or any(
        f" {form} " in text for form in single for text in evidence
    )


def default_forms(word: str) -> list[str]:
    """Return the regular forms of a word given as singular or infinitive."""
    forms = [word, *(f"{word}{ending}" for ending in ("s", "es", "d", "ed", "ing"))]
    if word.endswith("e"):
        forms.append(f"{word[:-1]}ing")
    if word.endswith("y"):
        forms += [f"{word[:-1]}ies", f"{word[:-1]}ied"]
    return forms
