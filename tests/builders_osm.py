"""A small town in OpenStreetMap's own format."""

from collections.abc import Callable
from itertools import pairwise

from routing.geo import Point, great_circle
from routing.matrix import Roads
from routing.osm import Extract
from routing.speeds import Calibration

# One kilometre an hour is 3600 ms a metre; no factor and no junctions, to count by hand.
PLAIN = Calibration(factor=1.0, junction_seconds=0, signal_seconds=0)

# Nodes 1 - 5 on a line to the east, 0.01 degrees apart; 6 and 7 north of 2 and 4.
POINTS = {
    1: Point(52.10, 8.90),
    2: Point(52.10, 8.91),
    3: Point(52.10, 8.92),
    4: Point(52.10, 8.93),
    5: Point(52.10, 8.94),
    6: Point(52.11, 8.91),
    7: Point(52.11, 8.93),
    8: Point(52.20, 8.90),
    9: Point(52.20, 8.91),
}
Tags = dict[str, str]
Read = Callable[..., Extract]

ROAD = {"highway": "primary", "maxspeed": "50"}
CROSS = {
    10: ([1, 2, 3], ROAD),
    11: ([2, 6], {"highway": "residential"}),
    12: ([6, 7], {"highway": "residential"}),
}


def osm(
    ways: dict[int, tuple[list[int], Tags]], nodes: dict[int, Tags] | None = None, more: str = ""
) -> str:
    """Write OSM XML; nodes of *nodes* beyond 100 lie at (52.105, 8.9 + id / 100000)."""
    tags = nodes or {}
    points = POINTS | {n: Point(52.105, 8.9 + n / 100_000) for n in tags if n > 100}
    lines = [
        f'<node id="{n}" lat="{p.lat}" lon="{p.lon}">{tags_xml(tags.get(n, {}))}</node>'
        for n, p in sorted(points.items())
    ]
    for way, (refs, way_tags) in sorted(ways.items()):
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        lines.append(f'<way id="{way}">{inside}{tags_xml(way_tags)}</way>')
    body = "\n".join(lines)
    return f'<?xml version="1.0"?>\n<osm version="0.6">{body}{more}</osm>'


def tags_xml(tags: Tags) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def seconds(extract: Extract, start: int, end: int) -> int:
    return int(Roads(extract.network).travel([POINTS[start], POINTS[end]]).seconds[0, 1])


def drive(*nodes: int, kmh: float) -> float:
    metres = sum(great_circle(POINTS[a], POINTS[b]) for a, b in pairwise(nodes))
    return metres * 3.6 / kmh
