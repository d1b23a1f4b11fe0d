"""Vocabulary of amounts, by language."""

from sources.suggestions.amount_vocabulary import english, french, german, language_free, polish, ukrainian
from sources.suggestions.amount_vocabulary.entries import AmountVocabulary, NumberVocabulary

_NO_LANGUAGE = AmountVocabulary(language="", numbers=NumberVocabulary(money_scales={"M": 10**6, "k": 10**3}))
_VOCABULARIES = {module.VOCABULARY.language: module.VOCABULARY for module in (english, french, german, polish, ukrainian)}

__all__ = ["AmountVocabulary", "NumberVocabulary", "language_free", "vocabulary_of"]


def vocabulary_of(language: str) -> AmountVocabulary:
    """Return the vocabulary of one of `READ_LANGUAGES`; for '' one without words."""
    return _VOCABULARIES.get(language, _NO_LANGUAGE)
