"""Points on the globe and the straight line between them."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from routing.units import Metres

# IUGG mean radius R1 of the Earth (Moritz 2000, Geodetic Reference System 1980).
EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, order=True)
class Point:
    """A position in degrees (WGS 84)."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            msg = f"Latitude must lie in -90..90 and longitude in -180..180 degrees: {self}."
            raise ValueError(msg)


def great_circle(a: Point, b: Point) -> Metres:
    """Distance along the surface of a sphere (haversine formula), rounded to whole metres."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    chord = (
        sin((lat_b - lat_a) / 2) ** 2
        + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord))))


@dataclass(frozen=True)
class BoundingBox:
    """A rectangle of latitudes and longitudes; its edges belong to it."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        if self.south > self.north or self.west > self.east:
            msg = f"Bounding box is inside out: {self}."
            raise ValueError(msg)

    def __contains__(self, point: Point) -> bool:
        return self.south <= point.lat <= self.north and self.west <= point.lon <= self.east
