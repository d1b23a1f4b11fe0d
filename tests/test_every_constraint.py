"""Each constraint that a model declares is kept by the database itself: none is declared and then not there."""

import copy
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from entities.models import DuplicateCandidate, DuplicateDecision, Identifier, Merge, Name, RelationJoin
from nato_support.desk.models import DismissedDoubt, ListColumns, Presence, SavedFilter
from nato_support.exchange.models import Mirror
from nato_support.publishing.models import Assignment, Comment, MentionCount, Notification, Submission, SubmittedRecord
from nato_support.publishing.models.public_tables import Edition
from sources.models import EarlierText, ReadMark, Resolution, SuggestionDecision
from tests import world as make
from tests.entities.test_constraints import BROKEN as BROKEN_RECORDS
from tests.sources.test_constraints import BROKEN as BROKEN_SOURCES

OUR_APPS = ("entities", "sources", "publishing", "exchange", "desk")

# Unique constraint -> other columns to change in a copy of a row, so that it breaks this constraint alone.
UNIQUE = {
    "assignment_once": {},
    "citation_of_entity_once": {},
    "citation_of_relation_once": {},
    "dismissed_doubt_once": {},
    "document_text_once": {"slug": "another-document"},
    "duplicate_candidate_once": {},
    "duplicate_decision_once": {},
    "earlier_text_once": {},
    "edition_number_once": {"superseded": 2},
    "identifier_once": {},
    "list_columns_once": {},
    "measure_key_once": {},
    "mention_count_once": {},
    "merged_once": {},
    "milestone_key_once": {},
    "name_once": {},
    "one_live_edition": {"number": 2},
    "presence_once": {},
    "quote_place_once": {"slug": "another-quote"},
    "read_mark_once": {},
    "record_in_one_review": {"submission": "another_submission"},
    "record_once_in_submission": {"open": False},
    "relation_join_once": {},
    "relation_once": {"slug": "another-relation"},
    "resolution_of_entity_once_a_day": {},
    "resolution_of_relation_once_a_day": {},
    "saved_filter_once": {},
    "suggestion_decided_once": {},
}
BROKEN_ELSEWHERE = [
    ("duplicate_candidate", {"second": F("first")}),
    ("duplicate_decision", {"second": F("first")}),
    ("merge", {"survivor": F("merged")}),
    ("read_mark", {"end": F("start")}),
    ("suggestion", {"end": F("start")}),
    ("mirror", {"id": 2}),
    ("address", {"value": "javascript:alert(1)"}),
    ("conversion", {"milestone": "milestone"}),
    ("dismissed_doubt", {"entity": None}),
    ("assignment", {"kind": "user"}),
    ("comment", {"record": None}),
    ("comment", {"start": 1, "end": 2}),
    ("comment", {"text": "x" * 5001}),
    ("reply", {"resolved_at": "2026-12-01T00:00:00Z"}),
    ("notification", {"kind": "", "record": None}),
    ("submission", {"taken_at": None, "due_on": "2026-12-01"}),
]


