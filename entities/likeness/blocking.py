"""Which of many entities are worth comparing: those that share a key that few others have."""

from array import array
from collections.abc import Iterable, Iterator
from itertools import combinations, groupby

_NUMBER_BITS = 24
"""Numbers of entities stay below two to this power."""

_BLOCK_SIZE_LIMITS = {"=": 300, "&": 300, "+": 120, "!": 60, " ": 60, "~": 40, "<": 15, ">": 15}
"""So many entities may share a key of a sort; a block beyond it is cut, since rarer keys hold its likely pairs."""
_KEY_SIGNS = list(_BLOCK_SIZE_LIMITS)


class BlockingIndex:
    """Entities by their keys, as numbers in one flat array: some 20 bytes for each key of each entity."""

    def __init__(self):
        self._entries = array("Q")

    def add(self, number: int, keys: Iterable[str]) -> None:
        """`number` is of the entity, below 2**24."""
        for key in keys:
            marked = (hash(key) & 0xF_FFFF_FFFF) << 27 | _key_sign_index(key) << _NUMBER_BITS | number
            self._entries.append(marked)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """The pairs that share a key whose block is not too large, each once, the smaller number first, in order."""
        found = array("Q")
        for marked, block in groupby(sorted(self._entries), key=lambda entry: entry >> _NUMBER_BITS):
            numbers = sorted({entry & (1 << _NUMBER_BITS) - 1 for entry in block})
            if 1 < len(numbers) <= _BLOCK_SIZE_LIMITS[_KEY_SIGNS[marked & 7]]:
                found.extend(first << _NUMBER_BITS | second for first, second in combinations(numbers, 2))
        last = -1
        for pair in sorted(found):
            if pair != last:
                yield pair >> _NUMBER_BITS, pair & (1 << _NUMBER_BITS) - 1
            last = pair


def _key_sign_index(key: str) -> int:
    """Keys begin with the sign of their sort; pairs of words hold a plus, what is no name a space."""
    sign = " " if " " in key else key[0] if key[0] in _BLOCK_SIZE_LIMITS else "+"
    return _KEY_SIGNS.index(sign)
