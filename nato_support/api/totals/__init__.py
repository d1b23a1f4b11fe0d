"""Totals of commitments: what is added up (`adding`), how it is answered (`answers`, `shapes`)."""
