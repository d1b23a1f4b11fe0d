"""What the source's own words are read as: another value than the citation states, the same, or nothing at all."""

import pytest

from sources.evidence.as_stated_reading import bare_name, differing_reading, group_by_bare_name, is_understood

PUBLISHED = "2024-07-10"


def read(kind, field, value, words, **known):
    return differing_reading(kind, field, value, words, **{"published_on": PUBLISHED} | known)


AMOUNTS = [
    ("40 kite", "40 kites", ""),
    ("40.0 kite", "forty kites", ""),
    ("40 kite", " (“40 kites”),", ""),
    ("about 40 kite", "around 40 kites", ""),
    ("at_least 40 kite", "40 kites or more", ""),
    ("700..750 kite", "700 to 750 kites", ""),
    ("40000000000 EUR", "€40 billion", ""),
    ("40000000000 EUR", "40 billion euros", ""),
    ("2 percent of GDP", "two percent of GDP", ""),
    # Another number, qualifier, unit or end.
    ("41 kite", "40 kites", "40 kite"),
    ("40 kite", "around 40 kites", "about 40 kite"),
    ("about 40 kite", "40 kites", "40 kite"),
    ("40 boat", "40 kites", "40 kite"),
    ("700 kite", "700 to 750 kites", "700..750 kite"),
    ("unspecified kite", "40 kites", "40 kite"),
    ("4000000000 EUR", "€40 billion", "40000000000 EUR"),
    ("40000000000 USD", "€40 billion", "40000000000 EUR"),
    ("2 percent", "two percent of GDP", "2 percent of GDP"),
    # The words of an amount say nothing of its stage and time.
    ("delivered: 40 kite as of 2024-07", "40 kites", ""),
    ("delivered: 41 kite as of 2024-07", "40 kites", "40 kite"),
    # Not understood wholly: more words than the amount, two amounts, or none.
    ("41 kite", "will give 40 kites", ""),
    ("41 kite", "40 kites in all", ""),
    ("41 kite", "40 kites and 3 boats", ""),
    ("41 kite", "We pledge kites", ""),
    ("41 kite", "", ""),
    # No form takes it, so that it is for others to refuse.
    ("many kites", "40 kites", ""),
]


@pytest.mark.parametrize(("value", "words", "reading"), AMOUNTS)
def test_amounts(value, words, reading):
    assert read("commitment", "measures.kites", value, words) == reading


DATES = [
    ("2024-07-09", "July 9, 2024", ""),
    ("2024-07-09", "on 9 July 2024,", ""),
    ("2024-07-09", "on July 9", ""),
    ("2024-07-09", "Tuesday", ""),
    ("2023", "last year", ""),
    # The register may be less precise than its source, and surer of nothing.
    ("2024-07", "July 9, 2024", ""),
    ("2024", "on Tuesday", ""),
    ("2024-07-09~", "July 9, 2024", ""),
    ("2024-07-01/2024-07-15", "July 9, 2024", ""),
    ("../2025-12-31", "2025", ""),
    # Another day, or one more precise.
    ("2024-07-10", "on July 9, 2024", "2024-07-09"),
    ("2025-07-09", "on July 9", "2024-07-09"),
    ("2024-07-10", "on Tuesday", "2024-07-09"),
    ("2024-07-09", "in July 2024", "2024-07"),
    ("2024-07", "during 2024", "2024"),
    ("2024", "last year", "2023"),
    ("../2024-12-31", "2025", "2025"),
    # Not understood wholly: more words than the date, two dates, a range, or about when.
    ("2023", "since July 9, 2024", ""),
    ("2023", "July 9, 2024, when they met", ""),
    ("2023", "July 9, 2024 and July 9, 2025", ""),
    ("2023", "July 9-11, 2024", ""),
    ("2023", "fiscal year 2024", ""),
    ("2023", "when they met", ""),
    ("2023", "", ""),
    ("in summer", "July 9, 2024", ""),
]


@pytest.mark.parametrize(("value", "words", "reading"), DATES)
def test_dates(value, words, reading):
    assert read("event", "start", value, words) == reading


def test_without_a_day_of_publication_no_day_follows_from_tuesday():
    assert read("event", "start", "2024-07-10", "on Tuesday", published_on="") == ""
    assert read("event", "start", "2024-07-10", "on Tuesday", published_on="2024") == ""
    assert read("event", "start", "2024-07-10", "on July 9, 2024", published_on="") == "2024-07-09"


