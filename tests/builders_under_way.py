"""Days that have begun: buses on the road, some of them with people aboard."""

from dataclasses import replace

import numpy as np

from scheduler.problem import Problem
from tests.builders_optimizer import Mix, random_problem

# Few enough to try every order of all that one bus may carry.
FEW = Mix(journeys=2, trips=3)
# What each who is aboard weighs: those who wait weigh at most 5 each.
ABOARD = 100


def day_under_way(seed: int) -> Problem:
    """
    A random day at the moment at which its shifts begin, with up to three people in each bus.

    A shift begins where its bus is now. Who is aboard is a trip of this bus alone that was
    picked up here and now, without dwell, and may ride for what is left of the longest ride.
    Those trips are the last ones; each is a journey that outweighs all who wait.
    """
    draw = np.random.default_rng([3, seed])
    problem = random_problem(int(draw.integers(2**32)), FEW)
    problem = replace(
        problem,
        visit_latest=problem.visit_latest + draw.integers(0, 100, size=problem.visits),
        shift_latest=problem.shift_latest + 200,
        configuration=problem.configuration + 1,
    )
    for shift in range(problem.shifts):
        for _ in range(int(draw.integers(0, 4))):
            problem = with_somebody_aboard(problem, shift, draw)
    return problem


def with_somebody_aboard(problem: Problem, shift: int, draw: np.random.Generator) -> Problem:
    """Add one person in the bus of *shift*, perhaps with a stop to make before the end."""
    now, here = problem.shift_earliest[shift], int(problem.shift_first_place[shift])
    visits = 3 if draw.random() < 0.2 else 2
    places = [here, *draw.integers(0, len(problem.seconds), size=visits - 1).tolist()]
    drives = problem.seconds[places[:-1], places[1:]]
    takes = np.zeros((problem.shifts, 1), dtype=np.bool_)
    takes[shift] = True
    load = np.zeros((visits, 2), dtype=np.int64)
    load[0, draw.integers(2)] = 1
    load[-1] = -load[0]
    return replace(
        problem,
        visit_place=np.append(problem.visit_place, places),
        visit_earliest=np.append(problem.visit_earliest, [now, *[0.0] * (visits - 1)]),
        visit_latest=np.append(problem.visit_latest, [now, *[2000.0] * (visits - 1)]),
        visit_dwell=np.append(
            problem.visit_dwell, [0, *draw.integers(0, 8, size=visits - 1)]
        ).astype(np.float64),
        visit_load=np.concatenate([problem.visit_load, load]),
        visit_ride=np.concatenate(
            [problem.visit_ride, [np.inf], drives + draw.choice([0, 10, 40, 120], size=visits - 1)]
        ),
        trip_start=np.append(problem.trip_start, problem.visits + visits),
        option_journey=np.append(problem.option_journey, problem.journeys),
        option_start=np.append(problem.option_start, problem.option_start[-1] + 1),
        option_trip=np.append(problem.option_trip, problem.trips),
        journey_weight=np.append(problem.journey_weight, ABOARD),
        shift_takes=np.hstack([problem.shift_takes, takes]),
        shift_extra=np.hstack([problem.shift_extra, np.zeros((problem.shifts, 1))]),
    )


def people_aboard(problem: Problem) -> list[int]:
    """Trips that are under way already: each is a journey of its own, the only one so heavy."""
    options = np.flatnonzero(problem.journey_weight[problem.option_journey] == ABOARD)
    return [int(trip) for trip in problem.option_trip[problem.option_start[options]]]
