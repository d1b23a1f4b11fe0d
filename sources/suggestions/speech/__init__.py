"""Quotations and their speakers in Ukrainian, Polish, German and French: one engine, and a vocabulary for each language."""
