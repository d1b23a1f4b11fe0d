"""A printed record told in words, for a page that people read: its facts, each with the passages that it rests on.

Works on what is printed alone, so that the preview of a draft and the page of a public record can tell it alike.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models.enums import ChoicesType
from django.utils.text import capfirst
from rest_framework import serializers

from entities import vocabulary as v
from entities.citable import COUNTRY, DATE, FIELDS
from entities.countries import COUNTRIES
from entities.languages import language, languages
from entities.serializers import SHAPES, date_shape
from sources.serializers import SHAPES as SOURCE_SHAPES

Key = tuple[str, str]

# What a page shows in a place of its own, or not at all.
_ELSEWHERE = {
    "kind",
    "slug",
    "href",
    "edition",
    "stamp",
    "name",
    "summary",
    "contested",
    "citations",
    "measures",
    "conversions",
    "milestones",
}
_ELSEWHERE_OF = {"quote": {"exact", "prefix", "suffix", "start", "end", "document"}}
_LABELS = {
    "quote_kind": "how it is told",
    "fidelity": "words",
    "sha256": "SHA-256 of the text",
    "url": "web address",
    "archived_url": "archived copy",
    "dating": "how it was dated",
}
_IN_WORDS: dict[str, Any] = {
    "country": COUNTRIES.get,
    "nationality": COUNTRIES.get,
    "language": language,
    "translated_from": languages,
}
_SHAPES = {kind: shape().fields for kind, shape in (SHAPES | SOURCE_SHAPES).items()}


@dataclass(slots=True)
class Said:
    """A value in words. `key` is the record that it names, if it names one; that one may not be public yet."""

    text: str
    key: Key | None = None
    is_public: bool = True
    address: str = ""


@dataclass(slots=True)
class Passage:
    """A quotation that something rests on."""

    words: str
    language: str
    speaker: str
    when: str
    document: str
    publisher: str
    published: str
    address: str
    translated: str
    stance: str
    note: str
    is_public: bool


@dataclass(slots=True)
class Statement:
    """What some of the passages state; `denied`: that it is not so."""

    text: str
    denied: bool
    passages: list[Passage] = field(default_factory=list)


@dataclass(slots=True)
class Grounds:
    """The evidence of one field: its statements side by side, and the verdict if one stands."""

    agreement: str
    contested: bool
    statements: list[Statement]
    verdict: str = ""
    reason: str = ""

    @property
    def passages(self) -> list[Passage]:
        return [passage for statement in self.statements for passage in statement.passages]


@dataclass(slots=True)
class Fact:
    """One field, amount or step: its label, its values, and its grounds if it has any."""

    field: str
    label: str
    values: list[Said]
    grounds: Grounds | None = None
    beside: str = ""


@dataclass(slots=True)
class Told:
    """A whole record as a page tells it."""

    kind: str
    title: str
    summary: str
    facts: list[Fact]
    measures: list[Fact]
    milestones: list[Fact]
    names: list[Fact]
    identifiers: list[Fact]
    about: Grounds | None
    passage: Passage | None = None
    before: str = ""
    after: str = ""

    @property
    def contested(self) -> list[Fact]:
        return [one for one in (*self.facts, *self.measures, *self.milestones) if one.grounds and one.grounds.contested]


def tell(lean: dict, extra: dict, missing: Collection[Key] = ()) -> Told:
    """The record in words. `missing` are the records that it names and that are not public."""
    kind = lean["kind"]
    grounds = {name: _grounds(kind, name, entry, missing) for name, entry in extra.get("evidence", {}).items()}
    told = Told(
        kind=capfirst(kind),
        title=lean.get("name") or f"“{lean['exact']}”",
        summary=lean.get("summary") or "",
        facts=_facts(lean, grounds, missing),
        measures=[_amount(row, grounds) for row in (*lean.get("measures", ()), *lean.get("conversions", ()))],
        milestones=[_step(row, grounds, missing) for row in lean.get("milestones", ())],
        names=_names(extra),
        identifiers=[_identifier(row) for row in extra.get("identifiers", ())],
        about=grounds.get("name"),
    )
    if kind == "quote":
        told.passage = _passage(lean, {}, missing)
        told.before, told.after = lean["prefix"], lean["suffix"]
    return told


def in_words(date: dict | None) -> str:
    """A printed date as one says it: 14 June 2024, about June 2024, 2024 (uncertain)."""
    if date is None:
        return ""
    year, *rest = date["value"].split("-")
    month = _MONTHS[int(rest[0]) - 1] if rest else ""
    day = str(int(rest[1])) if len(rest) > 1 else ""
    words = " ".join(part for part in (day, month, year) if part)
    return f"about {words}" if date["is_approximate"] else f"{words} (uncertain)" if date["is_uncertain"] else words


_MONTHS = "January February March April May June July August September October November December".split()


def _facts(lean: dict, grounds: dict[str, Grounds], missing: Collection[Key]) -> list[Fact]:
    facts = []
    elsewhere = _ELSEWHERE | _ELSEWHERE_OF.get(lean["kind"], set())
    for name, shape in _SHAPES[lean["kind"]].items():
        if name in elsewhere:
            continue
        if values := _values(name, shape, lean[name], missing):
            facts.append(Fact(name, _label(name), values, grounds.get(name)))
    return facts


def _label(name: str) -> str:
    return capfirst(_LABELS.get(name, name.replace("_", " ")))


def _values(name: str, shape: Any, value: Any, missing: Collection[Key]) -> list[Said]:
    if value in (None, "", []):
        return []
    if isinstance(value, list):
        return [said for one in value for said in _values(name, shape, one, missing)]
    if isinstance(value, dict) and "slug" in value and "kind" in value:
        key = (value["kind"], value["slug"])
        return [Said(value["name"], key, key not in missing)]
    if isinstance(value, dict):
        return [Said(value["label"] if "label" in value else in_words(value))]
    if name == "stage":
        return [Said(v.Stage(value).label)]
    if name in _IN_WORDS:
        return [Said(_IN_WORDS[name](value) or value)]
    if isinstance(shape, serializers.ChoiceField):
        return [Said(str(shape.choices.get(value, value)))]
    return [Said(str(value), address=value if name in ("url", "archived_url") else "")]


def _amount(row: dict, grounds: dict[str, Grounds]) -> Fact:
    """An amount, as stated or converted: the source's words first, what the register counts beside them."""
    field = f"measures.{row['key']}"
    number = "an unspecified number" if row["value"] is None else "–".join(_figure(n) for n in (row["value"], row["upper"]) if n)
    qualifier = "" if row["qualifier"] in (v.Qualifier.EXACTLY, v.Qualifier.UNSPECIFIED) else v.Qualifier(row["qualifier"]).label
    unit = row["currency"] or row["unit"] or ("" if row["kind"] != v.MeasureKind.HEADCOUNT else "persons")
    counted = " ".join(part for part in (qualifier, number, unit) if part)
    notes = [counted, in_words(row["as_of"])]
    if "conversion_of" in row:
        notes.append("converted, never added to the amount that it converts")
    label = v.MeasureKind(row["kind"]).label
    return Fact(field, capfirst(label), [Said(row["as_stated"])], grounds.get(field), "; ".join(note for note in notes if note))


