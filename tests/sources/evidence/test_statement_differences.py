"""What kind of difference two statements are taken for, and how many origins they have."""

from types import SimpleNamespace

import pytest

from entities.vocabulary import Fidelity, QuoteKind, Verdict
from sources.evidence.common_origins import group_by_origin
from sources.evidence.statement_differences import DifferenceKind, classify_differences

WORDS = (
    "The yard at Harbourton is to hold them.",
    "Clerks were counted by the ministry.",
    "A third voice was heard at the lake.",
    "Nobody in Valleytown would confirm it.",
)


def a_statement(value, polarity="affirms", number=0, **words):
    """A citation of a quote with its document, neither of them saved: words of its own unless some are given."""
    document = SimpleNamespace(publisher="Courier", translated_from="", published_on="")
    quote = {
        "pk": number,
        "exact": WORDS[number],
        "speaker_label": "",
        "speaker_keys": frozenset(),
        "utterance": "",
        "attribution": "",
        "occasion_id": None,
        "said_on": "",
        "fidelity": Fidelity.ORIGINAL,
        "kind": QuoteKind.NARRATION,
        "document": document,
    }
    kind = words.pop("kind_of_record", "commitment")
    as_stated = words.pop("as_stated", "")
    return SimpleNamespace(
        value=value,
        polarity=polarity,
        as_stated=as_stated,
        target=SimpleNamespace(kind=kind),
        quote=SimpleNamespace(**quote | words),
    )


def sorts(field, *statements):
    return [difference.kind for difference in classify_differences(field, statements)]


def two(first, second, first_words=None, second_words=None, **both):
    return [a_statement(first, **both | (first_words or {})), a_statement(second, number=1, **both | (second_words or {}))]


TWO_STATEMENTS = [
    ("measures.staff", "about 700 person", "720 person", DifferenceKind.PRECISION),
    ("measures.staff", "650..720 person", "up_to 700 person", DifferenceKind.PRECISION),
    ("measures.staff", "700 person", "900 person", DifferenceKind.CONTRADICTION),
    ("measures.staff", "700 person", "up_to 600 person", DifferenceKind.CONTRADICTION),
    ("measures.staff", "700 person", "700 soldier", DifferenceKind.SCOPE),
    ("measures.aid", "about 40 EUR", "about 43 USD", DifferenceKind.SCOPE),
    ("milestones.agreed", "agreed 2024-07-10", "agreed 2024-07-11", DifferenceKind.CONTRADICTION),
    ("milestones.agreed", "agreed 2024-07-10~", "agreed 2024-07-14", DifferenceKind.PRECISION),
    ("milestones.agreed", "agreed 2024-07-10~", "agreed 2024-09-14", DifferenceKind.CONTRADICTION),
    ("milestones.agreed", "agreed 2024-06-15/2024-07-10", "agreed 2024-07", DifferenceKind.PRECISION),
    ("milestones.agreed", "agreed ../2024-07-10", "agreed 2024", DifferenceKind.PRECISION),
    ("milestones.agreed", "agreed ../2024-07-10", "agreed 2024-07-11", DifferenceKind.CONTRADICTION),
    ("milestones.agreed", "agreed ../2024-07-10~", "agreed 2024-07-11", DifferenceKind.PRECISION),
    ("milestones.agreed", "agreed 2024-08/..", "agreed 2024-06/2024-07", DifferenceKind.CONTRADICTION),
    ("nature", "pledge", "refusal", DifferenceKind.CONTRADICTION),
    ("name", "Lake Meeting", "Great Lake Meeting", DifferenceKind.PRECISION),
    ("name", "Zelenka", "Želenka", DifferenceKind.PRECISION),
    ("name", "Lake Meeting", "Kite Yard", DifferenceKind.CONTRADICTION),
    ("facility", "kite-yard", "kite-loft", DifferenceKind.CONTRADICTION),
]


def test_two_statements(subtests):
    for field, first, second, sort in TWO_STATEMENTS:
        with subtests.test(field=field, first=first, second=second, sort=sort):
            kind = "organisation" if field == "name" else "commitment"
            assert sorts(field, *two(first, second, kind_of_record=kind)) == [sort]


