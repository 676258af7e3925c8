"""
A problem laid out for kernels: contiguous arrays, tightened windows, kinds of equal shifts.

Nodes are counted through: the visits first, then the start of each shift, then the end of each
shift. Node ``v`` below ``visits`` is visit ``v``; shift ``s`` starts at node ``visits + s`` and
ends at node ``visits + shifts + s``.
"""

from typing import NamedTuple

import numpy as np

from scheduler.optimizer.compiled import kernel
from scheduler.optimizer.soundness import loads_on_the_way, refuse_unsound
from scheduler.problem import Bools, Floats, Ints, Problem

# Sums of fractions are compared with this much leeway; between whole numbers it changes nothing.
TOLERANCE = 1e-9


class Instance(NamedTuple):
    """
    What kernels know of a problem; n nodes, v visits, t trips, s shifts, k kinds of load.

    Parameters
    ----------
    drive
        Shape ``(n, n)``: time from node to node. Costs are sums of it and of *extra*.
    dwell, earliest, latest
        Shape ``(n,)``: length of service and the tightened window of its begin; for the ends
        of shifts their hours.
    previous, following
        Shape ``(n,)``: visit of the same trip just before and just after, or -1. Somebody is
        aboard after a visit exactly if there is a following one.
    span
        Shape ``(n,)``: the most time from the begin of the previous visit to the begin of this
        one, dwell and longest ride together; infinite without a previous one.
    trip
        Shape ``(n,)``: trip of a visit, -1 at the ends of shifts.
    load
        Shape ``(n, k)``: what the visit adds to the load.
    trip_start
        Shape ``(t + 1,)``: trip i has the visits ``trip_start[i]`` up to ``trip_start[i+1]``.
    takes
        Shape ``(s, t)``: whether the shift could carry the trip, were it alone.
    extra
        Shape ``(s, t)``: what it counts beside driving if the shift carries the trip.
    longest
        Shape ``(s,)``: most time from departure to arrival; infinite where the hours of the
        shift say as much.
    rest
        Shape ``(s, 3)``: earliest and latest begin of the break and its length; length 0
        means none.
    seats
        Shape ``(s, c, k)``: configurations, the first repeated where a shift has fewer.
    kind
        Shape ``(s,)``: shifts with the same number are equal in everything.
    option_journey, option_start, option_trip
        As in `Problem`.
    option_open
        Shape ``(o,)``: whether each trip of the option has a shift that takes it.
    journey_start, journey_option
        Journey i has the options ``journey_option[journey_start[i] : journey_start[i + 1]]``.
    journey_weight
        Shape ``(j,)``: what leaving the journey unserved costs.
    most_aboard
        Shape ``(1,)``: the most trips that can be under way in one bus at one time.
    """

    drive: Floats
    dwell: Floats
    earliest: Floats
    latest: Floats
    previous: Ints
    following: Ints
    span: Floats
    trip: Ints
    load: Ints
    trip_start: Ints
    takes: Bools
    extra: Floats
    longest: Floats
    rest: Floats
    seats: Ints
    kind: Ints
    option_journey: Ints
    option_start: Ints
    option_trip: Ints
    option_open: Bools
    journey_start: Ints
    journey_option: Ints
    journey_weight: Ints
    most_aboard: Ints


def lay_out(problem: Problem) -> Instance:
    """
    Turn *problem* into arrays, with windows tightened; `takes` is as the problem says.

    Raises
    ------
    ProblemError
        If the problem is not sound (`refuse_unsound`).
    """
    refuse_unsound(problem)
    visits, shifts = problem.visits, problem.shifts
    place = np.concatenate(
        [problem.visit_place, problem.shift_first_place, problem.shift_last_place]
    ).astype(np.int64)
    kinds = problem.visit_load.shape[1]
    trip = np.concatenate([problem.visit_trip, np.full(2 * shifts, -1)]).astype(np.int64)
    previous, following = np.full(len(place), -1), np.full(len(place), -1)
    inner = np.setdiff1d(np.arange(visits), problem.trip_start[:-1])
    previous[inner], following[inner - 1] = inner - 1, inner
    span = np.full(len(place), np.inf)
    span[inner] = problem.visit_dwell[inner - 1] + problem.visit_ride[inner]
    hours = problem.shift_latest - problem.shift_earliest
    instance = Instance(
        drive=np.ascontiguousarray(problem.seconds[np.ix_(place, place)], dtype=np.float64),
        dwell=np.concatenate([problem.visit_dwell, np.zeros(2 * shifts)]),
        earliest=np.concatenate([problem.visit_earliest, np.tile(problem.shift_earliest, 2)]),
        latest=np.concatenate([problem.visit_latest, np.tile(problem.shift_latest, 2)]),
        previous=previous,
        following=following,
        span=span,
        trip=trip,
        load=np.concatenate(
            [problem.visit_load, np.zeros((2 * shifts, kinds), dtype=np.int64)]
        ).astype(np.int64),
        trip_start=problem.trip_start.astype(np.int64),
        takes=np.array(problem.shift_takes, dtype=np.bool_, order="C"),
        extra=np.ascontiguousarray(problem.shift_extra, dtype=np.float64),
        longest=np.where(problem.shift_longest >= hours, np.inf, problem.shift_longest),
        rest=np.ascontiguousarray(problem.shift_rest, dtype=np.float64),
        seats=_seats(problem),
        kind=np.zeros(shifts, dtype=np.int64),
        option_journey=problem.option_journey.astype(np.int64),
        option_start=problem.option_start.astype(np.int64),
        option_trip=problem.option_trip.astype(np.int64),
        option_open=np.ones(len(problem.option_journey), dtype=np.bool_),
        journey_start=np.concatenate(
            [[0], np.cumsum(np.bincount(problem.option_journey, minlength=problem.journeys))]
        ).astype(np.int64),
        journey_option=np.argsort(problem.option_journey, kind="stable").astype(np.int64),
        journey_weight=problem.journey_weight.astype(np.int64),
        most_aboard=np.array([_most_aboard(problem)], dtype=np.int64),
    )
    return tighten(instance)


