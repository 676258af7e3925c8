"""
What an order of visits is worth, whoever found it: its way, its times, the rules it breaks.

The times are the best that the order allows. Where it allows none within the longest rides, the
times are those with the least time aboard that keep everything else, and the rides that are too
long in them are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.verify import driven, faults, long_rides
from scheduler.optimizer.instance import Instance, lay_out
from scheduler.optimizer.solution import RoutePlan
from scheduler.optimizer.timing import schedule
from scheduler.problem import Problem


@dataclass(frozen=True)
class Verdict:
    """
    What is to say of a plan.

    *cost* is the way of all vehicles, *unserved* the trips that nobody carries, *long_rides* the
    rides that take too long, *faults* all that is wrong, and *feasible* that nothing is.
    """

    cost: float
    vehicles: int
    unserved: int
    long_rides: int
    faults: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        """Whether everybody is served and every rule is kept."""
        return not self.faults


def judge(problem: Problem, orders: Sequence[Sequence[int]]) -> Verdict:
    """
    Time and check the visits of each shift, in the order given.

    Raises
    ------
    ValueError
        If there is not one order for each shift.
    """
    if len(orders) != problem.shifts:
        msg = f"{len(orders)} orders for {problem.shifts} shifts."
        raise ValueError(msg)
    endless = replace(problem, visit_ride=np.full(problem.visits, np.inf))
    instances = lay_out(problem), lay_out(endless)
    routes, lost = [], []
    for shift, order in enumerate(orders):
        visits = tuple(order)
        route = _timed(instances, shift, visits)
        if route is None:
            lost.append(f"vehicle {shift}: is late wherever it waits")
            route = RoutePlan(visits, (np.nan,) * len(visits), np.nan, np.nan)
        routes.append(route)
    done = {visit for visits in orders for visit in visits}
    return Verdict(
        cost=driven(problem, routes),
        vehicles=sum(bool(visits) for visits in orders),
        unserved=sum(start not in done for start in problem.trip_start[:-1].tolist()),
        long_rides=sum(len(long_rides(problem, route)) for route in routes),
        # No time compares with what is not a number, so these are the faults of the order.
        faults=(*lost, *faults(problem, routes)),
    )


def _timed(
    instances: tuple[Instance, Instance], shift: int, visits: tuple[int, ...]
) -> RoutePlan | None:
    """Best times with the longest rides, or else without them; ``None`` if there are none."""
    for instance in instances:
        try:
            return schedule(instance, shift, visits)
        except (ValueError, KeyError):  # no times; a visit without the one that it follows
            continue
    return None
