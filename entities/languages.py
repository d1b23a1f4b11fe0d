"""Languages by their BCP 47 tags, in words."""

from django.conf.locale import LANG_INFO

_LANGUAGE_NAMES = {tag.lower(): info["name"] for tag, info in LANG_INFO.items() if "name" in info} | {
    "und": "a language that is not known",
    "mul": "several languages",
    "zh": "Chinese",
}


def language_name(tag: str) -> str:
    """The English name of the language: `uk` is Ukrainian; the tag itself if it is not known by name."""
    known = _LANGUAGE_NAMES.get(tag.lower())
    if known:
        return known
    base, _, rest = tag.partition("-")
    return f"{_LANGUAGE_NAMES[base.lower()]} ({rest})" if rest and base.lower() in _LANGUAGE_NAMES else tag


def language_chain_names(chain: str) -> str:
    """A language, or a chain of them by way of which a text came: `en > und` is English, from a language that is not known."""
    return ", from ".join(language_name(tag.strip()) for tag in chain.split(">"))
