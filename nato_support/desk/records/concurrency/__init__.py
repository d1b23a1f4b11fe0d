"""Concurrent editing: changes of several people are merged, and conflicts are shown to choose from; no edit is lost."""

from nato_support.desk.records.concurrency.concurrent_editing import ConcurrentEditMixin
from nato_support.desk.records.concurrency.editable_list_merge import EditableListMergeFormSet, EditableListMergeMixin

__all__ = ["EditableListMergeFormSet", "EditableListMergeMixin", "ConcurrentEditMixin"]
