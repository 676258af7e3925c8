"""Regret insertion in plain Python: lists of visits, all places tried, schedules by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations_with_replacement

import numpy as np

from benchmarks.schedules import feasible_by_hand
from scheduler.problem import Ints, Problem
from tests.costs_by_hand import cost_by_hand

Route = tuple[int, ...]


@dataclass
class PlainTrial:
    """
    A plan that journeys are being put into.

    *kind* numbers equal shifts, *open_options* are those that can be served at all, *penalty*
    is what being unserved costs.
    """

    problem: Problem
    kind: Ints
    open_options: frozenset[int]
    penalty: float
    routes: list[Route]
    choice: dict[int, int] = field(default_factory=dict)

    def cheapest_route(self, shift: int, trip: int) -> tuple[float, Route]:
        """What *trip* adds at its cheapest place in the route of *shift*, and the route then."""
        route = self.routes[shift]
        visits = range(*self.problem.trip_start[trip : trip + 2])
        longer = []
        for places in combinations_with_replacement(range(len(route) + 1), len(visits)):
            with_trip = list(route)
            for visit, place in reversed(list(zip(visits, places, strict=True))):
                with_trip.insert(place, visit)
            longer.append((cost_by_hand(self.problem, shift, with_trip), tuple(with_trip)))
        for cost, with_trip_ in sorted(longer):
            if feasible_by_hand(self.problem, shift, with_trip_):
                return cost - cost_by_hand(self.problem, shift, route), with_trip_
        return np.inf, ()

    def ranked(self, trip: int) -> list[tuple[float, int, Route]]:
        """Cost, shift and new route of the cheapest place in each shift, cheapest first."""
        found = []
        idle: set[int] = set()
        for shift, route in enumerate(self.routes):
            kind = int(self.kind[shift])
            if not route and kind in idle:
                continue
            if not route:
                idle.add(kind)
            if self.problem.shift_takes[shift, trip]:
                cost, longer = self.cheapest_route(shift, trip)
                if np.isfinite(cost):
                    found.append((cost, shift, longer))
        return sorted(found)

    def regret(self, trip: int, order: int) -> float:
        """How much dearer the next best routes are, up to the *order*-th, than the best one."""
        costs = [min(cost, self.penalty) for cost, _, _ in self.ranked(trip)]
        costs += [self.penalty] * 3
        return sum(costs[place] - costs[0] for place in range(1, min(order, 3)))

    def best_option(self, journey: int, order: int) -> tuple[int, float] | None:
        """The option that adds least, and how urgent the journey is; none if nothing fits."""
        options = []
        for option in np.flatnonzero(self.problem.option_journey == journey).tolist():
            trips = self.trips_of(option)
            ranked = [self.ranked(trip) for trip in trips]
            if option in self.open_options and all(ranked):
                options.append((sum(places[0][0] for places in ranked), option))
        if not options:
            return None
        total, option = min(options)
        urgency = sum(self.regret(trip, order) for trip in self.trips_of(option))
        return option, urgency if order > 1 else -total

    def trips_of(self, option: int) -> list[int]:
        """Trips of an option, in its order."""
        begin, end = self.problem.option_start[option : option + 2]
        return [int(trip) for trip in self.problem.option_trip[begin:end]]

    def place(self, option: int) -> bool:
        """Put all trips of *option* in, one after the other, or none."""
        before = list(self.routes)
        for trip in self.trips_of(option):
            ranked = self.ranked(trip)
            if not ranked:
                self.routes = before
                return False
            _, shift, longer = ranked[0]
            self.routes[shift] = longer
        return True

    def recreate(self, pending: list[int], order: int, draw: Callable[[], float]) -> None:
        """
        Give each pending journey its turn: at random (0), cheapest first (1), by regret (2, 3).

        Who does not fit any more, or not whole, is left out.
        """
        while pending:
            if order == 0:
                # Who has had a turn is replaced by the last in the list.
                index = int(draw() * len(pending))
                journey, pending[index] = pending[index], pending[-1]
                pending.pop()
                found = self.best_option(journey, 1)
            else:
                found_of = {journey: self.best_option(journey, order) for journey in pending}
                urgent = [
                    (found[1], journey) for journey, found in found_of.items() if found is not None
                ]
                if not urgent:
                    return
                _, journey = max(urgent)
                found = found_of[journey]
                pending = [other for _, other in urgent if other != journey]
            if found is not None and self.place(found[0]):
                self.choice[journey] = found[0]
