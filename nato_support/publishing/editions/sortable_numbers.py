"""Numbers as text that sorts like the numbers, for the terms by which amounts are found and compared."""

from decimal import Decimal


def sortable_number(text: str) -> str:
    """Format a non-negative decimal number with as many digits as any measure may have, and two decimal places."""
    return f"{Decimal(text):021.2f}"
