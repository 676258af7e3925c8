"""A region's road network in one compact file."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from routing.errors import NetworkError
from routing.geo import BoundingBox, Point
from routing.snapping import SNAP_LIMIT, Snapped, Snapper
from routing.speeds import ROAD_CLASSES, Calibration, SpeedTable
from routing.units import Metres

FORMAT = 2  # raised whenever an older program could misread a newer file
LARGEST_FILE = 1_000_000_000  # bytes unpacked; a whole Land has some hundred millions

# OpenStreetMap keeps seven decimals of a degree, about a centimetre; so does the file.
STEPS_PER_DEGREE = 1e7

ARRAYS: Mapping[str, type] = {
    "node_lat": np.float64,
    "node_lon": np.float64,
    "tail": np.int32,
    "head": np.int32,
    "milliseconds": np.int32,
    "delay": np.int32,
    "decimetres": np.int32,
    "road_class": np.int8,
    "twin": np.int32,
    "boardable": np.bool_,
    "shape_start": np.int32,
    "shape_lat": np.float64,
    "shape_lon": np.float64,
    "dropped_start": np.int32,
    "dropped_lat": np.float64,
    "dropped_lon": np.float64,
}

PER_EDGE = (
    "tail",
    "head",
    "milliseconds",
    "delay",
    "decimetres",
    "road_class",
    "twin",
    "boardable",
)


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """
    Directed edges between nodes, with times, lengths and shapes.

    A two-way road is two edges, each the other's *twin*; the shape is kept once, with the
    edge of the lower number. Points are in degrees, with seven decimals.

    Parameters
    ----------
    node_lat, node_lon
        Shape ``(nodes,)``.
    tail, head
        Shape ``(edges,)``; each edge leads from node ``tail`` to node ``head``.
    milliseconds, decimetres
        Shape ``(edges,)``; whole, at least 1 ms.
    delay
        Shape ``(edges,)``; milliseconds of the above that are waited at the head: whoever
        starts or ends in the middle of the edge pays them in full or not at all.
    road_class
        Shape ``(edges,)``; position in `ROAD_CLASSES`.
    twin
        Shape ``(edges,)``; the edge for the other direction, -1 on one-way roads.
    boardable
        Shape ``(edges,)``; whether a bus may stop there.
    shape_start, shape_lat, shape_lon
        Edge e has points ``shape_start[e]`` to ``shape_start[e + 1]``; none for later twins.
    dropped_start, dropped_lat, dropped_lon
        Roads of the source that lead nowhere and are left out, laid out likewise.
    source
        Where the roads come from, with date and licence, as a user should read it.
    coarse
        True for a network made by hand of main roads only; pages that show it say so.

    Raises
    ------
    NetworkError
        If the arrays do not fit together.
    """

    node_lat: NDArray[np.float64]
    node_lon: NDArray[np.float64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    milliseconds: NDArray[np.int32]
    delay: NDArray[np.int32]
    decimetres: NDArray[np.int32]
    road_class: NDArray[np.int8]
    twin: NDArray[np.int32]
    boardable: NDArray[np.bool_]
    shape_start: NDArray[np.int32]
    shape_lat: NDArray[np.float64]
    shape_lon: NDArray[np.float64]
    dropped_start: NDArray[np.int32]
    dropped_lat: NDArray[np.float64]
    dropped_lon: NDArray[np.float64]
    speeds: SpeedTable = field(default_factory=SpeedTable)
    calibration: Calibration = field(default_factory=Calibration)
    source: str = ""
    coarse: bool = False

    def __post_init__(self) -> None:
        for name, dtype in ARRAYS.items():
            if getattr(self, name).dtype != dtype or getattr(self, name).ndim != 1:
                msg = f"Array {name} must be one row of {dtype.__name__}."
                raise NetworkError(msg)
            getattr(self, name).flags.writeable = False
        _check(self)

    def __repr__(self) -> str:
        return f"<RoadNetwork {self.fingerprint}: {self.nodes} nodes, {self.edges} edges>"

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_lat)

    @property
    def edges(self) -> int:
        """Number of directed edges."""
        return len(self.tail)

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change with anything that can change a travel time."""
        digest = hashlib.sha256(json.dumps(self._about(), sort_keys=True).encode())
        for name, values in self._packed().items():
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(values).tobytes())
        return digest.hexdigest()[:16]

    @cached_property
    def bounding_box(self) -> BoundingBox:
        """The rectangle around all nodes."""
        return BoundingBox(
            south=float(self.node_lat.min()),
            west=float(self.node_lon.min()),
            north=float(self.node_lat.max()),
            east=float(self.node_lon.max()),
        )

    def shape(self, edge: int) -> list[Point]:
        """Points along an edge, from its tail to its head."""
        twin = int(self.twin[edge])
        kept = edge if twin < 0 else min(edge, twin)
        part = slice(self.shape_start[kept], self.shape_start[kept + 1])
        points = [
            Point(lat, lon)
            for lat, lon in zip(
                self.shape_lat[part].tolist(), self.shape_lon[part].tolist(), strict=True
            )
        ]
        return points if kept == edge else points[::-1]

    def roads(self) -> Iterator[tuple[str, list[Point]]]:
        """Yield every road once, as (road class, shape): for drawing a map."""
        for edge in self.kept_edges.tolist():
            yield ROAD_CLASSES[self.road_class[edge]], self.shape(edge)

    @cached_property
    def kept_edges(self) -> NDArray[np.int64]:
        """Edges that stand for a road: one of two twins, and every one-way edge."""
        return np.flatnonzero((self.twin < 0) | (np.arange(self.edges) < self.twin))

    @cached_property
    def _snapper(self) -> Snapper:
        return Snapper(
            starts=self.shape_start,
            lat=self.shape_lat,
            lon=self.shape_lon,
            edges=self.kept_edges[self.boardable[self.kept_edges]],
        )

    @cached_property
    def _dropped_snapper(self) -> Snapper:
        return Snapper(
            starts=self.dropped_start,
            lat=self.dropped_lat,
            lon=self.dropped_lon,
            edges=np.arange(len(self.dropped_start) - 1),
        )

    def snap(self, point: Point, limit: Metres = SNAP_LIMIT) -> Snapped:
        """
        Find the nearest place on a road where a bus may stop.

        Raises
        ------
        TooFarFromRoad
            If there is none within *limit* metres.
        """
        return self._snapper.snap(point, limit=limit)

    def dropped_road_near(self, point: Point, limit: Metres = SNAP_LIMIT) -> Metres | None:
        """
        Metres to a road that was left out, where that is the nearest road to a point.

        None is good news: the road at the door belongs to the network.
        """
        if len(self.dropped_start) < 2:
            return None
        dropped = self._dropped_snapper.snap(point, limit=None)
        used = self._snapper.snap(point, limit=None)
        return dropped.metres if dropped.metres < min(used.metres, limit) else None

    def save(self, path: Path) -> None:
        """Write a file (.npz) that `load` reads; the same network gives the same bytes."""
        about = json.dumps({**self._about(), "fingerprint": self.fingerprint}, sort_keys=True)
        partial = path.with_name(path.name + ".partial")
        with partial.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, about=np.array(about), **self._packed())
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> "RoadNetwork":
        """
        Read a network from a file.

        Raises
        ------
        NetworkError
            If the file is missing, damaged, or of another program or version.
        """
        try:
            with path.open("rb") as opened:
                _refuse_bombs(opened)
                with np.load(opened, allow_pickle=False) as file:
                    about = json.loads(str(file["about"]))
                    packed = {name: file[name] for name in ARRAYS}
            if about["format"] == FORMAT:
                network = cls(
                    **{name: _unpack(packed[name], dtype) for name, dtype in ARRAYS.items()},
                    speeds=SpeedTable(**about["speeds"]),
                    calibration=Calibration(**about["calibration"]),
                    source=str(about["source"]),
                    coarse=bool(about["coarse"]),
                )
        except NetworkError:
            raise
        except Exception as error:  # numpy, zipfile and zlib have many ways to be surprised
            msg = f"{path} is not a road network ({type(error).__name__}: {error})."
            raise NetworkError(msg) from error
        if about["format"] != FORMAT:
            msg = (
                f"{path} has format {about['format']}, this program reads format {FORMAT}: build "
                "the region again."
            )
            raise NetworkError(msg)
        if network.fingerprint != about["fingerprint"]:
            msg = f"{path} is damaged: its fingerprint is not that of its contents."
            raise NetworkError(msg)
        return network

    def _about(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "classes": ROAD_CLASSES,
            "speeds": {"usual": dict(self.speeds.usual), "most": dict(self.speeds.most)},
            "calibration": {
                **asdict(self.calibration),
                "by_class": dict(self.calibration.by_class),
            },
            "source": self.source,
            "coarse": self.coarse,
        }

    def _packed(self) -> dict[str, NDArray[Any]]:
        return {name: _pack(getattr(self, name), dtype) for name, dtype in ARRAYS.items()}


