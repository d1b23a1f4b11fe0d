"""Sentences that deny that their quotation was said: “Fell never said ‘…’”."""

import re
from functools import lru_cache

from sources.suggestions.speaker_mention import BLANK

_DENIALS = {
    "en": (
        r"(?:\b(?:never|not)|n[’']t)\s+(?:(?:actually|once|ever|publicly)\s+)?"
        r"(?:say|said|tell|told|state|stated|claim|claimed|promise|promised|write|wrote|written|announce|announced)"
        r"|\bden(?:y|ies|ied|ying)\s+(?:(?:ever|having|that|he|she|they|had|has)\s+){0,4}"
        r"(?:sa(?:id|ying)|t(?:old|elling)|promis\w+|writ\w+)"
    ),
    "de": (
        r"\b(?:nie|niemals|nicht)\s+(?:gesagt|behauptet|versprochen|geschrieben)"
        r"|\b(?:sag(?:t|te|en|ten)|versprach(?:en)?|behauptete[n]?|schrieb(?:en)?)\s+(?:nie|niemals|nicht)"
    ),
    "fr": (
        r"\bn(?:e\s|['’])\w+\s+(?:pas|jamais)\s+(?:dit|déclaré|affirmé|promis|écrit)"
        r"|\b(?:nie|nié|niait|dément|démenti)\s+avoir\s+dit"
    ),
    "pl": r"\bnie\s+(?:powiedzia|mówi|obieca|zapowie|zapowiada|twierdzi|napisa)\w*",
    "uk": r"(?<!\w)не\s+(?:каза|сказа|говори|заявля|заяви|обіця|стверджу|писа)\w*",
}
_THAT = "that|dass|qu[e'’]|że|що"


@lru_cache(maxsize=8)
def _denied(language: str) -> re.Pattern[str]:
    denial = _DENIALS[language]
    return re.compile(
        rf"(?:{denial})\b\s*[:,]?\s*(?:(?:{_THAT})\s+)?{BLANK}"
        rf"|{BLANK}\W{{0,4}}(?:[\w.’'-]+\s+){{0,5}}?(?:{denial})\s*(?:[.,;]|\Z)",
        re.IGNORECASE,
    )


def is_denied(blanked_sentence: str, language: str) -> bool:
    """Return whether a sentence, its quotation blanked, says that nobody or somebody did not say it."""
    return _denied(language).search(blanked_sentence) is not None
