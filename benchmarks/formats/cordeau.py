"""
Dial-a-ride instances of Cordeau (2006: a, b) and of Cordeau and Laporte (2003: pr, also R1a-R10b).

One kind of place, equal vehicles, one depot, one longest ride for all. First line: vehicles,
requests or points, longest route, capacity, longest ride. Then one line ``number x y service load
earliest latest`` for each point: the depot, all pickups, all dropoffs in the same order and, in a
and b, the depot once more. In a and b the second number is the number of requests; in pr it is
twice that, and the depot is there only once. The points themselves say which it is; of the number
only that it fits is checked. A line between two points takes as many minutes as it is long, and
that is minimised, unrounded.
"""

from collections.abc import Sequence

from benchmarks.formats.case import Case, Point, Request, Vehicle, make_case, refuse_disorder
from benchmarks.formats.text import MOST, InstanceError, Row

HEAD = ("vehicles", "requests", "longest-route", "capacity", "longest-ride")
FIELDS = ("number", "x", "y", "service", "load", "earliest", "latest")


def read(rows: Sequence[Row]) -> Case:
    """
    Read an instance from the lines of its file.

    Raises
    ------
    InstanceError
        If something in it contradicts the format.
    """
    head = rows[0]
    vehicles, count, longest, capacity, ride = head.numbers(HEAD)
    points = [_point(row) for row in rows[1:]]
    requests = (len(points) - 1) // 2
    if requests < 1:
        msg = f"{head.path} has {len(points)} points: a depot and pairs of points are expected."
        raise InstanceError(msg)
    if count not in {requests, 2 * requests, len(points)}:
        trouble = f"{count:g} are announced, but the points are a depot and {requests} pairs"
        raise head.error("requests", trouble)
    refuse_disorder(points, field="number")
    first, last = points[0], points[-1] if len(points) == 2 * requests + 2 else points[0]
    if (last.x, last.y) != (first.x, first.y):
        raise last.row.error("x", "the last point is not the depot once more")
    vehicle = Vehicle(
        depot=(first.x, first.y),
        earliest=first.earliest,
        latest=last.latest,
        rooms=((head.whole("capacity", capacity),),),
        longest=longest,
    )
    pairs = [
        Request(points[index], points[index + requests], ride) for index in range(1, requests + 1)
    ]
    fleet = [vehicle] * head.whole("vehicles", vehicles, least=1)
    return make_case(head.path.stem, pairs, fleet)


def _point(row: Row) -> Point:
    number, x, y, service, load, earliest, latest = row.numbers(FIELDS)
    boards = row.whole("load", load, least=-MOST)
    return Point(row, row.whole("number", number), x, y, service, (boards,), earliest, latest)
