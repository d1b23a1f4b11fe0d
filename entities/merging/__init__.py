"""Two records that are one: what merging them would do, row by row, and doing just that.

`plan` looks and writes nothing; `apply` makes the same plan again, refuses if anything moved since, and writes its steps.
Rows keep their keys: they are moved, never made anew. Each step holds a row before and after, so the list of them is the
exact inverse (`entities.unmerging`). Rows are found by their foreign keys, so that sources need not be known here.
"""

from entities.merging.doing import apply, judge, lock, write
from entities.merging.planning import plan
from entities.merging.plans import (
    BOTH,
    MERGED,
    OFFICIAL,
    SURVIVOR,
    Fate,
    Line,
    Moved,
    Plan,
    Refused,
    Totals,
    Unit,
    Values,
    Warn,
    step,
)
from entities.merging.rows import columns, links, plain, statements

__all__ = [
    "BOTH",
    "MERGED",
    "OFFICIAL",
    "SURVIVOR",
    "Fate",
    "Line",
    "Moved",
    "Plan",
    "Refused",
    "Totals",
    "Unit",
    "Values",
    "Warn",
    "apply",
    "columns",
    "judge",
    "links",
    "lock",
    "plain",
    "plan",
    "statements",
    "step",
    "write",
]
