"""What `make pages-check` measures in a browser, without a clock."""

import pytest

from entities.serializers import ENTITY_KINDS, PLURALS
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition
from tests.pages_check import in_browser

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_the_states_of_a_fact_are_told_apart_in_grey(browser_of, detailed):
    assert [measured for measured in in_browser.measure_doubts(browser_of) if not measured.is_met] == []


def test_labels_do_not_overlap_as_they_are_set(browser_of, detailed):
    live = Edition.objects.filter(LIVE_EDITIONS, kind__in=ENTITY_KINDS).values_list("kind", "slug")
    paths = ["/", "/events/", *(f"/{PLURALS[kind]}/{slug}/" for kind, slug in live)]
    assert [measured for measured in in_browser.measure_set_labels(browser_of, paths) if not measured.is_met] == []
