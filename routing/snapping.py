"""From a point to the nearest place on a road."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from routing.errors import TooFarFromRoad
from routing.geo import EARTH_RADIUS_M, Point
from routing.units import Metres

# Beyond this the user is asked: 95 % of real addresses lie within 89 m of a road (docs/roads.md).
SNAP_LIMIT: Metres = 300

# Roads are searched by points at most this far apart, and then measured exactly.
_SPACING_M = 50.0


@dataclass(frozen=True)
class Snapped:
    """
    A place on a road.

    Parameters
    ----------
    point
        The place itself.
    metres
        How far it is from the point that was asked for.
    edge
        The edge of the network that it lies on; on a two-way road the one with the shape.
    fraction
        How much of the edge lies before it, 0..1.
    """

    point: Point
    metres: Metres
    edge: int
    fraction: float


class Snapper:
    """
    Finds the nearest of many lines, exactly.

    Parameters
    ----------
    starts, lat, lon
        Line e has the points ``starts[e]`` to ``starts[e + 1]``, in degrees.
    edges
        The lines that may be found, in ascending order.
    """

    def __init__(
        self,
        *,
        starts: NDArray[np.int32],
        lat: NDArray[np.float64],
        lon: NDArray[np.float64],
        edges: NDArray[np.int64],
    ) -> None:
        counts = (starts[edges + 1] - starts[edges] - 1).astype(np.int64)
        edge = np.repeat(edges, counts)
        first = np.repeat(starts[edges] - np.cumsum(counts) + counts, counts)
        begin = first + np.arange(len(edge))
        self._edge = edge
        self._lat = np.stack([lat[begin], lat[begin + 1]])
        self._lon = np.stack([lon[begin], lon[begin + 1]])
        self._metres = _haversine(self._lat, self._lon)
        # Length of the line before each segment, and of the whole line.
        before = np.concatenate([[0.0], np.cumsum(self._metres)])
        line_start = np.searchsorted(edge, edge, side="left")
        line_end = np.searchsorted(edge, edge, side="right")
        self._before = before[:-1] - before[line_start]
        self._total = before[line_end] - before[line_start]
        self._last = np.arange(len(edge)) == line_end - 1
        self._cos = float(np.cos(np.radians(self._lat.mean()))) if len(edge) else 1.0
        self._index()

    def _index(self) -> None:
        """Put points at most `_SPACING_M` apart on every segment into a search tree."""
        steps = np.ceil(self._metres / _SPACING_M).astype(np.int64) + 1
        segment = np.repeat(np.arange(len(steps)), steps)
        step = np.arange(len(segment)) - np.repeat(np.cumsum(steps) - steps, steps)
        share = step / np.maximum(steps - 1, 1)[segment]
        lat = self._lat[0][segment] * (1 - share) + self._lat[1][segment] * share
        lon = self._lon[0][segment] * (1 - share) + self._lon[1][segment] * share
        self._segment = segment
        self._tree = cKDTree(self._plane(lat, lon))

    def _plane(
        self, lat: NDArray[np.float64] | float, lon: NDArray[np.float64] | float
    ) -> NDArray[np.float64]:
        """Metres north and east on a flat map of the region: near enough for a search."""
        metres_per_degree = np.radians(1) * EARTH_RADIUS_M
        flat = np.stack([np.asarray(lat), np.asarray(lon) * self._cos], axis=-1)
        metres: NDArray[np.float64] = flat * metres_per_degree
        return metres

    def snap(self, point: Point, *, limit: Metres | None) -> Snapped:
        """
        Find the nearest place; of several equally near, the one on the lowest edge.

        Raises
        ------
        TooFarFromRoad
            If it is more than *limit* metres away.
        """
        here = self._plane(point.lat, point.lon)
        nearest = float(self._tree.query(here)[0])
        # The map is flat and its points have gaps: everything that could be nearer is measured.
        radius = nearest * 1.1 + _SPACING_M
        near = np.unique(self._segment[self._tree.query_ball_point(here, radius)])
        return self._measure(point, near, limit=limit)

    def _measure(self, point: Point, near: NDArray[np.int64], *, limit: Metres | None) -> Snapped:
        # A flat map around the point itself, so that distances from it are true.
        metres_per_degree = float(np.radians(1) * EARTH_RADIUS_M)
        scale = metres_per_degree * float(np.cos(np.radians(point.lat)))
        y = (self._lat[:, near] - point.lat) * metres_per_degree
        x = (self._lon[:, near] - point.lon) * scale
        dy, dx = y[1] - y[0], x[1] - x[0]
        squared = dx * dx + dy * dy
        along = -(x[0] * dx + y[0] * dy) / np.where(squared > 0, squared, 1.0)
        share = np.clip(along, 0.0, 1.0)
        # Millimetres, so that the two lines of a corner are equally near and the order decides.
        away = np.rint(np.hypot(x[0] + share * dx, y[0] + share * dy) * 1000)
        best = int(np.argmin(away))
        metres = round(float(away[best]) / 1000)
        if limit is not None and metres > limit:
            raise TooFarFromRoad(point, metres=metres, limit=limit)
        segment, t = int(near[best]), float(share[best])
        return Snapped(
            point=self._at(segment, t),
            metres=metres,
            edge=int(self._edge[segment]),
            fraction=self._fraction(segment, t),
        )

    def _at(self, segment: int, t: float) -> Point:
        lat, lon = self._lat[:, segment], self._lon[:, segment]
        return Point(
            round(float(lat[0] * (1 - t) + lat[1] * t), 7),
            round(float(lon[0] * (1 - t) + lon[1] * t), 7),
        )

    def _fraction(self, segment: int, t: float) -> float:
        """Exactly 0 or 1 at the ends of a line: there one stands on a node."""
        if t == 1.0 and self._last[segment]:
            return 1.0
        total = float(self._total[segment])
        if total == 0.0:
            return 0.0
        return min(1.0, (float(self._before[segment]) + t * float(self._metres[segment])) / total)


def _haversine(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres between the ends of segments given as arrays of shape (2, segments)."""
    phi, lam = np.radians(lat), np.radians(lon)
    chord = (
        np.sin((phi[1] - phi[0]) / 2) ** 2
        + np.cos(phi[0]) * np.cos(phi[1]) * np.sin((lam[1] - lam[0]) / 2) ** 2
    )
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(chord)))
    return metres
