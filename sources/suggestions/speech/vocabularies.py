"""The vocabularies of reported speech by language, and look-ups that need no text."""

from functools import lru_cache

from sources.suggestions.speech.de import GERMAN
from sources.suggestions.speech.fr import FRENCH
from sources.suggestions.speech.names import NameReader
from sources.suggestions.speech.pl import POLISH
from sources.suggestions.speech.tokens import Token
from sources.suggestions.speech.uk import UKRAINIAN
from sources.suggestions.speech.vocabulary import SpeechVocabulary

VOCABULARIES: dict[str, SpeechVocabulary] = {
    vocabulary.language: vocabulary for vocabulary in (UKRAINIAN, POLISH, GERMAN, FRENCH)
}


@lru_cache(maxsize=4096)
def is_title_or_function_word(word: str, language: str) -> bool:
    """Return whether a capitalised word is a role, a body, a place or a function word, in whatever case, and so no given name."""
    return not _reader(language).is_name_word(Token(0, len(word), word, word.lower().replace("’", "'")))


@lru_cache(maxsize=8)
def _reader(language: str) -> NameReader:
    return NameReader((), VOCABULARIES[language])
