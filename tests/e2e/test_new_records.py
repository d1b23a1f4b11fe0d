"""New records from the capture form, in a real browser: an article is worked without leaving it."""

import pytest
from django.urls import reverse

from entities.models import Commitment, Person, Relation, RelationType
from nato_support.publishing.models.submissions import Submission
from sources.models import Citation, SourceQuote
from tests import world as make
from tests.e2e.test_desk import Keys, focus

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ARTICLE = (
    "HARBOURTON, July 12 – Arcadia pledged 60 blue kites to Ruritania on Friday.\n\n"
    "Arcadia hosts the Lake Meeting. Clerk Tam Reed counted them.\n"
)


@pytest.fixture
def at_desk(signed_in, world):
    type = make.a_relation_type("hosts", ("organisation", "event"))
    RelationType.objects.filter(pk=type.pk).update(label="hosts")
    document = make.a_document("courier-2024-07-12", ARTICLE, published_on="2024-07-12", title="More kites")
    signed_in.goto(reverse("admin:sources_sourcedocument_read", args=[document.pk]))
    signed_in.locator("#desk[data-ready=true]").wait_for()
    return signed_in


def test_a_new_commitment_is_captured_in_a_few_presses(world, at_desk):
    keys = Keys(at_desk)
    focus(at_desk, "pledged 60")
    keys.press("w")
    at_desk.locator(".new-record").wait_for()
    assert at_desk.locator(".new-record input").first.input_value() == "60 blue kites for Ruritania from Arcadia"
    keys.press("e")
    keys.press("Control+Enter")
    at_desk.locator("mark.q", has_text="pledged 60").wait_for()

    made = Commitment.objects.get(name="60 blue kites for Ruritania from Arcadia")
    assert (made.nature, made.category, made.beneficiary.slug) == ("pledge", "equipment", "ruritania")
    assert [party.slug for party in made.committed_by.all()] == ["arcadia"]
    assert [(one.citation_value, one.as_stated) for one in made.measures.all()] == [("60 blue kite", "60 blue kites")]
    assert [one.citation_value for one in made.milestones.all()] == ["announced 2024-07-12"]
    assert keys.count <= 6


def test_records_of_one_article_are_sent_as_one_piece_of_work(world, at_desk):
    keys = Keys(at_desk)
    focus(at_desk, "pledged 60")
    keys.press("w")
    at_desk.locator(".new-record").wait_for()
    keys.press("e", "Control+Enter")
    at_desk.locator("mark.q", has_text="pledged 60").wait_for()
    # A relation between records that the passage names, and a person whom the register does not know.
    focus(at_desk, "hosts the Lake")
    keys.press("w")
    at_desk.locator(".new-record", has_text="New relation").wait_for()
    keys.press("Control+Enter")
    at_desk.locator("mark.q", has_text="hosts the Lake").wait_for()
    made = Relation.objects.get(type__slug="hosts", subject__slug="arcadia")
    assert Citation.objects.get(relation=made).value == made.citation_value
    assert at_desk.locator("#desk-quotes").text_content() == "2 quotes"

    at_desk.locator("#desk-send").click()
    at_desk.wait_for_url("**/submission/new/**")
    assert at_desk.locator("#note").input_value() == "Captured from “More kites”"
    at_desk.get_by_role("button", name="Send for review").click()
    at_desk.wait_for_url(lambda url: "new" not in url)
    submission = Submission.objects.get()
    assert {row.kind for row in submission.records.all()} >= {"commitment", "relation", "quote", "document"}


def test_an_unknown_speaker_is_filled_in_and_added_with_the_quote(world, signed_in):
    article = "Arcadia will buy kites, Defence Minister Zed Quill wrote on Friday.\n\nQuill said that they are blue.\n"
    document = make.a_document("courier-2024-07-13", article, published_on="2024-07-13", title="Kites bought")
    signed_in.goto(reverse("admin:sources_sourcedocument_read", args=[document.pk]))
    signed_in.locator("#desk[data-ready=true]").wait_for()
    chosen, blocks = signed_in.locator("#form-speakers-chosen li"), signed_in.locator(".new-record")
    keys = Keys(signed_in)
    focus(signed_in, "will buy kites")
    keys.press("s", "Enter")
    blocks.wait_for()
    assert chosen.all_text_contents() == ["Zed Quill (new)×"]
    assert signed_in.locator("#form-attribution").input_value() == "Defence Minister"
    # Removed, the person is described in the words of the source, and nobody is added.
    keys.press("Backspace")
    assert (chosen.count(), blocks.count()) == (0, 0)
    assert signed_in.locator("#form-attribution").input_value() == "Defence Minister Zed Quill"
    # The person is still offered first.
    keys.press("ArrowDown")
    signed_in.locator("#form-speakers-list li", has_text="Zed Quill (new)").first.wait_for()
    keys.press("Enter")
    blocks.wait_for()
    assert chosen.all_text_contents() == ["Zed Quill (new)×"]
    keys.press("Control+Enter")
    signed_in.locator("mark.q", has_text="will buy kites").wait_for()
    person = Person.objects.get(name="Zed Quill")
    assert [*SourceQuote.objects.get(document=document).speakers.all()] == [person]

    focus(signed_in, "said that they are blue")
    keys.press("s", "Enter")
    chosen.wait_for()
    assert chosen.all_text_contents() == ["Zed Quill×"] and not blocks.count()
