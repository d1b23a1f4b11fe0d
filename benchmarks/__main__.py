"""`make bench`: the server as deployed beside an ordinary DRF viewset over the same commitments.

Ours is measured twice: uncached, which the required ratio is about, and as deployed, where repeated requests are answered from
memory until something is published. All are served by granian with two workers on loopback. Each round sends every server each
kind of request in turn; medians over the rounds are printed. BENCH_SIZE, BENCH_ROUNDS and BENCH_SECONDS change the extent.
"""

import base64
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.served_project import ROOT, serve_project

SIZE = int(os.environ.get("BENCH_SIZE", 100_000))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", 3))
SECONDS = int(os.environ.get("BENCH_SECONDS", 4))
DATABASE = ROOT / "benchmarks" / "data" / f"{SIZE}.sqlite3"

# Required ratio to the ordinary viewset, by kind of request.
REQUIRED_RATIOS = {"first page of 100": 18, "page at nine tenths": 18, "one with its evidence": 16}


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("make bench needs the load generator wrk: apt-get install wrk, brew install wrk.")
    os.environ["DATABASE_URL"] = f"sqlite:///{DATABASE}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nato_support.settings")
    os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
    if not DATABASE.exists():
        build_database()
    with (
        serve_project("nato_support.settings") as ours,
        serve_project("benchmarks.uncached_settings") as uncached,
        serve_project("benchmarks.ordinary_drf_settings", "benchmarks.ordinary_drf_wsgi") as ordinary,
    ):
        print_report(measure_rates({"ours": ours, "uncached": uncached, "ordinary": ordinary}))


def build_database() -> None:
    """Build the invented register, once, in a file that is complete or absent."""
    import django

    DATABASE.parent.mkdir(exist_ok=True)
    partial = DATABASE.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    os.environ["DATABASE_URL"] = f"sqlite:///{partial}"
    django.setup()
    from benchmarks.invented_register import build_register

    build_register(partial, SIZE)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    partial.rename(DATABASE)
    os.environ["DATABASE_URL"] = f"sqlite:///{DATABASE}"


def request_paths(base: str, name: str) -> dict[str, list[str]]:
    """Return the paths for each kind of request, as a consumer would obtain them."""
    if name != "ordinary":
        first, deep = "/api/v1/commitments/?page_size=100", deep_page_paths(base, 0.9)
    else:
        # Cursors of the ordinary viewset contain a primary key; the last tenth has the lowest.
        lowest = max(50, SIZE // 500) + max(50, SIZE // 100)
        keys = [lowest + SIZE // 10 + at * 100 for at in range(-4, 5) if SIZE // 10 + at * 100 > 100]
        cursors = [base64.b64encode(f"p={key}".encode()).decode() for key in keys]
        first, deep = "/api/v1/commitments/", [f"/api/v1/commitments/?{urlencode({'cursor': cursor})}" for cursor in cursors]
    start = max(50, SIZE // 500) + 1 + max(50, SIZE // 100)
    details = [f"/api/v1/commitments/commitment-{start + at * 37 % SIZE}/" for at in range(2000)]
    return {"first page of 100": [first], "page at nine tenths": deep, "one with its evidence": details}


def deep_page_paths(base: str, fraction: float) -> list[str]:
    """Return paths of pages of 100 around this fraction of the register, reached by following `next` as consumers must."""
    address, deep = f"{base}/api/v1/commitments/?page_size=500", []
    for at in range(int(SIZE * fraction / 500) + 2):
        with urllib.request.urlopen(address) as answer:
            following = json.load(answer)["next"]
        if following is None:
            break
        address = following if following.startswith("http") else base + following
        if at >= int(SIZE * fraction / 500) - 3:
            deep.append(address.removeprefix(base).replace("page_size=500", "page_size=100"))
    return deep


def measure_rates(base_urls: dict[str, str]) -> dict[str, dict[str, list[float]]]:
    """Return the rates of each server for each kind of request, one for each round."""
    rates: dict[str, dict[str, list[float]]] = {}
    paths = {name: request_paths(base, name) for name, base in base_urls.items()}
    for turn in range(ROUNDS):
        for request in REQUIRED_RATIOS:
            order = list(base_urls) if turn % 2 else list(base_urls)[::-1]
            for name in order:
                rate = requests_per_second(base_urls[name], paths[name][request])
                rates.setdefault(request, {}).setdefault(name, []).append(rate)
    return rates


def requests_per_second(base: str, paths: list[str]) -> float:
    """Return the rate of responses that wrk gets over eight connections. Any error ends the benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        (listed := Path(folder, "paths")).write_text("\n".join(paths) + "\n")
        (script := Path(folder, "ask.lua")).write_text(LUA)
        result = subprocess.run(
            ["wrk", "-t1", "-c8", "--timeout", "20s", f"-d{SECONDS}s", "-s", str(script), base],
            env=os.environ | {"PATHS": str(listed)},
            capture_output=True,
            text=True,
            check=True,
        )
    words = next(line for line in result.stdout.splitlines() if line.startswith("RESULT")).split()
    if int(words[3]):
        sys.exit(f"{words[3]} requests to {base} failed: {paths[0]}")
    return int(words[1]) / (int(words[2]) / 1e6)


LUA = """
local paths, n, i = {}, 0, 0
for line in io.lines(os.getenv("PATHS")) do n = n + 1; paths[n] = line end
function request() i = i % n + 1; return wrk.format("GET", paths[i]) end
function done(summary)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration, failed))
end
"""


def print_report(rates_by_request: dict[str, dict[str, list[float]]]) -> None:
    """Print the medians and ratios as a table."""
    print(f"{SIZE:,} commitments, two workers each, eight connections, medians of {ROUNDS} rounds of {SECONDS} s\n")
    headings = ("ordinary DRF", "ours, uncached", "ratio", "required", "ours, cached", "ratio")
    print(
        f"{'requests a second':24}"
        + "".join(f"{heading:>{width}}" for heading, width in zip(headings, (14, 16, 8, 10, 16, 8), strict=True))
    )
    for request, rates in rates_by_request.items():
        ours, uncached, ordinary = (statistics.median(rates[name]) for name in ("ours", "uncached", "ordinary"))
        print(
            f"{request:24}{ordinary:>14,.0f}{uncached:>16,.0f}{uncached / ordinary:>7.1f}x{REQUIRED_RATIOS[request]:>9}x"
            f"{ours:>16,.0f}{ours / ordinary:>7.1f}x"
        )


if __name__ == "__main__":
    main()