def test_the_offered_verdict_goes_with_the_sort():
    assert [
        sort.verdict
        for sort in (
            DifferenceKind.PRECISION,
            DifferenceKind.TIME,
            DifferenceKind.TRANSLATION,
            DifferenceKind.SCOPE,
            DifferenceKind.CONTRADICTION,
        )
    ] == [
        Verdict.COMPATIBLE_PRECISION,
        Verdict.CHANGED_OVER_TIME,
        Verdict.TRANSLATION_ARTEFACT,
        Verdict.DIFFERENT_SCOPE,
        Verdict.DISPUTED,
    ]
    assert DifferenceKind.ONE_ORIGIN.verdict == Verdict.SOURCE_ERROR


@pytest.mark.parametrize(
    ("field", "first", "second", "days", "sort"),
    [
        ("measures.members", "31 state", "32 state", ("2024-01", "2024-03-07"), DifferenceKind.TIME),
        ("measures.members", "31 state", "32 state", ("2024-03-06", "2024-03-07"), DifferenceKind.CONTRADICTION),
        ("nature", "plan", "decision", ("2024-02-15", "2024-07-10"), DifferenceKind.TIME),
        ("nature", "plan", "decision", ("2024-07-10", "2024-07-10"), DifferenceKind.CONTRADICTION),
        ("nature", "plan", "decision", ("2024", "2024-07-10"), DifferenceKind.CONTRADICTION),
        ("category", "training", "funding", ("2023", "2024"), DifferenceKind.CONTRADICTION),
    ],
)
def test_what_changes_may_both_be_true_in_its_time(field, first, second, days, sort):
    assert sorts(field, *two(first, second, {"said_on": days[0]}, {"said_on": days[1]})) == [sort]


def test_the_day_of_publication_stands_in_for_the_day_it_was_said():
    planned, operating = two("planned", "operating", kind_of_record="facility")
    planned.quote.document.published_on, operating.quote.document.published_on = "2024-02-15", "2024-07-10"
    (difference,) = classify_differences("condition", [operating, planned])
    assert difference.kind == DifferenceKind.TIME
    assert difference.reason.startswith("“planned” was stated first (15 February 2024), “operating” later (10 July 2024)")


def test_any_of_the_quotes_that_make_a_statement_may_explain_it():
    statements = [*two("plan", "decision"), a_statement("plan", number=2, said_on="2024-02")]
    assert sorts("nature", *statements) == [DifferenceKind.CONTRADICTION]
    statements[1].quote.said_on = "2024-07-10"
    assert sorts("nature", *statements) == [DifferenceKind.TIME]


def test_what_is_compatible_does_not_differ():
    assert sorts("measures.staff", *two("about 700 person", "nearly 700 person")) == []
    assert sorts("milestones.agreed", *two("agreed 2024-07", "agreed 2024-07-10")) == []
    assert sorts("milestones.agreed", *two("agreed", "agreed 2024-07-10")) == []


@pytest.mark.parametrize("field", ["milestones.agreed", "due", "measures.staff"])
def test_values_that_are_not_of_the_field_s_type_are_compared_as_words(field):
    """No form takes them, but a bulk load or SQL may leave them behind."""
    assert sorts(field, *two("In July", "in  july")) == []
    assert sorts(field, *two("in July", "in August")) == [DifferenceKind.CONTRADICTION]


def test_a_translation_explains_only_words_that_are_alike():
    alike = two(
        "Ruritania Kite Contact Group",
        "Ruritanian Kite Liaison Group",
        {},
        {"fidelity": Fidelity.BACK_TRANSLATION},
        kind_of_record="organisation",
    )
    assert sorts("name", *alike) == [DifferenceKind.TRANSLATION]
    unlike = two(
        "Ruritania Kite Contact Group",
        "Mountain Brigade",
        {},
        {"fidelity": Fidelity.BACK_TRANSLATION},
        kind_of_record="organisation",
    )
    assert sorts("name", *unlike) == [DifferenceKind.CONTRADICTION]


def test_a_document_that_was_translated_counts_as_well():
    statements = two("Ruritania Kite Contact Group", "Ruritanian Kite Liaison Group", kind_of_record="organisation")
    assert sorts("name", *statements) == [DifferenceKind.CONTRADICTION]
    statements[1].quote.document.translated_from = "pl"
    assert sorts("name", *statements) == [DifferenceKind.TRANSLATION]


