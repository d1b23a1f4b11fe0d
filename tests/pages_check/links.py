"""Requirements 6 and 7: edges that lead to their quotes, and pictures that can be had as data."""

import re
from collections.abc import Iterator
from html import unescape

from tests.pages_check.site import Measured, Site, counted, facts_of, pictures_of, table_of

FORMS_OF_PICTURES = {
    "data": r"^/api/v1/",
    "csv": r"\.csv(\?|$)",
    "svg": r"\.svg(\?|$)",
    "png": r"\.png(\?|$)",
    "embed": r"(/embed/|embed=|\.html(\?|$))",
}
"""Form of a picture -> pattern of the addresses at which it is offered beneath the picture."""
REQUIRED_FORMS = ("data", "csv", "svg", "png", "embed")
MAX_EMBEDDED_BYTES = 30_000
_EDGE = re.compile(r'<a href="([^"]*)"[^>]*><title>[^<]*</title><path [^>]*class="edge')


def links_of_edges(text: str, name: str) -> list[str]:
    """Return where the edges of a drawn graph lead, of the wide picture."""
    return [unescape(address) for svg in pictures_of(text, name)[:1] for address in _EDGE.findall(svg)]


def measure_edges(site: Site) -> Iterator[Measured]:
    """Edges equal `graph/`, and each leads to a fact with quotes: by its link, or by the row of a bundle."""
    faults, unlike, edges = [], [], 0
    for path in site.entities:
        slug = path.split("/")[2]
        rows = [row for row in table_of(site.text(path), "graph") if row[1]]
        graph = site.data(f"graph/{slug}/")["edges"]
        edges += len(graph)
        shown = sorted((row[0], row[1], row[2], int(row[5])) for row in rows)
        answered = sorted(
            (edge["source"]["name"], edge["label"], edge["target"]["name"], len(edge["evidence"])) for edge in graph
        )
        unlike += [] if shown == answered else [path]
        faults += [f"{path}: {edge['record']} without a quote" for edge in graph if not edge["evidence"]]
        faults += [
            f"{path}: {link}" for link in links_of_edges(site.text(path), "graph") if not leads_to_quotes(site, path, link)
        ]
    yield counted(6, "edges equal graph/", edges, f"edges of {len(site.entities)} entities", unlike)
    faults += [f"/: {link}" for link in links_of_edges(site.text("/"), "whole") if not leads_to_quotes(site, "/", link)]
    yield counted(6, "edges lead to at least one quote", edges, "edges", faults)


def leads_to_quotes(site: Site, page: str, link: str) -> bool:
    """Return whether a link of an edge leads to a fact or record with quotes, or to a row of the table that does."""
    path, _, anchor = link.partition("#")
    if not path:
        row = re.search(rf'<tr id="{re.escape(anchor)}">.*?href="([^"]+)"', site.text(page))
        return row is not None and leads_to_quotes(site, page, unescape(row[1]))
    if "?" in path or path.count("/") == 2:
        # Several of a bundle: their list.
        return 'class="line' in site.text(path)
    text = site.text(path)
    if not anchor:
        return 'class="evidence"' in text
    return any(f'id="{anchor}"' in fact.partition(">")[0] and 'class="evidence"' in fact for fact in facts_of(text))


def addresses_of_pictures(text: str) -> list[tuple[str, list[str]]]:
    """Return (name, addresses offered beneath it) of the pictures of a page."""
    pictures = []
    for section in text.split('<section class="drawn"')[1:]:
        section = section.partition("</section>")[0]
        name = section.partition('<h2 id="')[2].partition('"')[0]
        beneath = re.sub(r"<svg .*?</svg>|<table>.*?</table>", "", section, flags=re.DOTALL)
        pictures.append((name, [unescape(address) for address in re.findall(r'href="([^"#][^"]*)"', beneath)]))
    return pictures


def form_of(address: str) -> str:
    """Return the form of a picture that is found at an address; "" if it is another page, such as the picture's own."""
    return next((form for form, pattern in FORMS_OF_PICTURES.items() if re.search(pattern, address)), "")


def files_on(text: str) -> list[str]:
    """Return the addresses of files that the own page of a picture offers, in links or in words to copy."""
    addresses = re.findall(r"(?:href|src)=(?:\"|&quot;)(?:https?://[^/\"&]+)?(/[^\"&]+)", text)
    return [address for address in addresses if not address.startswith(("/static/", "/api/")) and form_of(address)]


def measure_addresses(site: Site) -> Iterator[Measured]:
    """Each picture has its table, and all forms of it answer."""
    faults, offered, pictures = [], set(), 0
    asked: dict[str, str] = {}
    for path in [*site.records, "/", "/commitments/", "/facilities/", "/events/"]:
        for name, addresses in addresses_of_pictures(site.text(path)):
            pictures += 1
            addresses += [file for address in addresses if not form_of(address) for file in files_on(site.text(address))]
            faults += [] if table_of(site.text(path), name) else [f"{path} {name}: no table"]
            for address in addresses:
                form = form_of(address)
                offered |= {(name, form)}
                asked[address] = form
    for address, form in asked.items():
        answer = site.ask(address, {"accept": "*/*"})
        faults += [] if answer.status == 200 else [f"{address}: {answer.status}"]
        if form == "embed" and len(answer.body) > MAX_EMBEDDED_BYTES:
            faults += [f"{address}: {len(answer.body):,} bytes"]
    yield counted(7, "pictures with a table, whose addresses answer", len(asked), f"addresses of {pictures} pictures", faults)
    names = {name for name, _ in offered}
    missing = [f"{name} as {form}" for form in REQUIRED_FORMS for name in sorted(names) if (name, form) not in offered]
    yield counted(7, f"each picture as {', '.join(REQUIRED_FORMS)}", len(names), "kinds of pictures", missing)
    without = [path for path in site.records if 'rel="license"' not in site.text(path) or 'id="cite"' not in site.text(path)]
    yield counted(7, "licence and citation on each page", len(site.records), "pages", without)
