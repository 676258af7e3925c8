"""
A day on which breaking a promise costs a drive: of a bus that there is not, to a toll place.

The exact model knows one price, driving. So each way to serve a journey late, or not at all, has a
trip of its own on one more shift, whose bus has to drive as far for it as breaking the promise
costs. Then the cheapest plan of the day breaks the least. Each journey has such a shift of its own:
one for all would have a route for every mixture of broken promises, and no proof would end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.matrix import NO_ROAD, TravelMatrix
from routing.units import Seconds
from scheduler.continuing import Orders, in_order, orders_of
from scheduler.day import Day
from scheduler.model import (
    Journey,
    Load,
    RequestId,
    Shift,
    ShiftId,
    TimeWindow,
    Trip,
    TripId,
    TripKind,
    Vehicle,
    Visit,
    VisitKind,
)
from scheduler.optimizer.solution import RoutePlan, Solution

# No real shift or place is called so.
TOLL = "toll"


@dataclass(frozen=True)
class Way:
    """
    One way to serve the journey of *request*: *trips* of the rest of a day, at a *price*.

    *trips* may be none, if there is a price.
    """

    request: RequestId
    trips: tuple[Trip, ...]
    price: Seconds


@dataclass(frozen=True, eq=False)
class TollDay:
    """
    A day with tolls.

    Parameters
    ----------
    day
        The trips of its ways have new ids.
    names
        For the id of each trip, that of the trip that it is made of.
    ways
        For each journey that has a choice, its ways; they are its options in this order.
    """

    day: Day
    names: Mapping[TripId, TripId]
    ways: Mapping[RequestId, tuple[Way, ...]]

    def taken(self, solution: Solution) -> dict[RequestId, int]:
        """Which way each of *ways* is served in; those that are left out are missing."""
        calls = orders_of(self.day, solution.routes)
        served = {trip for each in calls.values() for trip, _ in each}
        # Each way has trips of its own, so that none lies within another.
        return {
            journey.request: number
            for journey in self.day.journeys
            if journey.request in self.ways
            for number, option in enumerate(journey.options)
            if served >= set(option)
        }

    def orders(self, solution: Solution) -> Orders:
        """The visits of real buses, with the names of their trips."""
        return {
            shift: tuple((self.names[trip], which) for trip, which in calls)
            for shift, calls in orders_of(self.day, solution.routes).items()
            if not shift.startswith(f"{TOLL}/")
        }

    def routes(self, orders: Orders, numbers: Mapping[RequestId, int]) -> tuple[RoutePlan, ...]:
        """Drive in these *orders*, with the journeys of *ways* served in those of *numbers*."""
        ids = {name: name for name in self.names.values()}
        tolls: dict[ShiftId, list[tuple[TripId, int]]] = {}
        for journey in self.day.journeys:
            if journey.request in numbers:
                option = journey.options[numbers[journey.request]]
                ids |= {self.names[trip]: trip for trip in option if trip in self.names}
                tolls[f"{TOLL}/{journey.request}"] = [
                    (trip, which) for trip in option if trip not in self.names for which in (0, 1)
                ]
        named = {
            shift: tuple((ids[trip], which) for trip, which in calls if trip in ids)
            for shift, calls in orders.items()
        }
        return in_order(self.day, {**named, **tolls})


def with_tolls(
    rest: Day, ways: Sequence[tuple[Way, ...]], *, aboard: Mapping[TripId, ShiftId]
) -> TollDay:
    """
    Let the journeys of *ways* be served in those ways; the others of *rest* stay as they are.

    Prices are even numbers of seconds. *aboard* are the trips that a bus has begun.
    """
    chosen = {each[0].request: each for each in ways}
    gone = {trip.id for trip in rest.trips if trip.request in chosen}
    trips = [trip for trip in rest.trips if trip.id not in gone]
    journeys = [
        replace(journey, weight=1) for journey in rest.journeys if journey.request not in chosen
    ]
    bound = {trip: shift for trip, shift in rest.bound_to.items() if trip not in gone}
    names = {trip.id: trip.id for trip in trips}
    prices: list[Seconds] = [0]
    shifts = list(rest.shifts)
    for request, open_ways in chosen.items():
        options = []
        when = max(way.price for way in open_ways)
        # It carries nobody.
        hours, depot = TimeWindow(0, 2 * when), _place(0)
        shift = Shift(f"{TOLL}/{request}", Vehicle(TOLL, (Load(),)), TOLL, hours, depot, depot)
        shifts.append(shift)
        for number, way in enumerate(open_ways):
            option = []
            for trip in way.trips:
                made = replace(trip, id=f"{trip.id}~{number}")
                trips.append(made)
                names[made.id] = trip.id
                option.append(made.id)
                if trip.id in aboard:
                    bound[made.id] = aboard[trip.id]
            if way.price:
                toll = _toll(request, number, len(prices), when)
                prices.append(way.price)
                trips.append(toll)
                bound[toll.id] = shift.id
                option.append(toll.id)
            options.append(tuple(option))
        journeys.append(Journey(request, tuple(options), 1))
    travel, index = _roads(rest, prices)
    day = replace(
        rest,
        journeys=tuple(journeys),
        trips=tuple(trips),
        shifts=tuple(shifts),
        travel=travel,
        index=index,
        bound_to=bound,
        planned={},
        change=0,
    )
    return TollDay(day, names, chosen)


def _place(number: int) -> str:
    return f"{TOLL}/{number}"


def _toll(request: RequestId, number: int, place: int, when: Seconds) -> Trip:
    """Nobody's trip from a toll place to itself, at a moment that all ways of a journey share."""
    window = TimeWindow(when, when)
    visits = tuple(
        Visit(kind, _place(place), window, 0) for kind in (VisitKind.PICKUP, VisitKind.DROPOFF)
    )
    return Trip(f"{request}~{TOLL}-{number}", request, TripKind.OUTBOUND, visits, (0,), Load())


def _roads(rest: Day, prices: Sequence[Seconds]) -> tuple[TravelMatrix, dict[str, int]]:
    """Real places, then the toll depot and the toll places, all at half their price from it."""
    real, tolls = len(rest.travel), len(prices)
    half = np.array(prices, dtype=np.int64) // 2
    seconds = np.full((real + tolls, real + tolls), max(NO_ROAD, int(half.max())), dtype=np.int64)
    seconds[:real, :real] = rest.travel.seconds
    seconds[real:, real:] = half[:, None] + half[None, :]
    np.fill_diagonal(seconds, 0)
    index = {**rest.index, **{_place(number): real + number for number in range(tolls)}}
    return TravelMatrix(seconds, np.zeros_like(seconds)), index
