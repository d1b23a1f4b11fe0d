"""Which documents of the register a text repeats, as syndicated or updated articles do."""

from sources import fingerprint
from sources.models import SourceDocument

NEAR_COPY_SHARE = 0.15
"""From which share of common word sequences two texts are said to be alike."""

_SAMPLE_WINDOWS = 100


def find_near_copies(text: str) -> list[tuple[SourceDocument, float]]:
    """The documents that share sequences of words with `text`, each with its likeness, most alike first.

    The likeness, 0 to 1, is the share of the shorter text's sequences of words that the other has too, so that an extract
    is as like its article as the article is. It is read from fingerprints, so the text of a document need not be held. A
    sample of the sequences is tried first: a document that shares less than one in a hundred may be missed. A thousand
    articles take about a second.
    """
    mine = fingerprint.WordWindows(text)
    if not mine:
        return []
    found = []
    documents = SourceDocument.objects.exclude(fingerprint="").order_by("pk").values_list("pk", "sha256", "fingerprint")
    for key, sha256, held in documents.iterator(chunk_size=200):
        try:
            share = mine.share_in_common_with(held, sha256, sample=_SAMPLE_WINDOWS)
        except fingerprint.MalformedFingerprint:
            continue
        if share >= NEAR_COPY_SHARE:
            found.append((share, key))
    found.sort(reverse=True)
    by_key = SourceDocument.objects.defer("fingerprint").in_bulk([key for _, key in found])
    return [(by_key[key], share) for share, key in found]
