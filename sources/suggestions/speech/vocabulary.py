"""Shape of the vocabulary of reported speech that each language declares."""

from dataclasses import dataclass, field

MASCULINE, FEMININE, NEUTER, PLURAL, ANY = "m", "f", "n", "p", ""
"""Gender or number that a word tells; ANY if it tells none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechVocabulary:
    """Words of one language, in lower case. Verbs, pronouns and roles are given with the gender or number that they tell.

    A role is in the nominative: an oblique one is no subject.
    """

    language: str
    verbs: dict[str, str]
    """Finite verbs of saying: stands beside the subject."""
    handing_verbs: frozenset[str] = frozenset()
    """Those that say something only before a clause, a colon or a quotation: przekazał, że; but: przekazał sprzęt."""
    calling_verbs: dict[str, str] = field(default_factory=dict)
    """Finite verbs that take words rather than sentences: called, condemned, spoke of."""
    participles: frozenset[str] = frozenset()
    """Participles of both sorts, which need one of `auxiliaries`."""
    calling_participles: frozenset[str] = frozenset()
    auxiliaries: dict[str, str] = field(default_factory=dict)
    passive_auxiliaries: frozenset[str] = frozenset()
    """Auxiliaries of the passive, unless one of `reflexives` stands before them: est accusé, but s'est réjoui."""
    infinitive_auxiliaries: frozenset[str] = frozenset()
    """Auxiliaries without a subject of their own: après avoir dit."""
    agent_prepositions: frozenset[str] = frozenset()
    """Words after a participle before whoever did it: écrit par."""
    reflexives: frozenset[str] = frozenset()
    gerunds: frozenset[str] = frozenset()
    """Forms without a subject of their own: saying, adding."""
    calling_gerunds: frozenset[str] = frozenset()
    impersonal: tuple[str, ...] = ()
    """Phrases that report words without naming a speaker: it says."""
    according: tuple[str, ...] = ()
    """Phrases before the name of a source: according to."""
    according_first: frozenset[str] = frozenset()
    """Words that name a source only at the beginning of a sentence, set off by a comma."""
    according_after: frozenset[str] = frozenset()
    """Words that name a source only right after a quotation."""
    postpositions: frozenset[str] = frozenset()
    """Words after the name of a source."""
    own_words: dict[str, str] = field(default_factory=dict)
    """Phrases for “according to him”, with the gender that they tell."""
    particle_verbs: dict[str, frozenset[str]] = field(default_factory=dict)
    """Verbs that are of saying only with one of these particles at the end of their clause."""
    calling_particle_verbs: dict[str, frozenset[str]] = field(default_factory=dict)
    """The same of verbs that take words; the particle may follow the quotation: warf ... „Feigheit“ vor."""
    reporting_moods: frozenset[str] = frozenset()
    """Finite verbs in a mood that makes a sentence reported speech: sei, hätten."""
    indirect_moods: frozenset[str] = frozenset()
    """Those that are of indirect speech alone, and of no condition or wish: sei."""
    before_fragments: frozenset[str] = frozenset()
    """Words after which one capitalised word in marks is somebody's and no name: ein „Märtyrer“."""
    relative_pronouns: frozenset[str] = frozenset()
    roles: dict[str, str] = field(default_factory=dict)
    role_endings: tuple[tuple[str, str], ...] = ()
    """Endings of compounds that name a role, with their gender: -sprecherin."""
    bodies: frozenset[str] = frozenset()
    """Nouns for bodies that can speak; and the words that are part of their names."""
    places: frozenset[str] = frozenset()
    """Names of states and places in the forms that stand before a person's name."""
    epithets: dict[str, str] = field(default_factory=dict)
    """Words that mean the bearer of other roles: head of government."""
    nations: frozenset[str] = frozenset()
    """First words for nations that differ from the names of their states: British."""
    pronouns: dict[str, str] = field(default_factory=dict)
    articles: frozenset[str] = frozenset()
    dative_nouns: tuple[str, ...] = ()
    """Endings of nouns that are no subject after the article *der*."""
    genitive_openers: frozenset[str] = frozenset()
    """Words after which a capitalised word belongs to the title, not to the name: des, de."""
    prepositions: frozenset[str] = frozenset()
    conjunctions: frozenset[str] = frozenset()
    """Words that open a subordinate clause: that, who, because."""
    and_words: frozenset[str] = frozenset()
    fillers: frozenset[str] = frozenset()
    """Adverbs, days and clitics that may stand between subject, verb and quotation."""
    tag_openers: frozenset[str] = frozenset()
    """Words that may open the clause that names the speaker: as, so."""
    not_names: frozenset[str] = frozenset()
    """Capitalised words at the beginning of a sentence that are no names."""
    terms: frozenset[str] = frozenset()
    """Words after which marks hold a name or a term: so-called, the newspaper."""
    title_openers: frozenset[str] = frozenset()
    """First words of titles of laws and documents: On the ..."""
    abbreviations: frozenset[str] = frozenset()
    """Abbreviations before a capital letter."""
    case_endings: frozenset[str] = frozenset()
    """Endings of nouns in all cases."""
    complement_endings: tuple[str, ...] = ()
    """Endings of words in lower case that can belong to a role: minister of defence."""
    oblique_endings: tuple[str, ...] = ()
    """Endings of names that are in no nominative."""
    adverb_endings: tuple[str, ...] = ()
    """Endings of adverbs of manner."""
    verb_endings: tuple[str, ...] = ()
    """Endings of verbs and participles that open a sentence, and of few family names."""
    has_dash_speech: bool = False
    """Speech may be opened by a dash at the beginning of a paragraph."""
    dash_tag_after_comma: bool = False
    """Within such speech the speaker is named after a comma."""
    drops_pronouns: bool = False
    """A verb without a subject means the person last spoken of."""
    elides: bool = False
    """Articles and prepositions are joined to the next word by an apostrophe."""
    ordinal_dots: bool = False
    """A number with a full stop is an ordinal."""
    nouns_are_capitalised: bool = False
    inflects_names: bool = False


def words(listed: str) -> frozenset[str]:
    """Return the words of a list in one string."""
    return frozenset(listed.split())


def words_of_gender(**listed: str) -> dict[str, str]:
    """Return word -> gender, from lists under the names m, f, n, p and any; a word in several lists tells none."""
    genders: dict[str, str] = {}
    for gender, text in listed.items():
        for word in text.split():
            genders[word] = ANY if gender == "any" or genders.get(word, gender) != gender else gender
    return genders
