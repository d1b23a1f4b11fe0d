"""python -m tests.pages_check.made_up_pictures: the digest of pictures of made-up graphs, timelines and totals."""

import hashlib

import django

django.setup()

from nato_support.pages.pictures.commitment_bars import commitments_picture  # noqa: E402
from nato_support.pages.pictures.graph import graph_picture  # noqa: E402
from nato_support.pages.pictures.promise_bar import promise_bar  # noqa: E402
from nato_support.pages.pictures.stated_amounts import bars_of_totals  # noqa: E402
from nato_support.pages.pictures.timeline import timeline_picture  # noqa: E402
from tests.pages.made_up import made_up_graph, made_up_timeline  # noqa: E402
from tests.pages.test_commitments_picture import made_up_groups  # noqa: E402
from tests.pages.test_promise_bar import TOTALS  # noqa: E402

svgs = [graph_picture(made_up_graph(size), width).svg for size in (20, 60, 200) for width in (960, 360)]
svgs += [timeline_picture(made_up_timeline([("2024-07~", "due", {}), ("2023", "quote", {})]), undated=2).svg]
svgs += [promise_bar(bars_of_totals(TOTALS)).svg, commitments_picture(made_up_groups("party"), "party").svg]
print(hashlib.sha256("".join(svgs).encode()).hexdigest())
