"""
A road network made by hand: villages, and the main roads between them.

For a first look at a region without map data. Every page that shows it says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from routing.assembly import Road, assemble
from routing.errors import NetworkError
from routing.geo import Point, great_circle
from routing.network import RoadNetwork
from routing.speeds import ROAD_CLASSES, Calibration, SpeedTable
from routing.units import Metres

# Roads bend between the points that a hand-made shape names. Rural detour factors (road over
# straight line) of 1.2 to 1.4 are usual; 1.25 is a guess within them.
DETOUR = 1.25

# In a village, off the roads that the network knows: 30 km/h zones and lanes. A guess.
APPROACH_KMH = 25.0

COARSE_CALIBRATION = Calibration(approach_kmh=APPROACH_KMH)


@dataclass(frozen=True)
class Link:
    """
    A main road between two places.

    Parameters
    ----------
    start, end
        Names of the two places.
    road_class
        One of `routing.speeds.ROAD_CLASSES`.
    kmh
        Free-flow speed, where it is known better than by the class.
    oneway
        Only from *start* to *end*.
    via
        Points of the road between the two places.
    metres
        Length, where it is known; else the length of the shape times the detour factor.
    """

    start: str
    end: str
    road_class: str
    kmh: float | None = None
    oneway: bool = False
    via: Sequence[Point] = ()
    metres: Metres | None = None


def build(
    nodes: Mapping[str, Point] | Iterable[tuple[str, Point]],
    links: Iterable[Link],
    *,
    source: str,
    speeds: SpeedTable | None = None,
    calibration: Calibration = COARSE_CALIBRATION,
    detour: float = DETOUR,
) -> RoadNetwork:
    """
    Make a coarse network: one node for each place, and each link in both directions.

    Raises
    ------
    NetworkError
        If a link names an unknown place or class, is shorter than the straight line, or if some
        places cannot be reached from all others.
    """
    speeds = speeds or SpeedTable()
    places = dict(nodes)
    position = {name: number for number, name in enumerate(places)}
    links = list(links)
    arms: dict[str, set[str]] = defaultdict(set)
    for link in links:
        _check_link(link, places)
        arms[link.start].add(link.end)
        arms[link.end].add(link.start)

    def delay(towards: str) -> int:
        return round(calibration.junction_seconds * 1000) if len(arms[towards]) > 2 else 0

    roads = []
    for link in links:
        shape = [places[link.start], *link.via, places[link.end]]
        straight = sum(great_circle(a, b) for a, b in pairwise(shape))
        metres = link.metres if link.metres is not None else straight * detour
        if metres < great_circle(shape[0], shape[-1]) * 0.98:
            msg = f"{link.start} - {link.end} ist kürzer als die Luftlinie: {metres} m."
            raise NetworkError(msg)
        kmh = link.kmh if link.kmh is not None else speeds.kmh(link.road_class)
        driving = round(calibration.milliseconds(metres, kmh=kmh, road_class=link.road_class))
        there, back = delay(link.end), delay(link.start)
        roads.append(
            Road(
                start=position[link.start],
                end=position[link.end],
                shape=shape,
                road_class=link.road_class,
                decimetres=round(metres * 10),
                forward_ms=driving + there,
                backward_ms=None if link.oneway else driving + back,
                forward_delay_ms=there,
                backward_delay_ms=back,
            )
        )
    network = assemble(
        list(places.values()),
        roads,
        speeds=speeds,
        calibration=calibration,
        source=source,
        coarse=True,
    )
    _check_connected(network, list(places))
    return network


def _check_link(link: Link, places: Mapping[str, Point]) -> None:
    for name in (link.start, link.end):
        if name not in places:
            msg = f"{link.start} - {link.end} nennt einen unbekannten Ort: {name!r}."
            raise NetworkError(msg)
    if link.road_class not in ROAD_CLASSES:
        msg = (
            f"{link.start} - {link.end} hat eine unbekannte Straßenart {link.road_class!r};"
            f" bekannt sind {', '.join(ROAD_CLASSES)}."
        )
        raise NetworkError(msg)
    if link.kmh is not None and not 1 <= link.kmh <= 200:
        msg = f"{link.start} - {link.end} muss 1 bis 200 km/h haben: {link.kmh}."
        raise NetworkError(msg)
    if link.metres is not None and link.metres <= 0:
        msg = f"{link.start} - {link.end} muss eine Länge haben: {link.metres} m."
        raise NetworkError(msg)


def _check_connected(network: RoadNetwork, names: Sequence[str]) -> None:
    ones = np.ones(network.edges)
    graph = coo_array((ones, (network.tail, network.head)), shape=(network.nodes, network.nodes))
    count, label = connected_components(graph, directed=True, connection="strong")
    if count > 1:
        largest = np.bincount(label).argmax()
        apart = [name for name, part in zip(names, label, strict=True) if part != largest]
        msg = f"Nicht von jedem Ort kommt man zu jedem anderen: {', '.join(apart)}."
        raise NetworkError(msg)
