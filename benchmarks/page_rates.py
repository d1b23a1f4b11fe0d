"""python -m benchmarks.page_rates: pages of the shipped register beside W4, one commitment with its evidence as the API gives it.

All in one process, by calling the WSGI application: no network, no second process. Each round asks each path in turn for a
slice of processor time, of which what else the machine does takes none; medians over the rounds are printed, and how fast a page
is compared with W4 in the same state.

repeated   the answer is in the cache of responses: the same question, and nothing released since
kept       the cache was emptied by a release that the page does not show: what is kept is looked up by what the page shows now
afresh     nothing is kept: the page is made from the editions, as for its first reader

For W4, which is written when it is published, the last two are the same. The front page shows the newest releases, so that each
release makes it anew; of it, the picture of the whole is kept, unless an entity or relation changed.
"""

import argparse
import io
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from benchmarks.shipped_register import shipped_register

W4 = "W4"
STATES = ("repeated", "kept", "afresh")
REQUIRED = {("a commitment", "repeated"): 0.5, ("front page", "repeated"): 0.5}
"""Least rate of a page in a state, as a part of that of W4."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--milliseconds", type=int, default=200, help="of each slice")
    options = parser.parse_args()
    with shipped_register():
        rates = measure_rates(options.rounds, options.milliseconds / 1000)
    print(f"requests a second of processor time, medians of {options.rounds} rounds of {options.milliseconds} ms; parts of W4\n")
    print(f"{'':16}" + "".join(f"{state:>18}" for state in STATES))
    missed = []
    for name, by_state in rates.items():
        cells = []
        for state in STATES:
            rate, part = by_state[state], by_state[state] / rates[W4][state]
            cells.append(f"{rate:>10,.0f} {part:>6.2f}x")
            missed += [f"{name}, {state}"] if part < REQUIRED.get((name, state), 0) else []
        print(f"{name:16}" + "".join(cells))
    if missed:
        sys.exit(f"Slower than required: {'; '.join(missed)}")


def measure_rates(rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    """Return name -> state -> median of the rates of the rounds."""
    ask = _asker()
    paths = _paths(ask)
    rates: dict[str, dict[str, list[float]]] = {name: {state: [] for state in STATES} for name in paths}
    for _ in range(rounds):
        for state in STATES:
            for name, asked in paths.items():
                with _state(state):
                    if state != "afresh":
                        for path in asked:
                            ask(path)
                    rates[name][state].append(_rate(ask, asked, seconds))
    return {name: {state: statistics.median(found) for state, found in by_state.items()} for name, by_state in rates.items()}


def _paths(ask: Callable[[str], bytes]) -> dict[str, Sequence[str]]:
    def of(collection: str) -> list[str]:
        return [row["href"] for row in json.loads(ask(f"/api/v1/{collection}/?page_size=20"))["results"]]

    commitments, organisations = of("commitments"), of("organisations")
    return {
        W4: commitments,
        "a commitment": [path.removeprefix("/api/v1") for path in commitments],
        "an organisation": [path.removeprefix("/api/v1") for path in organisations],
        "most linked one": ["/organisations/nato/"],
        "front page": ["/"],
    }


def _asker() -> Callable[[str], bytes]:
    from nato_support.wsgi import application

    def ask(path: str) -> bytes:
        path, _, query = path.partition("?")
        statuses = []
        environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "HTTP_HOST": "127.0.0.1:8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_ACCEPT": "*/*",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        body = b"".join(application(environ, lambda status, headers: statuses.append(status)))
        assert statuses[0].startswith("200"), (path, statuses, body[:300])
        return body

    return ask


@contextmanager
def _state(state: str) -> Iterator[None]:
    """Keep what this state allows, and nothing before that."""
    from nato_support.api import dispatch
    from nato_support.pages.kept_parts import kept_pages
    from nato_support.pages.page_pictures import kept_graphs

    cache = dispatch.response_cache
    sizes = {store: store.max_bytes for store in (kept_pages, kept_graphs)}
    dispatch.response_cache = dispatch.ResponseCache(cache.max_bytes if state == "repeated" else 0)
    for store in (kept_pages, kept_graphs):
        store.clear()
        store.max_bytes = 0 if state == "afresh" else sizes[store]
    try:
        yield
    finally:
        dispatch.response_cache = cache
        for store in (kept_pages, kept_graphs):
            store.max_bytes = sizes[store]


def _rate(ask: Callable[[str], bytes], paths: Sequence[str], seconds: float) -> float:
    count, started = 0, time.process_time()
    while (taken := time.process_time() - started) < seconds:
        ask(paths[count % len(paths)])
        count += 1
    return count / taken


if __name__ == "__main__":
    main()
