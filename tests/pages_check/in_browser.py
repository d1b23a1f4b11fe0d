"""What only a browser tells: marks in grey, labels as they are set, first paints, narrow screens, accessibility."""

import base64
import itertools
import os
import statistics
from collections.abc import Callable, Iterator
from typing import Any

from tests.e2e import axe
from tests.pages_check.site import Measured, counted

STATES = ("contested", "resolved", "single", "translation", "claimed", "planned")
MAX_PAINT = {"here": 300, "slow 4G": 1_000}
"""Most milliseconds until something of a page is painted."""
# As Lighthouse has it: 150 ms there and back, 1.6 and 0.75 megabits a second.
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
PAINTS = 3
NARROWEST = 320
_LEAST_DIFFERENCE = 0.1
"""Least part of the pixels of two marks that differ by a quarter of the range from black to white."""

_GREY_PIXELS = """async source => {
  const image = new Image(); image.src = source; await image.decode();
  const canvas = document.createElement("canvas"); canvas.width = canvas.height = 32;
  const context = canvas.getContext("2d"); context.drawImage(image, 0, 0, 32, 32);
  const data = context.getImageData(0, 0, 32, 32).data, grey = [];
  for (let at = 0; at < data.length; at += 4) grey.push(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]);
  return grey; }"""
_OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll("svg.picture")) {
    if (!svg.getClientRects().length) continue;
    const texts = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
    for (let a = 0; a < texts.length; a++) for (let b = a + 1; b < texts.length; b++) {
      const [one, other] = [texts[a][1], texts[b][1]];
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      // The box of a text has room above and below its letters.
      if (across > 0.5 && down > 0.35 * Math.min(one.height, other.height)) found.push(texts[a][0] + " / " + texts[b][0]);
    }
  }
  return found; }"""
_OPEN_ALL = "document.querySelectorAll('details').forEach(details => { details.open = true })"

Opener = Callable[..., Any]
"""Opens a page of a new profile: `open_page(viewport=..., color_scheme=...)`."""


def measure_doubts(open_page: Opener) -> Iterator[Measured]:
    """The marks of the six states in grey: each has words, a shape and a frame of its own."""
    page = open_page(bypass_csp=True)
    page.goto("/method/")
    page.add_style_tag(content="html { filter: grayscale(1) } .legend .mark svg { width: 32px; height: 32px }")
    words, frames, pixels = {}, {}, {}
    for state in STATES:
        mark = page.locator(f".legend .mark-{state}")
        words[state] = mark.inner_text()
        frames[state] = mark.evaluate("mark => getComputedStyle(mark).borderStyle")
        picture = base64.b64encode(mark.locator("svg").screenshot()).decode()
        pixels[state] = page.evaluate(_GREY_PIXELS, f"data:image/png;base64,{picture}")
    alike = [
        f"{one} and {other}"
        for one, other in itertools.combinations(STATES, 2)
        if sum(abs(a - b) > 64 for a, b in zip(pixels[one], pixels[other], strict=True)) < _LEAST_DIFFERENCE * len(pixels[one])
    ]
    yield counted(2, "states told apart by shape in grey", len(pixels), "states", alike)
    yield Measured(2, "states told apart by words", ", ".join(words.values()), len(set(words.values())) == len(STATES))
    framed = {state: frames[state] for state in ("contested", "claimed", "planned")}
    figure = ", ".join(f"{state} {frame}" for state, frame in framed.items())
    yield Measured(2, "gravest doubts have frames of their own", figure, len({*framed.values()}) == len(framed))


def measure_set_labels(open_page: Opener, paths: list[str]) -> Iterator[Measured]:
    """Labels as this browser sets them, on a phone and on a desk."""
    faults: list[str] = []
    for width in (390, 1440):
        page = open_page(viewport={"width": width, "height": 900})
        for path in paths:
            page.goto(path)
            faults += [f"{path} at {width}: {overlap}" for overlap in page.evaluate(_OVERLAPS)]
    yield counted(5, "labels that overlap none, as set by the browser", 2 * len(paths), "pages at 390 and 1440 px", faults)


def measure_paints(open_page: Opener, paths: list[str]) -> Iterator[Measured]:
    """Time until the first paint, with nothing in the browser's cache: medians."""
    for name, limit in MAX_PAINT.items():
        medians = {
            path: statistics.median(_first_paint(open_page, path, name != "here") for _ in range(PAINTS)) for path in paths
        }
        slowest = max(medians, key=lambda path: medians[path])
        # A machine that is busy with other things paints late.
        load = f"load {os.getloadavg()[0]:.1f} of {os.cpu_count()}"
        usual = statistics.median(medians.values())
        figure = f"{medians[slowest]:.0f} ms at most ({slowest}), {usual:.0f} in the median of {len(paths)} pages, {load}"
        yield Measured(10, f"first paint, {name}", figure, medians[slowest] < limit)


def _first_paint(open_page: Opener, path: str, is_slow: bool) -> float:
    page = open_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    if is_slow:
        session.send("Network.emulateNetworkConditions", SLOW_4G)
    page.goto(path)
    painted = "() => performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0]"
    page.wait_for_function(painted)
    milliseconds = page.evaluate(painted)
    page.context.close()
    return milliseconds


def measure_reach(open_page: Opener, paths: list[str]) -> Iterator[Measured]:
    """Nothing keeps readers out in either theme, with everything unfolded, and nothing has to be scrolled sideways."""
    script = axe.script()
    faults: list[str] = []
    wide: list[str] = []
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme, bypass_csp=True)
        narrow = open_page(color_scheme=scheme, viewport={"width": NARROWEST, "height": 700})
        for path in paths:
            for each in (page, narrow):
                each.goto(path)
                each.evaluate(_OPEN_ALL)
            faults += [f"{path} {scheme}: {fault}" for fault in axe.found_on(page, script)]
            reached = narrow.evaluate("document.documentElement.scrollWidth")
            wide += [f"{path}: {reached}"] if reached > NARROWEST else []
    yield counted(10, "axe finds nothing in either theme", 2 * len(paths), "pages", faults)
    yield counted(10, f"no sideways scrolling at {NARROWEST} px", 2 * len(paths), "pages", wide)
