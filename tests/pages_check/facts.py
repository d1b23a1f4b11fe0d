"""Requirements 1 and 3: sources beside statements, and what is promised beside what the API adds up."""

import re
from collections.abc import Iterator
from decimal import Decimal

from nato_support.pages.pictures.promise_bar import promise_bar
from nato_support.pages.pictures.stated_amounts import bars_of_totals
from tests.pages_check.site import Measured, Site, counted, facts_of, page_of, table_of

_USUAL_REASON = "From the document, unless another reason is given."
_PARTS_OF_QUOTE = {
    "its words": "<blockquote",
    "its source": "<cite>",
    "whether it is original": 'class="wording"',
    "what it affirms or denies": 'class="states',
}


def facts_without_source(text: str) -> list[str]:
    """Return the facts of a page that neither show a quote nor say why they have none, and quotes that miss a part."""
    faults = []
    is_usual = _USUAL_REASON in text
    for fact in facts_of(text):
        label = re.sub("<[^>]+>", "", fact.partition("</dt>")[0].rpartition("<dt>")[2])
        if 'class="evidence"' not in fact:
            faults += [] if 'class="reason"' in fact or is_usual else [label]
            continue
        for quote in re.findall(r"<li>(.*?)</li>", fact.partition('<ol class="quotes">')[2].partition("</ol>")[0], re.DOTALL):
            faults += [f"{label}: a quote without {part}" for part, mark in _PARTS_OF_QUOTE.items() if mark not in quote]
    return faults


def measure_evidence(site: Site) -> Iterator[Measured]:
    """Every fact of every page has its quotes, or says why it has none; they unfold without script."""
    facts = quotes = 0
    faults = []
    for path in [*site.records, "/contested/"]:
        text = site.text(path)
        faults += [f"{path} {fault}" for fault in facts_without_source(text)]
        facts += len(facts_of(text))
        quotes += text.count("<blockquote")
        folded = text.count('<details class="evidence">')
        faults += [path] if text.count('class="evidence"') != folded else []
    yield counted(1, "facts with their quotes or a reason", facts, f"facts on {len(site.records)} pages, {quotes} quotes", faults)


def measure_promises(site: Site) -> Iterator[Measured]:
    """Bars equal `totals/`; amounts of a page equal those of its record; unknown is no nought; overdue ones are listed."""
    faults = []
    sums = 0
    for query in ("", "?by=party", "?by=category"):
        totals = site.data(f"commitments/totals/{query}")
        for part in (totals, *totals.get("groups", ())):
            drawn = [row[3] for row in promise_bar(bars_of_totals(part)).rows if row[2] == "Promised" and row[3]]
            wanted = [total["low"] for total in part["included"]["sums"]]
            sums += len(wanted)
            faults += [] if drawn == wanted else [f"{query}: {drawn} for {wanted}"]
    yield counted(3, "bars equal totals/", sums, "sums", faults)
    commitments = site.listed("commitments")
    faults, bars = [], 0
    for commitment in commitments:
        rows = table_of(site.text(page_of(commitment)), "promise")
        bars += len(rows)
        measures = (*commitment["measures"], *commitment["conversions"])
        stated = {Decimal(value) for measure in measures for value in (measure["value"], measure["upper"]) if value is not None}
        drawn_bounds = {Decimal(cell) for row in rows for cell in row[3:5] if cell}
        # “Up to” begins at nought, and so does a share of it.
        known = stated | ({Decimal(0)} if any(measure["qualifier"] == "up_to" for measure in measures) else set())
        faults += [] if drawn_bounds <= known else [f"{commitment['slug']}: {drawn_bounds - known}"]
        faults += [f"{commitment['slug']}: nought for unknown" for row in rows if not stated and "0" in row[3:5]]
    yield counted(3, "bars of pages have the amounts of their records, unknown no nought", bars, "bars", faults)
    due = site.text("/due/").partition("<h2>Overdue</h2>")[2].partition("</section>")[0]
    overdue = [page_of(row) for row in site.listed("commitments") if row["due"]] and [
        page_of(row) for row in site.data("commitments/?overdue=true&page_size=500")["results"]
    ]
    missing = [path for path in overdue if f'href="{path}"' not in due]
    yield Measured(3, "overdue ones are listed", f"{len(overdue)} overdue, {len(missing)} missing", not missing)
