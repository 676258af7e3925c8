"""What a large neighbourhood search keeps between its steps: plan, trial, memory, dice."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.optimizer.compiled import inner
from scheduler.optimizer.dice import Seeds
from scheduler.optimizer.extras import most_extra
from scheduler.optimizer.feasibility import States, make_states
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.routes import Routes, make_routes
from scheduler.problem import Bools, Floats, Ints

Smalls = NDArray[np.int32]


class Search(NamedTuple):
    """
    Working memory; s shifts, r = 2 s rows, t trips, j journeys, v visits of the longest trip.

    Parameters
    ----------
    routes
        Row ``2 s + side[s]`` is the route of shift s in the plan, the other one in the trial.
    side, touched
        Shape ``(s,)``: see above; whether the trial has a route of its own for the shift.
    home, choice
        Shape ``(2, t)`` and ``(2, j)``: shift of each trip and option of each journey, or -1;
        row 0 in the plan, row 1 in the trial.
    known_version, known_cost, known_gaps
        Shape ``(t, r)``, ``(t, r)``, ``(t, r, v)``: cheapest insertion of a trip, true as long
        as the route has that version.
    known_limit
        Shape ``(t, r)``: infinite, or what the cheapest insertion at least costs if it was looked
        for only below that.
    near
        Shape ``(t, n)``: for each trip the n most related ones, nearest first.
    trip_journey
        Shape ``(t,)``: journey of each trip, -1 if no open option has it.
    pending
        Shape ``(j + 1,)``: journeys without a place in the trial, their number last.
    work, gaps, best
        Scratch of `best_insertion`.
    dice
        Shape ``(1,)``: state of the random numbers.
    mood
        Shape ``(2,)``: share by which costs are blurred, and probability that a place is
        overlooked, in this step.
    penalty
        Shape ``(1,)``: cost of a unit of unserved weight, more than any journey can add.
    """

    routes: Routes
    side: Ints
    touched: Bools
    home: Ints
    choice: Ints
    known_version: Ints
    known_cost: Floats
    known_limit: Floats
    known_gaps: Ints
    near: Smalls
    trip_journey: Ints
    pending: Ints
    work: States
    gaps: Ints
    best: Ints
    dice: Seeds
    mood: Floats
    penalty: Floats


def make_search(instance: Instance, *, seed: int) -> Search:
    """A search that begins with nobody served."""
    shifts, journeys = len(instance.kind), len(instance.journey_weight)
    trips = len(instance.trip_start) - 1
    longest = int(np.diff(instance.trip_start).max(initial=2))
    rows = 2 * shifts
    return Search(
        routes=make_routes(instance),
        side=np.zeros(shifts, dtype=np.int64),
        touched=np.zeros(shifts, dtype=np.bool_),
        home=np.full((2, trips), -1, dtype=np.int64),
        choice=np.full((2, journeys), -1, dtype=np.int64),
        known_version=np.full((trips, rows), -1, dtype=np.int64),
        known_cost=np.zeros((trips, rows)),
        known_limit=np.zeros((trips, rows)),
        known_gaps=np.zeros((trips, rows, longest), dtype=np.int64),
        near=_near(instance),
        trip_journey=_trip_journey(instance),
        pending=np.zeros(journeys + 1, dtype=np.int64),
        work=make_states(instance, longest + 2),
        gaps=np.zeros(longest + 1, dtype=np.int64),
        best=np.zeros(longest + 1, dtype=np.int64),
        dice=np.array([np.uint64(seed % 2**64)], dtype=np.uint64),
        mood=np.zeros(2),
        penalty=np.array([_penalty(instance)]),
    )


@inner
def trial_row(search: Search, shift: int) -> int:
    """Row of the route of *shift* in the trial."""
    side = search.side[shift]
    return int(2 * shift + (1 - side if search.touched[shift] else side))


def _trip_journey(instance: Instance) -> Ints:
    journeys = np.full(len(instance.trip_start) - 1, -1, dtype=np.int64)
    for option, journey in enumerate(instance.option_journey):
        if instance.option_open[option]:
            begin, end = instance.option_start[option : option + 2]
            journeys[instance.option_trip[begin:end]] = journey
    return journeys


def _penalty(instance: Instance) -> float:
    """
    More than any one journey can add, going home between any two visits.

    Beside it everybody else may change buses.
    """
    visits = len(instance.trip) - 2 * len(instance.kind)
    most = float(instance.drive.max(initial=0.0))
    return 1.0 + 2.0 * most * (visits + 1) + most_extra(instance)


def _near(instance: Instance, *, most: int = 60) -> Smalls:
    """Rank trips by how near their ends are in drive and in time (after Shaw 1998)."""
    first, last = instance.trip_start[:-1], instance.trip_start[1:] - 1
    count = len(first)
    middle = (instance.earliest + instance.latest) / 2
    apart = np.zeros((count, count))
    for ends in (first, last):
        apart += instance.drive[np.ix_(ends, ends)]
        apart += 0.5 * np.abs(middle[ends][:, None] - middle[ends][None, :])
    # A dropoff near another trip's pickup makes the two good neighbours in one route.
    link = instance.drive[np.ix_(last, first)] + 0.5 * np.abs(
        middle[last][:, None] - middle[first][None, :]
    )
    apart = np.minimum(apart, 2 * np.minimum(link, link.T))
    np.fill_diagonal(apart, -1.0)
    return np.argsort(apart, axis=1, kind="stable")[:, 1 : most + 1].astype(np.int32)
