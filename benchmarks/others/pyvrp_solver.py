"""
PyVRP (https://github.com/PyVRP/PyVRP) 0.14.1, whose shipments are pickups and dropoffs.

Where it finds no answer that it thinks feasible, its best other one is taken.
"""

import importlib
import time

import numpy as np

from benchmarks.others.whole import Routes, in_whole_numbers
from scheduler.problem import Problem


def search(
    problem: Problem, *, seconds: float, seed: int = 0, vehicles_first: bool = False
) -> Routes:
    """Visits of each shift in order, after so many CPU seconds."""
    until = time.process_time() + seconds
    pyvrp = importlib.import_module("pyvrp")
    whole = in_whole_numbers(problem)
    fixed = whole.dearest if vehicles_first else 0
    kinds = list(dict.fromkeys(whole.kind.tolist()))
    fleets = [np.flatnonzero(whole.kind == kind).tolist() for kind in kinds]
    places = sorted({*whole.first.tolist(), *whole.last.tolist()})
    types = [
        pyvrp.VehicleType(
            num_available=len(fleet),
            capacity=whole.room[fleet[0]].tolist(),
            start_depot=places.index(whole.first[fleet[0]]),
            end_depot=places.index(whole.last[fleet[0]]),
            fixed_cost=fixed,
            tw_early=int(whole.begin[fleet[0]]),
            tw_late=int(whole.end[fleet[0]]),
            shift_duration=int(whole.longest[fleet[0]]),
        )
        for fleet in fleets
    ]
    shipments = [
        pyvrp.Shipment(
            int(whole.place[2 * trip]),
            int(whole.place[2 * trip + 1]),
            pickup_tw_early=int(whole.earliest[2 * trip]),
            pickup_tw_late=int(whole.latest[2 * trip]),
            pickup_service_duration=int(whole.dwell[2 * trip]),
            delivery_tw_early=int(whole.earliest[2 * trip + 1]),
            delivery_tw_late=int(whole.latest[2 * trip + 1]),
            delivery_service_duration=int(whole.dwell[2 * trip + 1]),
            amount=whole.load[trip].tolist(),
        )
        for trip in whole.trips
    ]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in whole.drive],
        [],
        [pyvrp.Depot(place) for place in places],
        types,
        [whole.drive],
        [whole.drive],
        shipments=shipments,
    )
    found = pyvrp.solve(
        data, lambda _: time.process_time() >= until, seed=seed, collect_stats=False
    )
    routes: list[tuple[int, ...]] = [()] * problem.shifts
    for route in found.best.routes():
        visits = [
            2 * whole.trips[step.idx] + int(step.is_delivery())
            for step in route
            if step.is_shipment()
        ]
        routes[fleets[route.vehicle_type()].pop()] = tuple(visits)
    return tuple(routes)
