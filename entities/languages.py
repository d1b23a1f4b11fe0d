"""English names of languages by their BCP 47 tags."""

from django.conf.locale import LANG_INFO

_LANGUAGE_NAMES = {tag.lower(): info["name"] for tag, info in LANG_INFO.items() if "name" in info} | {
    "und": "an unknown language",
    "mul": "several languages",
    "zh": "Chinese",
}


def language_name(tag: str) -> str:
    """Return the English name of a language, such as Ukrainian for `uk`; the tag itself if it is unknown."""
    known = _LANGUAGE_NAMES.get(tag.lower())
    if known:
        return known
    base, _, rest = tag.partition("-")
    return f"{_LANGUAGE_NAMES[base.lower()]} ({rest})" if rest and base.lower() in _LANGUAGE_NAMES else tag


def language_chain_names(chain: str) -> str:
    """Name a language, or the chain of languages through which a text was translated: `en > und`."""
    return ", from ".join(language_name(tag.strip()) for tag in chain.split(">"))
