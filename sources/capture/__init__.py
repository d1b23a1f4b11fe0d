"""Capture: reading the text of a document, suggestions, and making quotes and citations from passages."""
