"""Intake of documents: read a file, clean its text, find duplicates and publisher, and add the document."""

import re
import unicodedata
from collections import Counter
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db import transaction
from django.db.models import Q

from entities.models import Entity, Name, Organisation
from entities.slugs import free_slug
from entities.vocabulary import NameKind, OrganisationType
from sources import fingerprint, formats
from sources.document_text import set_document_text
from sources.formats import ExtractedDocument, UnreadableDocument
from sources.models import SourceDocument

MAX_CHARACTERS = 5_000_000
"""Longest text, in characters; a text of 200,000 words has about 1,300,000."""

_LONGEST_LINE = 2_000
_LINE_ENDS = re.compile("\r\n|[\r\v\x85\u2028\u2029]")
# Characters that no quote may hold (entities.fields), halves of surrogate pairs, and byte order marks.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def read_document_file(data: bytes, filename: str = "") -> ExtractedDocument:
    """Return the content of a file with its text cleaned. Raises UnreadableDocument."""
    draft = formats.extract(data, filename)
    draft.text, removals = clean_text(draft.text)
    draft.warnings += removals
    for name in ("title", "publisher", "authors", "url"):
        # Anything longer than a field is not a name, and too long for a database to compare.
        setattr(draft, name, " ".join(_CONTROLS.sub("", getattr(draft, name)).split())[:_LONGEST_LINE])
    return draft


def clean_text(text: str) -> tuple[str, list[str]]:
    """Return `text` as the register stores it, and in words what was removed from it. Raises UnreadableDocument.

    Every line ends in \\n. Control characters are removed and reported: NUL cannot be stored, and those that turn the reading
    direction make a text read as another. Everything else stays, character for character: accents composed or not, and soft
    hyphens and joiners, which belong to the words and which the search for passages ignores.
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
        list_of_removed = ", ".join(f"{count} × {_describe_character(letter)}" for letter, count in sorted(removed.items()))
        warnings.append(f"Removed invisible characters that are not part of the words: {list_of_removed}.")
    if lost_characters := text.count("\ufffd"):
        warnings.append(f"{lost_characters} character(s) had been lost before this text was added (shown as \ufffd).")
    if not text.strip():
        raise UnreadableDocument("There is no text.")
    return text, warnings


def _describe_character(letter: str) -> str:
    code = f"U+{ord(letter):04X}"
    return f"{code} {unicodedata.name(letter)}" if unicodedata.name(letter, "") else code


def find_same_document(text: str, url: str = "") -> SourceDocument | None:
    """Return the document with the same text, ignoring space, or else with the same address; None if there is none.

    Addresses are compared without scheme, www., final slash, fragment and the parameters that track readers.
    """
    documents = SourceDocument.objects.defer("fingerprint")
    if same_text := documents.filter(sha256=fingerprint.text_hash(text)).first():
        return same_text
    words = text.split()
    if words:
        # Few texts contain the longest early word, so few are read.
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
    """Return an address without the parts that may differ between two links to one page; '' if it is not one."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > _LONGEST_LINE or _CONTROLS.search(url):
        return ""
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(name.lower())])
    return parts.hostname.removeprefix("www.") + parts.path.rstrip("/") + (f"?{query}" if query else "")


def find_publisher(name: str) -> Organisation | None:
    """Return the one organisation with this name or alias, news organisations first; None if there is none or several."""
    collapsed_name = " ".join(name.split())
    if not collapsed_name:
        return None
    names = Name.objects.filter(text__iexact=collapsed_name).exclude(kind=NameKind.MENTION)
    organisations = (
        Organisation.objects.filter(merged_into=None)
        .filter(Q(name__iexact=collapsed_name) | Q(pk__in=names.values("entity")))
        .distinct()
    )
    media = [organisation for organisation in organisations if organisation.type == OrganisationType.MEDIA]
    candidates = media or list(organisations)
    return candidates[0] if len(candidates) == 1 else None


_PRINTED_PUBLISHER_LINES = 8


def find_printed_publisher(text: str) -> tuple[Organisation, str] | None:
    """Return the news organisation of the register that one of the first lines names, and that line in words; else None."""
    lines = [" ".join(line.split()) for line in text[:5_000].split("\n") if line.strip()][:_PRINTED_PUBLISHER_LINES]
    for line in lines:
        publisher = find_publisher(line) if len(line) <= 80 else None
        if publisher and publisher.type == OrganisationType.MEDIA:
            return publisher, f"the line “{line}”"
    return None


@transaction.atomic
def add_document(document: SourceDocument, text: str, new_publisher_name: str = "") -> SourceDocument:
    """Save a new document with its cleaned text and all that is made from it. Raises ValidationError, having saved nothing.

    `new_publisher_name` names a news organisation that is not in the register yet and is added as a draft. A document without a
    public id gets one from its publisher and date.
    """
    if new_publisher_name:
        name = " ".join(new_publisher_name.split())
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
    set_document_text(document, text)
    document.full_clean()
    document.save()
    return document