STEPS = [
    ("agreed 2024-07-09", "on July 9, 2024", ""),
    ("agreed 2024-07", "on July 9, 2024", ""),
    ("agreed 2024-07-10", "on July 9, 2024", "2024-07-09"),
    ("agreed", "on July 9, 2024", ""),
    ("agreed 2024-07-10", "they agreed on July 9, 2024", ""),
    ("2024-07-10", "on July 9, 2024", ""),
]


@pytest.mark.parametrize(("value", "words", "reading"), STEPS)
def test_the_dates_of_steps(value, words, reading):
    assert read("commitment", "milestones.agreed", value, words) == reading


NAMES = [
    ("organisation", "name", "Kite Command", "the Kite Command", ""),
    ("organisation", "name", "Kite Command", "the KITE  command’s staff", ""),
    ("organisation", "names", "KC", "(KC)", ""),
    ("person", "name", "Ada O'Fell", "Ada O’Fell", ""),
    ("person", "given_name", "Ada", "Ada Fell", ""),
    ("facility", "locality", "Harbourton", "in Harbourton", ""),
    # Whole words, all of them, in their order.
    ("organisation", "name", "Kite", "Kites", "Kites"),
    ("organisation", "name", "Kite Command", "Kite Force Command", "Kite Force Command"),
    ("organisation", "names", "K.C", "KaC", "KaC"),
    ("person", "family_name", "Hill", "Ada Fell", "Ada Fell"),
    ("facility", "locality", "Harbourton", "in Valleytown", "in Valleytown"),
]


@pytest.mark.parametrize(("kind", "field", "value", "words", "reading"), NAMES)
def test_names_are_read_in_any_language(kind, field, value, words, reading):
    assert read(kind, field, value, words) == reading
    assert read(kind, field, value, words, language="pl") == reading


RECORDS = group_by_bare_name(
    [
        ("Arcadia", "organisation", "arcadia"),
        ("The Kingdom of Ruritania", "organisation", "ruritania"),
        ("Lake", "organisation", "lake-council"),
        ("Lake", "organisation", "lake-union"),
        ("Lake", "event", "lake-meeting"),
    ]
)
PARTIES = [
    ("commitment", "beneficiary", "arcadia", "Arcadia", ""),
    ("commitment", "committed_by", "arcadia", "“Arcadia’s”", ""),
    ("commitment", "concerns", "ruritania", "kingdom of  RURITANIA", ""),
    ("commitment", "beneficiary", "ruritania", "Arcadia", "arcadia"),
    ("post", "organisation", "arcadia", "the Kingdom of Ruritania", "ruritania"),
    # A name of several records is read as any of the kind that the field takes.
    ("commitment", "beneficiary", "lake-union", "the Lake", ""),
    ("commitment", "beneficiary", "arcadia", "the Lake", "lake-council, lake-union"),
    ("commitment", "announced_at", "lake-meeting", "the Lake", ""),
    ("commitment", "announced_at", "harbour-meeting", "the Lake", "lake-meeting"),
    ("commitment", "facility", "kite-yard", "the Lake", ""),
    # Not understood wholly.
    ("commitment", "beneficiary", "ruritania", "Arcadia and others", ""),
    ("commitment", "beneficiary", "ruritania", "they", ""),
    ("commitment", "beneficiary", "ruritania", "", ""),
]


@pytest.mark.parametrize(("kind", "field", "value", "words", "reading"), PARTIES)
def test_parties_are_read_by_the_names_of_the_register_in_any_language(kind, field, value, words, reading):
    assert read(kind, field, value, words, records_by_name=RECORDS) == reading
    assert read(kind, field, value, words, records_by_name=RECORDS, language="pl") == reading
    assert read(kind, field, value, words) == ""


@pytest.mark.parametrize(
    ("kind", "field", "value", "words"),
    [
        ("commitment", "nature", "plan", "We pledge"),
        ("commitment", "conditions", "If asked.", "on one condition"),
        ("relation", "relation", "in_force: arcadia part-of ruritania", "Ruritania, a part of Arcadia"),
        ("relation", "role", "chair", "who leads it"),
        ("post", "rank", "general", "a three-star officer"),
    ],
)
def test_nothing_reads_other_fields(kind, field, value, words):
    assert read(kind, field, value, words, records_by_name=RECORDS) == ""


