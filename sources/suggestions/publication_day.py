"""Day of publication, from which relative dates are seen."""

from entities.dates import DatePoint, PartialDate


def point_of_publication(published_on: str) -> DatePoint | None:
    """Return the day, month or year of publication, for an interval the one that it lies in; None if that is not known."""
    try:
        date = PartialDate.parse(published_on)
    except ValueError:
        return None
    point = date if isinstance(date, DatePoint) else _shared_by_the_ends(date)
    # At the limits of the calendar there is no last or next year.
    return point if point and 1000 <= point.year <= 9000 else None


def _shared_by_the_ends(date: PartialDate) -> DatePoint | None:
    if date.earliest and date.latest:
        mark = "~" if date.is_approximate else "?" if date.is_uncertain else ""
        first, last = date.bounds
        # As far as its first and last day have the same text: to the day, the month or the year.
        for length in (10, 7, 4):
            if first[:length] == last[:length]:
                return DatePoint.parse(first[:length] + mark)
    return None
