"""Picture of a graph: readable at any size, the same each time, and little changed by one more node."""

import random
import xml.etree.ElementTree as ElementTree

import pytest

from nato_support.pages.pictures.drawing import NARROW, WIDE, overlapping_labels
from nato_support.pages.pictures.graph import graph_picture
from nato_support.pages.pictures.graph_elements import MAX_SINGLE_NODES, picture_graph
from tests.pages.made_up import made_up_graph
from tests.pages_check.pictures import GROWN_SIZES, HUB_SIZES, LEAST_STEADY, misplaced_labels, steady_additions

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (WIDE, NARROW)
by_width = pytest.mark.parametrize("width", WIDTHS)


def elements(picture, name: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(picture.svg).iter(SVG + name))


@pytest.mark.parametrize("is_hub", [True, False])
@by_width
def test_labels_never_overlap_and_never_leave_the_picture(width, is_hub):
    for size in HUB_SIZES:
        assert misplaced_labels(graph_picture(made_up_graph(size, is_hub=is_hub), width, depth=1 if is_hub else 2)) == [], size


@pytest.mark.parametrize("size", GROWN_SIZES)
@pytest.mark.parametrize("is_hub", [True, False])
@by_width
def test_one_more_node_moves_no_other_by_more_than_a_twentieth_of_the_width(width, is_hub, size):
    assert steady_additions(size, width, is_hub=is_hub) >= LEAST_STEADY


@by_width
def test_the_order_of_an_answer_makes_no_difference(width):
    graph = made_up_graph(40)
    shuffled = {**graph, "nodes": graph["nodes"][:], "edges": graph["edges"][:]}
    random.Random(3).shuffle(shuffled["nodes"])
    random.Random(4).shuffle(shuffled["edges"])
    assert graph_picture(shuffled, width).svg == graph_picture(graph, width).svg


def test_each_edge_is_a_link_to_its_record_and_told_by_its_line():
    graph = made_up_graph(20)
    picture = graph_picture(graph)
    links = [link for link in elements(picture, "a") if link.find(f"{SVG}path[@class='edge-reach']") is not None]
    assert len(links) == len(graph["edges"]) == len(picture.rows)
    for edge in graph["edges"]:
        href = edge["record"].removeprefix("/api/v1")
        [link] = [link for link in links if link.get("href").partition("#")[0] == href]
        line = link.find(f"{SVG}path[@stroke-dasharray]")
        line = link.find(f"{SVG}path") if line is None else line
        dashes = {"claimed": "0.1 5"}.get(
            edge["modality"], "6 4" if edge["modality"] in ("planned", "expected", "conditional") else None
        )
        assert line.get("stroke-dasharray") == dashes
        assert ("edge-contested" in line.get("class")) == edge["contested"]
        if edge["contested"]:
            assert "≠" in "".join(link.itertext())


def test_beyond_the_limit_nodes_are_grouped_and_counted():
    graph = made_up_graph(MAX_SINGLE_NODES + 1)
    content = picture_graph(graph)
    assert content.is_grouped
    assert sum(node.number for node in content.nodes) + 1 == len(graph["nodes"])
    assert sum(edge.number for edge in content.edges) == len(graph["edges"]) == len(graph_picture(graph).rows)
    picture = graph_picture(graph)
    assert {edge.href[1:] for edge in content.edges if edge.href.startswith("#")} <= set(picture.row_ids)
    assert len(set(picture.row_ids)) == len(picture.rows)
    assert not picture_graph(made_up_graph(MAX_SINGLE_NODES)).is_grouped


def test_the_whole_has_no_root():
    graph = made_up_graph(80)
    picture = graph_picture({**graph, "root": None})
    assert sum(node.number for node in picture_graph({**graph, "root": None}).nodes) == len(graph["nodes"])
    assert "whole" in picture.title and not overlapping_labels(picture.labels)


def test_a_strict_policy_finds_nothing_to_refuse_and_names_are_escaped():
    graph = made_up_graph(8)
    graph["nodes"][1]["name"] = "<script>alert('1')</script> & \"Co\""
    picture = graph_picture(graph)
    tags = {element.tag for element in ElementTree.fromstring(picture.svg).iter()}
    assert not tags & {SVG + "script", SVG + "style", SVG + "foreignObject"}
    assert not any(
        name == "style" or name.startswith("on")
        for element in ElementTree.fromstring(picture.svg).iter()
        for name in element.attrib
    )
    assert picture.description in {element.text for element in elements(picture, "desc")}


@pytest.mark.parametrize("size", [9, 90])
@by_width
def test_what_is_not_public_as_it_is_drawn_has_an_outline_a_sign_and_words(width, size):
    graph = made_up_graph(size, is_hub=True)
    assert "unpublished" not in graph_picture(graph, width).svg and "mark-state" not in graph_picture(graph, width).svg
    nodes = [node | {"state": ("draft", "changed", "withdrawn")[at % 3]} for at, node in enumerate(graph["nodes"])]
    picture = graph_picture(graph | {"nodes": nodes, "edges": [edge | {"state": "draft"} for edge in graph["edges"]]}, width)
    assert overlapping_labels(picture.labels) == []
    assert all(box.left >= 0 and box.right <= width for box in picture.labels)
    texts = " ".join(box.text for box in picture.labels)
    assert "draft)" in texts and "changed)" in texts and "draft: not published yet" in texts
    # Beside the nodes, the root and the legend have one.
    assert picture.svg.count('class="unpublished"') == len(picture_graph(graph).nodes) + 2
    assert 'class="mark mark-state"' in picture.svg and "State" in picture.columns
