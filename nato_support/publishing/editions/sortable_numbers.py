"""Numbers as text that sorts as they do, for the terms by which amounts are found and compared."""

from decimal import Decimal


def sortable_number(text: str) -> str:
    """A decimal number, not negative, with as many digits before the point as any measure may have, and two after it."""
    return f"{Decimal(text):021.2f}"
