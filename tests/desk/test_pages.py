import itertools
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entities.models import Change, Curated, DuplicateCandidate, DuplicateDecision, Entity, Identifier, Merge, Name, RelationType
from nato_support.publishing.models.public_tables import Edition, Release
from sources.models import CaptureStep, EarlierText, ReadMark, Resolution, SuggestionDecision
from tests import world as make
from tests.desk.conftest import REGISTERED, page

READ_ONLY = (Entity, DuplicateCandidate, Merge, Release, Edition, CaptureStep, EarlierText, ReadMark, SuggestionDecision)


# The timeline of a record and the queue of likely duplicates show these.
SHOWN_ELSEWHERE = {Change, DuplicateDecision}


def test_every_model_is_registered():
    ours = {model for model in apps.get_models() if model._meta.app_label in ("entities", "sources")} - SHOWN_ELSEWHERE
    assert {model for model in ours if not model.__name__.startswith("Historical")} == {
        model for model in REGISTERED if model._meta.app_label != "publishing"
    }


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_list_form_and_page_answer(desk, a_row_of_each, model):
    row = model._default_manager.order_by("pk").first()
    assert desk.get(page(model, "changelist")).status_code == 200
    assert desk.get(page(model, "changelist"), {"q": "kite arcadia"}).status_code == 200
    assert desk.get(page(model, "add")).status_code == (403 if model in READ_ONLY else 200)
    assert desk.get(page(row, "change"), follow=True).status_code == 200


@pytest.mark.parametrize("model", [m for m in REGISTERED if hasattr(m, "history")], ids=lambda model: model.__name__)
def test_history_answers(desk, a_row_of_each, model):
    row = model._default_manager.order_by("pk").first()
    # The history of a part is that of its record, narrowed to it.
    assert desk.get(page(row, "history"), follow=True).status_code == 200
    version = reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_simple_history", args=[row.pk, row.history.first().pk]
    )
    assert desk.get(version, follow=True).status_code == 200


@pytest.mark.parametrize("model", [m for m in REGISTERED if issubclass(m, Curated) and m is not Entity], ids=lambda m: m.__name__)
def test_status_and_version_are_shown_and_in_no_form(desk, a_row_of_each, model):
    row = model.objects.order_by("pk").first()
    response = desk.get(page(row, "change"))
    assert {"status", "version", "kind" if issubclass(model, Entity) else "status"}.isdisjoint(
        response.context["adminform"].form.fields
    )
    assert "Status</label>" in response.text and "Version</label>" in response.text


def test_every_foreign_key_is_typed_into(rf, administrator, subtests):
    for model in [m for m in REGISTERED if m not in READ_ONLY]:
        with subtests.test(model=model):
            request = rf.get("/")
            request.user = administrator
            own: Any = admin.site._registry[model]
            for part in (own, *(inline(model, admin.site) for inline in own.inlines)):
                formset = part.get_form(request) if part is own else part.get_formset(request).form
                for field in (*part.opts.fields, *part.opts.many_to_many):
                    if field.remote_field and field.name in formset.base_fields and field.name != getattr(part, "fk_name", None):
                        if field.remote_field.model in (model, *model._meta.get_parent_list()) and part is not own:
                            continue
                        if field.name == "milestone" and part is not own:
                            # The few steps of one commitment are chosen from a list.
                            continue
                        widget = formset.base_fields[field.name].widget
                        assert "Autocomplete" in type(getattr(widget, "widget", widget)).__name__, f"{part}: {field.name}"


def test_editors_sign_in_first(client, db):
    for model in REGISTERED:
        response = client.get(page(model, "changelist"))
        assert response.status_code == 302 and "/login/" in response["Location"]


def test_an_entity_is_shown_on_the_page_of_its_kind(desk, kites):
    response = desk.get(page(Entity.objects.get(pk=kites.pk), "change"), {"_popup": "1"})
    assert response["Location"] == page(kites, "change") + "?_popup=1"


