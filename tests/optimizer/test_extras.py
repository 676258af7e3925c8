"""What it counts beside driving that a shift carries a trip."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from scheduler.optimizer import solve
from scheduler.optimizer.extras import least_extra, most_extra
from scheduler.optimizer.incumbent import most_cost
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.lns import driving_of, keep_best, make_best, measure
from scheduler.optimizer.parts import cut_out
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.routes import make_routes, set_route
from scheduler.optimizer.search import make_search
from scheduler.optimizer.solution import Effort, Solution
from scheduler.problem import Floats, Problem
from tests.brute_force import optimum
from tests.builders_any_problem import any_problem
from tests.builders_optimizer import Mix, random_problem
from tests.builders_search import load, random_plan
from tests.costs_by_hand import cost_by_hand, driving_by_hand
from tests.sound_by_hand import assert_sound

PROVE = Effort(iterations=50)
# The depot, and two homes ten seconds from it and from each other.
SECONDS = 10.0 * (1 - np.eye(3))


def two_buses(*, extra: Floats, linked: bool = False, weight: int = 1) -> Problem:
    """
    Two equal buses, and two people who are driven from their homes to the depot, all day long.

    Together in one bus that is 10 + 10 + 10 = 30 s, in a bus each 2 * (10 + 10) = 40 s. *linked*:
    it is one journey.
    """
    journeys = 1 if linked else 2
    return Problem(
        seconds=SECONDS,
        visit_place=np.array([1, 0, 2, 0]),
        visit_earliest=np.zeros(4),
        visit_latest=np.full(4, 900.0),
        visit_dwell=np.zeros(4),
        visit_load=np.array([[1], [-1], [1], [-1]]),
        visit_ride=np.array([np.inf, 300.0, np.inf, 300.0]),
        trip_start=np.array([0, 2, 4]),
        option_journey=np.arange(journeys),
        option_start=np.array([0, 2]) if linked else np.arange(3),
        option_trip=np.arange(2),
        journey_weight=np.full(journeys, weight),
        shift_first_place=np.zeros(2, dtype=np.int64),
        shift_last_place=np.zeros(2, dtype=np.int64),
        shift_earliest=np.zeros(2),
        shift_latest=np.full(2, 1000.0),
        shift_longest=np.full(2, np.inf),
        shift_rest=np.zeros((2, 3)),
        configuration_start=np.arange(3),
        configuration=np.array([[4], [4]]),
        shift_takes=np.ones((2, 2), dtype=np.bool_),
        shift_extra=extra,
    )


def carriers(problem: Problem, solution: Solution) -> list[int]:
    """The shift that carries each trip."""
    found = {
        int(problem.visit_trip[visit]): shift
        for shift, route in enumerate(solution.routes)
        for visit in route.visits
    }
    return [found[trip] for trip in range(problem.trips)]


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize(
    ("change", "buses", "cost"), [(0, 1, 30), (9, 1, 30 + 9), (11, 2, 20 + 20), (10**9, 2, 40)]
)
def test_a_trip_changes_its_bus_only_if_that_saves_more_than_it_counts(
    change: float, buses: int, cost: float, linked: bool
) -> None:
    """Trip 0 was to ride with bus 0, trip 1 with bus 1; in one bus they save 40 - 30 = 10 s."""
    extra = change * np.array([[0.0, 1.0], [1.0, 0.0]])
    problem = two_buses(extra=extra, linked=linked)
    solution = solve(problem, effort=PROVE)

    assert (solution.cost, solution.bound_cost, solution.proven) == (cost, cost, True)
    assert len(set(carriers(problem, solution))) == buses
    if buses == 2:
        assert carriers(problem, solution) == [0, 1]


def test_shifts_that_differ_in_nothing_but_extras_are_no_twins() -> None:
    """Both trips are for bus 1; equal buses would be filled from the first on."""
    problem = two_buses(extra=np.array([[5.0, 5.0], [0.0, 0.0]]))
    assert prepare(problem).kind.tolist() == [0, 1]
    solution = solve(problem, effort=PROVE)

    assert carriers(problem, solution) == [1, 1]
    assert (solution.cost, solution.proven) == (30, True)


def test_what_a_shift_cannot_take_tells_no_shifts_apart() -> None:
    """Nobody ever pays it."""
    problem = two_buses(extra=np.array([[5.0, -0.0], [7.0, 0.0]]))
    problem = replace(problem, shift_takes=np.array([[False, True], [False, True]]))
    assert prepare(problem).kind.tolist() == [0, 0]


def test_extras_that_nobody_can_avoid_change_no_plan_and_no_order_of_the_objective() -> None:
    """A billion for whoever rides: all ride all the same, in one bus, and that is proven."""
    extra = np.full((2, 2), 1e9)
    solution = solve(two_buses(extra=extra), effort=PROVE)

    assert solution.unserved_weight == 0
    assert (solution.cost, solution.bound_cost, solution.proven) == (2e9 + 30, 2e9 + 30, True)


@pytest.mark.parametrize("change", [10.0**6, 10.0**9, 10.0**12])
@pytest.mark.parametrize("first", [0, 15])
def test_very_large_extras_make_no_false_proof(first: int, change: float) -> None:
    """Whatever is said to be proven is the optimum, and no bound is above it."""
    proven = 0
    for seed in range(first, first + 15):
        problem = random_problem(seed, Mix(journeys=3, trips=4))
        planned = np.random.default_rng(seed).integers(0, problem.shifts + 1, size=problem.trips)
        moved = planned != np.arange(problem.shifts)[:, None]
        problem = replace(problem, shift_extra=np.where(moved, change, 0.0))
        best = optimum(problem)
        solution = solve(problem, effort=Effort(iterations=1), seed=seed)
        proven += solution.proven

        assert_sound(problem, solution)
        assert not solution.proven or (solution.unserved_weight, solution.cost) == best
        assert (solution.bound_weight, solution.bound_cost) <= best
    assert proven > (10 if change < 10**12 else 5)


def every_extra(instance: Instance, *, served: bool) -> list[float]:
    """What the trips of each choice of options and shifts count; *served*: all who can be."""
    journeys: list[list[tuple[int, ...]]] = []
    for journey in range(len(instance.journey_weight)):
        options = [
            tuple(instance.option_trip[slice(*instance.option_start[option : option + 2])].tolist())
            for option in np.flatnonzero(instance.option_journey == journey)
            if instance.option_open[option]
        ]
        journeys.append(options if served and options else [(), *options])
    found = []
    for choice in product(*journeys):
        trips = [trip for option in choice for trip in option]
        able = [np.flatnonzero(instance.takes[:, trip]).tolist() for trip in trips]
        found += [
            float(sum(instance.extra[s, t] for s, t in zip(shifts, trips, strict=True)))
            for shifts in product(*able)
        ]
    return found


def test_the_least_and_the_most_that_extras_come_to() -> None:
    """Against all choices of an option of each journey, and of a shift for each trip."""
    positive, apart = 0, 0
    for seed in range(120):
        instance = prepare(any_problem(seed))
        least, most = least_extra(instance), most_extra(instance)

        assert least == pytest.approx(min(every_extra(instance, served=True)))
        assert most == pytest.approx(max(every_extra(instance, served=False)))
        positive += least > 0
        apart += least < most
    assert positive > 3
    assert apart > 3


def test_a_unit_of_weight_costs_more_than_any_plan() -> None:
    """More than the routes of random plans, where each trip counts ten times a day."""
    for seed in range(60):
        problem = random_problem(seed, Mix(journeys=7, trips=10, shifts=3))
        draw = np.random.default_rng(seed)
        extra = draw.choice([0.0, 10_000.0], size=problem.shift_extra.shape)
        problem = replace(problem, shift_extra=extra)
        instance = prepare(problem)
        plan = random_plan(problem, instance, draw)
        cost = sum(cost_by_hand(problem, shift, visits) for shift, visits in enumerate(plan))

        assert cost < most_cost(instance)
        assert cost < make_search(instance, seed=0).penalty[0]


def test_a_part_counts_what_the_whole_day_counts() -> None:
    """The routes of a part cost there what they cost in the day."""
    compared = 0
    for seed in range(40):
        problem = random_problem(seed, Mix(journeys=12, trips=18, shifts=4))
        instance, draw = prepare(problem), np.random.default_rng(seed)
        plan = random_plan(problem, instance, draw)
        shifts = np.flatnonzero(draw.random(problem.shifts) < 0.5)
        part = cut_out(instance, plan, shifts, [])
        routes = make_routes(part.instance)
        for index, shift in enumerate(shifts):
            visits = np.array(part.routes[index], dtype=np.int64)
            assert set_route(part.instance, routes, 2 * index, visits, len(visits))
            assert routes.cost[2 * index] == cost_by_hand(problem, int(shift), plan[shift])
            compared += bool(problem.shift_extra[shift].any() and len(visits))
    assert compared > 5


def test_the_heat_of_a_search_is_measured_in_drives() -> None:
    """Extras that everybody pays must not make each drive look small."""
    for seed in range(20):
        problem = random_problem(seed, Mix(journeys=7, trips=10, shifts=3))
        instance = prepare(problem)
        search = make_search(instance, seed=seed)
        plan = random_plan(problem, instance, np.random.default_rng(seed))
        load(problem, instance, search, plan)
        best = make_best(instance, search)
        keep_best(search, best, *measure(instance, search, 0))

        driving = sum(driving_by_hand(problem, shift, visits) for shift, visits in enumerate(plan))
        assert driving_of(instance, best) == driving


def test_without_a_word_nothing_counts_beside_driving() -> None:
    """An array left out is one of zeros, of the shape that it should have."""
    extra = two_buses(extra=np.zeros((0, 0))).shift_extra
    assert extra.tolist() == [[0.0, 0.0], [0.0, 0.0]]