def _figure(number: str) -> str:
    return f"{Decimal(number):,}"


def _step(row: dict, grounds: dict[str, Grounds], missing: Collection[Key]) -> Fact:
    field = f"milestones.{row['key']}"
    values = _values("event", None, row["event"], missing)
    return Fact(
        field, capfirst(v.Stage(row["stage"]).label), values, grounds.get(field), in_words(row["date"]) or "day not known"
    )


def _names(extra: dict) -> list[Fact]:
    return [
        Fact(
            "names",
            v.NameKind(row["kind"]).label,
            [Said(row["text"])],
            beside=language(row["language"]) if row["language"] else "",
        )
        for row in extra.get("names", ())
    ]


def _identifier(row: dict) -> Fact:
    address = row["value"] if row["scheme"] == v.IdentifierScheme.URL else ""
    return Fact("identifiers", v.IdentifierScheme(row["scheme"]).label, [Said(row["value"], address=address)])


def _grounds(kind: str, name: str, entry: dict, missing: Collection[Key]) -> Grounds:
    statements: dict[tuple[str, bool], Statement] = {}
    # What bears a value out comes before what only qualifies it.
    for citation in sorted(entry["citations"], key=lambda citation: citation["stance"] == v.Stance.QUALIFIES):
        text, denied = _stated(kind, name, citation), citation["stance"] == v.Stance.CONTRADICTS
        found = statements.setdefault((text, denied), Statement(text, denied))
        found.passages.append(_passage(citation["quote"], citation, missing))
    verdict = entry["resolution"]
    return Grounds(
        entry["agreement"],
        entry["contested"],
        list(statements.values()),
        v.Verdict(verdict["verdict"]).label if verdict else "",
        verdict["reason"] if verdict else "",
    )


def _stated(kind: str, name: str, citation: dict) -> str:
    """What a citation states, in words."""
    value = citation["value"]
    if citation["value_ref"]:
        return citation["value_ref"]["name"]
    if name.startswith("milestones."):
        return in_words(date_shape(value))
    if name.startswith("measures."):
        return value.replace("_", " ")
    takes = FIELDS[kind].get(name)
    if isinstance(takes, ChoicesType):
        return takes(value).label
    if takes == DATE:
        return in_words(date_shape(value))
    return COUNTRIES.get(value, value) if takes == COUNTRY else value


def _passage(quote: dict, citation: dict, missing: Collection[Key]) -> Passage:
    document = quote["document"]
    return Passage(
        words=quote["exact"],
        language=document["language"] or "",
        speaker=", ".join(filter(None, (quote["speaker"] and quote["speaker"]["name"], quote["attribution"]))),
        when=in_words(quote["said_on"]),
        document=document["name"],
        publisher=document["publisher"]["name"] if document["publisher"] else "",
        published=in_words(document["published_on"]),
        address=document["url"] or "",
        translated=languages(document["translated_from"]) if document["translated_from"] else "",
        stance=citation.get("stance", ""),
        note=citation.get("note") or "",
        is_public=not {("quote", quote["slug"]), ("document", document["slug"])} & set(missing),
    )