MAKERS = {
    "Organisation": lambda w, n: make.an_organisation(f"o-{n}"),
    "Entity": lambda w, n: make.an_organisation(f"n-{n}"),
    "Facility": lambda w, n: make.a_facility(f"f-{n}", operator=make.an_organisation(f"operator-{n}")),
    "Person": lambda w, n: make.a_person(f"p-{n}"),
    "Post": lambda w, n: make.a_post(make.an_organisation(f"of-{n}"), f"post-{n}"),
    "Event": lambda w, n: make.an_event(f"e-{n}"),
    "Commitment": lambda w, n: make.a_milestone(
        make.a_commitment(f"c-{n}", by=(make.an_organisation(f"by-{n}"),), beneficiary=make.an_organisation(f"for-{n}"))
    ),
    "Relation": lambda w, n: make.a_relation(make.an_organisation(f"from-{n}"), make.an_organisation(f"to-{n}"), w.alliance.type),
    "RelationType": lambda w, n: make.a_relation_type(f"type-{n}"),
    "RelationJoin": lambda w, n: make.a_relation_type(f"join-{n}"),
    "Name": lambda w, n: Name.objects.create(entity=make.an_organisation(f"named-{n}"), text=f"Name {n}"),
    "Identifier": lambda w, n: Identifier.objects.create(entity=make.an_organisation(f"id-{n}"), scheme="other", value=f"B-{n}"),
    "Measure": lambda w, n: make.a_measure(make.a_commitment(f"measured-{n}")),
    "Milestone": lambda w, n: make.a_milestone(make.a_commitment(f"dated-{n}"), event=make.an_event(f"at-{n}")),
    "DuplicateCandidate": lambda w, n: DuplicateCandidate.objects.create(
        first=make.an_organisation(f"one-{n}"), second=make.an_organisation(f"like-{n}"), score=0.9
    ),
    "Merge": lambda w, n: Merge.objects.create(
        merged=make.an_organisation(f"gone-{n}"), survivor=make.an_organisation(f"stays-{n}"), rows=[]
    ),
    "SourceDocument": lambda w, n: make.a_document(f"d-{n}", publisher=make.an_organisation(f"press-{n}"), sha256=""),
    "SourceQuote": lambda w, n: make.a_quote(make.a_document(f"dq-{n}", sha256=""), speakers=[make.a_person(f"speaker-{n}")]),
    "Citation": lambda w, n: make.a_citation(
        make.a_quote(make.a_document(f"dc-{n}", sha256="")), make.a_commitment(f"cited-{n}")
    ),
    "Resolution": lambda w, n: Resolution.objects.create(
        entity=make.a_commitment(f"settled-{n}"), field="nature", verdict="disputed", reason="They differ.", decided_on="2024"
    ),
    "Release": lambda w, n: Release.objects.create(number=n + 10, operation="publish", state_hash="0" * 64),
    "Edition": lambda w, n: Edition.objects.create(
        kind="person", slug=f"p-{n}", number=1, name="P", document="{}", evidence="{}",
        release=Release.objects.create(number=n + 10, operation="publish", state_hash="0" * 64),
    ),
    "EarlierText": lambda w, n: EarlierText.objects.create(document=make.a_document(f"de-{n}", sha256=""), sha256=f"{n:064}"),
    "ReadMark": lambda w, n: ReadMark.objects.create(
        document=make.a_document(f"dr-{n}", sha256=""), text_sha256="0" * 64, start=0, end=9, marked_by=an_editor(n)
    ),
    "CaptureStep": lambda w, n: CaptureStep.objects.create(
        document=make.a_document(f"ds-{n}", sha256=""), taken_by=an_editor(n), label="Captured", changes=[]
    ),
    "SuggestionDecision": lambda w, n: SuggestionDecision.objects.create(
        document=make.a_document(f"dd-{n}", sha256=""), key=f"k{n}", kind="date", text_sha256="0" * 64, start=0, end=8,
        exact="July", rule="dates/1", score=0.5, outcome="rejected", decided_by=an_editor(n),
    ),
}  # fmt: skip


