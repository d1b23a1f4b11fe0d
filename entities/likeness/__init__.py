"""Likeness of entities: similarity of names across scripts and spellings, and other evidence for duplicates."""
