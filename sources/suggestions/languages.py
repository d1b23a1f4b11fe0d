"""Languages that the rules read. In any other, only what needs no language is suggested."""

READ_LANGUAGES = ("en", "uk", "pl", "de", "fr")


def reading_language(tag: str) -> str:
    """Return which of `READ_LANGUAGES` a BCP 47 tag names; '' for any other, and where no language is known."""
    primary = tag.strip().replace("_", "-").partition("-")[0].casefold()
    return primary if primary in READ_LANGUAGES else ""
