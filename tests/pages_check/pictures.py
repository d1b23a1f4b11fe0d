"""Requirements 4 and 5: pictures that stay as they are, and whose labels can be read."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator

from django.conf import settings

from nato_support.pages.pictures.drawing import NARROW, WIDE, Picture, overlapping_labels
from nato_support.pages.pictures.graph import graph_picture
from nato_support.pages.pictures.graph_elements import MAX_SINGLE_NODES, picture_graph
from nato_support.pages.pictures.graph_layout import lay_out
from nato_support.pages.pictures.timeline import timeline_picture
from tests.pages.made_up import made_up_graph, with_one_more
from tests.pages_check.site import Measured, Site, counted, pictures_of

HUB_SIZES = (5, 6, 9, 14, 21, 32, 45, 60, 61, 90, 150, 300)
GROWN_SIZES = (5, 12, 30, 59, 120)
ADDITIONS = 100
LEAST_STEADY = 95
RUNS = 10
_NAMES = ("graph", "timeline", "promise", "whole")


def steady_additions(size: int, width: int, *, is_hub: bool) -> int:
    """Return how many of `ADDITIONS` random additions to a graph move no other node by more than a twentieth of the width."""
    graph = made_up_graph(size, is_hub=is_hub)
    before = lay_out(picture_graph(graph), width, 50, is_root_above=not is_hub).places
    steady = 0
    for seed in range(ADDITIONS):
        after = lay_out(picture_graph(with_one_more(graph, seed)), width, 50, is_root_above=not is_hub).places
        # Of a group that has its second member now, the first has no place of its own any more.
        kept = before.keys() & after.keys()
        steady += all(
            abs(before[key].x - after[key].x) <= width / 20 and abs(before[key].y - after[key].y) <= width / 20 for key in kept
        )
    return steady


def misplaced_labels(picture: Picture) -> list[str]:
    """Return the labels of a picture that overlap another or leave the picture."""
    outside = [box.text for box in picture.labels if box.left < 0 or box.right > picture.width or box.bottom > picture.height]
    return [f"{box.text} / {other.text}" for box, other in overlapping_labels(picture.labels)] + outside


def digest_of_made_up_pictures(hash_seed: str) -> str:
    """Return the digest of pictures that another process draws; `hash_seed` decides on the order of its sets."""
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    environment.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    command = [sys.executable, "-m", "tests.pages_check.made_up_pictures"]
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def digest_of_pictures(site: Site) -> str:
    """Return the digest of the pictures of all entities and of the front page."""
    svgs = [svg for path in [*sorted(site.entities), "/"] for name in _NAMES for svg in pictures_of(site.text(path), name)]
    assert svgs
    return hashlib.sha256("".join(svgs).encode()).hexdigest()


def measure_stability(site: Site) -> Iterator[Measured]:
    """The same bytes in each process; one more node leaves the others where they are."""
    digests = {digest_of_made_up_pictures(str(seed)) for seed in range(RUNS)}
    yield Measured(4, f"bytes of {RUNS} runs", f"{len(digests)} different", len(digests) == 1)
    steady = {
        f"{size} {'hub' if is_hub else 'net'} {width}": steady_additions(size, width, is_hub=is_hub)
        for size in GROWN_SIZES
        for is_hub in (True, False)
        for width in (WIDE, NARROW)
    }
    least = min(steady, key=lambda name: steady[name])
    figure = f"{steady[least]} of {ADDITIONS} at least ({least}), crossing {MAX_SINGLE_NODES} nodes excepted"
    yield Measured(4, "additions that move no other node by 5 %", figure, steady[least] >= LEAST_STEADY)


def measure_labels(site: Site) -> Iterator[Measured]:
    """No label overlaps another, of any entity or of made-up hubs and nets, in the widest of the usual fonts."""
    faults: list[str] = []
    labels = 0
    for path in site.entities:
        slug = path.split("/")[2]
        graph, timeline = site.data(f"graph/{slug}/"), site.data(f"timeline/{slug}/?page_size=200")
        for width in (WIDE, NARROW):
            for picture in (graph_picture(graph, width), timeline_picture(timeline, width, undated=1)):
                labels += len(picture.labels)
                faults += [f"{slug} {label}" for label in misplaced_labels(picture)]
    yield counted(5, "labels of entities that overlap none, computed", labels, f"labels of {len(site.entities)}", faults)
    faults, labels = [], 0
    for size in HUB_SIZES:
        for is_hub in (True, False):
            for width in (WIDE, NARROW):
                picture = graph_picture(made_up_graph(size, is_hub=is_hub), width, depth=1 if is_hub else 2)
                labels += len(picture.labels)
                faults += [f"{size} {label}" for label in misplaced_labels(picture)]
    yield counted(5, f"labels of hubs and nets of {HUB_SIZES[0]} to {HUB_SIZES[-1]}", labels, "labels", faults)