def test_a_part_and_a_total_are_told_by_their_words():
    statements = two("40 kite", "90 kite", {"as_stated": "40 kites"}, {"as_stated": "90 kites in total"})
    assert sorts("measures.kites", *statements) == [DifferenceKind.SCOPE]
    assert "“total”" in classify_differences("measures.kites", statements)[0].reason


ADA = {"speaker_label": "Ada Fell", "speaker_keys": frozenset({1}), "said_on": "2024-07-09"}


def test_one_speaker_on_one_day_is_one_origin():
    statements = two("40 kite", "90 kite", **ADA)
    assert len(group_by_origin(statements)) == 1
    assert sorts("measures.kites", *statements) == [DifferenceKind.ONE_ORIGIN]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ({"speaker_keys": frozenset({1}), "said_on": "2024-07-09"}, 1),
        ({"speaker_keys": frozenset({1}), "said_on": "2024-07"}, 2),
        ({"speaker_keys": frozenset({1})}, 2),
        ({"speaker_keys": frozenset({1}), "utterance": "one"}, 1),
        ({"utterance": "one"}, 1),
        # On one occasion one may say several things, on several days.
        ({"speaker_keys": frozenset({1}), "occasion_id": 2}, 2),
        ({"occasion_id": 2, "said_on": "2024-07-09"}, 2),
        ({"exact": "About 700 clerks are to count them in Harbourton, officials said"}, 1),
        ({"exact": "40 kites"}, 2),
    ],
)
def test_what_makes_two_quotes_one_origin(words, number):
    assert len(group_by_origin(two("a", "b", **words))) == number


def test_one_of_several_speakers_in_common_is_one_origin_unless_the_utterances_are_told_apart():
    first = a_statement("a", speaker_keys=frozenset({1, 2}), said_on="2024-07-09")
    second = a_statement("b", number=1, speaker_keys=frozenset({2, 3}), said_on="2024-07-09")
    assert len(group_by_origin([first, second])) == 1
    first.quote.utterance, second.quote.utterance = "in-the-morning", "in-the-evening"
    assert len(group_by_origin([first, second])) == 2


def test_a_third_quote_may_join_two_origins():
    first = a_statement("a", speaker_keys=frozenset({1}), said_on="2024-07-08")
    second = a_statement("b", number=1, speaker_keys=frozenset({2}), said_on="2024-07-09")
    third = a_statement("c", number=2, speaker_keys=frozenset({2}), said_on="2024-07-09", exact=f"{first.quote.exact} Now.")
    assert len(group_by_origin([first, second])) == 2
    assert len(group_by_origin([first, second, third])) == 1


def test_what_nothing_explains_comes_first():
    statements = [*two("about 700 person", "720 person"), a_statement("40 person", number=2)]
    assert sorts("measures.staff", *statements) == [DifferenceKind.CONTRADICTION, DifferenceKind.PRECISION]


def test_one_origin_is_said_beside_what_else_explains():
    statements = two("about 700 person", "720 person", **ADA)
    assert sorts("measures.staff", *statements) == [DifferenceKind.PRECISION, DifferenceKind.ONE_ORIGIN]


def test_a_denial_contradicts_who_affirms_and_says_by_whom():
    denial = a_statement("pledge", "denies", speaker_label="the ministry")
    (difference,) = classify_differences("nature", [a_statement("pledge", number=1), denial])
    assert difference.kind == DifferenceKind.CONTRADICTION
    assert difference.reason == "the ministry denies “pledge”."
    assert classify_differences("nature", [a_statement("refusal", number=1), denial]) == []


def test_many_valued_fields_differ_by_contradiction_alone():
    assert sorts("names", *two("Kite Yard", "The Loft")) == []
    assert sorts("names", a_statement("Kite Yard", "denies"), a_statement("The Loft", number=1)) == []
    assert sorts("names", a_statement("Kite Yard", "denies"), a_statement("kite  yard", number=1)) == [
        DifferenceKind.CONTRADICTION
    ]


def test_equal_statements_do_not_differ():
    assert sorts("nature", *two("pledge", "pledge", **ADA)) == []