def _refuse_bombs(file: IO[bytes]) -> None:
    """Look at how large the parts of an archive are before anything is unpacked."""
    with zipfile.ZipFile(file) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > LARGEST_FILE:
            msg = "unpacked it is too large"
            raise ValueError(msg)
    file.seek(0)


def _check(network: RoadNetwork) -> None:
    edges, nodes = network.edges, network.nodes
    if not (edges and nodes):
        msg = f"A road network needs nodes and edges, not {nodes} and {edges}."
        raise NetworkError(msg)
    for name in PER_EDGE:
        if len(getattr(network, name)) != edges:
            msg = f"Array {name} must have one entry for each of {edges} edges."
            raise NetworkError(msg)
    for name, lowest, end in (
        ("tail", 0, nodes),
        ("head", 0, nodes),
        ("road_class", 0, len(ROAD_CLASSES)),
        ("twin", -1, edges),
        ("milliseconds", 1, 2**31),
        ("delay", 0, 2**31),
        ("decimetres", 0, 2**31),
    ):
        values = getattr(network, name)
        if values.min() < lowest or values.max() >= end:
            msg = f"Array {name} has entries outside {lowest}..{end - 1}."
            raise NetworkError(msg)
    if (network.delay >= network.milliseconds).any():
        msg = "Nobody can wait longer at the end of an edge than the edge takes (array delay)."
        raise NetworkError(msg)
    _check_twins(network)
    _check_shapes(network)


