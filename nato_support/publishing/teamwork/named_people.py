"""Names of people in a comment: `@anna` notifies Anna. Names of nobody stay plain text."""

import re
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

MOST_PEOPLE = 10
"""People that one comment may notify."""
MOST_CANDIDATES = 100
"""Words with an @ that are looked up."""
# Django's user names; an address such as anna@example.org names nobody.
_NAME = re.compile(r"(?<![\w@.+-])@([\w@.+-]{1,150})")
_END_OF_SENTENCE = ".,-+@"


def people_named_in(texts: Iterable[str]) -> dict[str, User]:
    """Return the active users whose names stand after an @ in `texts`, by name. One query."""
    candidates: dict[str, None] = {}
    for text in texts:
        for name in _NAME.findall(text):
            candidates |= dict.fromkeys((name, name.rstrip(_END_OF_SENTENCE)))
    names = [name for name in candidates if name][: 2 * MOST_CANDIDATES]
    users = User.objects.filter(username__in=names, is_active=True) if names else ()
    return {user.username: user for user in users}


def comment_html(text: str, names: Iterable[str]) -> SafeString:
    """Return `text` as HTML in which the `@name` of each of `names` is marked."""
    known = set(names)
    pieces, done = [], 0
    for match in _NAME.finditer(text):
        name = next((name for name in (match[1], match[1].rstrip(_END_OF_SENTENCE)) if name in known), None)
        if name is not None:
            pieces.append(escape(text[done : match.start()]))
            pieces.append(format_html('<b class="at-name">@{}</b>', name))
            done = match.start() + 1 + len(name)
    pieces.append(escape(text[done:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped
