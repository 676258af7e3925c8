"""What the driver of a shift works with: the tour that holds, what is marked, what was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from api.operations import publishing, sheets, ticking
from api.operations.days import PlannedDay
from api.operations.endings import read_endings
from api.operations.office import Office
from data import plans, requests
from data.errors import NotKeptError
from data.region import Region
from data.ticks import Mark, Marked
from scheduler.manifest import Contact, Manifest
from scheduler.model import RequestId, ShiftId, TripKind, VisitKind, trip_kind
from scheduler.plan import Plan, Route

Marks: TypeAlias = Mapping[tuple[RequestId, TripKind], Marked]


@dataclass(frozen=True)
class Tour:
    """
    What one driver drives by the version that holds.

    *marked* is what holds of every trip of the day, whoever marked it. *stranded* are trips that
    this driver marked aboard, and that no halt of the tour sets down.
    """

    planned: PlannedDay
    route: Route
    manifest: Manifest
    marked: Marks
    stranded: Mapping[tuple[RequestId, TripKind], Contact]


@dataclass(frozen=True)
class Held:
    """A version that a driver holds or has seen, and who rode in it; a draft was never valid."""

    version: int
    draft: bool
    plan: Plan
    contacts: Mapping[RequestId, Contact]

    def route(self, shift: ShiftId) -> Route | None:
        """What a shift drives by it, if it has it."""
        return next((route for route in self.plan.routes if route.shift == shift), None)


def read_tour(office: Office, region: Region, day: date, shift: ShiftId) -> Tour:
    """
    Read what the driver of a shift works with.

    Raises
    ------
    NotKeptError
        If nothing is published for that shift.
    """
    planned = publishing.read_published(office, region, day)
    if planned is None or all(route.shift != shift for route in planned.plan.routes):
        msg = f"Für diesen Dienst am {day:%d.%m.%Y} ist noch nichts veröffentlicht."
        raise NotKeptError(msg)
    route = sheets.find_route(planned, shift)
    marked = _read_marked(office, region, day)
    return Tour(
        planned,
        route,
        sheets.manifest(
            planned,
            shift,
            printed=office.local(region),
            ended=read_endings(office, region, day, planned.version),
        ),
        marked,
        _stranded(office, route, marked),
    )


def read_held(office: Office, region: Region, day: date, version: int) -> Held | None:
    """Read a version of a day's plan with its people; ``None`` if there is no such version."""
    with office.store.reading() as session:
        try:
            kept = plans.read(session, region.name, day, version)
        except NotKeptError:
            return None
        names = {visit.request for visit in kept.plan.visits}
        contacts = requests.contacts(session, names)
        return Held(version, kept.published is None, kept.plan, contacts)


def read_stranded(
    office: Office, region: Region, day: date, plan: Plan
) -> dict[ShiftId, list[Contact]]:
    """Find who is in a bus, as its driver said, and gets off it nowhere by *plan*."""
    marked = _read_marked(office, region, day)
    found = {route.shift: _stranded(office, route, marked) for route in plan.routes}
    return {shift: list(each.values()) for shift, each in found.items() if each}


def _read_marked(office: Office, region: Region, day: date) -> Marks:
    return {
        (state.request, trip.trip): trip.marked
        for state in ticking.read_states(office, region, day)
        for trip in state.trips
    }


def _stranded(
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
