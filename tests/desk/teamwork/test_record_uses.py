"""Where a record is used: counted in few queries, and listed by the links beside the counts."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entities.models import Child, Curated
from nato_support.desk.review.record_tokens_and_review_urls import withdraw_page_url
from nato_support.desk.teamwork.record_uses import REFERENCES, uses_of_record
from tests import world as make
from tests.desk.conftest import page

NO_USE = {
    "entities.name.entity": "a name belongs to its record",
    "entities.identifier.entity": "an identifier belongs to its record",
    "entities.measure.entity": "an amount belongs to its record",
    "entities.milestone.commitment": "a milestone belongs to its commitment",
    "entities.milestone.event": "counted as the commitment's: milestones__event",
    "sources.resolution.entity": "a verdict belongs to its record",
    "sources.resolution.relation": "a verdict belongs to its relation",
    "entities.entity.merged_into": "a merged record is a redirect",
    "sources.earliertext.document": "an earlier text belongs to its document",
    "sources.readmark.document": "reading progress belongs to its document",
    "sources.capturestep.document": "undo steps belong to their document",
    "sources.suggestiondecision.document": "decisions on suggestions belong to their document",
    "sources.suggestiondecision.quote": "decisions on suggestions belong to their document",
    "entities.merge.merged": "the merge is shown above the form",
    "entities.merge.survivor": "the merge is shown above the form",
    "entities.duplicatecandidate.first": "a likely duplicate is shown above the form",
    "entities.duplicatecandidate.second": "a likely duplicate is shown above the form",
    "entities.duplicatedecision.first": "a decision on duplicates is no use",
    "entities.duplicatedecision.second": "a decision on duplicates is no use",
}


def test_every_reference_to_a_record_is_counted_or_has_a_reason():
    references = set()
    for app in ("entities", "sources"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__.startswith("Historical") or (model._meta.auto_created and not issubclass(model, Child | Curated)):
                continue
            for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
                target = field.related_model
                is_record = isinstance(target, type) and issubclass(target, Curated)
                if is_record and not getattr(field.remote_field, "parent_link", False):
                    references.add(f"{model._meta.label_lower}.{field.name}")
    counted = {f"{model._meta.label_lower}.{path}" for model, paths in REFERENCES.items() for path in paths if "__" not in path}
    assert references - counted == set(NO_USE)
    assert counted <= references


def test_uses_are_counted_once_and_listed_by_their_links(desk, administrator, world):
    make.a_commitment("more-kites", by=[world.arcadia], name="More kites").concerns.set([world.arcadia])
    uses = {use.noun: use for use in uses_of_record(world.arcadia, administrator).uses}
    assert uses["commitments"].count == 2
    for use in uses.values():
        answer = desk.get(use.page)
        assert (answer.status_code, answer.context["cl"].result_count) == (200, use.count), use
    assert [record.name for record in desk.get(uses["commitments"].page).context["cl"].result_list] == [
        "More kites",
        "Forty Kites",
    ]


@pytest.mark.parametrize("name", ["arcadia", "kites", "ada", "document", "quote", "alliance", "meeting"])
def test_what_lists_a_use_is_what_was_counted(desk, administrator, world, name):
    for use in uses_of_record(getattr(world, name), administrator).uses:
        assert desk.get(use.page).context["cl"].result_count == use.count, use


def test_uses_take_as_many_queries_for_many(administrator, world):
    counts = []
    for number in range(2):
        for more in range(5):
            make.a_commitment(f"kites-{number}-{more}", by=[world.arcadia])
        with CaptureQueriesContext(connection) as captured:
            uses_of_record(world.arcadia, administrator)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= len(REFERENCES)


def test_only_what_one_may_see_is_counted(people, world):
    assert uses_of_record(world.arcadia, people("stranger")).uses == []


def test_a_token_of_a_record_that_one_may_not_see_lists_nothing(desk, world):
    for token in ("organisation/999999", "nonsense/1", "quote", f"relation/{world.arcadia.pk}"):
        assert desk.get(f"/admin/entities/commitment/?uses={token}").context["cl"].result_count == 0


def test_uses_are_shown_before_a_withdrawal_and_a_deletion(desk, public, world):
    assert "Used by" in desk.get(withdraw_page_url([public.arcadia])).content.decode()
    draft = make.an_organisation("draft-arcadia")
    make.a_commitment("draft-kites", by=[draft])
    assert "Used by 1" in desk.get(page(draft, "delete")).content.decode()
    merge_page = reverse("admin:entities_merge_pair", args=[draft.pk, make.an_organisation("twin-arcadia").pk])
    assert "Used by 1" in desk.get(merge_page).content.decode()
