"""The part of the world that a map shows, and where a place lies on it: conic projections that keep angles (Lambert's)."""

import math
from dataclasses import dataclass, replace

EARTH_RADIUS = 6371.0
"""In kilometres, as all lengths here."""


@dataclass(frozen=True)
class ConicProjection:
    """Lambert's conformal conic projection of the sphere: true to scale along two parallels, north up along one meridian."""

    southern: float
    northern: float
    """The two parallels."""
    meridian: float

    @property
    def _cone(self) -> tuple[float, float]:
        """Ratio of angles on the map to those on the globe, and the distance of the equator from the tip of the cone."""
        south, north = math.radians(self.southern), math.radians(self.northern)
        ratio = math.log(math.cos(south) / math.cos(north)) / math.log(_stretch(north) / _stretch(south))
        return ratio, EARTH_RADIUS * math.cos(south) * _stretch(south) ** ratio / ratio

    def project(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return kilometres east of the meridian, and south of the tip of the cone."""
        ratio, equator = self._cone
        distance = equator / _stretch(math.radians(latitude)) ** ratio
        angle = ratio * math.radians((longitude - self.meridian + 180) % 360 - 180)
        return distance * math.sin(angle), distance * math.cos(angle)


def _stretch(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


@dataclass(frozen=True)
class MapFrame:
    """A rectangle on a projection: its top and bottom are on the meridian, its sides as far from it as is said."""

    name: str
    projection: ConicProjection
    north: float
    south: float
    """Degrees in which the meridian meets the top and the bottom."""
    west: float
    east: float
    """Kilometres from the meridian to the left side, negative, and to the right side."""

    @property
    def top(self) -> float:
        return self.projection.project(self.north, self.projection.meridian)[1]

    @property
    def breadth(self) -> float:
        """Kilometres from side to side."""
        return self.east - self.west

    def height(self, width: float) -> float:
        """Height of the frame if it is `width` wide, in the same unit."""
        bottom = self.projection.project(self.south, self.projection.meridian)[1]
        return (bottom - self.top) * width / self.breadth

    def position(self, latitude: float, longitude: float, width: float) -> tuple[float, float]:
        """Return the point (x, y), from the upper left corner of a frame that is `width` wide; it may lie outside."""
        x, y = self.projection.project(latitude, longitude)
        scale = width / self.breadth
        return (x - self.west) * scale, (y - self.top) * scale

    def holds(self, latitude: float, longitude: float) -> bool:
        """Return whether a place lies within the frame."""
        # Beyond the tip of the cone the map is folded.
        if latitude <= 0:
            return False
        x, y = self.position(latitude, longitude, 1)
        return 0 <= x <= 1 and 0 <= y <= self.height(1)


EUROPE = MapFrame("europe", ConicProjection(36, 62, 18), north=71.7, south=33.8, west=-3500, east=2850)
"""From Iceland to the Urals, and from the North Cape to the rim of Africa, with much of the Atlantic."""
EUROPE_ALONE = replace(EUROPE, west=-2560, east=2640)
"""The same with little of the Atlantic, for narrow pictures."""
NORTH_AMERICA = MapFrame("north-america", ConicProjection(33, 50, -95), north=55, south=23.5, west=-2560, east=3150)
