"""
Tiny problems with twists that `random_problem` does not draw, any of them together.

Each twist takes a problem and returns another one; what it needs and does not find, it leaves
as it is.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scheduler.problem import TIMES, Problem
from tests.builders_optimizer import Mix, random_problem

Twist = Callable[[Problem, np.random.Generator], Problem]


def any_problem(seed: int) -> Problem:
    """A tiny problem with any combination of all constraints, small enough for brute force."""
    draw = np.random.default_rng([2027, seed])
    shifts = int(draw.choice([1, 2, 2, 3]))
    mix = Mix(
        vias=bool(draw.random() < 0.7),
        options=bool(draw.random() < 0.7),
        breaks=bool(draw.random() < 0.7),
        longest=bool(draw.random() < 0.7),
        journeys=int(draw.integers(1, 5)),
        trips=4 if shifts == 3 else 5,
        shifts=shifts,
    )
    problem = random_problem(int(draw.integers(2**32)), mix)
    if draw.random() < 0.7:
        problem = with_slack(problem, draw)
    for twist in TWISTS:
        if draw.random() < 0.25:
            problem = twist(problem, draw)
    return problem


def with_slack(problem: Problem, draw: np.random.Generator) -> Problem:
    """Later, longer, roomier: so that plans have to choose between more than a few routes."""
    return replace(
        problem,
        visit_latest=problem.visit_latest + draw.integers(20, 120, size=problem.visits),
        visit_ride=problem.visit_ride + draw.integers(0, 60, size=problem.visits),
        shift_earliest=np.maximum(0.0, problem.shift_earliest - 60),
        shift_latest=problem.shift_latest + 200,
        configuration=problem.configuration + draw.integers(0, 3, size=2),
    )


def equal_places(problem: Problem, draw: np.random.Generator) -> Problem:
    """Some places are next door: no drive between them."""
    here = draw.integers(0, len(problem.seconds), size=len(problem.seconds))
    return replace(problem, seconds=problem.seconds[np.ix_(here, here)].copy())


def equal_shifts(problem: Problem, draw: np.random.Generator) -> Problem:
    """Every shift is like the first: one kind, so that the buses are interchangeable."""
    first, shifts = np.zeros(problem.shifts, dtype=np.int64), problem.shifts
    rows = problem.configuration[: problem.configuration_start[1]]
    return replace(
        problem,
        shift_first_place=problem.shift_first_place[first],
        shift_last_place=problem.shift_last_place[first],
        shift_earliest=problem.shift_earliest[first],
        shift_latest=problem.shift_latest[first],
        shift_longest=problem.shift_longest[first],
        shift_rest=problem.shift_rest[first],
        configuration_start=len(rows) * np.arange(shifts + 1),
        configuration=np.tile(rows, (shifts, 1)),
        shift_takes=problem.shift_takes[first],
    )


def breaks_at_work(problem: Problem, draw: np.random.Generator) -> Problem:
    """Each shift has its break, and just when somebody wants to ride."""
    rest = np.zeros((problem.shifts, 3))
    for shift in range(problem.shifts):
        middle = float(problem.visit_earliest[draw.integers(problem.visits)])
        begin = max(0.0, np.floor(middle) - float(draw.integers(0, 30)))
        rest[shift] = begin, begin + float(draw.integers(0, 30)), draw.integers(15, 90)
    return replace(problem, shift_rest=rest)


def short_shifts(problem: Problem, draw: np.random.Generator) -> Problem:
    """Some shifts end early, some may only be on the way for a while."""
    hours = draw.integers(120, 400, size=problem.shifts)
    ending = np.minimum(problem.shift_latest, problem.shift_earliest + hours)
    longest = np.where(draw.random(problem.shifts) < 0.5, draw.integers(60, 200), np.inf)
    return replace(problem, shift_latest=ending, shift_longest=longest)


def sharp_windows(problem: Problem, draw: np.random.Generator) -> Problem:
    """Some visits have to begin on the second, as promised."""
    promised = draw.random(problem.visits) < 0.3
    moment = np.round((problem.visit_earliest + problem.visit_latest) / 2)
    return replace(
        problem,
        visit_earliest=np.where(promised, moment, problem.visit_earliest),
        visit_latest=np.where(promised, moment, problem.visit_latest),
    )


def wide_windows(problem: Problem, draw: np.random.Generator) -> Problem:
    """Some visits may begin at any time of the day."""
    free = draw.random(problem.visits) < 0.5
    return replace(
        problem,
        visit_earliest=np.where(free, 0.0, problem.visit_earliest),
        visit_latest=np.where(free, 1000.0, problem.visit_latest),
    )


def long_rides(problem: Problem, draw: np.random.Generator) -> Problem:
    """Some rides have no limit at all."""
    free = draw.random(problem.visits) < 0.5
    return replace(problem, visit_ride=np.where(free, np.inf, problem.visit_ride))


def other_weights(problem: Problem, draw: np.random.Generator) -> Problem:
    """Journeys of very different weight, some of which together weigh as much as one."""
    choice = draw.choice([1, 2, 3, 5, 40, 10_000], size=problem.journeys)
    return replace(problem, journey_weight=choice)


def companions(problem: Problem, draw: np.random.Generator) -> Problem:
    """At a stop on the way one of those aboard gets off already, or another one gets on."""
    load = problem.visit_load.copy()
    for trip in range(problem.trips):
        first, last = problem.trip_start[trip], problem.trip_start[trip + 1] - 1
        if last - first == 2:
            off = load[first] // 2 if draw.random() < 0.5 else -draw.integers(0, 2, size=2)
            load[first + 1], load[last] = -off, off - load[first]
    return replace(problem, visit_load=load)


def nobody_counts(problem: Problem, draw: np.random.Generator) -> Problem:
    """Some trips take up no place at all (a dog, a parcel from the pharmacy)."""
    light = draw.random(problem.trips) < 0.4
    load = np.where(light[problem.visit_trip][:, None], 0, problem.visit_load)
    return replace(problem, visit_load=load)


def third_way(problem: Problem, draw: np.random.Generator) -> Problem:
    """One journey gets an option more: some of its trips, in a set that it did not have."""
    journey = int(draw.integers(problem.journeys))
    options = [
        set(problem.option_trip[slice(*problem.option_start[option : option + 2])].tolist())
        for option in np.flatnonzero(problem.option_journey == journey)
    ]
    trips = sorted(set().union(*options))
    another = [trip for trip in trips if draw.random() < 0.6] or trips
    if set(another) in options:
        return problem
    return replace(
        problem,
        option_journey=np.append(problem.option_journey, journey),
        option_start=np.append(problem.option_start, problem.option_start[-1] + len(another)),
        option_trip=np.append(problem.option_trip, another),
    )


def fractions(problem: Problem, draw: np.random.Generator) -> Problem:
    """The same day counted in another unit: no time is whole any more."""
    unit = float(draw.choice([3.0, 7.0, 60.0]))
    in_unit = {name: getattr(problem, name) / unit for name in TIMES}
    return replace(problem, whole=False, **in_unit)


TWISTS: tuple[Twist, ...] = (
    equal_places,
    breaks_at_work,
    short_shifts,
    equal_shifts,
    sharp_windows,
    wide_windows,
    long_rides,
    other_weights,
    companions,
    nobody_counts,
    third_way,
    fractions,
)
