"""Trips whose load falls or grows on the way: how many may be under way at once, and proofs."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from scheduler.optimizer import solve
from scheduler.optimizer.instance import lay_out
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import Effort
from scheduler.problem import Problem
from tests.brute_force import optimum
from tests.builders_optimizer import Mix, random_problem
from tests.builders_villages import village_problem
from tests.sound_by_hand import assert_sound


def changing(seed: int) -> Problem:
    """Three trips of three visits for one bus; with each, somebody gets off or on half-way."""
    draw = np.random.default_rng([41, seed])
    spots = draw.integers(0, 40, size=(5, 2))
    seconds = np.abs(spots[:, None, :] - spots[None, :, :]).sum(axis=2).astype(np.float64)
    load = []
    for _ in range(3):
        first, second = draw.integers(0, 4, size=(2, 2))
        first = np.where(draw.random(2) < 0.5, first, second + draw.integers(0, 9))
        load += [first, second - first, -second]
    wide = draw.random(9) < 0.7
    begin = np.where(wide, 0.0, draw.integers(0, 100, size=9))
    return Problem(
        seconds=seconds,
        visit_place=draw.integers(0, 5, size=9),
        visit_earliest=begin,
        visit_latest=begin + np.where(wide, 600.0, 150.0),
        visit_dwell=draw.integers(0, 5, size=9).astype(np.float64),
        visit_load=np.array(load),
        visit_ride=np.array([np.inf, 300.0, 300.0] * 3),
        trip_start=np.array([0, 3, 6, 9]),
        option_journey=np.arange(3),
        option_start=np.arange(4),
        option_trip=np.arange(3),
        journey_weight=np.array([1, 2, 2]),
        shift_first_place=np.array([0]),
        shift_last_place=np.array([0]),
        shift_earliest=np.zeros(1),
        shift_latest=np.array([700.0]),
        shift_longest=np.array([np.inf]),
        shift_rest=np.zeros((1, 3)),
        configuration_start=np.array([0, 2]),
        configuration=draw.integers(2, 14, size=(2, 2)),
        shift_takes=np.ones((1, 3), dtype=np.bool_),
    )


def most_under_way(problem: Problem) -> int:
    """The most trips that find room at one time, each before or after its stop on the way."""
    before = problem.visit_load[0::3]
    after = before + problem.visit_load[1::3]
    none = np.zeros_like(before)
    most = 0
    for moment in product(range(3), repeat=3):
        load = sum((none, before, after)[when][trip] for trip, when in enumerate(moment))
        if (load <= problem.configuration).all(axis=1).any():
            most = max(most, 3 - moment.count(0))
    return most


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_plans_with_changing_loads_are_the_optimum(first: int) -> None:
    """Once companions have got off there is room for more than the pickups alone would say."""
    for seed in range(first, first + 10):
        problem = changing(seed)
        solution = solve(problem, effort=Effort(iterations=150), seed=seed)
        assert_sound(problem, solution)
        assert solution.proven
        assert (solution.unserved_weight, solution.cost) == optimum(problem), seed


def test_no_more_trips_are_under_way_than_there_is_room_for() -> None:
    """The room that is set aside for rides suffices for all that can be under way."""
    found = [(int(lay_out(p).most_aboard[0]), most_under_way(p)) for p in map(changing, range(200))]
    assert all(room >= most for room, most in found)
    assert sum(room == max(1, most) for room, most in found) > 150
    assert {most for _, most in found} == {1, 2, 3}


def test_everybody_may_be_under_way_once_the_companions_are_gone() -> None:
    """Nine get in, eight get off at the next stop: at the third, four such trips need 12 seats."""
    trips = 4
    line = np.array([0.0, 10.0, 20.0, 30.0])
    problem = Problem(
        seconds=np.abs(line[:, None] - line[None, :]),
        visit_place=np.tile([0, 1, 3], trips),
        visit_earliest=np.zeros(3 * trips),
        visit_latest=np.tile([500.0, 500.0, 900.0], trips),
        visit_dwell=np.zeros(3 * trips),
        visit_load=np.tile([[9], [-8], [-1]], (trips, 1)),
        visit_ride=np.tile([np.inf, 400.0, 800.0], trips),
        trip_start=3 * np.arange(trips + 1),
        option_journey=np.arange(trips),
        option_start=np.arange(trips + 1),
        option_trip=np.arange(trips),
        journey_weight=np.ones(trips, dtype=np.int64),
        shift_first_place=np.array([0]),
        shift_last_place=np.array([0]),
        shift_earliest=np.zeros(1),
        shift_latest=np.array([900.0]),
        shift_longest=np.array([np.inf]),
        shift_rest=np.zeros((1, 3)),
        configuration_start=np.array([0, 1]),
        configuration=np.array([[8 + trips]]),
        shift_takes=np.ones((1, trips), dtype=np.bool_),
    )
    solution = solve(problem, effort=Effort(iterations=300))

    # To the second stop and back again for each of them, then all to the last one and home.
    assert solution.cost == 3 * (10 + 10) + 30 + 30
    assert solution.proven


@pytest.mark.parametrize("seed", range(3))
def test_on_an_ordinary_day_no_more_are_under_way_than_there_are_seats(seed: int) -> None:
    """Room for more would only cost memory: seven seats, or fewer and a wheelchair."""
    problem = village_problem(seed, journeys=12, shifts=2)
    most = problem.configuration.sum(axis=1).max()
    assert problem.trips > most == prepare(problem).most_aboard[0]


def test_trips_without_a_load_count_only_themselves() -> None:
    """One parcel on the bus makes room for one ride more, not for as many as there are trips."""
    problem = random_problem(3, Mix(journeys=12, trips=18, vias=False))
    seats = np.ones_like(problem.visit_load)
    seats[problem.trip_start[1:] - 1] = -1
    everybody = replace(problem, visit_load=seats)
    seats = seats.copy()
    seats[:2] = 0
    most = int(problem.configuration.min(axis=1).max())

    assert lay_out(everybody).most_aboard[0] == most
    assert lay_out(replace(problem, visit_load=seats)).most_aboard[0] == most + 1
