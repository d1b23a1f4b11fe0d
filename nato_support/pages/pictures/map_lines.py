"""Lines with fewer points: those that matter least to what is seen are left out first (Visvalingam and Whyatt's way)."""

import heapq
from collections.abc import Callable, Sequence

_LEAST_POINTS = 4
"""Points that are left of a line that ends where it began: fewer are no ring."""


def reduce_line(points: Sequence[tuple[float, float]], least_area: Callable[[int], float] | float) -> list[int]:
    """Return the indexes of the points that stay. Both ends do, and those whose triangle with their neighbours is large enough.

    `least_area` may be a function of the index. A line depends on itself alone, so neighbours that share it stay neighbours.
    """
    before, after = list(range(-1, len(points) - 1)), list(range(1, len(points) + 1))
    is_left = [True] * len(points)
    remaining = len(points)
    fewest = min(_LEAST_POINTS, remaining) if points[0] == points[-1] else 2

    def share_of(at: int) -> float:
        """Area of the triangle, compared with the least that lets a point stay."""
        (x, y), (x1, y1), (x2, y2) = points[at], points[before[at]], points[after[at]]
        least = least_area(at) if callable(least_area) else least_area
        return abs((x1 - x) * (y2 - y) - (x2 - x) * (y1 - y)) / 2 / least

    queue = [(share_of(at), at) for at in range(1, len(points) - 1)]
    heapq.heapify(queue)
    while queue and remaining > fewest:
        share, at = heapq.heappop(queue)
        if not is_left[at] or share != share_of(at):
            continue
        if share >= 1:
            break
        is_left[at] = False
        remaining -= 1
        after[before[at]], before[after[at]] = after[at], before[at]
        for neighbour in (before[at], after[at]):
            if 0 < neighbour < len(points) - 1:
                heapq.heappush(queue, (share_of(neighbour), neighbour))
    return [at for at, stays in enumerate(is_left) if stays]
