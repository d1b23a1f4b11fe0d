"""Names of languages by their BCP 47 tags, in the active language."""

from django.conf.locale import LANG_INFO
from django.utils.translation import pgettext

LANGUAGE_NAMES = {tag.lower(): info["name"] for tag, info in LANG_INFO.items() if "name" in info} | {
    "und": "an unknown language",
    "mul": "several languages",
    "zh": "Chinese",
}


def language_name(tag: str) -> str:
    """Return the name of a language, such as Ukrainian for `uk`; the tag itself if it is unknown."""
    known = LANGUAGE_NAMES.get(tag.lower())
    if known:
        return pgettext("language", known)
    base, _, rest = tag.partition("-")
    return f"{language_name(base)} ({rest})" if rest and base.lower() in LANGUAGE_NAMES else tag


def language_chain_names(chain: str) -> str:
    """Name a language, or the chain of languages through which a text was translated: `en > und`."""
    return pgettext("language translated from", ", from ").join(language_name(tag.strip()) for tag in chain.split(">"))
