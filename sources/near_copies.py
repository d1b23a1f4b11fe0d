"""Documents of the register that a text largely repeats, as syndicated or updated articles do."""

from sources import fingerprint
from sources.models import SourceDocument

NEAR_COPY_SHARE = 0.15
"""Share of common word sequences from which two texts count as near copies."""

_SAMPLE_WINDOWS = 100


def find_near_copies(text: str) -> list[tuple[SourceDocument, float]]:
    """Return the documents that share sequences of words with `text`, each with its similarity, most similar first.

    The similarity, 0 to 1, is the share of the shorter text's sequences of words that the other has too, so that an extract
    scores as high as its article. It is computed from fingerprints: the texts themselves are not needed. A sample of the
    sequences is tried first, so a document that shares less than one in a hundred may be missed. A thousand articles take about
    a second.
    """
    windows = fingerprint.WordWindows(text)
    if not windows:
        return []
    matches = []
    documents = SourceDocument.objects.exclude(fingerprint="").order_by("pk").values_list("pk", "sha256", "fingerprint")
    for pk, sha256, other_fingerprint in documents.iterator(chunk_size=200):
        try:
            share = windows.share_in_common_with(other_fingerprint, sha256, sample=_SAMPLE_WINDOWS)
        except fingerprint.MalformedFingerprint:
            continue
        if share >= NEAR_COPY_SHARE:
            matches.append((share, pk))
    matches.sort(reverse=True)
    by_key = SourceDocument.objects.defer("fingerprint").in_bulk([pk for _, pk in matches])
    return [(by_key[pk], share) for share, pk in matches]
