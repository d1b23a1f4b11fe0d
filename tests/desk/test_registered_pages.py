"""Rules for the classes that make up the pages of the admin."""

from itertools import combinations

import pytest
from django.contrib import admin

OURS = ("entities", "sources", "nato_support")


def private_name_collisions(page: type) -> list[str]:
    """The private names that two bases of `page` define without either building on the other: only one of them runs."""
    ours = [base for base in page.__mro__ if base.__module__.split(".")[0] in OURS]
    return [
        f"{name}: {first.__name__} and {second.__name__}"
        for first, second in combinations(ours, 2)
        if not issubclass(first, second) and not issubclass(second, first)
        for name in sorted(vars(first).keys() & vars(second).keys())
        if name.startswith("_") and not name.endswith("__")
    ]


def test_no_two_bases_of_a_page_define_the_same_private_name():
    pages = [type(page) for page in admin.site._registry.values()]
    inlines = [inline for page in pages for inline in getattr(page, "inlines", ())]
    found = {page.__name__: collisions for page in [*pages, *inlines] if (collisions := private_name_collisions(page))}
    assert not found


@pytest.mark.parametrize("names", [("_ask", "_ask"), ("_ask", "_tell")])
def test_a_collision_is_found(names):
    bases = [type(f"Mixin{at}", (), {"__module__": "entities", name: lambda self: None}) for at, name in enumerate(names)]
    assert bool(private_name_collisions(type("Page", tuple(bases), {}))) == (names[0] == names[1])
