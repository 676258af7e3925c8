"""
Plans near one that people and drivers know already.

What a plan changes counts as if the buses drove so much more: each trip that another shift
carries, or one of whose visits begins at clearly another time. Which shift carries a trip is part
of the exact model (`Problem.shift_extra`); times are not, so they are looked at here: of some plans
the best one is taken, and made better by moving one journey after the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle

import numpy as np

from scheduler.optimizer.instance import Instance
from scheduler.optimizer.offering import Offering
from scheduler.optimizer.preparation import prepare
from scheduler.optimizer.solution import RoutePlan
from scheduler.optimizer.timing import schedule
from scheduler.problem import Floats, Ints, Problem

# The visits of each shift, in order.
Orders = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Known:
    """
    What is known of a plan, by the numbers of a problem; v visits, t trips.

    Parameters
    ----------
    shift
        Shape ``(t,)``: which shift was to carry a trip, -1 if nobody knows of it. A number that
        no shift has makes a change of it in any case.
    begin
        Shape ``(v,)``: when a visit was to begin, NaN if nobody knows of it.
    change
        What a changed trip counts, in seconds of driving.
    leeway
        A visit that moves by so many seconds or less has not changed.
    """

    shift: Ints
    begin: Floats
    change: float
    leeway: float


def steady(problem: Problem, known: Known, plans: Sequence[Sequence[RoutePlan]]) -> list[RoutePlan]:
    """
    Find a plan that drives little and changes little, no worse than any of *plans*.

    All of them serve the same journeys, and so does the plan that is found. Only their order of
    visits counts: each gets the times that are nearest to the known ones, in sum.

    Raises
    ------
    ValueError
        If none of *plans* has a schedule.
    """
    search = _Search(problem, known)
    timed = list(filter(None, map(search.timed, map(_orders, plans))))
    if not timed:
        msg = "None of the plans has a schedule."
        raise ValueError(msg)
    best = min(timed, key=search.cost)
    for other in timed:
        best = search.mixed(best, other)
    in_vain = 0
    for journey in cycle(range(problem.journeys)):
        if in_vain == problem.journeys:
            break
        better = search.with_moved(best, journey)
        best, in_vain = (best, in_vain + 1) if better is None else (better, 0)
    return list(best)


def changed_trips(problem: Problem, known: Known, routes: Sequence[RoutePlan]) -> int:
    """Count the known trips that *routes* carry in another shift or at another time."""
    changed: set[int] = set()
    trip = problem.visit_trip
    for shift, route in enumerate(routes):
        for visit, begin in zip(route.visits, route.begins, strict=True):
            here = int(trip[visit])
            if known.shift[here] < 0:
                continue
            # An unknown time is NaN, and no difference to it is greater than anything.
            if known.shift[here] != shift or abs(begin - known.begin[visit]) > known.leeway:
                changed.add(here)
    return len(changed)


def _orders(routes: Sequence[RoutePlan]) -> Orders:
    return tuple(route.visits for route in routes)


class _Search:
    """Plans of one problem, with what they cost."""

    def __init__(self, problem: Problem, known: Known) -> None:
        self.problem, self.known = problem, known
        self._trip = problem.visit_trip
        self._begins = {
            visit: float(begin) for visit, begin in enumerate(known.begin) if np.isfinite(begin)
        }
        self._routes: dict[tuple[int, tuple[int, ...]], RoutePlan | None] = {}

    @cached_property
    def instance(self) -> Instance:
        return prepare(self.problem)

    def timed(self, orders: Orders) -> tuple[RoutePlan, ...] | None:
        """Give each order the times nearest to the known ones; ``None`` if one has none."""
        routes = [self._route(shift, visits) for shift, visits in enumerate(orders)]
        found = tuple(route for route in routes if route is not None)
        return found if len(found) == len(routes) else None

    def cost(self, routes: Sequence[RoutePlan]) -> tuple[float, float]:
        """Driving and changes; among equals, by how much visits move in all."""
        changes = changed_trips(self.problem, self.known, routes)
        moved = sum(
            abs(begin - self._begins[visit])
            for route in routes
            for visit, begin in zip(route.visits, route.begins, strict=True)
            if visit in self._begins
        )
        return self._driving(_orders(routes)) + self.known.change * changes, moved

    def mixed(
        self, routes: tuple[RoutePlan, ...], others: tuple[RoutePlan, ...]
    ) -> tuple[RoutePlan, ...]:
        """Take over the routes of *others* that make the same visits in a better way."""
        for shift, other in enumerate(others):
            if set(other.visits) == set(routes[shift].visits):
                instead = (*routes[:shift], other, *routes[shift + 1 :])
                routes = min(routes, instead, key=self.cost)
        return routes

    def with_moved(
        self, routes: tuple[RoutePlan, ...], journey: int
    ) -> tuple[RoutePlan, ...] | None:
        """Move *journey* to where that is best for the plan; ``None`` if it had better stay."""
        best, least = None, self.cost(routes)
        for orders in self._moves(routes, journey):
            # Times can only add to what another shift counts.
            if self._driving(orders) + self.known.change * self._elsewhere(orders) > least[0]:
                continue
            found = self.timed(orders)
            if found is not None and (cost := self.cost(found)) < least:
                best, least = found, cost
        return best

    def _moves(self, routes: Sequence[RoutePlan], journey: int) -> Iterator[Orders]:
        """Plans in which *journey* was taken out and put in where it costs least, in every way."""
        mine = {
            int(trip)
            for option in np.flatnonzero(self.problem.option_journey == journey)
            for trip in self.problem.option_trip[slice(*self.problem.option_start[option:][:2])]
        }
        rest = [tuple(v for v in route.visits if self._trip[v] not in mine) for route in routes]
        if rest == [route.visits for route in routes]:
            return
        offering = Offering(self.problem, [RoutePlan(visits) for visits in rest], journey=journey)
        for option in offering.options:
            insertion = offering.insert(option)
            if insertion is not None:
                yield tuple(
                    insertion.routes.get(shift, visits) for shift, visits in enumerate(rest)
                )

    def _route(self, shift: int, visits: tuple[int, ...]) -> RoutePlan | None:
        key = shift, visits
        if key not in self._routes:
            try:
                self._routes[key] = schedule(self.instance, shift, visits, known=self._begins)
            except ValueError:
                self._routes[key] = None
        return self._routes[key]

    def _driving(self, orders: Orders) -> float:
        total, shifts = 0.0, self.problem.shifts
        for shift, visits in enumerate(orders):
            if visits:
                nodes = [self.problem.visits + shift, *visits, self.problem.visits + shifts + shift]
                total += float(self.instance.drive[nodes[:-1], nodes[1:]].sum())
        return total

    def _elsewhere(self, orders: Orders) -> int:
        """How many known trips another shift carries."""
        shift = self.known.shift
        return sum(
            0 <= shift[trip] != here
            for here, visits in enumerate(orders)
            for trip in {int(self._trip[visit]) for visit in visits}
        )
