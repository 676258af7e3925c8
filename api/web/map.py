"""What the map draws: the region's own roads, the stops, and the way of each bus (GeoJSON)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from routing.geo import Point
from scheduler.model import RequestId

# Five decimals of a degree are a metre: finer than a line on a screen.
_DECIMALS = 5

GeoJson = dict[str, Any]


@dataclass(frozen=True)
class MapStop:
    """One halt: where, what it is called on the sheet, when, and of which *requests*."""

    point: Point
    number: str
    place: str
    time: str
    requests: tuple[RequestId, ...] = ()


@dataclass(frozen=True)
class MapRoute:
    """The way of one shift: a line along the roads, and its halts."""

    label: str
    line: tuple[Point, ...]
    stops: tuple[MapStop, ...]


def ground_geojson(
    roads: Iterable[tuple[str, Sequence[Point]]], villages: Mapping[str, Point]
) -> GeoJson:
    """Draw all roads, as one feature for each road class, and write the villages' names."""
    lines: dict[str, list[list[list[float]]]] = defaultdict(list)
    for road_class, shape in roads:
        lines[road_class].append(_line(shape))
    return _collection(
        [
            *(
                _feature({"class": road_class}, "MultiLineString", shapes)
                for road_class, shapes in sorted(lines.items())
            ),
            *(
                _feature({"village": name}, "Point", _position(point))
                for name, point in sorted(villages.items())
            ),
        ]
    )


def routes_geojson(routes: Sequence[MapRoute]) -> GeoJson:
    """
    Draw the line of each route, then its halts; *route* counts from 0, as in the legend.

    Halts of one route at one place are one dot with all their numbers and times.
    """
    features = []
    for at, route in enumerate(routes):
        about = {"route": at, "label": route.label}
        if route.line:
            features.append(_feature(about, "LineString", _line(route.line)))
        here: dict[tuple[Point, str], list[MapStop]] = defaultdict(list)
        for stop in route.stops:
            here[stop.point, stop.place].append(stop)
        features += [
            _feature(
                {
                    **about,
                    "place": place,
                    "number": ", ".join(stop.number for stop in stops if stop.number),
                    "requests": list(dict.fromkeys(r for stop in stops for r in stop.requests)),
                    "halts": [
                        f"Halt {stop.number}: {stop.time}" if stop.number else stop.time
                        for stop in stops
                    ],
                },
                "Point",
                _position(point),
            )
            for (point, place), stops in here.items()
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
