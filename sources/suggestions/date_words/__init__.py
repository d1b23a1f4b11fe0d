"""Words that dates are made of, by language. One engine reads them all."""

from sources.suggestions.date_words.english import ENGLISH
from sources.suggestions.date_words.french import FRENCH
from sources.suggestions.date_words.german import GERMAN
from sources.suggestions.date_words.polish import POLISH
from sources.suggestions.date_words.ukrainian import UKRAINIAN
from sources.suggestions.date_words.vocabulary import DateVocabulary

VOCABULARIES: dict[str, DateVocabulary] = {"en": ENGLISH, "uk": UKRAINIAN, "pl": POLISH, "de": GERMAN, "fr": FRENCH}
"""Vocabulary of each of `READ_LANGUAGES`."""
