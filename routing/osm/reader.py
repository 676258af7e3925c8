"""An OpenStreetMap file, read once: roads, addresses, health places, villages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

import osmium

from routing.errors import ExtractError
from routing.geo import Point
from routing.osm.bounds import (
    MOST_ROAD_NODES,
    MOST_THINGS,
    Counter,
    refuse_too_large,
    too_large,
    unreadable,
)
from routing.osm.health import HEALTH_KEYS, health_kind
from routing.osm.tags import Tags, blocks, boardable, direction, kmh, road_class, signal_sides
from routing.speeds import SpeedTable

VILLAGE_KINDS = ("city", "town", "village", "hamlet", "suburb", "isolated_dwelling", "farm")
_ADDRESS = "addr:housenumber"
_USED_KEYS = ("highway", "barrier", "access", "motor_vehicle", "place", _ADDRESS, *HEALTH_KEYS)


@dataclass(frozen=True)
class Way:
    """A drivable way without gaps or barriers inside."""

    osm_id: int
    nodes: tuple[int, ...]
    road_class: str
    name: str
    forward_kmh: float | None
    backward_kmh: float | None
    boardable: bool


@dataclass(frozen=True)
class Thing:
    """Something with an address or for one's health."""

    osm_id: str
    tags: Tags
    point: Point


@dataclass(frozen=True)
class MapData:
    """
    What an extract holds, as far as it matters here.

    Parameters
    ----------
    nodes
        Points of all nodes of *ways*.
    signals
        Nodes with traffic lights: do they stop those who drive along, and against, their way?
    villages
        Named settlements.
    turn_restrictions
        How many there are; they are not kept (see docs/roads.md).
    """

    ways: list[Way] = field(default_factory=list)
    nodes: dict[int, Point] = field(default_factory=dict)
    signals: dict[int, tuple[bool, bool]] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)
    villages: list[tuple[str, Point]] = field(default_factory=list)
    turn_restrictions: int = 0


def read_map(path: Path, speeds: SpeedTable) -> MapData:
    """
    Read an .osm, .osm.gz, .osm.bz2 or .pbf file.

    Raises
    ------
    ExtractError
        If the file is missing, is none of these, or is too large (`routing.osm.bounds`).
    """
    if not path.is_file():
        msg = f"Die Datei {path} gibt es nicht."
        raise ExtractError(msg)
    refuse_too_large(path)
    try:
        return _Reader(speeds).read(path)
    except ExtractError:
        raise
    except Exception as error:  # osmium has many ways to be surprised by a broken file
        raise unreadable(path) from error


