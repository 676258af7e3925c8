"""Searches with a plan in them, and what stands in them, as lists."""

import numpy as np

from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.lns import make_best, restart
from scheduler.optimizer.search import Search
from scheduler.problem import Problem
from tests.plain_recreate import PlainTrial

Route = tuple[int, ...]


def random_plan(problem: Problem, instance: Instance, draw: np.random.Generator) -> list[Route]:
    """Some journeys, whole, each trip somewhere where it fits."""
    plan: list[Route] = [() for _ in range(problem.shifts)]
    for journey in draw.permutation(problem.journeys):
        option = int(draw.choice(np.flatnonzero(problem.option_journey == journey)))
        before = list(plan)
        for trip in problem.option_trip[slice(*problem.option_start[option : option + 2])]:
            visits = tuple(range(*problem.trip_start[trip : trip + 2]))
            shift = int(draw.integers(problem.shifts))
            place = int(draw.integers(len(plan[shift]) + 1))
            longer = (*plan[shift][:place], *visits, *plan[shift][place:])
            if not feasible(instance, shift, longer):
                plan = before
                break
            plan[shift] = longer
    return plan


def load(problem: Problem, instance: Instance, search: Search, plan: list[Route]) -> None:
    """Make *plan* the plan of *search*, and the trial a copy of it."""
    best = make_best(instance, search)
    for shift, visits in enumerate(plan):
        best.nodes[shift, 1 : len(visits) + 1] = visits
        best.nodes[shift, len(visits) + 1] = problem.visits + problem.shifts + shift
        best.length[shift] = len(visits)
    assert restart(instance, search, best.nodes, best.length)
    search.home[1] = search.home[0]
    search.choice[1] = search.choice[0]
    search.touched[:] = False


def routes_of(search: Search, *, trial: bool) -> list[Route]:
    """Visits of each shift in the plan, or in the trial."""
    routes = []
    for shift in range(len(search.side)):
        other = trial and search.touched[shift]
        row = 2 * shift + (1 - search.side[shift] if other else search.side[shift])
        length = search.routes.length[row]
        routes.append(tuple(search.routes.nodes[row, 1 : length + 1].tolist()))
    return routes


def pending_of(instance: Instance, search: Search) -> list[int]:
    """Journeys that are not served and could be, ascending."""
    able = set(instance.option_journey[instance.option_open].tolist())
    return [journey for journey in sorted(able) if search.choice[0, journey] < 0]


def plain_trial(problem: Problem, instance: Instance, search: Search) -> PlainTrial:
    """The plan of *search*, to be gone on with in plain Python."""
    return PlainTrial(
        problem=problem,
        kind=instance.kind,
        open_options=frozenset(np.flatnonzero(instance.option_open).tolist()),
        penalty=float(search.penalty[0]),
        routes=routes_of(search, trial=False),
    )


def homes(problem: Problem, routes: list[Route]) -> list[int]:
    """Shift of each trip, or -1."""
    home = [-1] * problem.trips
    for shift, visits in enumerate(routes):
        for trip in problem.visit_trip[list(visits)].tolist():
            home[trip] = shift
    return home


def choices(problem: Problem, routes: list[Route]) -> list[int]:
    """Option of each journey, or -1; no option holds another one in these tests."""
    served = {trip for trip, shift in enumerate(homes(problem, routes)) if shift >= 0}
    choice = [-1] * problem.journeys
    for option, journey in enumerate(problem.option_journey.tolist()):
        trips = problem.option_trip[slice(*problem.option_start[option : option + 2])].tolist()
        if served.issuperset(trips):
            choice[journey] = option
    return choice
