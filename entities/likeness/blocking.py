"""Blocking: out of many entities, the pairs worth comparing, which share a key that few others have."""

from array import array
from collections.abc import Iterable, Iterator
from itertools import combinations, groupby

_NUMBER_BITS = 24
"""Bits for the number of an entity."""

_BLOCK_SIZE_LIMITS = {"=": 300, "&": 300, "+": 120, "!": 60, " ": 60, "~": 40, "<": 15, ">": 15}
"""Sign of a key -> maximum size of its blocks; larger ones are skipped, as rarer keys have their likely pairs."""
_KEY_SIGNS = list(_BLOCK_SIZE_LIMITS)


class BlockingIndex:
    """Index of entities by blocking key, in one flat array: about 20 bytes per key of an entity."""

    def __init__(self):
        self._entries = array("Q")

    def add(self, number: int, keys: Iterable[str]) -> None:
        """Add the keys of an entity; `number` is below 2**24."""
        for key in keys:
            marked = (hash(key) & 0xF_FFFF_FFFF) << 27 | _size_limit_index(key) << _NUMBER_BITS | number
            self._entries.append(marked)

    def candidate_pairs(self) -> Iterator[tuple[int, int]]:
        """Yield each pair that shares a key with a small block once, sorted, the smaller number first."""
        pairs = array("Q")
        for marked, block in groupby(sorted(self._entries), key=lambda entry: entry >> _NUMBER_BITS):
            numbers = sorted({entry & (1 << _NUMBER_BITS) - 1 for entry in block})
            if 1 < len(numbers) <= _BLOCK_SIZE_LIMITS[_KEY_SIGNS[marked & 7]]:
                pairs.extend(first << _NUMBER_BITS | second for first, second in combinations(numbers, 2))
        previous = -1
        for pair in sorted(pairs):
            if pair != previous:
                yield pair >> _NUMBER_BITS, pair & (1 << _NUMBER_BITS) - 1
            previous = pair


def _size_limit_index(blocking_key: str) -> int:
    """Return the index of a key's sign: keys begin with it, pairs of words contain a plus, keys of occasions a space."""
    sign = " " if " " in blocking_key else blocking_key[0] if blocking_key[0] in _BLOCK_SIZE_LIMITS else "+"
    return _KEY_SIGNS.index(sign)