class _Reader:
    def __init__(self, speeds: SpeedTable) -> None:
        self._speeds = speeds
        self._data = MapData()
        self._blocked: set[int] = set()
        self._added = 0
        self._road_nodes = 0
        self._restrictions = 0

    def read(self, path: Path) -> MapData:
        wanted = osmium.filter.KeyFilter(*_USED_KEYS)
        every = osmium.FileProcessor(str(path)).with_locations().with_filter(Counter())
        for thing in every.with_filter(wanted):
            if isinstance(thing, osmium.osm.Node):
                self._node(thing)
            elif isinstance(thing, osmium.osm.Way):
                self._way(thing)
        self._relations(path)
        return MapData(
            self._data.ways,
            self._data.nodes,
            self._data.signals,
            self._data.things,
            self._data.villages,
            self._restrictions,
        )

    def _node(self, node: osmium.osm.Node) -> None:
        tags = dict(node.tags)
        point = Point(node.location.lat, node.location.lon)
        if blocks(tags):
            self._blocked.add(node.id)
        if any(signal_sides(tags)):
            self._data.signals[node.id] = signal_sides(tags)
        if tags.get("place") in VILLAGE_KINDS and tags.get("name"):
            self._data.villages.append((tags["name"], point))
        self._thing(f"node/{node.id}", tags, point)

    def _way(self, way: osmium.osm.Way) -> None:
        if any(node.ref < 0 for node in way.nodes):
            msg = (
                "Die Karte hat Objekte mit negativen Nummern, wie ein Editor sie vergibt, bevor sie"
                " hochgeladen sind; bitte erst neu nummerieren (osmium renumber)."
            )
            raise ExtractError(msg)
        tags = dict(way.tags)
        points = {
            node.ref: Point(node.location.lat, node.location.lon)
            for node in way.nodes
            if node.location.valid()
        }
        if points:
            self._thing(f"way/{way.id}", tags, _middle(points))
        kind = road_class(tags)
        along = direction(tags)
        if kind is None or along == 2:
            return
        for nodes in self._pieces([node.ref for node in way.nodes], points):
            self._road_nodes += len(nodes)
            if self._road_nodes > MOST_ROAD_NODES:
                raise too_large(f"{MOST_ROAD_NODES} Punkte auf Straßen")
            self._data.ways.append(
                Way(
                    osm_id=way.id,
                    nodes=nodes,
                    road_class=kind,
                    name=tags.get("name", ""),
                    forward_kmh=kmh(tags, self._speeds, forward=True) if along >= 0 else None,
                    backward_kmh=kmh(tags, self._speeds, forward=False) if along <= 0 else None,
                    boardable=boardable(tags),
                )
            )

    def _pieces(self, refs: list[int], points: dict[int, Point]) -> Iterator[tuple[int, ...]]:
        """
        Cut a way where nodes are missing (at the edge of the extract) and at barriers.

        A barrier ends the road on both sides: each side gets an end of its own.
        """
        piece: list[int] = []
        for ref in refs:
            if ref not in points:
                yield from _long_enough(piece)
                piece = []
                continue
            if ref in self._blocked:
                yield from _long_enough([*piece, self._add(points[ref])] if piece else [])
                piece = [self._add(points[ref])]
                continue
            if not piece or piece[-1] != ref:
                piece.append(ref)
                self._data.nodes[ref] = points[ref]
        yield from _long_enough(piece)

    def _add(self, point: Point) -> int:
        """Number of a node of our own; OpenStreetMap's are positive."""
        self._added += 1
        self._data.nodes[-self._added] = point
        return -self._added

    def _thing(self, osm_id: str, tags: Tags, point: Point) -> None:
        if tags.get(_ADDRESS) or health_kind(tags):
            if len(self._data.things) >= MOST_THINGS:
                raise too_large(f"{MOST_THINGS} Anschriften")
            self._data.things.append(Thing(osm_id, tags, point))

    def _relations(self, path: Path) -> None:
        """Count turn restrictions, and find buildings with courtyards and large hospitals."""
        restriction = osmium.filter.TagFilter(("type", "restriction"))
        relations = osmium.FileProcessor(str(path), osmium.osm.RELATION).with_filter(restriction)
        self._restrictions = sum(1 for _ in relations)
        wanted = osmium.filter.KeyFilter(_ADDRESS, *HEALTH_KEYS)
        for area in osmium.FileProcessor(str(path)).with_areas(wanted).with_filter(wanted):
            if isinstance(area, osmium.osm.Area) and not area.from_way():
                # Of a building that the extract cuts through, nothing may be left.
                outline = next(iter(area.outer_rings()), None)
                points = {node.ref: Point(node.lat, node.lon) for node in outline or ()}
                if points:
                    self._thing(f"relation/{area.orig_id()}", dict(area.tags), _middle(points))


def _long_enough(piece: list[int]) -> Iterator[tuple[int, ...]]:
    if len(piece) > 1:
        yield tuple(piece)


def _middle(points: dict[int, Point]) -> Point:
    """Mean of the corners: near enough to the door for snapping to the road."""
    return Point(
        round(fmean(point.lat for point in points.values()), 7),
        round(fmean(point.lon for point in points.values()), 7),
    )
