"""
Splitting a problem in two where the linear program cannot decide.

First how much weight stays unserved in all, then whether a journey is served and by which
option, then which kind of shift takes a trip, then whether one visit follows another.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from scheduler.optimizer.graph import Graph, listed
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.master import INFINITY, Bounds, Master, Relaxation
from scheduler.problem import Bools, Floats

# A value this close to a whole number is one.
INTEGRAL = 1e-6


@dataclass(frozen=True)
class Unserved:
    """At least *weight* stays unserved in all, or (*yes* false) less."""

    weight: int
    yes: bool = True


@dataclass(frozen=True)
class Served:
    """A journey is served, or is not."""

    journey: int
    yes: bool = True


@dataclass(frozen=True)
class Chosen:
    """An option is the one that is served, or is ruled out."""

    option: int
    yes: bool = True


@dataclass(frozen=True)
class Carried:
    """A trip is carried, if at all, by shifts of kind *kind*, or never by them."""

    trip: int
    kind: int
    yes: bool = True


@dataclass(frozen=True)
class Follows:
    """Visit *after* follows *before* (number of visits: the start), or never does."""

    before: int
    after: int
    yes: bool = True


Decision: TypeAlias = Unserved | Served | Chosen | Carried | Follows
Decisions: TypeAlias = tuple[Decision, ...]


def servable(instance: Instance) -> Bools:
    """Shape ``(j,)``: whether a journey has an option that some shift could take."""
    journeys = instance.option_journey[instance.option_open]
    return np.bincount(journeys, minlength=len(instance.journey_weight)) > 0


def bounds_of(instance: Instance, penalty: float, decisions: Decisions) -> Bounds:
    """What a branch allows of journeys and options."""
    weights = instance.journey_weight
    cost = np.where(servable(instance), penalty * weights, 0.0)
    dearer = penalty * (1.0 + weights.sum())
    options = instance.option_open.copy()
    low, high = 0.0, INFINITY
    for decision in decisions:
        match decision:
            case Unserved(weight, yes=True):
                low = max(low, float(weight))
            case Unserved(weight, yes=False):
                high = min(high, float(weight - 1))
            case Served(journey, yes=True):
                cost[journey] += dearer
            case Served(journey, yes=False):
                options[instance.option_journey == journey] = False
            case Chosen(option, yes=True):
                journey = instance.option_journey[option]
                keep = options[option]
                options[instance.option_journey == journey] = False
                options[option] = keep
                cost[journey] += dearer
            case Chosen(option, yes=False):
                options[option] = False
            case _:
                pass
    return Bounds(unserved_cost=cost, options=options, weight=(low, high))


def graph_of(graph: Graph, kind: int, decisions: Decisions) -> Graph:
    """What a branch leaves of the graph of one kind of shift."""
    arc, pickup = graph.arc.copy(), graph.pickup.copy()
    shortcuts = np.array([not any(isinstance(d, Follows) for d in decisions)])
    for decision in decisions:
        if isinstance(decision, Carried) and (decision.kind == kind) != decision.yes:
            pickup[decision.trip] = -1
        elif isinstance(decision, Follows) and not decision.yes:
            arc[decision.before, decision.after] = False
        elif isinstance(decision, Follows):
            keep = arc[decision.before, decision.after]
            arc[:, decision.after] = False
            if decision.before < len(graph.trip):
                arc[decision.before, :] = False
            arc[decision.before, decision.after] = keep
    return (
        listed(graph._replace(arc=arc, pickup=pickup, shortcuts=shortcuts)) if decisions else graph
    )


def branch_on(master: Master, relaxation: Relaxation, bounds: Bounds) -> Decision | None:
    """The decision to take next, as its "yes" side; ``None`` if all values are whole."""
    weight = float(relaxation.unserved @ master.instance.journey_weight)
    low, high = bounds.weight
    # More than *high* is possible at a price; then only the journeys themselves can decide.
    if abs(weight - round(weight)) > INTEGRAL and low < np.ceil(weight) <= high:
        return Unserved(int(np.ceil(weight)))
    journey = _most_fractional(relaxation.unserved)
    if journey is not None:
        return Served(journey)
    option = _most_fractional(relaxation.options)
    if option is not None:
        return Chosen(option)
    return _branch_on_kind(master, relaxation) or _branch_on_order(master, relaxation)


def _branch_on_kind(master: Master, relaxation: Relaxation) -> Carried | None:
    """The trip that is most undecided between kinds of shifts."""
    columns, kinds = master.columns, len(master.counts)
    carried = np.zeros((master.trips, kinds))
    for kind in range(kinds):
        used = np.flatnonzero(
            (relaxation.routes > INTEGRAL) & (columns.kind[: len(relaxation.routes)] == kind)
        )
        carried[:, kind] = relaxation.routes[used] @ columns.serves[used]
    flat = _most_fractional(carried.ravel())
    return None if flat is None else Carried(flat // kinds, flat % kinds)


def _branch_on_order(master: Master, relaxation: Relaxation) -> Follows | None:
    """The two visits that are most undecided to follow each other."""
    visits = int(master.instance.trip_start[-1])
    follows = np.zeros((visits + 1, visits))
    for column in np.flatnonzero(relaxation.routes > INTEGRAL):
        route = np.array(master.columns[int(column)].visits)
        follows[np.append(visits, route[:-1]), route] += relaxation.routes[column]
    flat = _most_fractional(follows.ravel())
    return None if flat is None else Follows(flat // visits, flat % visits)


def all_whole(relaxation: Relaxation) -> bool:
    """Whether the linear program happens to have found a plan."""
    parts = (relaxation.routes, relaxation.unserved, relaxation.options)
    return all(_most_fractional(values) is None for values in parts)


def _most_fractional(values: Floats) -> int | None:
    """Index of the value farthest from a whole number, if any is."""
    if not len(values):
        return None
    distance = np.abs(values - np.round(values))
    index = int(np.argmax(distance))
    return index if distance[index] > INTEGRAL else None
