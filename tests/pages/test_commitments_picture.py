"""Numbers of commitments in groups: the table adds up to the picture, and the picture to totals/."""

import xml.etree.ElementTree as ElementTree

import pytest

from nato_support.pages.pictures.commitment_bars import TITLES, commitments_picture
from nato_support.pages.pictures.drawing import NARROW, WIDE, overlapping_labels
from tests.pages.made_up import RURITANIA

by_width = pytest.mark.parametrize("width", [WIDE, NARROW])
KEYS = {
    "party": [RURITANIA, None],
    "beneficiary": [RURITANIA, None],
    "category": ["funding", "defence-of-kites"],
    "stage": ["delivered", "agreed", None, "delivered_in_part"],
    "nature": ["pledge", "refusal"],
    "currency": ["EUR", None],
    "year": ["2024", "2019", None, "2022"],
}


def made_up_groups(by: str) -> dict:
    groups = [
        {
            "key": {by: key},
            "matched": 10 * (at + 1) + 6,
            "rows": f"/api/v1/commitments/totals/rows/?group={at}",
            "included": {"count": 10 * (at + 1), "sums": []},
            "left_out": [
                {"reason": "no_amount", "count": 2},
                {"reason": "unspecified", "count": 1},
                {"reason": "plan", "count": 3},
            ],
        }
        for at, key in enumerate(KEYS[by])
    ]
    return {"matched": sum(group["matched"] for group in groups), "groups": groups, "groups_overlap": by == "party"}


def sizes(picture, by: str) -> list[float]:
    """Lengths of the parts of the bars, without those of the legend, which are 10 high and 18 wide."""
    rectangles = [
        rect
        for rect in ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}rect")
        if rect.get("height") != "10"
    ]
    return [float(rect.get("height" if by == "year" else "width")) for rect in rectangles]


@pytest.mark.parametrize("by", KEYS)
@by_width
def test_table_and_picture_add_up_to_totals(width, by):
    totals = made_up_groups(by)
    picture = commitments_picture(totals, by, width)
    rows = [[int(cell) for cell in row[1:5]] for row in picture.rows]
    assert all(row[0] == sum(row[1:]) and row[2:] == [3, 3] for row in rows)
    assert sum(row[0] for row in rows) == totals["matched"]
    parts = [number for row in rows for number in row[1:]]
    lengths = sizes(picture, by)
    assert len(lengths) == len(parts)
    assert [length / sum(lengths) for length in lengths] == pytest.approx([part / sum(parts) for part in parts], abs=0.002)
    assert overlapping_labels(picture.labels) == [] and all(box.right <= width for box in picture.labels)
    assert ("several groups" in picture.description) == (by == "party")


def test_years_and_stages_keep_their_order_and_the_unknown_comes_last():
    assert [row[0] for row in commitments_picture(made_up_groups("year"), "year").rows] == [
        "2019",
        "2022",
        "2024",
        "Year not known",
    ]
    stages = [row[0] for row in commitments_picture(made_up_groups("stage"), "stage").rows]
    assert stages == ["Agreed", "Delivered in part", "Delivered", "No stage known"]


def test_years_without_commitments_are_shown_with_a_nought():
    labels = [box.text for box in commitments_picture(made_up_groups("year"), "year").labels]
    assert [text for text in labels if text in ("2019", "2020", "2021", "2022", "2023", "2024")] == [
        "2019",
        "2020",
        "2021",
        "2022",
        "2023",
        "2024",
    ]
    assert labels.count("0") == 3


def test_nothing_to_show_is_a_picture_all_the_same():
    for by in TITLES:
        assert "0 commitments" in commitments_picture({"matched": 0, "groups": [], "groups_overlap": False}, by).description
