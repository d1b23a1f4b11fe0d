"""History of records: snapshots, timelines, and the operations that revert, undo and restore."""
