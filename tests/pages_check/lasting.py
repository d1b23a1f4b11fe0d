"""Requirement 10 but for what needs a browser: small pages, and editions that stay."""

import gzip
import re
from collections.abc import Iterator

from tests.pages_check.site import OVERVIEWS, Measured, Site

MAX_COMPRESSED_BYTES = 60_000
RELEASES = 100


def compressed_size(site: Site, path: str) -> int:
    """Return how many bytes of a page are sent to a client that takes gzip."""
    answer = site.ask(path, {"accept": "text/html", "accept-encoding": "gzip"})
    assert answer.status == 200 and gzip.decompress(answer.body), path
    return len(answer.body)


def measure_sizes(site: Site) -> Iterator[Measured]:
    """Every page as it is sent, compressed."""
    sizes = {path: compressed_size(site, path) for path in [*site.records, *OVERVIEWS]}
    largest = max(sizes, key=lambda path: sizes[path])
    figure = f"{sizes[largest]:,} bytes at most ({largest}), {sorted(sizes.values())[len(sizes) // 2]:,} in the median"
    yield Measured(10, f"compressed HTML of {len(sizes)} pages", figure, sizes[largest] < MAX_COMPRESSED_BYTES)


def article_of(site: Site, path: str) -> str:
    """Return the part of an edition's page that follows from the edition alone; it is asked for anew."""
    body = site.ask(path, {"accept": "text/html"}).body.decode()
    [article] = re.findall(r"<article.*</article>", body, re.DOTALL)
    return article


def measure_old_editions(site: Site, releases: int = RELEASES) -> Iterator[Measured]:
    """Release edition after edition of an organisation: the record's part of the page of its first one stays as it is."""
    from entities.models import Organisation
    from nato_support.publishing.publication import publish

    record = Organisation.objects.filter(status="published").order_by("pk")[0]
    path = f"/organisations/{record.slug}/editions/1/"
    before = article_of(site, path)
    for number in range(releases):
        record.refresh_from_db()
        record.summary = f"Summary {number}."
        record.save()
        record.refresh_from_db()
        publish([record])
    now = site.ask(f"/organisations/{record.slug}/", {"accept": "text/html"}).body.decode()
    is_same = article_of(site, path) == before and f"Summary {releases - 1}." in now
    yield Measured(10, f"article of edition 1 after {releases} releases", "equal" if is_same else "another", is_same)
