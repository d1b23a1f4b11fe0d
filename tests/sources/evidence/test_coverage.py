"""What evidence a record has for each of its values, and how far a document has been worked through."""

import pytest

from entities.models import Name
from entities.vocabulary import Status
from sources.evidence.document_progress import progress_on_document
from sources.evidence.evidence_basis import is_anonymous
from sources.evidence.field_coverage import EvidenceGap, coverage_of_record, coverage_of_records
from sources.models import ReadMark, Resolution, SourceQuote, SuggestionDecision
from sources.sentence_splitting import split_sentences
from tests import world as make

pytestmark = pytest.mark.django_db


def gaps(record) -> dict[tuple[str, str], list[EvidenceGap]]:
    return {(field.field, field.value): field.gaps for field in coverage_of_record(record).fields}


@pytest.fixture
def second(world):
    """A quote from another publisher, in another article."""
    harald = make.an_organisation("harbourton-herald", type="media")
    document = make.a_document("herald", text="“Forty kites, and kites only,” said Ada Fell. Nothing more.", publisher=harald)
    return make.a_quote(document, "Forty kites, and kites only", speakers=[world.ada], status=Status.PUBLISHED)


@pytest.fixture
def printed(world):
    """The world's quote and document, published."""
    for row in (world.quote, world.document):
        type(row).objects.filter(pk=row.pk).update(status=Status.PUBLISHED)
    return world


def test_every_value_that_a_record_holds_is_listed_with_its_gaps(printed):
    Name.objects.create(entity=printed.kites, text="The Kite Pledge")
    make.a_citation(printed.quote, printed.kites, "names", "the kite pledge")
    assert gaps(printed.kites) == {
        ("names", "The Kite Pledge"): [EvidenceGap.ONE_PUBLISHER],
        ("nature", "pledge"): [EvidenceGap.ONE_PUBLISHER],
        ("committed_by", "arcadia"): [EvidenceGap.NOTHING],
        ("beneficiary", "ruritania"): [EvidenceGap.NOTHING],
        ("measures.kites", "40 kite"): [EvidenceGap.NOTHING],
        ("milestones.announced", "announced 2024-07-09"): [EvidenceGap.NOTHING],
    }


def test_evidence_for_another_of_many_values_is_none_for_this_one(printed):
    make.a_citation(printed.quote, printed.kites, "committed_by", "ruritania")
    assert gaps(printed.kites)["committed_by", "arcadia"] == [EvidenceGap.NOTHING]
    make.a_citation(printed.quote, printed.kites, "committed_by", "arcadia")
    assert gaps(printed.kites)["committed_by", "arcadia"] == [EvidenceGap.ONE_PUBLISHER]


def test_words_that_name_another_record_are_a_gap_here_as_in_publishing(printed):
    make.a_citation(printed.quote, printed.kites, "committed_by", "arcadia", as_stated="Ruritania")
    assert EvidenceGap.NOT_BORNE_OUT in gaps(printed.kites)["committed_by", "arcadia"]


@pytest.mark.parametrize(("value", "polarity"), [("ruritania", "denies"), ("arcadia", "affirms")])
def test_only_what_supports_is_evidence(printed, value, polarity):
    make.a_citation(printed.quote, printed.kites, "beneficiary", value, polarity=polarity)
    assert gaps(printed.kites)["beneficiary", "ruritania"] == [EvidenceGap.NOTHING]


def test_a_classification_asks_for_no_evidence_and_shows_what_it_has(printed):
    assert ("category", "equipment") not in gaps(printed.kites)
    make.a_citation(printed.quote, printed.kites, "category", "equipment")
    assert gaps(printed.kites)["category", "equipment"] == [EvidenceGap.ONE_PUBLISHER]


@pytest.mark.parametrize("changes", [{"as_stated": ""}, {"as_stated": "40 kites", "note": "", "value": "41 kite"}])
def test_a_citation_that_breaks_the_rule_of_evidence_leaves_its_field_not_borne_out(printed, changes):
    make.a_citation(printed.quote, printed.kites, "measures.kites", "40 kite", as_stated="forty kites", note="")
    assert gaps(printed.kites)["measures.kites", "40 kite"] == [EvidenceGap.ONE_PUBLISHER]
    second = make.a_quote(printed.document, "40 kites", status=Status.PUBLISHED)
    make.a_citation(second, printed.kites, "measures.kites", **{"value": "40 kite"} | changes)
    assert gaps(printed.kites)["measures.kites", "40 kite"] == [EvidenceGap.NOT_BORNE_OUT, EvidenceGap.ONE_PUBLISHER]