@pytest.mark.parametrize(
    ("language", "is_read"), [("en", True), ("en-GB", True), ("EN", True), ("", True), ("pl", False), ("enm", False)]
)
def test_words_of_one_language_are_not_read_in_another(language, is_read):
    assert bool(read("commitment", "measures.kites", "41 kite", "40 kites", language=language)) is is_read
    assert bool(read("event", "start", "2023", "July 9, 2024", language=language)) is is_read


@pytest.mark.parametrize(
    ("value", "words", "language", "reading"),
    [
        ("40000000 EUR", "40.000.000 Euro", "de", ""),
        ("40 EUR", "40.000.000 Euro", "de-AT", "40000000 EUR"),
        ("about 300 person", "близько 300 солдатів", "uk", ""),
        ("30 person", "близько 300 солдатів", "uk", "about 300 person"),
        ("5000000000..7000000000 PLN", "od 5 do 7 mld zł", "pl", ""),
        ("1500 EUR", "1,5 milliard d’euros", "fr", "1500000000 EUR"),
        # Things have English names in the register.
        ("40 kite", "40 cerfs-volants", "fr", ""),
        ("41 kite", "40 cerfs-volants", "fr", "40 kite"),
        # What languages read differently is not read where none is known.
        ("40000 person", "40,000 people", "", ""),
        ("41 person", "40,000 people", "", ""),
        ("41 person", "40,000 people", "en", "40000 person"),
        ("41 EUR", "€40", "es", "40 EUR"),
        ("41 person", "40 soldados", "es", ""),
    ],
)
def test_amounts_are_read_in_the_language_of_the_document(value, words, language, reading):
    assert read("commitment", "measures.kites", value, words, language=language) == reading


def test_a_clause_is_too_long_to_be_read():
    assert read("commitment", "measures.kites", "41 kite", "40 kites" + " " * 112) == "40 kite"
    assert read("commitment", "measures.kites", "41 kite", "40 kites" + " " * 113) == ""
    assert is_understood("commitment", "measures.kites", "40 kites" + " " * 112)
    assert not is_understood("commitment", "measures.kites", "40 kites" + " " * 113)


@pytest.mark.parametrize(
    ("field", "words", "understood"),
    [
        ("measures.kites", "40 kites", True),
        ("measures.kites", "will give 40 kites", False),
        ("measures.kites", "on Tuesday", False),
        ("due", "on Tuesday", True),
        ("due", "40 kites", False),
        ("milestones.agreed", "on Tuesday", True),
        ("milestones.agreed", "when they agreed", False),
        ("nature", "We pledge", False),
        ("name", "40 kites", False),
    ],
)
def test_words_are_understood_as_what_the_field_takes(field, words, understood):
    assert is_understood("commitment", field, words, published_on=PUBLISHED) is understood
    assert not is_understood("commitment", field, words, published_on=PUBLISHED, language="pl")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("uk", "9 липня 2024 року"),
        ("pl", "we wtorek, 9 lipca 2024 r."),
        ("de-AT", "am 9. Juli 2024"),
        ("fr", "le 9 juillet"),
        ("", "on July 9, 2024"),
        ("es", "2024-07-09"),
    ],
)
def test_a_date_is_read_in_the_language_of_its_document(language, words):
    assert is_understood("commitment", "due", words, published_on=PUBLISHED, language=language)
    assert read("commitment", "due", "2024-07-09", words, language=language) == ""
    assert read("commitment", "due", "2024-07-10", words, language=language) == "2024-07-09"


def test_a_date_in_the_words_of_another_language_is_not_understood():
    assert not is_understood("commitment", "due", "11 de julio de 2024", published_on=PUBLISHED, language="es")
    assert read("commitment", "due", "2024-07-10", "le 9 juillet 2024", language="de") == ""


@pytest.mark.parametrize(
    "text", ["Kite Command", "the Kite Command", "The  kite\ncommand", "“Kite Command’s”", "Kite Command's", "(Kite Command)."]
)
def test_a_bare_name_has_no_article_possessive_or_marks(text):
    assert bare_name(text) == "kite command"


def test_names_that_differ_in_article_and_case_alone_are_one():
    names = [("The Lake", "organisation", "a"), ("LAKE", "organisation", "b"), ("lake", "organisation", "a")]
    assert group_by_bare_name(names) == {"lake": {("organisation", "a"), ("organisation", "b")}}
    # An s that belongs to the name stays.
    assert list(group_by_bare_name([("The Netherlands", "organisation", "nl")])) == ["netherlands"]
