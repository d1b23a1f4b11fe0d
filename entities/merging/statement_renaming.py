"""Renaming of the values in the statements that resolutions store, when a merge renames what citations state."""

from collections.abc import Callable, Iterable


def rename_stated_values(statements: Iterable[dict[str, str]], rename: Callable[[str], str]) -> list[dict[str, str]]:
    """Return `statements`, objects of value and polarity, with their values renamed: each once, in order."""
    renamed = {(rename(statement["value"]), statement["polarity"]) for statement in statements}
    return [{"value": value, "polarity": polarity} for value, polarity in sorted(renamed)]
