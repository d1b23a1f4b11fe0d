"""Benchmarks of the register's speed and of the quality of its rules, compared with its peers."""
