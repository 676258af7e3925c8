"""What of an earlier plan can still be driven: the start of a search for a day that has changed."""

from collections.abc import Iterable, Sequence

from scheduler.optimizer.feasibility import feasible
from scheduler.optimizer.instance import Instance
from scheduler.optimizer.parts import without_fragments


def still_driven(instance: Instance, routes: Iterable[Sequence[int]]) -> list[tuple[int, ...]]:
    """
    For each shift the visits of its earlier route that it can still make, in their order.

    Routes beyond the last shift, unknown visits, and trips that are incomplete, out of order or
    in a route before are left out. A route without a schedule keeps its trips one after the
    other, as far as there is one. In the end all journeys are whole.
    """
    shifts, visits = len(instance.kind), int(instance.trip_start[-1])
    plan: list[tuple[int, ...]] = [() for _ in range(shifts)]
    seen: set[int] = set()
    for shift, route in zip(range(shifts), routes, strict=False):
        known = [visit for visit in route if 0 <= visit < visits]
        trips = [
            trip
            for trip in dict.fromkeys(int(instance.trip[visit]) for visit in known)
            if trip not in seen and _is_whole(instance, trip, known)
        ]
        seen.update(trips)
        plan[shift] = _fitting(instance, shift, known, trips)
    return without_fragments(instance, plan)


def _is_whole(instance: Instance, trip: int, route: Sequence[int]) -> bool:
    """Whether *route* makes all visits of *trip* once and in order."""
    first, last = instance.trip_start[trip : trip + 2]
    return [visit for visit in route if instance.trip[visit] == trip] == list(range(first, last))


def _fitting(
    instance: Instance, shift: int, route: Sequence[int], trips: Sequence[int]
) -> tuple[int, ...]:
    """The visits of *route* of as many *trips* as fit, the earlier ones first."""
    kept = _only(instance, route, set(trips))
    if not kept or feasible(instance, shift, kept):
        return kept
    some: set[int] = set()
    for trip in trips:
        if feasible(instance, shift, _only(instance, route, some | {trip})):
            some.add(trip)
    return _only(instance, route, some)


def _only(instance: Instance, route: Sequence[int], trips: set[int]) -> tuple[int, ...]:
    return tuple(int(visit) for visit in route if int(instance.trip[visit]) in trips)
