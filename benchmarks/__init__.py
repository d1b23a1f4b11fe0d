"""Benchmarks of the register's speed and of the quality of its rules, beside those of its peers."""
