"""Names within a sentence: “the creation of NSATU”, “the United States”, “Germany”.

A name is a heading of its own, written without an article and with a capital. English wants more within a sentence; what it
wants is told by how the name is made, and a name that is not recognised stays as it is.
"""

import re

# What follows the head of a name: “NATO troops at high readiness”, “Arrests over sabotage”, “summit in Vilnius, 2023”.
_COMPLEMENT = re.compile(
    r"\s(?:of|in|at|on|for|by|to|from|with|against|between|near|about|over|after|before|as|that|which|who)\s"
)
_ADDITION = re.compile("[,(:]")
_POSSESSIVE = re.compile(r"['’]s?$")
_COMMON_SUFFIX = re.compile(r"(?:[ts]ions?|ments?|ings?|[aei]nces?|ed)$")
_COMMON_WORDS = frozenset(
    "aid arrest arrests attack attacks call calls campaign dismissal exercise exercises general joint launch meeting new offer"
    " plan plans pledge pledges promise refusal speech summit talks threat threats visit war work warnings".split()
)
# Nouns that take the article even where they are part of a proper name.
_BODIES = frozenset(
    "administration agency alliance army assembly association bank centre center coalition command commission committee"
    " community company congress council court department federation force forces foundation fund group house institute"
    " kingdom league ministry mission nations netherlands office organisation organization parliament party philippines"
    " republic senate service states treaty union".split()
)
_COUNTRIES_WITH_ARTICLE = frozenset("Bahamas Gambia Maldives Netherlands Philippines".split())
_TITLES = frozenset("ambassador chancellor commander director general governor minister president secretary speaker".split())


def head_phrase(name: str) -> str:
    """Return the words of a name up to its head: “NATO troops” of “NATO troops at high readiness, 2024”."""
    return _COMPLEMENT.split(_ADDITION.split(name)[0])[0]


def is_plural_name(name: str) -> bool:
    """Tell whether a verb after `name` is in the plural: after “NATO allies”, not after “United States” or “Reuters”.

    A name is plural if its head, the last word before any “of” or “in”, is a common noun in the plural: it ends in s and is
    written small, or begins a description such as “Warnings that Russia will attack”. A name that is one word is a proper one.
    """
    phrase = head_phrase(name)
    words = phrase.split()
    if not words or (len(words) == 1 and phrase == _ADDITION.split(name)[0]):
        return False
    head = words[-1].strip("“”’'\"")
    head = head if len(words) > 1 else f"{head[:1].lower()}{head[1:]}"
    return head.islower() and head.endswith("s") and not head.endswith(("ss", "us", "is", "ics"))


def name_in_sentence(name: str) -> str:
    """Return `name` as it stands within a sentence, with its article and without the capital of a heading."""
    words = head_phrase(name).split()
    if name in _COUNTRIES_WITH_ARTICLE:
        return f"the {name}"
    if not words or name.split()[0] == name or not name[0].isupper() or _POSSESSIVE.search(words[0]):
        return name
    if _is_heading(words):
        return f"the {name[0].lower()}{name[1:]}"
    head = words[-1]
    is_description = len(words) > 1 and head.islower() and not is_plural_name(name)
    lowered = {word.lower() for word in words}
    if is_description or head.lower() in _BODIES or lowered & _TITLES:
        return f"the {name}"
    return name


def _is_heading(words: list[str]) -> bool:
    """Tell whether a name begins with a common word, which has its capital only because it comes first."""
    first = words[0].lower()
    is_followed_by_name = len(words) > 1 and words[1].isupper()
    is_common = first in _COMMON_WORDS or (_COMMON_SUFFIX.search(first) is not None and first not in ("united",))
    return is_common and (len(words) == 1 or words[1].islower() or is_followed_by_name or "-" in words[1] or words[-1].islower())
