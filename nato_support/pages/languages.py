"""Languages of the pages: the one that a request is answered in, and the addresses of a page in each.

`?lang=uk` decides, and a cookie then keeps the choice; without either, `Accept-Language` does, and else it is English. A page
has one address for all languages, so links and forms need not know of them.
"""

import re
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_from_request

PARAMETER = "lang"
_COOKIE_SECONDS = 365 * 24 * 60 * 60
_IN_QUERY = re.compile(f"(?:^|&){PARAMETER}=([^&]*)")
_CODES = {code.partition("-")[0]: code for code, _ in settings.LANGUAGES}
"""Language as addresses and the cookie have it -> its code in the settings: en -> en-gb."""
_SHORT_CODES = {code: short for short, code in _CODES.items()}
_OPEN_GRAPH_LOCALES = {"en": "en_GB", "uk": "uk_UA"}


class LanguageChoice(NamedTuple):
    """Language of a response, and why."""

    code: str
    is_in_address: bool
    """True if the address decided, so that nothing else does."""


class PageLanguage(NamedTuple):
    """A language on the switch of a page."""

    short_code: str
    name: str
    """Its own name for itself."""
    address: str
    """The page in this language, whatever the reader prefers."""
    canonical_suffix: str
    """Query that makes the path of the page the address to cite; empty for English."""
    is_current: bool


def choose_language(request: HttpRequest, *, heeds_reader: bool = True) -> LanguageChoice:
    """Return the language to answer a request in; with `heeds_reader`, the reader's where the address names none."""
    found = _IN_QUERY.search(request.META.get("QUERY_STRING", ""))
    if found and found[1] in _CODES:
        return LanguageChoice(_CODES[found[1]], True)
    if not heeds_reader:
        return LanguageChoice(settings.LANGUAGE_CODE, True)
    return LanguageChoice(get_language_from_request(request), False)


def in_this_language(address: str) -> str:
    """Return the address of a file that is in no reader's language, with the language of the page that names it."""
    code = get_language()
    if code is None or code == settings.LANGUAGE_CODE:
        return address
    return f"{address}{'&' if '?' in address else '?'}{PARAMETER}={_SHORT_CODES[code]}"


def query_without_language(query: str) -> str:
    """Return a query string without the parameter that chooses a language."""
    return _IN_QUERY.sub("", query).removeprefix("&") if PARAMETER in query else query


def language_cookie(code: str) -> str:
    """Return the value of `Set-Cookie` that keeps a language. It says nothing else of the reader."""
    secure = "; Secure" if settings.SESSION_COOKIE_SECURE else ""
    name = settings.LANGUAGE_COOKIE_NAME
    return f"{name}={_SHORT_CODES[code]}; Max-Age={_COOKIE_SECONDS}; Path=/; SameSite=Lax; HttpOnly{secure}"


def is_source_language() -> bool:
    """Return whether pages are shown in the language in which the register is written."""
    return _active_language() == settings.LANGUAGE_CODE


def _active_language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def language_context(path: str, query: str) -> dict[str, object]:
    """Return what a page says of its languages; `query` is its query string without the language."""
    current = _active_language()
    languages = [
        PageLanguage(
            short,
            name,
            f"{quote(path)}?{query}&{PARAMETER}={short}" if query else f"{quote(path)}?{PARAMETER}={short}",
            "" if code == settings.LANGUAGE_CODE else f"?{PARAMETER}={short}",
            code == current,
        )
        for code, name in settings.LANGUAGES
        for short in [_SHORT_CODES[code]]
    ]
    own = next(language for language in languages if language.is_current)
    return {
        "languages": languages,
        "language": own.short_code if own.canonical_suffix else settings.LANGUAGE_CODE,
        "canonical_suffix": own.canonical_suffix,
        "open_graph_locale": _OPEN_GRAPH_LOCALES.get(own.short_code, own.short_code),
    }
