"""Roads that are closed for a while: the network without them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from routing.geo import EARTH_RADIUS_M, Point
from routing.network import PER_EDGE, RoadNetwork
from routing.units import Metres

# Whoever points at a road on a map, or names a house at it, means what is this near.
CLOSE: Metres = 30


def roads_near(network: RoadNetwork, point: Point, metres: Metres = CLOSE) -> NDArray[np.int64]:
    """Find the edges that pass *point* within so many metres, both directions of a road."""
    lat, lon = np.radians(network.shape_lat), np.radians(network.shape_lon)
    here_lat, here_lon = np.radians(point.lat), np.radians(point.lon)
    # On so few metres the globe is a plane.
    x = (lon - here_lon) * np.cos(here_lat) * EARTH_RADIUS_M
    y = (lat - here_lat) * EARTH_RADIUS_M
    edge = np.repeat(np.arange(network.edges), np.diff(network.shape_start))
    begin = np.flatnonzero(edge[:-1] == edge[1:])
    along_x, along_y = x[begin + 1] - x[begin], y[begin + 1] - y[begin]
    length = np.maximum(along_x**2 + along_y**2, 1e-12)
    share = np.clip(-(x[begin] * along_x + y[begin] * along_y) / length, 0.0, 1.0)
    apart = np.hypot(x[begin] + share * along_x, y[begin] + share * along_y)
    near = np.unique(edge[begin][apart <= metres])
    twins = network.twin[near]
    return np.unique(np.concatenate([near, twins[twins >= 0]])).astype(np.int64)


def without_roads(network: RoadNetwork, edges: NDArray[np.int64]) -> RoadNetwork:
    """
    Give *network* without *edges*, and without the other direction of each.

    Each road goes as a whole, from junction to junction: whoever lives at it is fetched from the
    next road that is open. Nodes stay, so that some may have no road any more.

    Raises
    ------
    NetworkError
        If no road is left.
    """
    keep = np.ones(network.edges, dtype=np.bool_)
    keep[edges] = False
    twins = network.twin[edges]
    keep[twins[twins >= 0]] = False
    number = np.cumsum(keep) - 1
    arrays = {name: getattr(network, name)[keep] for name in PER_EDGE}
    paired = arrays["twin"] >= 0
    arrays["twin"][paired] = number[arrays["twin"][paired]]
    sizes = np.diff(network.shape_start)
    points = np.repeat(keep, sizes)
    return replace(
        network,
        **arrays,
        shape_start=np.concatenate([[0], np.cumsum(sizes[keep])]).astype(np.int32),
        shape_lat=network.shape_lat[points],
        shape_lon=network.shape_lon[points],
    )
