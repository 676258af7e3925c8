"""The best plan that a proof knows, and how plans are read off linear programs and priced."""

from dataclasses import dataclass

import numpy as np

from scheduler.optimizer.columns import Column, Columns
from scheduler.optimizer.extras import most_extra
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.master import Relaxation


@dataclass(frozen=True)
class Incumbent:
    """The best plan known: its routes by kind of shift, unserved weight, and cost of the routes."""

    routes: tuple[Column, ...]
    weight: int
    cost: float


def plan_of(instance: Instance, columns: Columns, relaxation: Relaxation) -> Incumbent:
    """Read a plan off a relaxation without fractions; nobody is carried twice."""
    missing = np.zeros(len(instance.trip_start) - 1, np.bool_)
    for option in np.flatnonzero(relaxation.options > 0.5):
        begin, end = instance.option_start[option : option + 2]
        missing[instance.option_trip[begin:end]] = True
    kept: list[Column] = []
    for index in np.flatnonzero(relaxation.routes > 0.5):
        column = columns[int(index)]
        trips = instance.trip[list(column.visits)]
        visits = tuple(int(v) for v in np.array(column.visits)[missing[trips]])
        missing[trips] = False
        if visits:
            shift = int(np.flatnonzero(instance.kind == column.kind)[0])
            cost = route_cost(instance, shift, visits)
            kept.append(Column(column.kind, visits, cost))
    weight = float(np.round(relaxation.unserved) @ instance.journey_weight)
    return Incumbent(tuple(kept), round(weight), sum(route.cost for route in kept))


def most_cost(instance: Instance) -> float:
    """More than the routes of any plan together cost: the price of a unit of unserved weight."""
    shifts = len(instance.kind)
    hours = instance.latest[-shifts:] - instance.earliest[-2 * shifts : -shifts]
    driving = np.minimum(hours, instance.longest).sum()
    return float(np.ceil(driving + most_extra(instance))) + 1.0


def route_cost(instance: Instance, shift: int, visits: tuple[int, ...]) -> float:
    """Drive of a route, from the start of the shift to its end, and what its trips count."""
    shifts = len(instance.kind)
    start = len(instance.trip) - 2 * shifts + shift
    nodes = np.array([start, *visits, start + shifts])
    extra = instance.extra[shift, np.unique(instance.trip[list(visits)])].sum()
    return float(instance.drive[nodes[:-1], nodes[1:]].sum() + extra)
