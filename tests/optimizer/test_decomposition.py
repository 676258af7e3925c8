"""Large days in parts: consistent journeys, the same plan on one core and on two."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.schedules import feasible_by_hand
from scheduler.optimizer.decomposition import is_large, search_large
from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.grouping import affinity, groups, offers
from scheduler.optimizer.heuristic import Heuristic
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.lns import construct, make_best
from scheduler.optimizer.parts import Part, cut_out, put_back, served_options, without_fragments
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.search import make_search
from scheduler.optimizer.solution import Effort, Progress, Solution
from scheduler.problem import Problem
from tests.builders_kernels import generic_problem
from tests.builders_optimizer import Mix, random_problem
from tests.builders_search import choices, load, pending_of, plain_trial, random_plan, routes_of
from tests.plain_dice import PlainDice

DAY = Mix(journeys=24, trips=36, shifts=6)


def planned(seed: int) -> tuple[Problem, Instance, list[tuple[int, ...]]]:
    """A day and some plan for it."""
    problem = random_problem(seed, DAY)
    instance = prepare(problem)
    return problem, instance, random_plan(problem, instance, np.random.default_rng(seed))


def weight_left(problem: Problem, plan: list[tuple[int, ...]]) -> int:
    """Weight of the journeys that *plan* does not serve."""
    return sum(
        int(weight)
        for weight, option in zip(problem.journey_weight, choices(problem, plan), strict=True)
        if option < 0
    )


def halves(instance: Instance, plan: list[tuple[int, ...]], seed: int) -> list[Part]:
    """The day dealt into two parts."""
    dice = np.random.default_rng(seed)
    likeness, close = affinity(instance, plan, make_search(instance, seed=0).near)
    dealt = groups(likeness, np.array([1 + len(visits) for visits in plan]), count=2, dice=dice)
    offered = offers(instance, plan, close, dealt, dice)
    return [
        cut_out(instance, plan, shifts, journeys)
        for shifts, journeys in zip(dealt, offered, strict=True)
    ]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_every_shift_is_in_one_group(seed: int) -> None:
    """Whatever the likeness, and also with more groups wanted than there are shifts."""
    dice = np.random.default_rng(seed)
    shifts = int(dice.integers(1, 12))
    likeness, size = dice.random((shifts, shifts)), dice.integers(1, 30, size=shifts)
    count = int(dice.integers(1, 6))
    dealt = groups(likeness, size, count=count, dice=dice)
    assert len(dealt) == min(count, shifts)
    assert sorted(np.concatenate(dealt).tolist()) == list(range(shifts))


@given(seed=st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_parts_put_back_untouched_are_the_day(seed: int) -> None:
    """Nothing is lost by cutting, and each route of a part is one that its shift can drive."""
    _, instance, plan = planned(seed)
    whole = without_fragments(instance, plan)
    parts = halves(instance, whole, seed)
    assert put_back(instance, whole, parts) == whole
    for part in parts:
        for shift, visits in enumerate(part.routes):
            assert not visits or feasible(part.instance, shift, visits)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_what_two_parts_win_apart_the_day_wins(seed: int) -> None:
    """Weights and drives of the parts never promise more than the day has in the end."""
    problem, instance, plan = planned(seed)
    before = without_fragments(instance, plan)
    parts, done, promised = halves(instance, before, seed), [], weight_left(problem, before)
    for part in parts:
        search = Heuristic(part.instance, Effort(iterations=40, labels=0), seed=seed % 1000)
        search.take_plan(part.routes)
        old = search.weight
        search.run()
        promised -= old - search.weight
        done.append(part._replace(routes=search.plan()))
    after = put_back(instance, before, done)
    assert without_fragments(instance, after) == after
    assert weight_left(problem, after) <= promised <= weight_left(problem, before)
    for shift, visits in enumerate(after):
        assert feasible_by_hand(problem, shift, visits) or not visits


def test_who_is_given_up_in_one_part_is_given_up_in_the_other() -> None:
    """Nobody is taken to the doctor by one part and left there by the other."""
    given_up = 0
    for seed in range(40):
        problem, instance, plan = planned(seed)
        plan = without_fragments(instance, plan)
        if problem.shifts < 2:
            continue
        parts = halves(instance, plan, seed)
        emptied = parts[0]._replace(routes=[()] * len(parts[0].routes))
        after = put_back(instance, plan, [emptied, parts[1]])
        left = {int(instance.trip[visit]) for visits in after for visit in visits}
        for option in set(choices(problem, plan)) - {-1}:
            trips = set(
                problem.option_trip[slice(*problem.option_start[option : option + 2])].tolist()
            )
            assert trips <= left or not trips & left
        kept = {int(instance.trip[visit]) for shift in parts[1].shifts for visit in plan[shift]}
        given_up += len(kept - left)
    assert given_up > 0


def test_offers_are_journeys_without_a_place_and_go_to_one_part_only() -> None:
    """Two parts that both served somebody would serve her twice."""
    seen = 0
    for seed in range(10):
        problem, instance, plan = planned(seed)
        plan = without_fragments(instance, plan)
        _, close = affinity(instance, plan, make_search(instance, seed=0).near)
        shifts = np.arange(problem.shifts)
        dice = np.random.default_rng(seed)
        offered = offers(instance, plan, close, [shifts[::2], shifts[1::2]], dice)
        able = set(instance.option_journey[instance.option_open].tolist())
        left = set(np.flatnonzero(served_options(instance, plan) < 0).tolist()) & able
        assert sorted([*offered[0], *offered[1]]) == sorted(left)
        seen += len(left)
    assert seen > 20


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("seed", range(8))
def test_the_first_plan_is_that_of_plain_python(seed: int, order: int) -> None:
    """Whoever has no place gets one by regret, beside those who have one."""
    problem = generic_problem(seed, Mix(journeys=5, trips=7, shifts=3))
    instance = prepare(problem)
    search = make_search(instance, seed=seed)
    load(problem, instance, search, random_plan(problem, instance, np.random.default_rng(seed)))
    best = make_best(instance, search)
    plain = plain_trial(problem, instance, search)
    plain.recreate(pending_of(instance, search), order, PlainDice(0).draw)

    assert construct(instance, search, best, order)
    assert routes_of(search, trial=False) == plain.routes
    assert best.weight[0] == weight_left(problem, plain.routes)


def solved(problem: Problem, *, cores: int, watch: Callable[[Progress], bool] | None) -> Solution:
    """A day searched in parts."""
    effort = Effort(iterations=1_500, cores=cores)
    search = Heuristic(prepare(problem), effort, seed=3, watch=watch, whole=problem.whole)
    search_large(search)
    return search.solution()


def test_cores_change_nothing_but_the_time() -> None:
    """Each part has its own seed and its own steps, and they are put back in one order."""
    problem = random_problem(7, DAY)
    one, two = (solved(problem, cores=cores, watch=None) for cores in (1, 2))
    assert one.routes == two.routes
    assert one.unserved_weight < problem.journey_weight.sum()
    for shift, route in enumerate(one.routes):
        assert feasible_by_hand(problem, shift, route.visits) or not route.visits
    visits = [tuple(route.visits) for route in one.routes]
    assert weight_left(problem, visits) == one.unserved_weight


def test_parts_improve_the_first_plan() -> None:
    """Otherwise all those rounds would be for nothing."""
    better = 0
    for seed in range(8):
        problem = random_problem(seed, DAY)
        first = Heuristic(prepare(problem), Effort(iterations=3))
        search_large(first)
        last = solved(problem, cores=2, watch=None)
        before, after = (first.weight, first.cost), (last.unserved_weight, last.cost)
        assert after <= before
        better += after < before
    assert better > 2


def test_a_watch_that_says_no_ends_all_parts() -> None:
    """The plan is the best so far."""
    seen: list[Progress] = []

    def twice(progress: Progress) -> bool:
        seen.append(progress)
        return len(seen) < 5

    solution = solved(random_problem(7, DAY), cores=2, watch=twice)
    assert len(seen) <= 7
    assert solution.unserved_weight <= seen[-1].unserved_weight


def test_a_watch_that_fails_ends_all_parts() -> None:
    """An error of whoever watches comes through, with no thread left that searches on."""
    calls = 0

    def broken(_: Progress) -> bool:
        nonlocal calls
        calls += 1
        if calls > 4:
            msg = "nobody is listening"
            raise OSError(msg)
        return True

    with pytest.raises(OSError, match="nobody is listening"):
        solved(random_problem(7, DAY), cores=2, watch=broken)


def test_a_village_is_not_a_large_day() -> None:
    """Villages are proven, not dealt."""
    assert not is_large(prepare(random_problem(7, DAY)))