def _check_twins(network: RoadNetwork) -> None:
    paired = np.flatnonzero(network.twin >= 0)
    twin = network.twin[paired]
    if (
        (network.twin[twin] != paired).any()
        or (network.tail[twin] != network.head[paired]).any()
        or (network.head[twin] != network.tail[paired]).any()
    ):
        msg = "Twins must be each other's way back."
        raise NetworkError(msg)


def _check_shapes(network: RoadNetwork) -> None:
    for name, rows in (("shape", network.edges), ("dropped", len(network.dropped_start) - 1)):
        start = getattr(network, f"{name}_start")
        points = len(getattr(network, f"{name}_lat"))
        if (
            len(start) != rows + 1
            or start[0] != 0
            or start[-1] != points
            or (np.diff(start) < 0).any()
            or len(getattr(network, f"{name}_lon")) != points
        ):
            msg = f"Array {name}_start does not fit the {name} points."
            raise NetworkError(msg)
    if (np.diff(network.shape_start)[network.kept_edges] < 2).any():
        msg = "Every road needs a shape of at least two points."
        raise NetworkError(msg)


def _pack(values: NDArray[Any], dtype: type) -> NDArray[Any]:
    """Degrees become whole steps: half the size, and the same on every machine."""
    return np.rint(values * STEPS_PER_DEGREE).astype(np.int32) if dtype is np.float64 else values


def _unpack(values: NDArray[Any], dtype: type) -> NDArray[Any]:
    return values / STEPS_PER_DEGREE if dtype is np.float64 else values.astype(dtype)
