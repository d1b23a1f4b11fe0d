"""A language made up for tests: what is translated, and what the register says, has no ASCII letter left.

So an ASCII letter that a page shows is a word of the interface that nobody can translate.
"""

import json
import re
from collections.abc import Collection
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.utils.translation import trans_real

from entities.citable_fields import TEXT, stated_value_type
from nato_support.db.row_rule_triggers import TRIGGERS
from nato_support.db.triggers import remove_triggers
from nato_support.pages.catalogue.po_files import Catalogue
from nato_support.publishing.models.public_tables import Edition

_WIDE = {code: code + 0xFEE0 for letters in ("AZ", "az") for code in range(ord(letters[0]), ord(letters[1]) + 1)}
_KEPT = re.compile(r"%\(\w+\)s|%s|<[^>]*>|&\w+;")
_CONTEXT_END = "\4"
_FREE_MEMBERS = frozenset(
    "name summary exact attribution reported_by note reason as_stated conditions role rank locality text given_name family_name"
    " authors rights dating sha256 utterance label inverse_label".split()
)
# Addresses, formats, the licence, currencies and a state of the register.
_NOT_WORDS = re.compile(
    r"https?://\S+|/\w+/\S*|\b(?:API|Atom|BibTeX|CC BY|CSV|(?:CSL )?JSON(?:-LD| Feed)?|UTC|release:\d+|[A-Z]{3}(?= \d| ·|$))\b"
)
_SKIPPED = ("script", "style", "code", "pre")
_ATTRIBUTES = ("title", "aria-label", "alt")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def widened(text: str) -> str:
    """Return the text with full-width letters, its placeholders and tags kept."""
    pieces, at = [], 0
    for found in _KEPT.finditer(text):
        pieces += [text[at : found.start()].translate(_WIDE), found[0]]
        at = found.end()
    return "".join(pieces) + text[at:].translate(_WIDE)


class PseudoTranslation:
    """Stands for the Ukrainian translations: knows the messages of a catalogue, and those of Django that it translates."""

    def __init__(self, catalogue: Catalogue, real: Any):
        keys = catalogue.entries
        self._known = {f"{key.context}{_CONTEXT_END}{key.text}" if key.context else key.text for key in keys}
        self._real = real

    def to_language(self) -> str:
        return "uk"

    def gettext(self, message: str) -> str:
        text = message.rpartition(_CONTEXT_END)[2]
        if message in self._known or self._real.gettext(message) != message:
            return widened(text)
        return message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        context, _, _ = singular.rpartition(_CONTEXT_END)
        message = singular if number == 1 else plural
        # Units belong to the register: the catalogue has the usual ones.
        is_known = singular in self._known or context == "unit"
        return widened(message.rpartition(_CONTEXT_END)[2]) if is_known else message


def speak_pseudo(monkeypatch, catalogue: Catalogue) -> None:
    """Let the pages speak the pseudo language in place of Ukrainian."""
    monkeypatch.setitem(trans_real._translations, "uk", PseudoTranslation(catalogue, trans_real.translation("uk")))


def widen_register() -> None:
    """Write what the register says in full-width letters, in all its editions."""
    remove_triggers(connection, [trigger for trigger in TRIGGERS if trigger.name == "edition_is_immutable"])
    with connection.cursor() as cursor:
        for edition in Edition.objects.all():
            document, evidence = json.loads(edition.document or "{}"), json.loads(edition.evidence or "{}")
            texts = (widened(edition.name), _widened_json(document, edition.kind), _widened_json(evidence, edition.kind))
            cursor.execute(
                "UPDATE publishing_edition SET name = %s, document = %s, evidence = %s WHERE id = %s",
                [texts[0], json.dumps(texts[1]), json.dumps(texts[2]), edition.id],
            )


def _widened_json(value: Any, kind: str, member: str = "", field: str = "") -> Any:
    """Return a value with its free texts in full-width letters; `field` is the one that evidence is given for."""
    if isinstance(value, list):
        return [_widened_json(item, kind, member, field) for item in value]
    if isinstance(value, dict):
        is_by_field = member == "evidence"
        return {name: _widened_json(item, kind, name, name if is_by_field else field) for name, item in value.items()}
    # Without a field it is an identifier, or an amount in digits.
    is_text = member in _FREE_MEMBERS or (member == "value" and (not field or stated_value_type(kind, field) == TEXT))
    return widened(value) if is_text and isinstance(value, str) else value


class UntranslatedText(HTMLParser):
    """Texts of a page with ASCII letters, outside elements that name another language."""

    def __init__(self, page: str, asked: Collection[str] = ()):
        """Look through a page; `asked` are words that the reader typed, which it may repeat."""
        super().__init__()
        self._asked = asked
        self._open: list[tuple[str, bool]] = []
        self.found: list[str] = []
        self.feed(page)
        self.close()

    @property
    def _is_skipped(self) -> bool:
        return any(skipped for _, skipped in self._open)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        skipped = tag in _SKIPPED or named.get("lang", "uk") != "uk" or named.get("translate") == "no"
        if not skipped and not self._is_skipped:
            for name in _ATTRIBUTES:
                self._look_at(named.get(name) or "")
            if tag == "meta" and named.get("name", named.get("property")) in ("description", "og:title", "og:description"):
                self._look_at(named["content"])
        if tag not in _VOID:
            self._open.append((tag, skipped))

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag not in _VOID:
            self._open.pop()

    def handle_data(self, data):
        if not self._is_skipped:
            self._look_at(data)

    def _look_at(self, text: str) -> None:
        words = _NOT_WORDS.sub("", text)
        for asked in self._asked:
            words = words.replace(asked, "")
        if re.search("[A-Za-z]", words):
            self.found.append(text.strip())