def test_a_value_that_a_resolution_decides_against_is_not_borne_out(printed):
    make.a_citation(make.a_quote(printed.document, "40 kites"), printed.kites, "nature", "plan")
    words = {"verdict": "changed_over_time", "reason": "First a pledge.", "decided_on": "2024-08"}
    decision = Resolution.objects.create(entity=printed.kites, field="nature", **words)
    assert gaps(printed.kites)["nature", "pledge"] == [EvidenceGap.ONE_PUBLISHER]
    Resolution.objects.filter(pk=decision.pk).update(decides_for={"value": "plan", "polarity": "affirms"})
    assert gaps(printed.kites)["nature", "pledge"] == [EvidenceGap.NOT_BORNE_OUT, EvidenceGap.ONE_PUBLISHER]


def test_the_name_of_a_publisher_rests_on_its_documents(printed):
    assert gaps(printed.courier) == {}
    make.a_citation(printed.quote, printed.courier, "name", "Arcadian Courier")
    assert gaps(printed.courier) == {("name", "Arcadian Courier"): [EvidenceGap.ONE_PUBLISHER]}


def test_a_summary_and_a_title_ask_for_no_evidence_and_a_relation_for_one(printed):
    assert gaps(printed.alliance) == {("relation", "in_force: arcadia works-alongside ruritania"): [EvidenceGap.NOTHING]}
    make.a_relation_citation(printed.quote, printed.alliance)
    assert gaps(printed.alliance)["relation", "in_force: arcadia works-alongside ruritania"] == [EvidenceGap.ONE_PUBLISHER]
    assert gaps(printed.arcadia)["name", "Arcadia"] == [EvidenceGap.NOTHING]
    assert not any(field == "name" for field, _ in gaps(printed.meeting))
    printed.arcadia.summary = "A state on the lake."
    printed.arcadia.save()
    assert ("summary", "A state on the lake.") not in gaps(printed.arcadia)


def test_two_publishers_close_the_gap(printed, second):
    document = second.document
    type(document).objects.filter(pk=document.pk).update(status=Status.PUBLISHED)
    make.a_citation(second, printed.kites)
    found = {field.field: field for field in coverage_of_record(printed.kites).fields}["nature"]
    assert (found.gaps, found.publishers) == ([], ["Arcadian Courier", "Harbourton Herald"])


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"verification": "failed"}, EvidenceGap.FAILED),
        ({"status": "draft"}, EvidenceGap.DRAFTS),
        ({"fidelity": "translation"}, EvidenceGap.TRANSLATION),
        ({"fidelity": "back_translation"}, EvidenceGap.TRANSLATION),
        ({"attribution": "officials, on condition of anonymity"}, EvidenceGap.ANONYMOUS),
    ],
)
def test_a_field_that_rests_on_weak_quotes_alone_is_marked_and_one_strong_quote_is_enough(printed, changes, gap):
    SourceQuote.objects.filter(pk=printed.quote.pk).update(**changes)
    printed.quote.speakers.clear()
    assert gap in gaps(printed.kites)["nature", "pledge"]
    strong = make.a_quote(printed.document, "40 kites", speakers=[printed.ada], status=Status.PUBLISHED)
    make.a_citation(strong, printed.kites)
    assert gap not in gaps(printed.kites)["nature", "pledge"]


def test_a_document_that_is_a_draft_makes_its_quotes_drafts(printed):
    type(printed.document).objects.update(status=Status.DRAFT)
    assert EvidenceGap.DRAFTS in gaps(printed.kites)["nature", "pledge"]


@pytest.mark.parametrize(
    ("attribution", "anonymous"),
    [
        ("officials, on condition of anonymity", True),
        ("Arcadian officials", True),
        ("a person briefed on the plan", True),
        ("", False),
        ("photo caption", False),
        ("the ministry's press office", False),
        ("not attributed in the article", False),
    ],
)
def test_who_is_anonymous(world, attribution, anonymous):
    quote = make.a_quote(world.document, "Arcadia", attribution=attribution)
    assert is_anonymous(quote) is anonymous
    quote.speakers.add(world.ada)
    assert not is_anonymous(quote)


