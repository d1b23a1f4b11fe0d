"""Words that tell reported speech from the writer's own, by language. Pure data."""

from dataclasses import dataclass

from sources.suggestions.speech.vocabulary import words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingWords:
    """Words of one language, in lower case."""

    content_conjunctions: frozenset[str]
    """Conjunctions that open the clause of what is said: that, whether."""
    needs_comma: bool
    """A comma stands before that clause."""
    pointing: tuple[tuple[str, ...], ...]
    """Phrases that open a sentence about words said before it: this, about this."""
    as_openers: frozenset[str]
    """Words that open the clause naming the speaker beside the words: as."""
    other_verbs: tuple[str, ...]
    """Beginnings of verbs that the vocabulary has for quotations, of which a clause is no words: promised, hoped, thanked."""
    needs_comma_after_source: bool = False
    """A comma closes “according to somebody” at the beginning of a sentence."""
    relative_words: frozenset[str] = frozenset()
    """Relative pronouns that are no conjunctions."""


REPORTING_WORDS = {
    "uk": ReportingWords(
        content_conjunctions=words("що чи нібито"),
        needs_comma=True,
        needs_comma_after_source=True,
        pointing=(("про", "це"), ("про", "це", "також"), ("так",), ("таку", "заяву")),
        as_openers=words("як"),
        other_verbs=("обіця", "пообіця", "подяку", "дяку", "запит", "спит", "виправда", "звинувачу", "звинувати", "чека"),
    ),
    "pl": ReportingWords(
        content_conjunctions=words("że iż czy jakoby"),
        needs_comma=True,
        pointing=(("o", "tym"), ("o", "decyzji"), ("tak",)),
        as_openers=words("jak"),
        other_verbs=("obieca", "obiecu", "dzięk", "podzięk", "zapyta", "pyta", "chwali", "pochwali", "uzna", "oskarż", "zarzuc"),
    ),
    "de": ReportingWords(
        content_conjunctions=words("dass daß ob"),
        needs_comma=True,
        pointing=(("das",), ("dies",), ("so",), ("darüber",)),
        as_openers=words("wie"),
        other_verbs=(
            "versprach", "versprich", "versproch", "hoff", "lob", "würdig", "begrüß", "befürcht", "vermut", "fragt", "gefragt",
            "bezweifel", "bedauer", "droh", "gedroh", "will", "woll", "möcht", "klären", "wissen", "mutmaß", "begründ",
        ),
        relative_words=words("der die das den dem deren dessen"),
    ),
    "fr": ReportingWords(
        content_conjunctions=words("que qu'"),
        needs_comma=False,
        needs_comma_after_source=True,
        pointing=(("c'", "est", "ce", "que"), ("c'", "est", "ce", "qu'"), ("ainsi",)),
        as_openers=words("comme"),
        other_verbs=(
            "prom", "espèr", "salu", "regrett", "félicit", "menac", "accus", "demand", "réjou", "souhait", "appel", "invit",
        ),
    ),
}  # fmt: skip
