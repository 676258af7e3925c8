"""
Heterogeneous dial-a-ride instances of Malheiros et al. (2021, Comput. Oper. Res. 129: 105196).

First line: vehicles, requests. For each vehicle a line ``longest-route staff patient stretcher
wheelchair``. Then one line ``number x y service longest-ride staff patient stretcher wheelchair
earliest latest`` for each point: the depot, all pickups, all dropoffs in the same order, the depot
once more. The longest ride is that at the pickup; the hours of the vehicles are the first depot's
(https://github.com/igormalheiros/Instances-MDHDARP). Cost is the sum of straight lines.

The four depots are not in the files. After Braekers et al. (2014, Transp. Res. B 67: 166-186)
they are the points (-5, -5), (5, 5), (-5, 5), (5, -5), and vehicle k (from 0) stands at the depot
k modulo 4; the files' own depot is not used. With *one_depot* it is the other way round: all
vehicles stand at the files' depot, which is the problem of Parragh (2011, Transp. Res. C 19:
912-930), whose files look the same.

Upgrading (Parragh 2011): an accompanying person may sit in a staff seat, a patient seat or on a
stretcher, a patient in a patient seat or on a stretcher; stretchers and wheelchairs need places
of their own kind.
"""

from collections.abc import Sequence

from benchmarks.formats.case import Case, Point, Request, Vehicle, make_case, refuse_disorder
from benchmarks.formats.text import MOST, InstanceError, Row

KINDS = ("staff", "patient", "stretcher", "wheelchair")
HEAD = ("vehicles", "requests")
VEHICLE = ("longest-route", *KINDS)
FIELDS = ("number", "x", "y", "service", "longest-ride", *KINDS, "earliest", "latest")
DEPOTS = ((-5.0, -5.0), (5.0, 5.0), (-5.0, 5.0), (5.0, -5.0))
# More places of one kind than any vehicle has; all arrangements of them are listed.
SEATS = 100


def read(rows: Sequence[Row], *, one_depot: bool = False) -> Case:
    """
    Read an instance from the lines of its file.

    Raises
    ------
    InstanceError
        If something in it contradicts the format.
    """
    head = rows[0]
    vehicles, requests = (
        head.whole(field, value, least=1)
        for field, value in zip(HEAD, head.numbers(HEAD), strict=True)
    )
    expected = 1 + vehicles + 2 * requests + 1
    if len(rows) not in {expected, expected + 1}:
        msg = (
            f"{head.path} has {len(rows)} lines: a head, {vehicles} vehicles and"
            f" {2 * requests + 2} points are expected."
        )
        raise InstanceError(msg)
    read_points = [_point(row) for row in rows[1 + vehicles :]]
    refuse_disorder([point for point, _ in read_points], field="number")
    depot = read_points[0][0]
    pairs = [
        Request(read_points[n][0], read_points[n + requests][0], read_points[n][1])
        for n in range(1, requests + 1)
    ]
    fleet = [
        _vehicle(row, depot, (depot.x, depot.y) if one_depot else DEPOTS[index % len(DEPOTS)])
        for index, row in enumerate(rows[1 : 1 + vehicles])
    ]
    return make_case(head.path.stem, pairs, fleet)


def rooms(staff: int, patient: int, stretcher: int, wheelchair: int) -> tuple[tuple[int, ...], ...]:
    """
    All maximal loads of a vehicle with so many places of each kind.

    With u stretchers and p patients aboard, whatever places those two leave take accompanying
    persons. A load fits the vehicle exactly if it is at most one of these in every kind.
    """
    return tuple(
        (staff + patient + stretcher - lying - sitting, sitting, lying, wheelchair)
        for lying in range(stretcher + 1)
        for sitting in range(patient + stretcher - lying + 1)
    )


def _vehicle(row: Row, depot: Point, stands: tuple[float, float]) -> Vehicle:
    longest, *places = row.numbers(VEHICLE)
    if longest < 0:
        raise row.error("longest-route", f"{longest:g} is negative")
    counts = [row.whole(kind, value, most=SEATS) for kind, value in zip(KINDS, places, strict=True)]
    return Vehicle(
        depot=stands,
        earliest=depot.earliest,
        latest=depot.latest,
        rooms=rooms(*counts),
        longest=longest,
    )


def _point(row: Row) -> tuple[Point, float]:
    """One point and the longest ride that stands in its line."""
    number, x, y, service, ride, *loads, earliest, latest = row.numbers(FIELDS)
    boards = tuple(
        row.whole(kind, load, least=-MOST) for kind, load in zip(KINDS, loads, strict=True)
    )
    place = row.whole("number", number)
    return Point(row, place, x, y, service, boards, earliest, latest), ride
