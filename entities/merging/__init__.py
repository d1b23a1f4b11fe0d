"""Merging of two entities that are one: a plan of every affected row, its execution, and its reversal.

`plan_merge` writes nothing; `merge_entities` makes the same plan again, refuses if anything has changed since, and writes
its steps. Rows keep their primary keys. Each step has the values before and after, so that `entities.merging.unmerging` can
reverse it exactly. Rows are found by their foreign keys: this package does not need to know `sources`.
"""

from entities.merging.affected_rows import referencing_fields, statement_models
from entities.merging.execution import lock_entities, merge_entities, write_merge_step
from entities.merging.merge_plan import (
    BOTH,
    MERGED,
    SURVIVOR,
    UNIQUE_SCHEMES,
    AffectedRow,
    MergedFieldGroup,
    MergeOutcome,
    MergePlan,
    MergeWarning,
    MoneyTotals,
    merge_step,
)
from entities.merging.planning import plan_merge

__all__ = [
    "BOTH",
    "MERGED",
    "UNIQUE_SCHEMES",
    "SURVIVOR",
    "MergeOutcome",
    "AffectedRow",
    "MergePlan",
    "MoneyTotals",
    "MergedFieldGroup",
    "MergeWarning",
    "merge_entities",
    "referencing_fields",
    "lock_entities",
    "plan_merge",
    "statement_models",
    "merge_step",
    "write_merge_step",
]