def tighten(instance: Instance) -> Instance:
    """
    Narrow the windows of visits as far as trip order, ride limits and hours of shifts imply.

    A trip that nobody can carry may get a window that ends before it begins.
    """
    earliest, latest = instance.earliest.copy(), instance.latest.copy()
    _tighten_windows(instance, earliest, latest)
    return instance._replace(earliest=earliest, latest=latest)


@kernel
def _tighten_windows(instance: Instance, earliest: Floats, latest: Floats) -> None:
    """As `tighten`, in place: *earliest* and *latest* are those of all nodes."""
    shifts = len(instance.kind)
    visits = len(earliest) - 2 * shifts
    for visit in range(visits):
        first, last = np.inf, -np.inf
        for shift in range(shifts):
            if instance.takes[shift, instance.trip[visit]]:
                start, end = visits + shift, visits + shifts + shift
                first = min(first, earliest[start] + instance.drive[start, visit])
                last = max(last, latest[end] - instance.drive[visit, end] - instance.dwell[visit])
        if first < np.inf:
            earliest[visit] = max(earliest[visit], first)
            latest[visit] = min(latest[visit], last)
    # A trip's windows are a chain: one sweep each way reaches the fixed point of the order, and
    # a ride limit passes on what the sweep before it gained.
    for _ in range(2):
        for visit in range(visits):
            before = instance.previous[visit]
            if before >= 0:
                gap = instance.dwell[before] + instance.drive[before, visit]
                earliest[visit] = max(earliest[visit], earliest[before] + gap)
                latest[visit] = min(latest[visit], latest[before] + instance.span[visit])
        for visit in range(visits - 1, -1, -1):
            before = instance.previous[visit]
            if before >= 0:
                gap = instance.dwell[before] + instance.drive[before, visit]
                latest[before] = min(latest[before], latest[visit] - gap)
                earliest[before] = max(earliest[before], earliest[visit] - instance.span[visit])


def _seats(problem: Problem) -> Ints:
    """Pad the configurations of all shifts to one number, by repeating the first."""
    counts = np.diff(problem.configuration_start)
    most = int(counts.max(initial=1))
    seats = np.zeros((problem.shifts, most, problem.configuration.shape[1]), dtype=np.int64)
    for shift in range(problem.shifts):
        begin, end = problem.configuration_start[shift : shift + 2]
        seats[shift] = problem.configuration[begin]
        seats[shift, : end - begin] = problem.configuration[begin:end]
    return seats


def _most_aboard(problem: Problem) -> int:
    """
    Bound the trips under way at one time, in any bus: what the fewest people of each need.

    Of n trips under way none takes up less than at the moment when it has the fewest people
    aboard, so the n most modest together must find room, of each kind and in all.
    """
    if not problem.trips:
        return 1
    aboard = loads_on_the_way(problem)
    under_way = np.delete(aboard, problem.trip_start[1:] - 1, axis=0)
    # Each trip has one visit less now: its last, after which it is over.
    least = np.minimum.reduceat(under_way, problem.trip_start[:-1] - np.arange(problem.trips))
    least = np.cumsum(np.sort(np.column_stack([least, least.sum(axis=1)]), axis=0), axis=0)
    most = 0
    for room in np.unique(problem.configuration, axis=0):
        rooms = [*room.tolist(), int(room.sum())]
        most = max(most, min(map(_how_many, least.T, rooms)))
    return max(1, most)


def _how_many(together: Ints, room: int) -> int:
    """How many fit, if *together* ``(t,)`` says what the first, the first two, ... take up."""
    return int(np.searchsorted(together, room, side="right"))
