"""
What a newer plan of a day changes about an older one, as data.

One comparison, seen from two sides: for each passenger, what becomes of what was told; for each
shift, what a driver has to know who holds the older sheet. Ids and times only, no names.

What is printed counts (`scheduler.changes`): differences of less than a minute as printed are
none. Numbers of halts, kilometres and who is aboard follow from the rest. Requests that neither
plan serves do not appear.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from scheduler.changes import (
    At,
    Fate,
    Frame,
    Halt,
    PassengerChange,
    PlanDifference,
    ShiftChange,
    StopPair,
    VisitPair,
    when,
)
from scheduler.model import PlaceId, RequestId, ShiftId, VisitKind
from scheduler.plan import Plan, Route
from scheduler.stop_order import Match, longest_chain, match

# The n-th time that a request has this kind of visit at this place, counted from 0. Trips have
# other ids as soon as another way of serving a request is chosen; the visits are the same.
VisitKey: TypeAlias = tuple[RequestId, VisitKind, PlaceId, int]


def compare(older: Plan, newer: Plan) -> PlanDifference:
    """
    Find what *newer* changes about *older*: all of it, and nothing that reads the same.

    Raises
    ------
    ValueError
        If the plans are of different days.
    """
    if older.date != newer.date:
        msg = f"Plans of different days have no difference: {older.date} and {newer.date}."
        raise ValueError(msg)
    shifts = sorted({route.shift for plan in (older, newer) for route in plan.routes})
    changes = (_shift_change(older, newer, shift) for shift in shifts)
    return PlanDifference(
        older.date,
        tuple(_passengers(older, newer)),
        tuple(change for change in changes if change.frame_changed or change.stops),
    )


def pair_stops(older: Plan, newer: Plan, shift: ShiftId) -> tuple[StopPair, ...]:
    """
    Pair all halts of one shift, unchanged ones included, by the earlier of their two arrivals.

    Two halts are the same if they share visits; a halt that was split goes with the one that
    took over most of it.
    """
    pairs = _visit_pairs(older, newer)
    halts = _halts(older, shift), _halts(newer, shift)
    here = _keys_at(_places_of(older), shift), _keys_at(_places_of(newer), shift)
    matched = match(*here)
    straight = longest_chain(matched)
    alone = [Match(number, None) for number in halts[0].keys() - {each.older for each in matched}]
    alone += [Match(None, number) for number in halts[1].keys() - {each.newer for each in matched}]
    stops = []
    for each in (*matched, *alone):
        keys = {*here[0].get(each.older or 0, ()), *here[1].get(each.newer or 0, ())}
        visits = tuple(sorted((pairs[key] for key in keys), key=when))
        stops.append(
            StopPair(
                shift=shift,
                place=visits[0].place,
                older=halts[0].get(each.older or 0),
                newer=halts[1].get(each.newer or 0),
                visits=visits,
                reordered=each in matched and each not in straight,
            )
        )
    return tuple(sorted(stops, key=_arrives))


def _passengers(older: Plan, newer: Plan) -> Iterator[PassengerChange]:
    before = {each.request: each.reason for each in older.unserved}
    after = {each.request: each.reason for each in newer.unserved}
    by_request: dict[RequestId, list[VisitPair]] = {}
    for pair in sorted(_visit_pairs(older, newer).values(), key=when):
        by_request.setdefault(pair.request, []).append(pair)
    for request, pairs in by_request.items():
        changed = tuple(pair for pair in pairs if pair.changes)
        if changed:
            yield PassengerChange(
                request, _fate(pairs), changed, before.get(request), after.get(request)
            )


def _fate(pairs: Iterable[VisitPair]) -> Fate:
    every = list(pairs)
    if all(pair.older is None for pair in every):
        return Fate.NEWLY_SERVED
    if all(pair.newer is None for pair in every):
        return Fate.NO_LONGER_SERVED
    return Fate.CHANGED


def _shift_change(older: Plan, newer: Plan, shift: ShiftId) -> ShiftChange:
    stops = tuple(stop for stop in pair_stops(older, newer, shift) if stop.changed)
    return ShiftChange(shift, _frame(_route(older, shift)), _frame(_route(newer, shift)), stops)


def _route(plan: Plan, shift: ShiftId) -> Route | None:
    return next((route for route in plan.routes if route.shift == shift), None)


def _frame(route: Route | None) -> Frame | None:
    if route is None:
        return None
    start = route.stops[0].departure if route.stops else None
    end = route.stops[-1].arrival if route.stops else None
    return Frame(route.vehicle, route.driver, start, end, route.rest)


def _halts(plan: Plan, shift: ShiftId) -> dict[int, Halt]:
    route = _route(plan, shift)
    served = [stop for stop in route.halts if stop.visits] if route else []
    return {n: Halt(n, stop.arrival, stop.departure) for n, stop in enumerate(served, start=1)}


def _places_of(plan: Plan) -> dict[VisitKey, At]:
    """Find where each visit of *plan* stands."""
    found: list[tuple[tuple[RequestId, VisitKind, PlaceId], At]] = []
    for route in plan.routes:
        for number, stop in enumerate((stop for stop in route.halts if stop.visits), start=1):
            for position, visit in enumerate(stop.visits):
                at = At(route.shift, route.vehicle, number, position, visit.begin, visit.end)
                found.append(((visit.request, visit.kind, stop.place), at))
    seen: Counter[tuple[RequestId, VisitKind, PlaceId]] = Counter()
    places: dict[VisitKey, At] = {}
    for key, at in sorted(found, key=lambda each: (each[1].begin, each[1].shift)):
        places[(*key, seen[key])] = at
        seen[key] += 1
    return places


def _visit_pairs(older: Plan, newer: Plan) -> dict[VisitKey, VisitPair]:
    before, after = _places_of(older), _places_of(newer)
    return {
        key: VisitPair(*key[:3], before.get(key), after.get(key)) for key in {**before, **after}
    }


def _keys_at(places: Mapping[VisitKey, At], shift: ShiftId) -> dict[int, frozenset[VisitKey]]:
    """Collect the visits of each halt of *shift*."""
    found: dict[int, set[VisitKey]] = {}
    for key, at in places.items():
        if at.shift == shift:
            found.setdefault(at.halt, set()).add(key)
    return {halt: frozenset(keys) for halt, keys in found.items()}


def _arrives(stop: StopPair) -> tuple[object, ...]:
    arrivals = [halt.arrival for halt in (stop.older, stop.newer) if halt is not None]
    return min(arrivals), tuple(when(visit) for visit in stop.visits)
