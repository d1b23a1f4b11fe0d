"""What is done at the desk: each operation whole or not at all, and each taken back."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from entities.models import Change, Facility, Measure, Person
from entities.refusals import Refused
from entities.vocabulary import Action, Status, SuggestionOutcome
from sources.capture import capture_operations, undo_steps
from sources.capture.capture_operations import CitedFact
from sources.models import CaptureStep, Citation, ReadMark, SourceDocument, SourceQuote, SuggestionDecision
from sources.suggestions.suggestion import Suggestion
from sources.text_replacement import replace_text
from tests.world import ARTICLE, a_citation, a_person, a_quote

WORDS = "About 700 clerks are to count them in Harbourton"
START = ARTICLE.index(WORDS)


@pytest.fixture
def edith(db):
    return User.objects.create_user("edith")


def captured(world, by, **given):
    passage = {"start": START, "end": START + len(WORDS), "exact": WORDS, "kind": "narration"}
    return capture_operations.capture_quote(world.document, by, **passage | given)


def quotation(start: int = START, words: str = WORDS, speaker: str = "") -> Suggestion:
    said = {"quote_kind": "narration", "speaker": speaker, "speaker_text": "", "attribution": "", "said_on": ""}
    return Suggestion("quotation", start, start + len(words), words, "test/1", 0.9, "", said)


def a_name(words: str) -> Suggestion:
    start = ARTICLE.index(words)
    return Suggestion("name", start, start + len(words), words, "test/1", 0.5, "", {"name": words, "entity_kind": ""})


SENTENCE = {"start": 0, "end": ARTICLE.index("\n"), "quote_fields": {"kind": "narration"}}


def test_a_captured_quote_is_verified_described_and_cited(world, edith):
    facts = [
        CitedFact(world.kites, "measures.kites", "about 700 clerk", "denies", "About 700 clerks"),
        CitedFact(world.ada, "name", "Fell"),
    ]
    quote, step = captured(world, edith, facts=facts, speakers=[world.ada], said_on="2024-07-09")
    quote.refresh_from_db()
    assert (quote.exact, quote.verification, quote.status) == (WORDS, "text", Status.DRAFT)
    assert [*quote.speakers.all()] == [world.ada]
    assert {c.field for c in quote.citations.all()} == {"measures.kites", "name"}
    assert step.label == f"Captured “{WORDS}”, linked to 2 facts"


def test_several_speakers_are_set_changed_undone_and_redone(world, edith):
    bo = a_person("bo-vale")
    said = {"reported_by": "officials", "utterance": "clerks", "note": "The day is that of the meeting."}
    quote, _ = captured(world, edith, speakers=[world.ada, bo], **said)
    quote.refresh_from_db()
    assert (quote.speaker_label, quote.version) == ("Ada Fell and Bo Vale", 1)
    assert {name: getattr(quote, name) for name in said} == said
    capture_operations.revise_quote(quote, edith, version=1, speakers=[bo], note="")
    assert [*quote.speakers.all()] == [bo]
    undo_steps.undo_step(world.document, edith)
    quote.refresh_from_db()
    assert ([*quote.speakers.all()], quote.note) == ([world.ada, bo], said["note"])
    undo_steps.redo_step(world.document, edith)
    assert [*quote.speakers.all()] == [bo]
    undo_steps.undo_step(world.document, edith)
    undo_steps.undo_step(world.document, edith)
    undo_steps.redo_step(world.document, edith)
    assert [*SourceQuote.objects.get(utterance="clerks").speakers.all()] == [world.ada, bo]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"utterance": "No slug"}, "Use lower-case letters"),
        ({"exact": "About 700 clerks are to count them in Harbourton."}, "are not there in the present text"),
        ({"start": START + 1}, "are not there in the present text"),
        ({"end": 10**6}, "are not there in the present text"),
        ({"start": START, "end": START, "exact": ""}, "are not there in the present text"),
        ({"end": START + 8, "exact": "About 70"}, "in whole words it is “About 700”.*Select whole words"),
        ({"said_on": "Friday"}, "Friday"),
        ({"kind": "song"}, "song"),
        ({"facts": [("kites", "measures.none", "about 7 kite", "affirms", "")]}, "no such part"),
        ({"facts": [("kites", "nature", "promise", "affirms", "")]}, "promise"),
        ({"facts": [("kites", "nature", "pledge", "affirms", "A solemn promise")]}, "is not in the passage"),
        (
            {"facts": [("kites", "nature", "pledge", "affirms", ""), ("kites", "nature", "pledge", "affirms", "")]},
            "already cited",
        ),
    ],
)
def test_what_is_wrong_is_refused_whole(world, edith, given, complaint):
    if "facts" in given:
        given = {"facts": [CitedFact(getattr(world, target), *rest) for target, *rest in given["facts"]]}
    before = SourceQuote.objects.count(), Citation.objects.count()
    with pytest.raises(Refused, match=complaint):
        captured(world, edith, **given)
    assert (SourceQuote.objects.count(), Citation.objects.count()) == before
    assert not CaptureStep.objects.exists()


def revised(world, by, **given):
    return capture_operations.revise_quote(world.quote, by, version=world.quote.version, **given)


def anchored_anew(world, by, start: int, end: int):
    place = {"version": world.quote.version, "sha256": world.document.sha256, "start": start, "end": end}
    return capture_operations.reanchor_quote(world.quote, by, **place)


@pytest.mark.parametrize(
    ("operation", "complaint"),
    [
        (lambda world, by: capture_operations.link_quote(world.quote, by, []), "Choose at least one fact"),
        (lambda world, by: revised(world, by, kind=world.quote.kind), "Nothing was changed: change a detail"),
        (lambda world, by: revised(world, by, start=5, end=5), "no such passage, from 5 to 5"),
        (lambda world, by: revised(world, by, start=-5, end=5), "no such passage, from -5 to 5"),
        (lambda world, by: revised(world, by, start=START, end=START + 8), "ends inside a word or a number"),
        (lambda world, by: anchored_anew(world, by, START + 1, START + 9), "begins inside a word or a number"),
        (lambda world, by: anchored_anew(world, by, 5, 10**6), "no such passage, from 5 to 1,000,000"),
        (lambda world, by: capture_operations.toggle_read_mark(world.document, by, 5, 10**6), "no such passage, from 5"),
        (lambda world, by: capture_operations.toggle_read_mark(world.document, by, 9, 5), "no such passage, from 9 to 5"),
        (lambda world, by: captured(world, by, start=ARTICLE.index(" "), end=ARTICLE.index(" ") + 1, exact=" "), "only space"),
    ],
)
def test_what_names_nothing_or_changes_nothing_leaves_no_step(world, edith, operation, complaint):
    world.quote.refresh_from_db()
    before = state()
    with pytest.raises(Refused, match=complaint):
        operation(world, edith)
    assert state() == before and not CaptureStep.objects.exists()


def test_a_quote_is_not_anchored_where_it_is_already(world, edith):
    anchored_anew(world, edith, world.quote.start, world.quote.end)
    assert CaptureStep.objects.count() == 1
    with pytest.raises(Refused, match="“We pledge forty kites, no more and no less” already has this place"):
        anchored_anew(world, edith, world.quote.start, world.quote.end)
    assert CaptureStep.objects.count() == 1


def test_words_that_say_another_value_than_the_fact_need_a_note_that_names_it(world, edith):
    fact = CitedFact(world.kites, "measures.kites", "41 clerk", as_stated="About 700 clerks")
    for note in ("", "A slip."):
        with pytest.raises(Refused) as refused:
            captured(world, edith, facts=[CitedFact(world.ada, "name", "Fell"), replace(fact, note=note)])
        [message] = refused.value.errors["facts.1.note"]
        assert message.startswith("“About 700 clerks” reads “about 700 clerks”: correct the value")
    assert not SourceQuote.objects.filter(exact=WORDS).exists()
    quote, _ = captured(world, edith, facts=[replace(fact, note="41 clerks is meant.")])
    assert quote.citations.get().value == "41 clerk"


def test_words_that_name_another_party_than_the_fact_need_a_note_too(world, edith):
    words = "Arcadia will give Ruritania 40 kites"
    start = ARTICLE.index(words)
    passage = {"start": start, "end": start + len(words), "exact": words}
    fact = CitedFact(world.kites, "beneficiary", "ruritania", as_stated="Arcadia")
    with pytest.raises(Refused, match="“Arcadia” reads “arcadia”"):
        captured(world, edith, facts=[fact], **passage)
    assert captured(world, edith, facts=[replace(fact, as_stated="Ruritania")], **passage)


def test_nothing_is_captured_from_a_text_that_is_not_stored(world, edith):
    SourceDocument.objects.filter(pk=world.document.pk).update(text="")
    world.document.refresh_from_db()
    with pytest.raises(Refused, match="is not stored: attach it first"):
        captured(world, edith)


def test_an_error_in_a_fact_names_the_fact(world, edith):
    facts = [CitedFact(world.kites, "nature", "pledge"), CitedFact(world.kites, "announced_at", "Not A Slug")]
    with pytest.raises(Refused) as refused:
        captured(world, edith, facts=facts)
    assert list(refused.value.errors) == ["facts.1.value"]


def test_the_same_words_twice_are_two_quotes_each_at_its_place(world, edith):
    first, second = ARTICLE.index("kites"), ARTICLE.rindex("kites")
    for start in (first, second):
        capture_operations.capture_quote(world.document, edith, start=start, end=start + 5, exact="kites", kind="fragment")
    assert {q.start for q in SourceQuote.objects.filter(exact="kites")} == {first, second}
    with pytest.raises(Refused, match="already a quote"):
        capture_operations.capture_quote(world.document, edith, start=first, end=first + 5, exact="kites", kind="fragment")


def state():
    rows = [SourceQuote, Citation, SuggestionDecision, ReadMark, Facility, Person, Measure]
    columns = {
        model: [f.attname for f in model._meta.concrete_fields if f.name not in ("version", "updated_at")] for model in rows
    }
    speakers = SourceQuote.speakers.through.objects.order_by("sourcequote", "person").values("sourcequote", "person")
    return {model: list(model.objects.order_by("pk").values(*columns[model])) for model in rows} | {"speakers": list(speakers)}


def operations(world, by):
    quote = world.quote
    quote.refresh_from_db()
    yield lambda: captured(world, by, facts=[CitedFact(world.kites, "category", "equipment")], suggestion=quotation())
    yield lambda: capture_operations.link_quote(
        quote,
        by,
        [CitedFact(world.ada, "name", "Ada Fell"), CitedFact(world.alliance, "relation", world.alliance.citation_value)],
    )
    yield lambda: capture_operations.revise_quote(
        quote, by, version=quote.version, kind="fragment", speakers=[], start=quote.start, end=quote.end - 21
    )
    yield lambda: capture_operations.remove_citation(world.citation, by)
    yield lambda: capture_operations.remove_quote(SourceQuote.objects.get(exact=WORDS), by)
    yield lambda: capture_operations.reject_suggestions(world.document, by, [quotation(0, "VALLEYTOWN"), quotation(12, "July 9")])
    yield lambda: capture_operations.add_draft_record(
        world.document, by, a_name("Harbourton"), kind="facility", name="Harbourton", **SENTENCE
    )
    yield lambda: capture_operations.add_draft_record(
        world.document, by, a_name("Lake Meeting"), kind="person", name="Lake Meeting", **SENTENCE
    )
    yield lambda: capture_operations.link_quote(quote, by, [CitedFact(world.kites, "measures.+", "up_to 9 percent of GDP")])
    yield lambda: capture_operations.toggle_read_mark(world.document, by, 0, 40)
    yield lambda: capture_operations.toggle_read_mark(world.document, by, 0, 40)


def test_every_step_is_taken_back_and_taken_again(world, edith):
    # Words that stay in the passage when it is made shorter.
    world.citation.as_stated = "We pledge"
    world.citation.save()
    states = [state()]
    for operation in operations(world, edith):
        operation()
        states.append(state())
        assert states[-1] != states[-2]
        world.quote.refresh_from_db()
    for before in reversed(states[:-1]):
        undo_steps.undo_step(world.document, edith)
        assert state() == before
    with pytest.raises(Refused, match="nothing to undo"):
        undo_steps.undo_step(world.document, edith)
    for after in states[1:]:
        undo_steps.redo_step(world.document, edith)
        assert state() == after
    with pytest.raises(Refused, match="nothing to redo"):
        undo_steps.redo_step(world.document, edith)


def test_each_row_that_a_step_writes_or_an_undo_restores_is_signed(world, edith):
    quote, _ = captured(world, edith, facts=[CitedFact(world.ada, "name", "Fell")])
    undo_steps.undo_step(world.document, edith)
    undo_steps.redo_step(world.document, edith)
    for history in (SourceQuote.history.filter(id=quote.pk), Citation.history.filter(quote=quote)):
        entries = history.order_by("history_id").values_list("history_type", "history_user")
        assert list(entries) == [("+", edith.pk), ("-", edith.pk), ("+", edith.pk)]


def test_a_new_step_ends_what_could_be_done_again(world, edith):
    captured(world, edith)
    undo_steps.undo_step(world.document, edith)
    capture_operations.toggle_read_mark(world.document, edith, 0, 40)
    with pytest.raises(Refused, match="nothing to redo"):
        undo_steps.redo_step(world.document, edith)


def test_nobody_undoes_anothers_step(world, edith):
    captured(world, edith)
    with pytest.raises(Refused, match="nothing to undo"):
        undo_steps.undo_step(world.document, User.objects.create_user("other"))


def test_what_others_built_on_is_not_undone(world, edith):
    quote, _ = captured(world, edith)
    a_citation(quote, world.kites, "category", "equipment")
    with pytest.raises(Refused, match="Other facts depend on it"):
        undo_steps.undo_step(world.document, edith)
    quote.citations.all().delete()
    SourceQuote.objects.filter(pk=quote.pk).update(said_on="2024")
    with pytest.raises(Refused, match="changed this in the meantime"):
        undo_steps.undo_step(world.document, edith)
    assert SourceQuote.objects.filter(pk=quote.pk).exists()


def test_what_others_deleted_or_restored_is_not_undone(world, edith):
    quote, _ = captured(world, edith)
    SourceQuote.objects.get(pk=quote.pk).delete()
    with pytest.raises(Refused, match="Somebody has deleted the source quote of this step"):
        undo_steps.undo_step(world.document, edith)
    key = world.citation.pk
    capture_operations.remove_citation(world.citation, edith)
    a_citation(world.quote, world.kites, pk=key)
    with pytest.raises(Refused, match="Somebody has restored this in the meantime: .*pledge"):
        undo_steps.undo_step(world.document, edith)


def test_what_is_public_is_withdrawn_not_removed(world, edith):
    quote, _ = captured(world, edith)
    SourceQuote.objects.filter(pk=quote.pk).update(status=Status.PUBLISHED)
    quote.refresh_from_db()
    for operation in (
        lambda: capture_operations.remove_quote(quote, edith),
        lambda: undo_steps.undo_step(world.document, edith),
    ):
        with pytest.raises(Refused, match="withdraw it"):
            operation()


def test_a_quote_that_changed_meanwhile_is_not_overwritten(world, edith):
    seen = world.quote.version
    world.quote.said_on = "2024"
    world.quote.save()
    with pytest.raises(Refused, match="Somebody changed this quote"):
        capture_operations.revise_quote(world.quote, edith, version=seen, kind="fragment")


def test_edges_never_leave_cited_words_outside(world, edith):
    quote, _ = captured(world, edith, facts=[CitedFact(world.kites, "nature", "pledge", as_stated="in Harbourton")])
    with pytest.raises(Refused, match="in Harbourton"):
        capture_operations.revise_quote(quote, edith, version=quote.version, start=quote.start, end=quote.end - 5)


@pytest.mark.parametrize(("kind", "outcome"), [("narration", SuggestionOutcome.ACCEPTED), ("fragment", SuggestionOutcome.EDITED)])
def test_what_became_of_a_suggestion_is_kept(world, edith, kind, outcome):
    suggestion = quotation()
    quote, _ = captured(world, edith, suggestion=suggestion, kind=kind)
    decision = SuggestionDecision.objects.get()
    assert (decision.outcome, decision.quote, decision.key) == (outcome, quote, suggestion.key)
    with pytest.raises(Refused, match="already been decided"):
        capture_operations.reject_suggestions(world.document, edith, [suggestion])


def test_a_measure_is_left_as_it_is_by_a_citation_that_differs(world, edith):
    captured(world, edith, facts=[CitedFact(world.kites, "measures.kites", "about 700 kite")])
    assert Measure.objects.get().citation_value == "40 kite"


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("about 700 person", {"kind": "headcount", "value": 700, "unit": "person", "currency": ""}),
        ("40.5 EUR", {"kind": "money", "value": 40.5, "unit": "", "currency": "EUR"}),
        ("at_least 2 percent of GDP", {"kind": "percent", "value": 2, "unit": "percent of GDP"}),
        ("nearly 5..7 kite", {"kind": "items", "value": 5, "upper": 7, "unit": "kite"}),
        ("unspecified kite", {"kind": "items", "value": None, "unit": "kite", "qualifier": "unspecified"}),
    ],
)
def test_an_amount_that_the_record_lacks_becomes_a_measure_of_it(world, edith, typed, held):
    note = f"Meant as {typed}."
    quote, _ = captured(
        world, edith, facts=[CitedFact(world.kites, "measures.+", typed, as_stated="About 700 clerks", note=note)]
    )
    measure = Measure.objects.exclude(pk=world.measure.pk).get()
    assert {name: getattr(measure, name) for name in held} == held
    assert (measure.citation_value, measure.as_stated) == (typed, "About 700 clerks")
    assert quote.citations.get().field == f"measures.{measure.key}"


def test_what_is_no_amount_makes_no_measure(world, edith):
    with pytest.raises(Refused, match="not an amount"):
        captured(world, edith, facts=[CitedFact(world.kites, "measures.+", "a lot")])
    assert Measure.objects.count() == 1


def test_a_name_becomes_a_draft_with_its_evidence(world, edith):
    quote, step = capture_operations.add_draft_record(
        world.document, edith, a_name("Lake Meeting"), kind="person", name="Lake Meeting", **SENTENCE
    )
    made = Person.objects.get(slug="lake-meeting-2")
    assert (made.given_name, made.family_name, made.status) == ("Lake", "Meeting", Status.DRAFT)
    cited = {one.field: one.value for one in quote.citations.filter(entity=made)}
    assert (
        cited == {"name": "Lake Meeting", "given_name": "Lake", "family_name": "Meeting"}
        and step.label == "Added person Lake Meeting as a draft"
    )
    for kind in ("", "commitment", "song"):
        with pytest.raises(Refused, match="Choose what it is"):
            capture_operations.add_draft_record(
                world.document, edith, a_name("Harbourton"), kind=kind, name="Harbourton", **SENTENCE
            )


def test_what_others_say_of_a_new_record_is_not_undone_with_it(world, edith):
    capture_operations.add_draft_record(
        world.document, edith, a_name("Harbourton"), kind="facility", name="Harbourton", **SENTENCE
    )
    made = Facility.objects.get(slug="harbourton")
    citation = a_citation(world.quote, made, "locality", "Harbourton")
    with pytest.raises(Refused, match="Other facts depend on it"):
        undo_steps.undo_step(world.document, edith)
    citation.delete()
    made.names.create(text="The Harbour")
    with pytest.raises(Refused, match="Other facts depend on it"):
        undo_steps.undo_step(world.document, edith)
    assert made.names.count() == 1 and made.citations.count() == 1


def test_a_new_measure_that_others_cite_is_not_undone(world, edith):
    capture_operations.link_quote(world.quote, edith, [CitedFact(world.kites, "measures.+", "up_to 9 percent of GDP")])
    measure = Measure.objects.exclude(pk=world.measure.pk).get()
    a_citation(a_quote(world.document, WORDS), world.kites, f"measures.{measure.key}", "up_to 9 percent of GDP")
    with pytest.raises(Refused, match="Other facts depend on it"):
        undo_steps.undo_step(world.document, edith)
    assert measure.citation_value in {one.citation_value for one in world.kites.measures.all()}


def test_no_quote_comes_back_where_it_does_not_stand_any_more(world, edith):
    quote, _ = captured(world, edith)
    capture_operations.remove_quote(quote, edith)
    replace_text(world.document, f"Corrected.\n{ARTICLE}")
    with pytest.raises(Refused, match="is no longer in it"):
        undo_steps.undo_step(world.document, edith)
    assert not SourceQuote.objects.filter(exact=WORDS).exists()


def test_a_text_replaced_meanwhile_is_not_captured_from(world, edith):
    world.quote.document = world.document
    replace_text(SourceDocument.objects.get(pk=world.document.pk), f"{ARTICLE}More.")
    for operation in (
        lambda: captured(world, edith),
        lambda: capture_operations.add_draft_record(
            world.document, edith, a_name("Harbourton"), kind="facility", name="Harbourton", **SENTENCE
        ),
        lambda: capture_operations.toggle_read_mark(world.document, edith, 0, 40),
        lambda: capture_operations.revise_quote(world.quote, edith, version=world.quote.version, kind="fragment"),
    ):
        with pytest.raises(Refused, match="replaced in the meantime"):
            operation()


def test_a_quote_saved_since_it_was_read_is_not_overwritten(world, edith):
    stale, other = SourceQuote.objects.get(pk=world.quote.pk), SourceQuote.objects.get(pk=world.quote.pk)
    other.said_on = "2024"
    other.save()
    with pytest.raises(Refused, match="Somebody changed this quote"):
        capture_operations.revise_quote(stale, edith, version=stale.version, kind="fragment")


def test_a_revision_with_more_facts_is_one_step_or_none(world, edith):
    version = world.quote.version
    with pytest.raises(Refused, match="promise"):
        capture_operations.revise_quote(
            world.quote, edith, version=version, kind="fragment", facts=[CitedFact(world.kites, "nature", "promise")]
        )
    world.quote.refresh_from_db()
    assert (world.quote.kind, world.quote.version) == ("direct_speech", version)
    step = capture_operations.revise_quote(
        world.quote, edith, version=version, kind="fragment", facts=[CitedFact(world.kites, "category", "equipment")]
    )
    assert step.label.startswith("Changed “") and step.label.endswith(", linked to 1 fact")
    undo_steps.undo_step(world.document, edith)
    world.quote.refresh_from_db()
    assert world.quote.kind == "direct_speech" and world.quote.citations.get() == world.citation


def test_what_is_captured_names_the_document_it_came_from(world, edith):
    quote, _ = captured(world, edith)
    change = Change.objects.get()
    assert (change.by, change.action, change.source) == (edith, Action.CAPTURE, world.document.slug)
    assert quote.history.get().change == change
