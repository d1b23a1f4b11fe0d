"""Weights in `Accept` and its kin (RFC 9110): `gzip;q=0.5`."""

from collections.abc import Sequence

from entities.numbers import parse_decimal


def quality_value(parameters: Sequence[str]) -> float:
    """Return the weight among the parameters of an item: from 0, which is refused, to 1, which one without a weight has."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                # Old clients write “.2”, and RFC 9110 allows “1.”.
                text = f"0{value}0" if "." in value else value
                return max(0.0, min(1.0, float(parse_decimal(text))))
            except ValueError:
                return 0.0
    return 1.0
