"""A speaker whom the register does not know: offered with the guess, and added as a person in the step of the quote."""

import json

import pytest
from django.contrib.auth.models import Permission, User

from entities.models import Person
from sources.models import CaptureStep, SourceQuote
from tests import world as make
from tests.desk.test_desk import at

FIRST = "Arcadia will send 40 kites, Defence Minister Zed Quill wrote in a letter."
SECOND = "Quill said that the kites are blue."
TEXT = f"{FIRST}\n{SECOND}\nArcadia pledged 40 kites.\n"


@pytest.fixture
def document(db):
    return make.a_document("new-speaker", TEXT, published_on="2024-07-12")


def look(client, document, words) -> dict:
    start = TEXT.index(words)
    return client.get(at("look", document), {"start": start, "end": start + len(words)}).json()


def capture(client, document, words, **given):
    start = TEXT.index(words)
    guess = look(client, document, words)["guess"]
    passage = {"start": start, "end": start + len(words), "exact": words, "kind": guess["kind"]} | given
    return client.post(at("capture", document), json.dumps(passage), content_type="application/json")


def new_record(speaker: dict) -> dict:
    """The new record of a guess, as the form sends it."""
    facts = [{"field": fact["field"], "value": fact["value"], "as_stated": fact["asStated"]} for fact in speaker["facts"]]
    return {"ref": "new:0", "kind": speaker["kind"], "columns": {"name": speaker["name"]}, "facts": facts}


def test_an_unknown_speaker_is_offered_with_name_and_role(desk, document):
    guess = look(desk, document, FIRST)["guess"]
    speaker = guess["newSpeaker"]
    assert (guess["kind"], speaker["kind"], speaker["name"], speaker["role"]) == (
        "reported_speech",
        "person",
        "Zed Quill",
        "Defence Minister",
    )
    stated = [(fact["field"], fact["value"], fact["asStated"]) for fact in speaker["facts"]]
    assert stated == [("name", "Zed Quill", "Zed Quill"), ("given_name", "Zed", "Zed"), ("family_name", "Quill", "Quill")]


def test_a_family_name_means_the_person_named_before(desk, document):
    speaker = look(desk, document, SECOND)["guess"]["newSpeaker"]
    assert speaker["name"] == "Zed Quill" and [fact["field"] for fact in speaker["facts"]] == ["family_name"]
    assert speaker["namedAt"] == {"start": 0, "end": len(FIRST), "exact": FIRST}
    narrated = look(desk, document, "Arcadia pledged 40 kites.")["guess"]
    assert (narrated["kind"], narrated["speaker"], narrated["newSpeaker"]) == ("narration", "", None)


def test_the_speaker_is_added_in_the_step_of_the_quote_and_known_from_then_on(desk, document):
    record = new_record(look(desk, document, FIRST)["guess"]["newSpeaker"])
    answer = capture(desk, document, FIRST, speakers=["new:0"], records=[record], attribution="Defence Minister")
    assert answer.status_code == 200
    quote = SourceQuote.objects.get(document=document)
    person = Person.objects.get(name="Zed Quill")
    assert list(quote.speakers.all()) == [person] and (person.given_name, person.family_name) == ("Zed", "Quill")
    assert {citation.field for citation in quote.citations.all()} == {"name", "given_name", "family_name"}
    assert CaptureStep.objects.count() == 1

    later = look(desk, document, SECOND)
    assert (later["guess"]["speaker"], later["guess"]["newSpeaker"]) == (person.slug, None)
    assert later["persons"][0]["slug"] == person.slug

    for exchange, count in (("undo", 0), ("redo", 1)):
        assert desk.post(at(exchange, document), "{}", content_type="application/json").status_code == 200
        assert Person.objects.filter(name="Zed Quill").count() == SourceQuote.objects.count() == count
    assert list(SourceQuote.objects.get().speakers.all()) == [Person.objects.get(name="Zed Quill")]


def test_the_sentence_with_the_full_name_is_cited_for_it_in_the_same_step(desk, document):
    speaker = look(desk, document, SECOND)["guess"]["newSpeaker"]
    record = new_record(speaker) | {"named_at": speaker["namedAt"]}
    misnamed = record | {"columns": {"name": "Zed Quillon"}}
    refused = capture(desk, document, SECOND, speakers=["new:0"], records=[misnamed])
    assert refused.status_code == 409 and "is not in" in refused.json()["errors"]["records.0.name"][0]
    assert capture(desk, document, SECOND, speakers=["new:0"], records=[record]).status_code == 200
    person = Person.objects.get()
    assert (person.name, person.given_name, person.family_name) == ("Zed Quill", "Zed", "Quill")
    cited = {quote.exact: [one.field for one in quote.citations.order_by("field")] for quote in SourceQuote.objects.all()}
    assert cited == {FIRST: ["given_name", "name"], SECOND: ["family_name"]}
    naming = SourceQuote.objects.get(exact=FIRST)
    assert ([*naming.speakers.all()], naming.kind, naming.attribution) == ([person], "reported_speech", "Defence Minister")
    assert CaptureStep.objects.count() == 1


def test_a_name_accepted_as_a_draft_is_the_speaker_of_the_sentence(desk, document):
    found = desk.get(at("suggestions", document)).json()["suggestions"]
    name = next(one for one in found if one["kind"] == "name")
    given = {"keys": [name["key"]], "outcome": "accepted", "at": name["start"]}
    assert desk.post(at("decide", document), json.dumps(given), content_type="application/json").status_code == 200
    quote = SourceQuote.objects.get(document=document)
    assert ([speaker.name for speaker in quote.speakers.all()], quote.attribution) == (["Zed Quill"], "Defence Minister")


def test_a_speaker_who_is_no_longer_in_the_form_is_refused(desk, document):
    record = new_record(look(desk, document, FIRST)["guess"]["newSpeaker"])
    for records in ([], [record | {"ref": "new:1"}], [record | {"kind": "facility", "facts": [], "columns": {"name": "Zed"}}]):
        answer = capture(desk, document, FIRST, speakers=["new:0"], records=records)
        assert answer.status_code == 409
    assert not SourceQuote.objects.exists() and not Person.objects.exists()


def test_who_may_not_add_people_is_offered_none(client, document):
    user = User.objects.create_user("quincy", is_staff=True)
    for codename in ("change_sourcedocument", "view_sourcedocument", "add_sourcequote", "change_sourcequote", "add_citation"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    guess = look(client, document, FIRST)["guess"]
    assert (guess["newSpeaker"], guess["attribution"]) == (None, "Defence Minister Zed Quill")
