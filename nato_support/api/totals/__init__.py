"""Totals of commitments: sums that count each promise once, and the commitments behind each sum."""
