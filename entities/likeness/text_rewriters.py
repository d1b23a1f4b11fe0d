"""Rewriters of texts: replacements in a fixed order, written as one line of data."""

import re
from collections.abc import Callable

Rewriter = Callable[[str], str]


def compile_rewriter(steps: str, letters: str = "") -> Rewriter:
    """Compile a rewriter: first `steps` ("pattern>replacement", separated by blanks), then `letters` ("αά=a") at once."""
    compiled = [
        (re.compile(pattern), replacement) for pattern, _, replacement in (step.rpartition(">") for step in steps.split())
    ]
    single = {
        ord(letter): replacement
        for row in letters.split()
        for all_of, _, replacement in [row.partition("=")]
        for letter in all_of
    }

    def rewrite(text: str) -> str:
        for pattern, replacement in compiled:
            text = pattern.sub(replacement, text)
        return text.translate(single) if single else text

    return rewrite
