"""Renaming of the values in the statements that resolutions store, when a merge renames what citations state."""

from collections.abc import Iterable


def rename_stated_value(statements: Iterable[dict[str, str]], old: str, new: str) -> list[dict[str, str]]:
    """Return `statements`, objects of value and polarity, with the value `new` instead of `old`: each once, in order."""
    renamed = {(new if statement["value"] == old else statement["value"], statement["polarity"]) for statement in statements}
    return [{"value": value, "polarity": polarity} for value, polarity in sorted(renamed)]
