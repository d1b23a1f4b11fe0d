"""Measures of what the public pages and pictures promise: used by tests, and by `make pages-check` over the shipped register."""
