"""
OR-Tools' routing library on any problem, tuned as well as we can, to compare with.

Parallel cheapest insertion, then guided local search; unserved journeys cost more than all
driving; windows tightened, and trips kept from shifts that cannot carry them, by the optimizer's
own preparation; drives and times are matrices in the library, so that no Python runs in its
search but a look at the clock for each solution. How each constraint is modelled: `ortools_model`.
"""

import time
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from ortools.constraint_solver import routing_enums_pb2
from ortools.util.optional_boolean_pb2 import BOOL_TRUE

from benchmarks.ortools_model import LIBRARY, Model, Node, Pair, pairs_of
from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.preparation import prepare
from scheduler.problem import Problem

Routes = tuple[tuple[int, ...], ...]

# Where trips are linked: until these shares of the time the model has them apart and options open,
# and each time half the journeys that were served in part are given up; the rest of the time is
# for linked trips of the chosen options.
OPEN_SHARES = (0.4, 0.5, 0.6, 0.7, 0.8)
# The library's own limit counts seconds on the wall: a machine may be this much busier.
PATIENCE = 4.0


def search(
    problem: Problem, *, seconds: float, seed: int = 0, solutions: int | None = None
) -> Routes | None:
    """
    Search for so many CPU seconds; visits for each shift, or ``None`` if nothing was found.

    Every answer is feasible, and serves a journey with all trips of one option or not at all.
    With *solutions* the search ends after so many of them, improvements or not, and no machine
    makes a difference.
    """
    begin = time.process_time()
    instance = prepare(problem)
    left_out: set[int] = set()
    model = _open_model(problem, instance, left_out)
    if not model.pairs:
        return ((),) * problem.shifts
    # All is said at once unless a journey has several trips or can be served in several ways.
    several = any(len(slots) > 1 or len(slots[0]) > 1 for slots in model.journeys if slots)
    plans = []
    nodes: list[list[Node]] | None = None
    for share in OPEN_SHARES if several else (1.0,):
        found = _run(model, nodes, begin + share * seconds, seed, solutions)
        if found is None:
            continue
        plans.append((mend(problem, instance, found), found))
        in_part = _served_in_part(problem, found)
        left_out |= set(in_part[: (len(in_part) + 1) // 2])
        model = _open_model(problem, instance, left_out)
        if not model.pairs:
            break
        trips = {pair.trip for pair in model.pairs}
        nodes = [
            [node for node in route if not node.visits or instance.trip[node.visits[0]] in trips]
            for route in found
        ]
    if not plans:
        return None
    best, found = min(plans, key=lambda plan: cost(problem, plan[0]))
    if several:
        model = _linked_model(problem, instance, found)
        kept = {visit for route in best for visit in route}
        start = [[node for node in route if kept.issuperset(node.visits)] for route in found]
        linked = _run(model, start, begin + seconds, seed, solutions)
        if linked is not None:
            best = min(best, mend(problem, instance, linked), key=lambda plan: cost(problem, plan))
    return best


def cost(problem: Problem, routes: Routes) -> tuple[int, float]:
    """Weight unserved and time driven."""
    served = {int(problem.option_journey[option]) for option in _options(problem, routes)}
    weight = sum(
        int(each) for journey, each in enumerate(problem.journey_weight) if journey not in served
    )
    driving = 0.0
    for shift, visits in enumerate(routes):
        places = [problem.shift_first_place[shift], *problem.visit_place[list(visits)]]
        places.append(problem.shift_last_place[shift])
        if visits:
            driving += sum(float(problem.seconds[a, b]) for a, b in pairwise(places))
    return weight, driving


def mend(problem: Problem, instance: Instance, nodes: Sequence[Sequence[Node]]) -> Routes:
    """
    Leave out breaks, journeys served in part, and one option where two are served.

    A route that still has no schedule loses its journeys one by one.
    """
    routes = tuple(tuple(visit for node in route for visit in node.visits) for route in nodes)
    while True:
        options = _options(problem, routes)
        keep = {
            int(trip)
            for option in options
            for trip in problem.option_trip[
                problem.option_start[option] : problem.option_start[option + 1]
            ]
        }
        routes = tuple(
            tuple(visit for visit in route if int(instance.trip[visit]) in keep) for route in routes
        )
        wrong = [
            route
            for shift, route in enumerate(routes)
            if route and not feasible(instance, shift, route)
        ]
        if not wrong:
            return routes
        lost = instance.trip[wrong[0][-1]]
        routes = tuple(
            tuple(visit for visit in route if instance.trip[visit] != lost) for route in routes
        )


def _options(problem: Problem, routes: Iterable[Sequence[int]]) -> list[int]:
    """The first option of each journey that is served completely."""
    trip = problem.visit_trip
    served = {int(trip[visit]) for route in routes for visit in route}
    options: dict[int, int] = {}
    for option, journey in enumerate(problem.option_journey):
        begin, end = problem.option_start[option : option + 2]
        if served.issuperset(problem.option_trip[begin:end].tolist()):
            options.setdefault(int(journey), option)
    return list(options.values())


def _served_in_part(problem: Problem, nodes: Sequence[Sequence[Node]]) -> list[int]:
    """Journeys with some trip in *nodes*, but no whole option; the lightest first."""
    visits = [[visit for node in route for visit in node.visits] for route in nodes]
    trips = {int(problem.visit_trip[visit]) for route in visits for visit in route}
    whole = {int(problem.option_journey[option]) for option in _options(problem, visits)}
    part = {
        int(journey)
        for option, journey in enumerate(problem.option_journey)
        for trip in problem.option_trip[
            problem.option_start[option] : problem.option_start[option + 1]
        ]
        if int(trip) in trips
    }
    return sorted(part - whole, key=lambda journey: (problem.journey_weight[journey], journey))


def _open_model(problem: Problem, instance: Instance, without: set[int]) -> Model:
    """
    All options and all ways to cut trips; the n-th trips of all options share a slot.

    Journeys *without* are left out.
    """
    journeys: list[list[list[int]]] = [[] for _ in range(problem.journeys)]
    pairs: list[Pair] = []
    seen: set[int] = set()
    for option, journey in enumerate(problem.option_journey):
        begin, end = problem.option_start[option : option + 2]
        if not instance.option_open[option] or int(journey) in without:
            continue
        for position, trip in enumerate(problem.option_trip[begin:end].tolist()):
            slots = journeys[journey]
            if trip in seen:
                continue
            seen.add(trip)
            if position == len(slots):
                slots.append([])
            for pair in pairs_of(problem, instance, trip):
                slots[min(position, len(slots) - 1)].append(len(pairs))
                pairs.append(pair)
    slots_of = [[slot for slot in slots if slot] for slots in journeys]
    return Model(problem, instance, pairs, slots_of)


def _linked_model(problem: Problem, instance: Instance, nodes: Sequence[Sequence[Node]]) -> Model:
    """Each journey with the option that *nodes* serve, or else the first, cut as it is there."""
    used = {node.visits for route in nodes for node in route}
    visits = [[visit for node in route for visit in node.visits] for route in nodes]
    chosen: dict[int, int] = {}
    for option, journey in enumerate(problem.option_journey):
        if instance.option_open[option]:
            chosen.setdefault(int(journey), option)
    for option in _options(problem, visits):
        chosen[int(problem.option_journey[option])] = option
    journeys: list[list[list[int]]] = [[] for _ in range(problem.journeys)]
    pairs: list[Pair] = []
    for journey, option in chosen.items():
        begin, end = problem.option_start[option : option + 2]
        for trip in problem.option_trip[begin:end].tolist():
            ways = pairs_of(problem, instance, trip)
            ways.sort(key=lambda pair: pair.first.visits not in used)
            if ways:
                journeys[journey].append([len(pairs)])
                pairs.append(ways[0])
    return Model(problem, instance, pairs, journeys, linked=True)


def _run(
    model: Model,
    start: Sequence[Sequence[Node]] | None,
    end: float,
    seed: int,
    solutions: int | None,
) -> list[list[Node]] | None:
    """Search until the process has used CPU time *end*; nodes for each shift."""
    routing = model.build()
    routing.solver().ReSeed(seed + 1)
    parameters = _parameters(linked=model.linked)
    if solutions is not None:
        parameters.solution_limit = solutions
    left = end - time.process_time()
    if left <= 0:
        return None

    def look() -> None:
        if time.process_time() >= end:
            routing.CancelSearch()

    routing.AddAtSolutionCallback(look)
    parameters.time_limit.FromMilliseconds(max(1, int(1000 * PATIENCE * left)))
    routing.CloseModelWithParameters(parameters)
    answer = None
    if start is not None:
        numbers = {node: number for number, node in enumerate(model.nodes)}
        rows = [[model.index(numbers[node]) for node in route] for route in start]
        known = routing.ReadAssignmentFromRoutes(rows, True)
        if known is not None:
            answer = routing.SolveFromAssignmentWithParameters(known, parameters)
    else:
        answer = routing.SolveWithParameters(parameters)
    return None if answer is None else _read(model, routing, answer)


def _read(model: Model, routing: Any, answer: Any) -> list[list[Node]]:
    routes = []
    for shift in range(model.problem.shifts):
        index, route = answer.Value(routing.NextVar(routing.Start(shift))), []
        while not routing.IsEnd(index):
            route.append(model.nodes[model.manager.IndexToNode(index)])
            index = answer.Value(routing.NextVar(index))
        routes.append(route)
    return routes


def _parameters(*, linked: bool) -> Any:
    """What was best of what was tried (benchmarks/README.md)."""
    parameters = LIBRARY.DefaultRoutingSearchParameters()
    strategy = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = strategy.PARALLEL_CHEAPEST_INSERTION
    metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic
    parameters.local_search_metaheuristic = metaheuristic.GUIDED_LOCAL_SEARCH
    # With the library's 0.1 people stay unserved on a2-16 and a4-48 of the literature.
    parameters.guided_local_search_lambda_coefficient = 1.0
    if linked:
        # Only these insert several trips in one move.
        parameters.local_search_operators.use_inactive_lns = BOOL_TRUE
        parameters.local_search_operators.use_path_lns = BOOL_TRUE
    return parameters
