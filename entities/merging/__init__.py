"""Two records that are one: what merging them would do, row by row, and doing just that.

`plan` looks and writes nothing; `apply` makes the same plan again, refuses if anything moved since, and writes its steps.
Rows keep their keys: they are moved, never made anew. Each step holds a row before and after, so the list of them is the
exact inverse (`entities.merging.unmerging`). Rows are found by their foreign keys, so that sources need not be known here.
"""

from entities.merging.affected_rows import referencing_fields, statement_models, stored_columns, to_json_value
from entities.merging.execution import lock_entities, merge_entities, record_judgement, write_merge_step
from entities.merging.merge_plan import (
    BOTH,
    MERGED,
    SURVIVOR,
    UNIQUE_SCHEMES,
    AffectedRow,
    ColumnValues,
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
    "ColumnValues",
    "MergeWarning",
    "merge_entities",
    "stored_columns",
    "record_judgement",
    "referencing_fields",
    "lock_entities",
    "to_json_value",
    "plan_merge",
    "statement_models",
    "merge_step",
    "write_merge_step",
]
