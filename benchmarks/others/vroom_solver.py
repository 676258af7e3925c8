"""
VROOM (https://github.com/VROOM-Project/vroom), through pyvroom 1.15.2.

It has no longest route, only a longest drive, which is set to it. It ends by itself when its most
thorough exploration is done, mostly long before its time is up, and has no seed.
"""

import importlib
from datetime import timedelta

from benchmarks.others.wall import on_the_wall
from benchmarks.others.whole import Routes, in_whole_numbers
from scheduler.problem import Problem

THOROUGH = 5


def search(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 0,  # noqa: ARG001  every rival is called alike
    vehicles_first: bool = False,
) -> Routes:
    """Visits of each shift in order, after about so many CPU seconds at most."""
    vroom = importlib.import_module("vroom")
    whole = in_whole_numbers(problem)
    puzzle = vroom.Input()
    puzzle.set_durations_matrix("car", whole.drive.astype("uint32"))
    fixed = whole.dearest if vehicles_first else 0
    for shift in range(problem.shifts):
        puzzle.add_vehicle(
            vroom.Vehicle(
                shift,
                start=int(whole.first[shift]),
                end=int(whole.last[shift]),
                capacity=whole.room[shift].tolist(),
                skills={int(trip) for trip in whole.takes[shift].nonzero()[0]},
                time_window=vroom.TimeWindow(int(whole.begin[shift]), int(whole.end[shift])),
                max_travel_time=int(whole.longest[shift]),
                costs=vroom.VehicleCosts(fixed=fixed),
            )
        )
    for trip in whole.trips:
        steps = [
            vroom.ShipmentStep(
                visit,
                int(whole.place[visit]),
                default_service=int(whole.dwell[visit]),
                time_windows=[
                    vroom.TimeWindow(int(whole.earliest[visit]), int(whole.latest[visit]))
                ],
            )
            for visit in (2 * trip, 2 * trip + 1)
        ]
        puzzle.add_shipment(*steps, vroom.Amount(whole.load[trip].tolist()), skills={trip})
    limit = timedelta(seconds=on_the_wall(seconds))
    found = puzzle.solve(THOROUGH, nb_threads=1, timeout=limit)
    routes: list[list[int]] = [[] for _ in range(problem.shifts)]
    for route in found.to_dict()["routes"]:
        steps = [step for step in route["steps"] if step["type"] in {"pickup", "delivery"}]
        routes[route["vehicle"]] = [int(step["id"]) for step in steps]
    return tuple(map(tuple, routes))
