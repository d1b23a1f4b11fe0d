"""The queue of likely duplicates: entities that look like one, and what was said of them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from entities.models import Judgement, Likeness


def open_likenesses() -> QuerySet[Likeness]:
    """Pairs that wait for somebody's answer, the likeliest first: not judged, neither of them merged away."""
    return standing_likenesses().filter(~Exists(_judgements()))


def standing_likenesses() -> QuerySet[Likeness]:
    """Pairs of records that both still stand, whatever was said of them, with both entities."""
    stands = Q(first__merged_into__isnull=True, second__merged_into__isnull=True)
    return Likeness.objects.filter(stands).select_related("first", "second").order_by("-score", "pk")


def _judgements() -> QuerySet[Judgement]:
    """What was said of the pair of the likeness that this stands in."""
    return Judgement.objects.filter(first=OuterRef("first"), second=OuterRef("second"))
