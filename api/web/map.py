"""What the map draws: the region's own roads, the stops, and the way of each bus (GeoJSON)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from routing.geo import Point

# Five decimals of a degree are a metre: finer than a line on a screen.
_DECIMALS = 5

GeoJson = dict[str, Any]


@dataclass(frozen=True)
class MapStop:
    """One halt: where, what it is called on the sheet, and when."""

    point: Point
    number: str
    place: str
    times: str


@dataclass(frozen=True)
class MapRoute:
    """The way of one shift: a line along the roads, and its halts."""

    label: str
    line: tuple[Point, ...]
    stops: tuple[MapStop, ...]


def roads_geojson(roads: Iterable[tuple[str, Sequence[Point]]]) -> GeoJson:
    """Draw all roads, as one feature for each road class."""
    lines: dict[str, list[list[list[float]]]] = defaultdict(list)
    for road_class, shape in roads:
        lines[road_class].append(_line(shape))
    return _collection(
        _feature({"class": road_class}, "MultiLineString", shapes)
        for road_class, shapes in sorted(lines.items())
    )


def routes_geojson(routes: Sequence[MapRoute]) -> GeoJson:
    """Draw the line of each route, then its halts; *route* counts from 0, as in the legend."""
    features = []
    for at, route in enumerate(routes):
        if route.line:
            about = {"route": at, "label": route.label}
            features.append(_feature(about, "LineString", _line(route.line)))
        features += [
            _feature(
                {
                    "route": at,
                    "label": route.label,
                    "number": stop.number,
                    "place": stop.place,
                    "times": stop.times,
                },
                "Point",
                _position(stop.point),
            )
            for stop in route.stops
        ]
    return _collection(features)


def _line(points: Iterable[Point]) -> list[list[float]]:
    line: list[list[float]] = []
    for point in points:
        position = _position(point)
        if not line or line[-1] != position:
            line.append(position)
    # A line has two ends, even where the bus has not moved.
    return line if len(line) > 1 else line * 2


def _position(point: Point) -> list[float]:
    return [round(point.lon, _DECIMALS), round(point.lat, _DECIMALS)]


def _feature(properties: GeoJson, kind: str, coordinates: Sequence[Any]) -> GeoJson:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _collection(features: Iterable[GeoJson]) -> GeoJson:
    return {"type": "FeatureCollection", "features": list(features)}