def an_editor(number: int) -> User:
    return User.objects.create_user(f"editor-{number}")


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_a_list_asks_as_much_for_twenty_rows_as_for_one(desk, a_row_of_each, model):
    numbers, make_one = itertools.count(1), MAKERS[model.__name__]
    make_one(a_row_of_each, next(numbers))
    desk.get(page(model, "changelist"))  # what is remembered after the first time, such as content types
    asked = _queries_of(desk, model)
    for _ in range(19):
        make_one(a_row_of_each, next(numbers))
    assert _queries_of(desk, model) == asked


def _queries_of(desk, model) -> int:
    with CaptureQueriesContext(connection) as captured:
        desk.get(page(model, "changelist"))
    return len(captured)


def test_the_front_page_counts_records_by_status(desk, world):
    rows = {row["title"]: row["total"] for row in desk.get("/admin/").context["overview"]}
    assert rows["organisations"] == 3 and rows["commitments"] == 1 and rows["source quotes"] == 1


def test_suggestions_put_the_best_match_first(desk, db):
    for slug in ("arcadia", "arcadia-minor", "a-friend-of-arcadia"):
        make.an_organisation(slug)
    ask = {"app_label": "entities", "model_name": "relation", "field_name": "subject", "term": "arcadia"}
    answer = desk.get("/admin/autocomplete/", ask).json()
    assert [one["text"].partition(" · ")[0] for one in answer["results"]] == ["Arcadia", "Arcadia Minor", "A Friend Of Arcadia"]


def test_suggestions_come_in_pages_without_being_counted(desk, db, django_assert_num_queries):
    for n in range(25):
        make.a_person(f"clerk-{n:02}")
    ask = {"app_label": "sources", "model_name": "sourcequote", "field_name": "speakers", "term": "clerk"}
    desk.get("/admin/autocomplete/", ask)
    with django_assert_num_queries(5):  # session, user, two that see that no name changed, rows
        first = desk.get("/admin/autocomplete/", ask).json()
    second = desk.get("/admin/autocomplete/", ask | {"page": 2}).json()
    assert (len(first["results"]), first["pagination"]["more"]) == (20, True)
    assert (len(second["results"]), second["pagination"]["more"]) == (5, False)


@pytest.mark.parametrize("term", ["Клерк Жолудь", "clerk zolud", "zolud clark", "Clerk Żołud", "żołud", "ołud"])
def test_suggestions_forgive_scripts_accents_and_slips(desk, db, term):
    make.a_person("zolud", name="Clerk Żołud")
    make.an_organisation("zolud-office", name="Office of Clerk Żołud")
    ask = {"app_label": "sources", "model_name": "sourcequote", "field_name": "speakers", "term": term}
    assert [one["text"].partition(" · ")[0] for one in desk.get("/admin/autocomplete/", ask).json()["results"]] == ["Clerk Żołud"]


@pytest.mark.parametrize("term", ["…", "harbour"])
def test_nothing_is_suggested_for_words_like_no_name(desk, db, term):
    make.a_person("zolud", name="Clerk Żołud")
    ask = {"app_label": "sources", "model_name": "sourcequote", "field_name": "speakers", "term": term}
    assert desk.get("/admin/autocomplete/", ask).json()["results"] == []


@pytest.mark.parametrize("term", ["Arcady", "A-1", "arcad", "Arcadia"])
def test_a_record_is_found_by_name_other_name_identifier_and_slug(desk, a_row_of_each, term):
    response = desk.get("/admin/entities/organisation/", {"q": term})
    assert a_row_of_each.arcadia in response.context["cl"].result_list


def test_unused_relation_types_can_be_deleted_and_used_ones_not(desk, world):
    unused = make.a_relation_type("unused")
    desk.post(page(unused, "delete"), {"post": "yes"})
    desk.post(page(world.alliance.type, "delete"), {"post": "yes"})
    assert set(RelationType.objects.values_list("slug", flat=True)) == {"works-alongside"}
