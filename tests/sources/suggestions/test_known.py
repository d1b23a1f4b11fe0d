"""The register's names: who is meant by words, and what may be written how."""

from entities.models import Entity, Name
from entities.vocabulary import Kind
from sources.capture.annotated_text import section_at
from sources.capture.document_suggestions import suggestions_in_section
from sources.suggestions.known import Known, KnownName
from tests import world as make
from tests.steps import steps

PEOPLE = Known(
    [
        ("Ada Fell", Kind.PERSON, "ada-fell"),
        ("Ben Fell", Kind.PERSON, "ben-fell"),
        ("Bruno J. Stolz", Kind.PERSON, "stolz"),
        ("Oleh Vyshnyvetskyy", Kind.PERSON, "vyshnyvetskyy"),
        ("Vyshnyvetsky", Kind.PERSON, "vyshnyvetskyy"),
        ("Seán O'Malley", Kind.PERSON, "omalley"),
        ("Quill", Kind.PERSON, "quill"),
        ("Quill administration", Kind.ORGANISATION, "quill-administration"),
    ]
)


WORDS_MEAN_ONE_KNOWN_PERSON_OR_NONE = [
    ("Stolz", "stolz"),
    ("STOLZ", "stolz"),
    ("Bruno J. Stolz", "stolz"),
    ("Bruno Stolz", "stolz"),
    ("Bruno K. Stolz", "stolz"),
    ("B. Stolz", "stolz"),
    ("Secretary-General Bruno Stolz", "stolz"),
    ("Defence Secretary Bruno J. Stolz III", "stolz"),
    ("Mr. Stolz", "stolz"),
    ("Stolz’s", "stolz"),
    ("Karl Stolz", ""),
    ("stolz", ""),
    ("Fell", ""),
    ("Ada Fell", "ada-fell"),
    ("Ada Fell and Ben Fell", ""),
    ("Vyshnyvetskyy", "vyshnyvetskyy"),
    ("Vyshnyvetsky", "vyshnyvetskyy"),
    ("President Vyshnyvetskiy", "vyshnyvetskyy"),
    ("Karl Vyshnyvetsky", ""),
    ("O’Malley", "omalley"),
    ("Sean O'Malley", "omalley"),
    ("Quill", "quill"),
    ("officials of the Quill administration", ""),
    ("nobody at all", ""),
    ("", ""),
]


def test_words_mean_one_known_person_or_none(subtests):
    for words, slug in WORDS_MEAN_ONE_KNOWN_PERSON_OR_NONE:
        with subtests.test(words=words, slug=slug):
            assert PEOPLE.person_slug(words) == slug


A_NAME_IS_FOUND_AS_IT_MAY_BE_WRITTEN = [
    ("US", "The US helps.", True),
    ("US", "They help us. Us too.", False),
    ("U.S.", "The US and the U.S.-led group", True),
    ("IT", "It was it.", False),
    ("ARCO", "Arco said so.", True),
    ("Arcadia", "ARCADIA GIVES KITES", True),
    ("Arcadia", "arcadia", False),
    ("Arcadia", "Arcadian", False),
    ("Arcadia", "Arcadia's kites", True),
    ("Łódźbridge", "Lodzbridge", True),
    ("Lake-side Plant", "the Lake side plant", True),
    ("Council of Lakes", "council of lakes", False),
    ("Lake Council", "at the Lake. Council sits", False),
    ("Lake Council", "the Lake\nCouncil", True),
    ("Lake Council", "the Lake\n\nCouncil", False),
    ("Lake Council", "the Lake, Council", False),
    ("Council of Kites, Cords and Tails", "the Council of Kites, Cords and Tails", True),
    ("capabilities coalition", "“capabilities coalition”", True),
]


def test_a_name_is_found_as_it_may_be_written(subtests):
    for name, text, there in A_NAME_IS_FOUND_AS_IT_MAY_BE_WRITTEN:
        with subtests.test(name=name, text=text, there=there):
            assert bool(Known([(name, Kind.ORGANISATION, "x")]).find(text)) is there


def test_the_longest_name_wins():
    known = Known([("Arcadia", "organisation", "arcadia"), ("Bank of Arcadia", "organisation", "bank")])
    assert [hit.names[0].slug for hit in known.find("The Bank of Arcadia is in Arcadia.")] == ["bank", "arcadia"]


def test_a_name_of_two_records_lists_both():
    known = Known([("Arcadia", "organisation", "arcadia"), ("Arcadia", "facility", "arcadia-hall")])
    assert [name.slug for name in known.find("Arcadia")[0].names] == ["arcadia", "arcadia-hall"]


def test_the_names_of_the_register(db, django_assert_num_queries):
    make.a_person("fell", name="Ada Fell-Hill", given_name="Ada", family_name="Fell-Hill")
    body = make.an_organisation("board", name="Kite Board")
    gone = make.an_organisation("gone", name="Gone Board", status="withdrawn")
    Name.objects.create(entity=body, text="KB", kind="acronym")
    Name.objects.create(entity=gone, text="GB", kind="acronym")
    with django_assert_num_queries(6):
        known = Known.of_register()
    found = known.find("Fell-Hill of the KB, of the Kite Board, of the GB and of Gone Board")
    assert [hit.names[0] for hit in found] == [
        KnownName("Fell-Hill", "person", "fell", is_family_name=True),
        KnownName("KB", "organisation", "board"),
        KnownName("Kite Board", "organisation", "board"),
    ]


def test_the_names_are_read_again_only_after_a_change(db, django_assert_num_queries):
    body = make.an_organisation("board", name="Kite Board")
    Known.of_register()
    with django_assert_num_queries(2):
        Known.of_register()
    body.name = "Board of Kites"
    body.save()
    assert Known.of_register().find("Board of Kites")
    Name.objects.create(entity=body, text="BOK", kind="acronym")
    assert Known.of_register().find("BOK")
    Entity.objects.filter(pk=body.pk).delete()
    assert not Known.of_register().find("BOK")


def test_a_change_that_leaves_the_names_leaves_what_was_found_with_them(world):
    known = Known.of_register()
    world.kites.save()
    assert Known.of_register() is known
    world.kites.names.create(text="The Forty")
    assert Known.of_register() is not known


def test_twenty_times_the_names_cost_a_text_no_more():
    few, known = (
        Known((f"Agency {number} of Lakes", "organisation", f"agency-{number}") for number in range(count))
        for count in (1_000, 20_000)
    )
    text = "The Agency 77 of Lakes met the Agency of Kites in Lakes. " * 100
    # Sets of words have no fixed order, so a few steps may differ.
    in_few = steps(lambda: few.find(text))
    assert steps(lambda: known.find(text)) < 1.05 * in_few
    assert len(known.find(text)) == 100


def test_a_mention_helps_in_the_documents_that_have_it_alone(world):
    text = "VALLEYTOWN – The borrower waits for 40 kites. So does Ruritania.\n"
    other = make.a_document("borrower-waits", text=text)
    Name.objects.create(entity=world.ruritania, text="the borrower", kind="mention")

    def found(document) -> set[str]:
        suggestions = suggestions_in_section(document, section_at(document.text, 0))
        return {suggestion.exact for suggestion in suggestions if suggestion.proposal.get("entity") == "ruritania"}

    assert not Known.of_register().find("the borrower")
    assert found(other) == {"Ruritania"}
    make.a_citation(make.a_quote(other, "The borrower waits for 40 kites"), world.ruritania, "names", "the borrower")
    assert found(other) == {"The borrower", "Ruritania"}
    assert not Known.of_register().find("the borrower")
