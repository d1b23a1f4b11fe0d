"""No lost edit: what several people change at once is merged, and where they differ one is asked."""

from nato_support.desk.records.concurrency.concurrent_editing import ConcurrentEditMixin
from nato_support.desk.records.concurrency.list_merge import MergingFormSet, MergingListMixin

__all__ = ["MergingFormSet", "MergingListMixin", "ConcurrentEditMixin"]
