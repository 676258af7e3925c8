"""
vrp-cli (https://github.com/reinterpretcat/vrp) 1.22.1, in its JSON format "pragmatic".

It stops after whole seconds on the wall, not of the CPU, and has no seed.
"""

import importlib
import json
from datetime import UTC, datetime
from typing import Any

from benchmarks.others.wall import on_the_wall
from benchmarks.others.whole import Routes, WholeProblem, in_whole_numbers
from scheduler.problem import Problem


def search(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 0,  # noqa: ARG001  every rival is called alike
    vehicles_first: bool = False,
) -> Routes:
    """Visits of each shift in order, after about so many CPU seconds."""
    solver = importlib.import_module("vrp_cli")
    whole = in_whole_numbers(problem)
    matrix = {
        "profile": "car",
        "travelTimes": whole.drive.ravel().tolist(),
        "distances": whole.drive.ravel().tolist(),
    }
    wishes = ["minimize-unassigned", *["minimize-tours"] * vehicles_first, "minimize-cost"]
    day = {
        "plan": {"jobs": [_job(whole, trip) for trip in whole.trips]},
        "fleet": {
            "vehicles": [_vehicle(whole, shift) for shift in range(problem.shifts)],
            "profiles": [{"name": "car"}],
        },
        "objectives": [[{"type": wish}] for wish in wishes],
    }
    config = {
        "termination": {
            "maxTime": max(1, round(on_the_wall(seconds))),
            "maxGenerations": 1_000_000_000,
        },
        "environment": {
            "parallelism": {"numThreadPools": 1, "threadsPerPool": 1},
            "logging": {"enabled": False},
        },
    }
    found = json.loads(
        solver.solve_pragmatic(json.dumps(day), [json.dumps(matrix)], json.dumps(config))
    )
    routes: list[tuple[int, ...]] = [()] * problem.shifts
    for tour in found["tours"]:
        steps = [step for stop in tour["stops"] for step in stop["activities"]]
        routes[int(tour["typeId"])] = tuple(
            2 * int(step["jobId"]) + (step["type"] == "delivery")
            for step in steps
            if step["type"] in {"pickup", "delivery"}
        )
    return tuple(routes)


def _job(whole: WholeProblem, trip: int) -> dict[str, Any]:
    """One trip; its number is its skill."""
    pickup, dropoff = (
        {
            "places": [
                {
                    "location": {"index": int(whole.place[visit])},
                    "duration": int(whole.dwell[visit]),
                    "times": [[_moment(whole.earliest[visit]), _moment(whole.latest[visit])]],
                }
            ],
            "demand": whole.load[trip].tolist(),
        }
        for visit in (2 * trip, 2 * trip + 1)
    )
    return {
        "id": str(trip),
        "pickups": [pickup],
        "deliveries": [dropoff],
        "skills": {"allOf": [str(trip)]},
    }


def _vehicle(whole: WholeProblem, shift: int) -> dict[str, Any]:
    return {
        "typeId": str(shift),
        "vehicleIds": [f"vehicle {shift}"],
        "profile": {"matrix": "car"},
        "costs": {"fixed": 0, "distance": 1, "time": 0},
        "shifts": [
            {
                "start": {
                    "earliest": _moment(whole.begin[shift]),
                    "location": {"index": int(whole.first[shift])},
                },
                "end": {
                    "latest": _moment(whole.end[shift]),
                    "location": {"index": int(whole.last[shift])},
                },
            }
        ],
        "capacity": whole.room[shift].tolist(),
        "skills": [str(trip) for trip in whole.takes[shift].nonzero()[0]],
        "limits": {"maxDuration": int(whole.longest[shift])},
    }


def _moment(seconds: int) -> str:
    """Time 0 is midnight of the first day that computers count from."""
    return datetime.fromtimestamp(int(seconds), tz=UTC).isoformat().replace("+00:00", "Z")
