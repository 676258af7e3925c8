"""Who is in a bus, as its driver said, and who should be by the plan."""

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from api.operations import ticking
from api.operations.office import Office
from data import requests
from data.region import Region
from data.ticks import Mark, Marked
from scheduler.clock import Clock
from scheduler.manifest import Contact
from scheduler.model import PlaceId, RequestId, ShiftId, TripKind, VisitKind, trip_kind
from scheduler.plan import Plan, Route

Marks: TypeAlias = Mapping[tuple[RequestId, TripKind], Marked]


def read_stranded(
    office: Office, region: Region, day: date, plan: Plan
) -> dict[ShiftId, list[Contact]]:
    """Find who is in a bus, as its driver said, and gets off it nowhere by *plan*."""
    marked = read_marked(office, region, day)
    found = {route.shift: stranded_in(office, route, marked) for route in plan.routes}
    return {shift: list(each.values()) for shift, each in found.items() if each}


def read_marked(office: Office, region: Region, day: date) -> Marks:
    """Read what holds of every trip of a day, whoever marked it."""
    return {
        (state.request, trip.trip): trip.marked
        for state in ticking.read_states(office, region, day)
        for trip in state.trips
    }


def stranded_in(
    office: Office, route: Route, marked: Marks
) -> dict[tuple[RequestId, TripKind], Contact]:
    """Find who is in the bus, as its driver said, and gets off nowhere."""
    set_down = {
        (visit.request, trip_kind(visit.trip))
        for stop in route.stops
        for visit in stop.visits
        if visit.kind is VisitKind.DROPOFF
    }
    left = [
        trip
        for trip, each in marked.items()
        if each.mark is Mark.ABOARD and each.shift == route.shift and trip not in set_down
    ]
    with office.store.reading() as session:
        known = requests.contacts(session, {request for request, _ in left})
    return {trip: known[trip[0]] for trip in left if trip[0] in known}


def aboard(plan: Plan, now: Clock) -> dict[RequestId, PlaceId]:
    """Who should be in a bus by the plan, and where they get out."""
    ends = {
        visit.trip: (visit.begin, stop.place)
        for route in plan.routes
        for stop in route.stops
        for visit in stop.visits
        if visit.kind is VisitKind.DROPOFF
    }
    return {
        visit.request: ends[visit.trip][1]
        for visit in plan.visits
        if visit.kind is VisitKind.PICKUP
        and visit.trip in ends
        and visit.begin <= now < ends[visit.trip][0]
    }
