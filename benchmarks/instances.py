"""Reads the literature's dial-a-ride instances into problems."""

from pathlib import Path

import numpy as np

from scheduler.problem import Problem


def read_cordeau(path: Path) -> Problem:
    """
    Read an instance of Cordeau (2006: a, b) or Cordeau and Laporte (2003: pr).

    First line: vehicles, requests (a, b) or twice as many (pr), longest route, capacity, longest
    ride. Then one line ``id x y service load earliest latest`` for the depot, the pickups, the
    dropoffs, and in a and b once more the depot. Times are minutes and not whole; the drive
    between two points is their distance. Each request weighs 1.
    """
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    vehicles, _, longest, capacity, ride = (float(word) for word in lines[0][:5])
    shifts = int(vehicles)
    table = np.array([[float(word) for word in line[:7]] for line in lines[1:]])
    requests = (len(table) - 1) // 2
    if len(table) not in {2 * requests + 1, 2 * requests + 2} or requests < 1:
        msg = f"{path} has {len(table)} points: a depot and pairs of points are expected."
        raise ValueError(msg)
    # Visits in the order of trips: pickup 1, dropoff 1, pickup 2, ...
    rows = np.column_stack([np.arange(requests) + 1, np.arange(requests) + 1 + requests]).ravel()
    points = table[:, 1:3]
    seconds = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    rides = np.full(2 * requests, ride)
    rides[::2] = np.inf
    depot_end = table[-1] if len(table) == 2 * requests + 2 else table[0]
    return Problem(
        seconds=seconds,
        visit_place=rows,
        visit_earliest=table[rows, 5],
        visit_latest=table[rows, 6],
        visit_dwell=table[rows, 3],
        visit_load=table[rows, 4:5].astype(np.int64),
        visit_ride=rides,
        trip_start=np.arange(0, 2 * requests + 1, 2),
        option_journey=np.arange(requests),
        option_start=np.arange(requests + 1),
        option_trip=np.arange(requests),
        journey_weight=np.ones(requests, dtype=np.int64),
        shift_first_place=np.zeros(shifts, dtype=np.int64),
        shift_last_place=np.full(shifts, int(depot_end[0]), dtype=np.int64),
        shift_earliest=np.full(shifts, table[0, 5]),
        shift_latest=np.full(shifts, depot_end[6]),
        shift_longest=np.full(shifts, longest),
        shift_rest=np.zeros((shifts, 3)),
        configuration_start=np.arange(shifts + 1),
        configuration=np.full((shifts, 1), int(capacity), dtype=np.int64),
        shift_takes=np.ones((shifts, requests), dtype=np.bool_),
        whole=False,
    )