def test_many_records_are_covered_in_their_order_by_as_many_statements_as_one_of_each_kind(records, django_assert_num_queries):
    entities = [record for record in records if hasattr(record, "citations") and not isinstance(record, SourceQuote)]
    coverage_of_records(entities)
    more = [make.a_commitment(f"more-{n}", by=[entities[0]]) for n in range(8)]
    with django_assert_num_queries(21):
        few = coverage_of_records(entities)
    with django_assert_num_queries(21):
        many = coverage_of_records([*more, *entities])
    assert [one.record.pk for one in many] == [record.pk for record in (*more, *entities)]
    assert [one.gaps for one in many[8:]] == [one.gaps for one in few]


def test_most_fields_without_evidence_are_most_urgent(records, world):
    bare = make.a_commitment("bare", by=[world.arcadia], beneficiary=world.ruritania)
    by_urgency = sorted(coverage_of_records([world.kites, bare]), key=lambda one: one.urgency)
    assert [one.record.slug for one in by_urgency] == ["bare", "forty-kites"]


# Documents


def a_decision(document, start, end, **fields):
    words = {"kind": "date", "text_sha256": document.sha256, "exact": document.text[start:end], "rule": "dates/1"}
    words |= {"score": 0.5, "outcome": "rejected", "key": f"{start}"}
    return SuggestionDecision.objects.create(document=document, start=start, end=end, **words | fields)


def test_each_sentence_of_a_document_counts_once(world):
    spans = split_sentences(world.document.text)
    others = len(spans) - 1
    assert others > 1
    fresh = progress_on_document(world.document)
    assert {name: stretch.sentences for name, stretch in fresh.extents.items()} == {
        "quoted": 1,
        "decided": 0,
        "read": 0,
        "untouched": others,
    }
    a_decision(world.document, spans[0][0], spans[0][0] + 4)
    for start, end in spans:
        ReadMark.objects.create(document=world.document, text_sha256=world.document.sha256, start=start, end=end)
    done = progress_on_document(world.document)
    assert {name: stretch.sentences for name, stretch in done.extents.items()} == {
        "quoted": 1,
        "decided": 1,
        "read": others - 1,
        "untouched": 0,
    }
    assert (done.facts, done.quotes, done.touched, done.sentences) == (1, 1, len(spans), len(spans))
    assert sum(done.share_of_characters(name) for name in done.extents) == pytest.approx(1)
    decided, quoted, *read = (end - start for start, end in spans)
    assert done.share_of_characters("read") == pytest.approx(sum(read) / sum((decided, quoted, *read)))


def test_marks_on_an_earlier_text_and_failed_quotes_do_not_count(world):
    a_decision(world.document, 0, 4, text_sha256="0" * 64)
    ReadMark.objects.create(document=world.document, text_sha256="0" * 64, start=0, end=4)
    SourceQuote.objects.update(verification="failed")
    found = progress_on_document(world.document)
    assert (found.touched, found.marked_characters, found.quotes) == (0, 0, 1)


def test_a_mark_that_only_touches_the_next_sentence_leaves_it_untouched(world):
    first, second, *_ = split_sentences(world.document.text)
    SourceQuote.objects.update(verification="failed")
    ReadMark.objects.create(document=world.document, text_sha256=world.document.sha256, start=first[0], end=second[0])
    assert progress_on_document(world.document).touched == 1


def test_overlapping_quotes_count_their_characters_once(world):
    make.a_quote(world.document, "forty kites, no more and no less,” Ada Fell")
    start = world.document.text.index("We pledge")
    assert (
        progress_on_document(world.document).marked_characters
        == world.document.text.index("Ada Fell told") + len("Ada Fell") - start
    )


def test_without_its_text_only_what_is_marked_is_known(world, django_assert_num_queries):
    world.document.text = ""
    with django_assert_num_queries(3):
        found = progress_on_document(world.document)
    assert (found.quotes, found.facts, found.marked_characters) == (1, 1, len(world.quote.exact))
    assert (found.extents, found.sentences, found.share_of_characters("quoted")) == ({}, 0, 0.0)
