"""What a plan comes to: people, time aboard, kilometres with and without passengers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

from routing.units import Metres, Seconds
from scheduler.day import Day
from scheduler.model import Trip, TripId, VisitKind
from scheduler.plan import Plan, Reason, Route


@dataclass(frozen=True)
class Figures:
    """
    Counts and sums of one plan.

    Parameters
    ----------
    requests, served
        All requests of the day, and those in the plan.
    unserved
        How many are not, by reason.
    trips, people, wheelchairs
        Trips driven; people carried on them, companions included; and those in wheelchairs.
    ride_mean, ride_longest
        Time in the bus of a trip, without the stops where the bus waits for the passenger.
    detour
        Time in the bus against the direct drive, over all trips; 1.0 without any detour.
    metres, empty_metres
        All driving, and that with nobody aboard.
    driving, standing
        Time of the buses on the road, and between leaving and coming back otherwise.
    shared
        Of the passenger trips, the share that had company on the way.
    """

    requests: int
    served: int
    unserved: Mapping[Reason, int]
    trips: int
    people: int
    wheelchairs: int
    ride_mean: Seconds
    ride_longest: Seconds
    detour: float
    metres: Metres
    empty_metres: Metres
    driving: Seconds
    standing: Seconds
    shared: float


def make_figures(plan: Plan, day: Day) -> Figures:
    """Add up *plan*."""
    rides = _rides(plan)
    trips = [day.trip(name) for name in rides]
    ridden, direct = sum(rides.values()), sum(_direct(trip, day) for trip in trips)
    stops = [stop for route in plan.routes for stop in route.stops]
    company = {name for stop in stops if len(stop.aboard) > 1 for name in stop.aboard}
    driving = sum(route.driving for route in plan.routes)
    out = sum(r.stops[-1].arrival - r.stops[0].departure for r in plan.routes if r.stops)
    return Figures(
        requests=len(day.journeys) + len(day.refused),
        served=len({trip.request for trip in trips}),
        unserved=dict(Counter(unserved.reason for unserved in plan.unserved)),
        trips=len(trips),
        people=sum(trip.load.seats + trip.load.wheelchairs for trip in trips),
        wheelchairs=sum(trip.load.wheelchairs for trip in trips),
        ride_mean=round(mean(rides.values())) if rides else 0,
        ride_longest=max(rides.values(), default=0),
        detour=ridden / direct if direct else 1.0,
        metres=sum(route.metres for route in plan.routes),
        empty_metres=sum(_empty(route) for route in plan.routes),
        driving=driving,
        standing=out - driving,
        shared=len(company) / len(trips) if trips else 0.0,
    )


def _rides(plan: Plan) -> dict[TripId, Seconds]:
    """Time in the bus of each trip: from the end of one visit to the begin of the next."""
    rides: dict[TripId, Seconds] = {}
    boarded: dict[TripId, int] = {}
    for route in plan.routes:
        for stop in route.stops:
            for visit in stop.visits:
                if visit.kind is not VisitKind.PICKUP:
                    ride = visit.begin - boarded[visit.trip]
                    rides[visit.trip] = rides.get(visit.trip, 0) + ride
                boarded[visit.trip] = visit.end
    return rides


def _direct(trip: Trip, day: Day) -> Seconds:
    places = [visit.place for visit in trip.visits]
    return sum(day.seconds(a, b) for a, b in pairwise(places))


def _empty(route: Route) -> Metres:
    """The way with nobody aboard."""
    return sum(after.metres for before, after in pairwise(route.stops) if not before.aboard)
