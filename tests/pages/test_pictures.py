"""Every picture: the same bytes in every process, and of the shipped register, no labels that overlap."""

import hashlib
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

from entities.serializers import ENTITY_KINDS
from nato_support.api.graph_queries import EdgeEdition
from nato_support.pages.pictures.commitment_bars import commitments_picture
from nato_support.pages.pictures.drawing import NARROW, WIDE
from nato_support.pages.pictures.graph import graph_picture
from nato_support.pages.pictures.promise_bar import promise_bar
from nato_support.pages.pictures.standalone import standalone_svg
from nato_support.pages.pictures.stated_amounts import bars_of_totals
from nato_support.pages.pictures.text_widths import fit_text, text_width, wrap_text
from nato_support.pages.pictures.timeline import timeline_picture
from nato_support.pages.pictures.whole_graph import graph_of_editions
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition
from tests.pages.made_up import made_up_graph
from tests.pages_check.pictures import digest_of_made_up_pictures, misplaced_labels


def test_two_processes_draw_the_same_bytes():
    drawn = [digest_of_made_up_pictures(seed) for seed in ("1", "2")]
    assert drawn[0] == drawn[1] and len(drawn[0]) == len(hashlib.sha256().hexdigest())


def _identity(edge: dict) -> tuple[str, ...]:
    return edge["record"], edge["type"], edge["source"]["href"], edge["target"]["href"]


@pytest.mark.usefixtures("register")
@pytest.mark.django_db
@pytest.mark.xdist_group("register")
def test_pictures_of_the_shipped_register_are_readable(client):
    def answer(path: str) -> dict:
        return json.loads(client.get(f"/api/v1/{path}").content)

    pictures = []
    for entity in answer("entities/?page_size=500&fields=slug")["results"]:
        graph, timeline = answer(f"graph/{entity['slug']}/"), answer(f"timeline/{entity['slug']}/?page_size=200")
        for width in (WIDE, NARROW):
            pictures += [graph_picture(graph, width), timeline_picture(timeline, width, undated=1)]
        assert len(pictures[-2].rows) == max(len(graph["edges"]), 1)
        assert all(edge["evidence"] for edge in graph["edges"])
    totals = answer("commitments/totals/?by=party")
    assert [row[3] for row in promise_bar(bars_of_totals(totals)).rows] == [total["low"] for total in totals["included"]["sums"]]
    kinds = ("relation", *ENTITY_KINDS)
    live = Edition.objects.filter(LIVE_EDITIONS, kind__in=kinds).values_list("document", "evidence")
    whole = graph_of_editions(EdgeEdition(json.loads(document), evidence) for document, evidence in live)
    assert len(whole["nodes"]) == len(pictures) / 4 and all(edge["evidence"] for edge in whole["edges"])
    assert {_identity(edge) for edge in answer("graph/nato/?depth=3")["edges"]} <= {_identity(edge) for edge in whole["edges"]}
    for width in (WIDE, NARROW):
        pictures += [graph_picture(whole, width)]
        pictures += [graph_picture(answer("graph/nato/?depth=3"), width, depth=3), promise_bar(bars_of_totals(totals), width)]
        pictures += [
            commitments_picture(answer(f"commitments/totals/?by={by}"), by, width)
            for by in ("party", "category", "stage", "year")
        ]
    assert len(pictures) > 600
    assert [label for picture in pictures for label in misplaced_labels(picture)] == []
    assert max(len(picture.svg) for picture in pictures) < 60_000


def test_texts_are_shortened_at_words_and_wrapped():
    name = "Security support package of the northern council"
    short = fit_text(name, 13, 200)
    assert short.endswith("…") and name.startswith(short[:-1] + " ") and text_width(short, 13) <= 200
    assert fit_text(name, 13, 900) == name and fit_text(name, 13, 3) == ""
    lines = wrap_text(name, 13, 150, 3)
    assert 1 < len(lines) <= 3 and all(text_width(line, 13) <= 150 for line in lines)
    assert " ".join(wrap_text(name, 13, 150, 9)) == name


def test_a_picture_as_a_file_has_all_that_it_needs():
    picture = graph_picture(made_up_graph(80))
    text = standalone_svg(picture, "https://register.example", "A register <https://register.example>, release 7, CC BY 4.0")
    root = ElementTree.fromstring(text)
    styles = root.findtext("{*}style")
    assert styles.count("@media") == 1 and not re.search("var[(]|--|min-width", styles) and "#12181f" in styles
    by_day = ElementTree.fromstring(standalone_svg(picture, "https://register.example", "x", by_night=False)).findtext("{*}style")
    assert "@media" not in by_day and "#12181f" not in by_day and styles.startswith(by_day)
    assert not any("picture-wide" in element.get("class", "") for element in root.iter())
    hrefs = [element.get("href") for element in root.iter() if element.get("href")]
    assert hrefs and all(href.startswith("https://register.example/") for href in hrefs)
    assert "release 7, CC BY 4.0" in root.findtext("{*}metadata")
    assert not re.search(r"(?:src|@import|url\((?!#))", text)
