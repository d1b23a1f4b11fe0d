"""Nothing that editors do before they publish changes a byte of what anyone else is told."""

import pytest

from entities.models import Commitment, Organisation
from nato_support.api import answering
from sources.models import Citation
from tests import world as make

ADDRESSES = [
    "",
    "commitments/",
    "commitments/?count=true",
    "commitments/?q=kites&count=true",
    "commitments/?nature=pledge&count=true",
    "commitments/?ordering=name&as_of=stamp:1",
    "commitments/forty-kites/",
    "commitments/forty-kites/editions/",
    "commitments/forty-kites/editions/1/",
    "organisations/?count=true",
    "organisations/arcadia/",
    "entities/?count=true",
    "relations/?entity=arcadia",
    "quotes/?count=true",
    "documents/",
    "search/?q=kites",
    "search/?q=draft",
    "changes/",
    "changes/1/",
    "schema/",
    "commitments/draft-kites/",
    "documents/draft-paper/",
]


@pytest.fixture
def said(api, monkeypatch):
    def told():
        monkeypatch.setattr(answering, "answers", answering.Answers(0))
        found = {}
        for address in ADDRESSES:
            response = api(address, 404 if "draft-" in address else 200)
            found[address] = (response.content, dict(response.headers))
        return found

    return told


def _drafts(world):
    commitment = make.a_commitment("draft-kites", by=[world.arcadia], beneficiary=world.ruritania, name="Draft kites")
    make.a_measure(commitment)
    make.a_milestone(commitment)
    document = make.a_document("draft-paper", text=make.ARTICLE + "Draft.", title="Draft kites paper", publisher=world.courier)
    quote = make.a_quote(document, "About 700 clerks", speaker=world.ada)
    make.a_citation(quote, commitment, "name", "Draft kites")
    make.a_citation(quote, world.kites, "nature", "refusal", stance="contradicts")
    make.a_relation(world.ruritania, world.arcadia, make.a_relation_type("draft-type"))
    world.arcadia.names.create(text="Draft Arcadia", kind="alias")


def _changes(world):
    world.kites.name, world.kites.summary, world.kites.nature = "Draft name", "draft summary", "refusal"
    world.kites.save()
    world.quote.suffix = "draft"
    world.quote.save()
    world.document.text = world.document.text + "draft"
    world.document.save()


def _deletions(world):
    Citation.objects.all().delete()
    world.alliance.delete()
    Organisation.objects.filter(slug="no-such").delete()


def _statuses(world):
    Commitment.objects.update(status="draft")
    world.arcadia.status = "in_review"
    world.arcadia.save()


def _users(world):
    from django.contrib.auth.models import User

    User.objects.create_user("draft-editor", password="secret")


@pytest.mark.parametrize("edit", [_drafts, _changes, _deletions, _statuses, _users])
def test_edits_change_not_a_byte(said, public, edit):
    before = said()
    edit(public)
    assert said() == before


def test_private_fields_are_in_no_answer(said, public):
    told = b"".join(body for address, (body, _) in said().items() if address != "schema/")
    assert b"its minister said on Tuesday. \xe2\x80\x9c" not in told
    for private in (b'"text":"VALLEY', b"created_at", b"updated_at", b'"version"', b'"status":"published"', b'"id":', b'"why"'):
        assert private not in told
