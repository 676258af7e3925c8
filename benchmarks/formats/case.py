"""What every format comes to: pairs of places, vehicles, and a problem made of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.formats.text import Row
from scheduler.problem import Floats, Ints, Problem


@dataclass(frozen=True, eq=False)
class Case:
    """
    An instance of the literature.

    Parameters
    ----------
    name
        The file's name without its ending.
    problem
        Its numbers, in the units of the file. Every request weighs 1.
    numbers
        Shape ``(v,)``: the number that each visit has in the file.
    vehicles_first
        Whether fewer vehicles are better than a shorter way.
    """

    name: str
    problem: Problem
    numbers: Ints
    vehicles_first: bool = False


@dataclass(frozen=True)
class Point:
    """A line of the file: where, how long, what boards (in each kind of place), and when."""

    row: Row
    number: int
    x: float
    y: float
    service: float
    load: tuple[int, ...]
    earliest: float
    latest: float

    def __post_init__(self) -> None:
        if self.service < 0:
            raise self.row.error("service", f"{self.service:g} is negative")
        if self.earliest > self.latest:
            trouble = f"the window ends at {self.latest:g}, before it begins at {self.earliest:g}"
            raise self.row.error("latest", trouble)


def refuse_disorder(points: Sequence[Point], *, field: str) -> None:
    """
    Make sure that points are numbered 0, 1, 2 and so on, in *field*.

    Raises
    ------
    InstanceError
        If one is not.
    """
    for index, point in enumerate(points):
        if point.number != index:
            trouble = f"{point.number} is out of order, {index} is expected"
            raise point.row.error(field, trouble)


@dataclass(frozen=True)
class Request:
    """Somebody or something to be brought from one point to another."""

    pickup: Point
    dropoff: Point
    longest_ride: float = np.inf

    def __post_init__(self) -> None:
        if min(self.pickup.load) < 0 or max(self.pickup.load) < 1:
            raise self.pickup.row.error("load", "nothing boards at a pickup")
        if any(a + b for a, b in zip(self.pickup.load, self.dropoff.load, strict=True)):
            trouble = f"what boards at {self.pickup.number} does not alight here"
            raise self.dropoff.row.error("load", trouble)
        if self.longest_ride < 0:
            raise self.pickup.row.error("longest ride", f"{self.longest_ride:g} is negative")


@dataclass(frozen=True)
class Vehicle:
    """
    A vehicle that begins and ends at a place, within hours; *rooms* are its seat configurations.

    A load fits if it is at most one of the rooms, in every kind of place.
    """

    depot: tuple[float, float]
    earliest: float
    latest: float
    rooms: tuple[tuple[int, ...], ...]
    longest: float = np.inf


def make_case(
    name: str,
    requests: Sequence[Request],
    vehicles: Sequence[Vehicle],
    *,
    vehicles_first: bool = False,
) -> Case:
    """Make an instance of what was read, whatever its format."""
    points = [point for request in requests for point in (request.pickup, request.dropoff)]
    return Case(
        name=name,
        problem=_problem(requests, vehicles),
        numbers=np.array([point.number for point in points], dtype=np.int64),
        vehicles_first=vehicles_first,
    )


def _problem(requests: Sequence[Request], vehicles: Sequence[Vehicle]) -> Problem:
    """
    Put requests and vehicles into a problem; a drive takes as long as the straight line is.

    Visits are pickup 1, dropoff 1, pickup 2 and so on. The depots are the last places, one for
    each point at which vehicles stand.
    """
    points = [point for request in requests for point in (request.pickup, request.dropoff)]
    depots = list(dict.fromkeys(vehicle.depot for vehicle in vehicles))
    at = {depot: len(points) + index for index, depot in enumerate(depots)}
    home = np.array([at[vehicle.depot] for vehicle in vehicles], dtype=np.int64)
    rides = np.full(len(points), np.inf)
    rides[1::2] = [request.longest_ride for request in requests]
    return Problem(
        seconds=_distances(np.array([(point.x, point.y) for point in points] + depots)),
        visit_place=np.arange(len(points)),
        visit_earliest=np.array([point.earliest for point in points]),
        visit_latest=np.array([point.latest for point in points]),
        visit_dwell=np.array([point.service for point in points]),
        visit_load=np.array([point.load for point in points], dtype=np.int64),
        visit_ride=rides,
        trip_start=np.arange(0, len(points) + 1, 2),
        option_journey=np.arange(len(requests)),
        option_start=np.arange(len(requests) + 1),
        option_trip=np.arange(len(requests)),
        journey_weight=np.ones(len(requests), dtype=np.int64),
        shift_first_place=home,
        shift_last_place=home.copy(),
        shift_earliest=np.array([vehicle.earliest for vehicle in vehicles]),
        shift_latest=np.array([vehicle.latest for vehicle in vehicles]),
        shift_longest=np.array([vehicle.longest for vehicle in vehicles]),
        shift_rest=np.zeros((len(vehicles), 3)),
        configuration_start=np.cumsum([0, *(len(vehicle.rooms) for vehicle in vehicles)]),
        configuration=np.array(
            [room for vehicle in vehicles for room in vehicle.rooms], dtype=np.int64
        ),
        shift_takes=np.ones((len(vehicles), len(requests)), dtype=np.bool_),
        whole=False,
    )


def _distances(points: Floats) -> Floats:
    """Shape ``(p, p)``: straight lines, in double precision."""
    distances: Floats = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    return distances
