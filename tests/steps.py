"""Work counted in steps: unlike seconds they are the same on every machine, and beside whatever else it does."""

import sys
from collections.abc import Callable


def steps(work: Callable[[], object]) -> int:
    """The number of lines of Python that `work` executes."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += 1
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def assert_linear(work: Callable[[int], object], size: int) -> None:
    """Fail if `work(2 * size)` takes many more than twice the steps of `work(size)`."""
    # What is only done the first time is done before.
    work(1)
    once, twice = steps(lambda: work(size)), steps(lambda: work(2 * size))
    assert twice < 2.3 * once + 2_000, f"{once} steps for {size}, {twice} for twice as much"
