"""What `make pages-check` measures without a clock or a browser."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tests.pages_check import facts, lasting, links, pictures, times_places
from tests.pages_check.site import Answer, Measured, Site

MEASURES = [
    facts.measure_evidence,
    facts.measure_promises,
    links.measure_edges,
    links.measure_addresses,
    times_places.measure_times,
    times_places.measure_places,
    lasting.measure_sizes,
]


def missed(measures) -> list[Measured]:
    return [measured for measured in measures if not measured.is_met]


@pytest.mark.slow
@pytest.mark.usefixtures("register")
@pytest.mark.django_db
@pytest.mark.xdist_group("register")
def test_the_shipped_register_has_what_its_pages_promise(site):
    assert [fault for measure in MEASURES for fault in missed(measure(site))] == []


def test_the_page_of_the_first_edition_stays_however_many_follow(public, site):
    assert missed(lasting.measure_old_editions(site, releases=5)) == []


def test_faults_are_found():
    """Each measure tells a page that keeps its promise from one that does not."""
    quote = '<li><p class="states">x</p><blockquote>x</blockquote><cite>x</cite><p class="wording">x</p></li>'
    evidence = f'<details class="evidence"><ol class="quotes">{quote}</ol></details>'
    fact = '<div class="fact" id="fact-due"><dt>Due</dt>'
    assert facts.facts_without_source(f"{fact}{evidence}") == []
    assert facts.facts_without_source(f'{fact}<span class="reason">our own words</span>') == []
    assert facts.facts_without_source(fact) == ["Due"]
    assert facts.facts_without_source(f"{fact}{evidence}".replace("<cite>", "")) == ["Due: a quote without its source"]
    pages = {"/commitments/x/": f"{fact}{evidence}", "/": '<tr id="edge-x"><td><a href="/commitments/x/">x</a></td></tr>'}
    made_up = Site(lambda path, headers: Answer(200, {}, pages[path].encode()))
    leads = {
        link: links.leads_to_quotes(made_up, "/", link)
        for link in ("/commitments/x/", "/commitments/x/#fact-due", "/commitments/x/#fact-event", "#edge-x", "#edge-y")
    }
    assert [*leads.values()] == [True, True, False, True, False]
    files = (
        '<a href="/graph/x.svg?depth=2"> &lt;iframe src=&quot;https://a.example/graph/x/embed/&quot; <link href="/static/a.svg">'
    )
    assert [links.form_of(address) for address in links.files_on(files)] == ["svg", "embed"]


@pytest.mark.slow
@pytest.mark.both
@pytest.mark.django_db
def test_both_databases_draw_the_same_bytes(detailed, site):
    """The invented world on PostgreSQL, and in a SQLite database, for which another process runs this test."""
    digest = pictures.digest_of_pictures(site)
    if wanted := os.environ.get("DIGEST_OF_PICTURES"):
        assert digest == wanted
        return
    if connection.vendor == "sqlite":
        pytest.skip("needs PostgreSQL")
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", f"{__file__}::test_both_databases_draw_the_same_bytes"]
    environment["DIGEST_OF_PICTURES"] = digest
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout[-2000:]