@pytest.fixture
def rows(public, edith) -> SimpleNamespace:
    """The public world, and a row of each model that it has none of."""
    rows = SimpleNamespace(**vars(public))
    pair = dict(zip(("first", "second"), sorted((public.arcadia, public.ruritania), key=lambda row: row.pk), strict=True))
    entity_pair = {name: entity.entity for name, entity in pair.items()}
    place = {"document": public.document, "start": 1, "end": 2}
    rows.duplicate_candidate = DuplicateCandidate.objects.create(**entity_pair, score=0.5)
    rows.duplicate_decision = DuplicateDecision.objects.create(**entity_pair, verdict="unsure")
    rows.merge = Merge.objects.create(merged=public.arcadia.entity, survivor=public.ruritania.entity, rows=[])
    rows.read_mark = ReadMark.objects.create(**place, text_sha256="a")
    rows.suggestion = SuggestionDecision.objects.create(
        **place, key="a", kind="amount", text_sha256="a", exact="40", rule="amounts/1", score=1, outcome="rejected"
    )
    rows.earlier_text = EarlierText.objects.create(document=public.document, text="a", sha256="a", replaced_at=timezone.now())
    rows.mirror = Mirror.objects.create(source="http://127.0.0.1/", begins=1, through=1)
    rows.mentions = MentionCount.objects.first() or MentionCount.objects.create(kind="event", slug="a", mentions=1)
    rows.edition = Edition.objects.get(slug="arcadia", kind="organisation")
    rows.another_submission = Submission.objects.create()
    rows.submitted = SubmittedRecord.objects.create(
        submission=Submission.objects.create(), kind="event", record=1, version=1, fingerprint="a"
    )
    rows.submission = rows.another_submission
    about = {"kind": "commitment", "record": public.kites.pk}
    rows.assignment = Assignment.objects.create(**about, assignee=edith)
    rows.comment = Comment.objects.create(**about, text="Forty?")
    rows.reply = Comment.objects.create(**about, text="Forty.", reply_to=rows.comment)
    rows.notification = Notification.objects.create(**about, recipient=edith, reason="named")
    rows.list_columns = ListColumns.objects.create(owner=edith, list="entities_event")
    rows.saved_filter = SavedFilter.objects.create(owner=edith, list="entities_event", name="mine")
    rows.dismissed_doubt = DismissedDoubt.objects.create(
        entity=public.kites.entity, kind="overdue", fingerprint="0" * 64, sentence="It is overdue.", reason="It came by night."
    )
    rows.presence = Presence.objects.create(user=edith, page="entities.event/1", window="w")
    rows.name = Name.objects.create(entity=public.arcadia, text="Realm of Arcadia")
    rows.identifier = Identifier.objects.create(entity=public.arcadia, scheme="wikidata", value="Q1")
    rows.address = Identifier.objects.create(entity=public.arcadia, scheme="url", value="https://arcadia.example/")
    money = {"kind": "money", "currency": "EUR", "unit": ""}
    rows.conversion = make.a_measure(public.kites, "usd", conversion_of=make.a_measure(public.kites, "eur", **money), **money)
    rows.join = RelationJoin.objects.first()
    rows.relation_citation = public.citation.__class__.objects.get(relation=public.alliance)
    verdict = {"verdict": "disputed", "reason": "Or not.", "decided_on": "2024-08-01"}
    rows.resolution = Resolution.objects.create(entity=public.kites.entity, field="nature", **verdict)
    rows.relation_resolution = Resolution.objects.create(relation=public.alliance, field="role", **verdict)
    return rows


def _constraints(kind: type[models.BaseConstraint]) -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    for app in OUR_APPS:
        for model in apps.get_app_config(app).get_models():
            yield from ((model, constraint) for constraint in model._meta.constraints if isinstance(constraint, kind))


def test_every_unique_constraint_refuses_a_copy(rows, subtests):
    declared = {constraint.name: (model, constraint) for model, constraint in _constraints(models.UniqueConstraint)}
    assert declared.keys() == UNIQUE.keys()
    for model, constraint in declared.values():
        with subtests.test(constraint=constraint.name):
            filled = {f"{name}__isnull": False for name in constraint.fields}
            row = model._default_manager.filter(constraint.condition or models.Q(), **filled).first()
            assert row is not None, f"the fixture has no {model.__name__}"
            twin = copy.copy(row)
            twin.pk = None
            twin._state.adding = True
            for name, value in UNIQUE[constraint.name].items():
                setattr(twin, name, getattr(rows, value) if name == "submission" else value)
            with pytest.raises(IntegrityError), transaction.atomic():
                model._base_manager.bulk_create([twin])


def test_every_check_constraint_refuses_a_row(rows):
    refused_by = set()
    for name, fields, *_ in (*BROKEN_RECORDS, *BROKEN_SOURCES, *BROKEN_ELSEWHERE):
        row = getattr(rows, name)
        values = {
            field: getattr(rows, value) if field in ("relation", "milestone") and value else value
            for field, value in fields.items()
        }
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**values)
        refused_by |= set(re.findall(r"\w+", str(refusal.value)))
    declared = {constraint.name for _, constraint in _constraints(models.CheckConstraint)}
    assert declared - refused_by == set()
