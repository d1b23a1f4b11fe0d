"""How a document comes into the register: read, cleaned, told apart from what is there, and added."""

import re
import unicodedata
from collections import Counter
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db import transaction
from django.db.models import Q

from entities.models import Entity, Organisation
from entities.slugs import free_slug
from entities.vocabulary import OrganisationType
from sources import fingerprint, formats
from sources.formats import ExtractedDocument, UnreadableDocument
from sources.models import SourceDocument
from sources.near_copies import find_near_copies

__all__ = [
    "MAX_CHARACTERS",
    "ExtractedDocument",
    "UnreadableDocument",
    "add_document",
    "clean_text",
    "find_near_copies",
    "find_publisher",
    "read_document_file",
    "find_same_document",
]

MAX_CHARACTERS = 5_000_000
"""Characters. A text of 200,000 words has some 1,300,000."""

_LONGEST_LINE = 2_000
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# What no quote may hold (entities.fields), half of a surrogate pair, and a mark of byte order.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def read_document_file(data: bytes, filename: str = "") -> ExtractedDocument:
    """What a file holds, with its text cleaned. Raises Unreadable."""
    draft = formats.extract(data, filename)
    draft.text, removed = clean_text(draft.text)
    draft.warnings += removed
    for name in ("title", "publisher", "authors", "url"):
        # What is longer than any field is no name, and more than a database compares.
        setattr(draft, name, " ".join(_CONTROLS.sub("", getattr(draft, name)).split())[:_LONGEST_LINE])
    return draft


def clean_text(text: str) -> tuple[str, list[str]]:
    """`text` as the register keeps it, and what was removed from it, in words. Raises Unreadable.

    Every line ends in \\n. Control characters go, because NUL cannot be stored and those that turn the reading direction
    make a text read as another; that they went is said. All else stays, character for character: accents composed or not,
    and soft hyphens and joiners, which belong to the words and which the search for a passage looks past.
    """
    if len(text) > MAX_CHARACTERS:
        raise UnreadableDocument(
            f"The text has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}. Split it and add each part separately."
        )
    text = _LINE_ENDS.sub("\n", text)
    removed = Counter(_CONTROLS.findall(text))
    warnings = []
    if removed:
        text = _CONTROLS.sub("", text)
        told = ", ".join(f"{count} × {_describe_character(letter)}" for letter, count in sorted(removed.items()))
        warnings.append(f"Removed what cannot be seen and is no part of the words: {told}.")
    if lost := text.count("\ufffd"):
        warnings.append(f"{lost} character(s) were lost before this text came here (shown as \ufffd).")
    if not text.strip():
        raise UnreadableDocument("There is no text.")
    return text, warnings


def _describe_character(letter: str) -> str:
    code = f"U+{ord(letter):04X}"
    return f"{code} {unicodedata.name(letter)}" if unicodedata.name(letter, "") else code


def find_same_document(text: str, url: str = "") -> SourceDocument | None:
    """The document that has this text, up to its space, or else this address; None if there is none.

    Addresses are the same up to scheme, www., a slash at the end, fragment and the parameters that track readers.
    """
    documents = SourceDocument.objects.defer("fingerprint")
    if found := documents.filter(sha256=fingerprint.text_hash(text)).first():
        return found
    words = text.split()
    if words:
        # Few texts hold the first long word, so that few are read.
        longest = max(words[:30], key=len)[:200]
        for document in documents.filter(text__contains=longest).iterator(chunk_size=20):
            if document.text.split() == words:
                return document
    if address := _comparable_url(url):
        host = address.partition("/")[0]
        for document in documents.filter(Q(url__icontains=host) | Q(archived_url__icontains=host)).defer("text").order_by("pk"):
            if address in (_comparable_url(document.url), _comparable_url(document.archived_url)):
                return document
    return None


_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|mc_[ce]id|igshid|ocid|cmpid|at_\w+|ns_\w+|xtor")


def _comparable_url(url: str) -> str:
    """An address without what may differ between two links to one page; empty if it is none."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > _LONGEST_LINE or _CONTROLS.search(url):
        return ""
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(name.lower())])
    return parts.hostname.removeprefix("www.") + parts.path.rstrip("/") + (f"?{query}" if query else "")


def find_publisher(name: str) -> Organisation | None:
    """The organisation with this name or another name of it; news organisations first. None if there is none, or two."""
    wanted = " ".join(name.split())
    if not wanted:
        return None
    found = (
        Organisation.objects.filter(merged_into=None).filter(Q(name__iexact=wanted) | Q(names__text__iexact=wanted)).distinct()
    )
    media = [organisation for organisation in found if organisation.type == OrganisationType.MEDIA]
    named = media or list(found)
    return named[0] if len(named) == 1 else None


@transaction.atomic
def add_document(document: SourceDocument, text: str, new_publisher: str = "") -> SourceDocument:
    """Saves a new document with its cleaned text, hash and fingerprint. Raises ValidationError and then saves nothing.

    `new_publisher` names a news organisation that is not in the register yet: it is added as a draft. A document without a
    public id gets one from its publisher and date.
    """
    if new_publisher:
        name = " ".join(new_publisher.split())
        publisher = Organisation(name=name, type=OrganisationType.MEDIA)
        publisher.slug = free_slug(Entity, name, "organisation")
        publisher.full_clean()
        publisher.save()
        document.publisher = publisher
    if not document.slug:
        day = document.published_on.strip("~?") if document.published_on else ""
        stem = (
            document.publisher.slug if document.publisher else _comparable_url(document.url).partition("/")[0] or document.title
        )
        document.slug = free_slug(SourceDocument, f"{stem} {day}", "document")
    document.text, document.sha256, document.fingerprint = text, fingerprint.text_hash(text), fingerprint.make_fingerprint(text)
    document.full_clean()
    document.save()
    return document
