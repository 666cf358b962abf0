"""From degrees to paper, and from people to circles."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from reports.editions.report import MapPoint
from reports.rendering.charts.places import Box

KM_PER_DEGREE = 111.2  # of latitude
NARROWEST = 30.0  # km: a single region is not blown up to fill its panel
MARGIN = 0.4  # inches around the outermost points, for circles and names
LARGEST = 0.3  # inches: radius of the circle of the most people
SMALLEST = 0.022  # so that a single family is seen


@dataclass(frozen=True, slots=True)
class Projection:
    """A map projection true enough for an oblast: east-west shortened by the cosine of the middle latitude."""

    latitude: float
    longitude: float
    inches_per_km: float
    x: float
    y: float

    @classmethod
    def of(cls, points: Sequence[MapPoint], panel: Box) -> "Projection":
        """The largest scale at which all points lie in the panel, in its middle."""
        latitudes = [point.latitude for point in points]
        longitudes = [point.longitude for point in points]
        latitude = (min(latitudes) + max(latitudes)) / 2
        wide = (max(longitudes) - min(longitudes)) * KM_PER_DEGREE * cos(radians(latitude))
        high = (max(latitudes) - min(latitudes)) * KM_PER_DEGREE
        scale = min(
            (panel.right - panel.left - 2 * MARGIN) / max(wide, NARROWEST),
            (panel.top - panel.bottom - 2 * MARGIN) / max(high, NARROWEST),
        )
        middle = (min(longitudes) + max(longitudes)) / 2
        return cls(latitude, middle, scale, (panel.left + panel.right) / 2, (panel.bottom + panel.top) / 2)

    def place(self, point: MapPoint) -> tuple[float, float]:
        """Where a region stands on paper, in inches from the lower left corner."""
        east = (point.longitude - self.longitude) * KM_PER_DEGREE * cos(radians(self.latitude))
        north = (point.latitude - self.latitude) * KM_PER_DEGREE
        return self.x + east * self.inches_per_km, self.y + north * self.inches_per_km


def radius(people: int, most: int) -> float:
    """The radius in inches of the circle whose area is proportional to the people; 0 for nobody."""
    return max(LARGEST * sqrt(people / most), SMALLEST) if people > 0 and most > 0 else 0.0


def round_down(number: float) -> int:
    """The largest 1, 2 or 5 with zeros that is not above the number; at least 1."""
    size = 1
    while size * 10 <= number:
        size *= 10
    return next((step * size for step in (5, 2) if step * size <= number), size)
