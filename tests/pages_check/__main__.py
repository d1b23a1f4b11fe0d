"""python -m tests.pages_check: what the public pages promise, measured over the shipped register. Exits with 1 if one is missed.

In a temporary database, before a server as deployed and a headless Chromium; on a database server too, if PostgreSQL is
installed. Prints for each requirement what was measured, the figure, and whether it is met. --only 4,5 measures these alone.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping

from benchmarks.served_project import ROOT, serve_project
from benchmarks.shipped_register import shipped_register
from tests.pages_check.site import Answer, Measured, Site

REQUIREMENTS = {
    1: "Source beside statement",
    2: "Doubt is visible",
    3: "The promise bar",
    4: "The same picture each time",
    5: "Readable",
    6: "Evidence on edges",
    7: "Every picture is data",
    8: "Times as they are known",
    9: "Places as they are known",
    10: "Fast and lasting",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="numbers of requirements, with commas between them")
    parser.add_argument("--digest", action="store_true", help="print the digest of the register's pictures, and end")
    options = parser.parse_args()
    # So that the server and the database end with this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wanted = [int(number) for number in options.only.split(",") if number] or [*REQUIREMENTS]
    with shipped_register(API_RATE="off"):
        if options.digest:
            print(_digest_in_process())
            return
        with serve_project("nato_support.settings", is_quiet=True) as address:
            missed = sum(_print(measured) for measured in _measures(address, wanted))
    if missed:
        sys.exit(f"{missed} missed.")


def _print(measured: Measured) -> bool:
    """Print a line of the table; return whether the measure was missed."""
    heading = f"{measured.requirement:>2} {REQUIREMENTS[measured.requirement]}"
    verdict = "met" if measured.is_met else "MISSED"
    print(f"{heading:30} {measured.measure:66} {verdict:7} {measured.figure}", flush=True)
    return not measured.is_met


def _measures(address: str, wanted: list[int]) -> Iterator[Measured]:
    from tests.pages_check import facts, lasting, links, pictures, times_places

    site = Site(_asker(address))
    measures = {
        1: [facts.measure_evidence],
        3: [facts.measure_promises],
        4: [pictures.measure_stability, _measure_databases],
        5: [pictures.measure_labels],
        6: [links.measure_edges],
        7: [links.measure_addresses],
        8: [times_places.measure_times],
        9: [times_places.measure_places],
        10: [lasting.measure_sizes],
    }
    for number in REQUIREMENTS:
        if number in wanted:
            for measure in measures.get(number, ()):
                yield from measure(site)
    yield from _browser_measures(address, site, wanted)
    if 10 in wanted:
        yield from lasting.measure_old_editions(site)


def _browser_measures(address: str, site: Site, wanted: list[int]) -> Iterator[Measured]:
    from playwright.sync_api import sync_playwright

    from tests.e2e.conftest import QUIET, chromium_path
    from tests.pages_check import in_browser

    path = chromium_path()
    if not path:
        yield from (Measured(number, "in a browser", "no Chromium on this machine", False) for number in (2, 5, 10))
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)

        def open_page(**options):
            usual = {"base_url": address, "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
            return browser.new_context(**usual | options).new_page()

        if 2 in wanted:
            yield from in_browser.measure_doubts(open_page)
        if 5 in wanted:
            yield from in_browser.measure_set_labels(
                open_page, [*site.entities, "/", "/facilities/", "/events/", "/commitments/"]
            )
        if 10 in wanted:
            yield from in_browser.measure_paints(open_page, site.one_of_each_kind)
            yield from in_browser.measure_reach(open_page, site.one_of_each_kind)
        browser.close()


def _measure_databases(site: Site) -> Iterator[Measured]:
    """Pictures of the register in another database, on PostgreSQL, are the same."""
    from tests.pages_check.pictures import digest_of_pictures

    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "STATE_DIR", "STATIC_ROOT")}
    command = [sys.executable, "-m", "tests.pages_check", "--digest"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.with_postgres", *command],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        yield Measured(4, "bytes on both databases", f"no PostgreSQL: {done.stderr.strip()[-80:]}", False)
        return
    is_equal = done.stdout.split()[-1] == digest_of_pictures(site)
    yield Measured(4, "bytes on both databases", "equal" if is_equal else "different", is_equal)


def _digest_in_process() -> str:
    from django.test import Client

    from tests.pages_check.pictures import digest_of_pictures

    client = Client(SERVER_NAME="127.0.0.1")

    def ask(path: str, headers: Mapping[str, str]) -> Answer:
        response = client.get(path, headers=headers)
        return Answer(response.status_code, response.headers, response.content)

    return digest_of_pictures(Site(ask))


def _asker(address: str):
    def ask(path: str, headers: Mapping[str, str]) -> Answer:
        request = urllib.request.Request(f"{address}{path}", headers=dict(headers))
        for _ in range(100):
            try:
                with urllib.request.urlopen(request) as answer:
                    return Answer(answer.status, dict(answer.headers), answer.read())
            except urllib.error.HTTPError as error:
                return Answer(error.code, dict(error.headers), error.read())
            except urllib.error.URLError:
                # The server is about to start.
                time.sleep(0.1)
        sys.exit(f"No server answers at {address}.")

    return ask


if __name__ == "__main__":
    main()
