"""
A day as what `json` can write: who rides how, and the shifts as they are by now.

It is kept with each plan that was made after the day had begun, for what happens on the road
does not follow from requests and rules, and with each that is published, for what drivers hold
stays, whatever is decided about shifts, buses and places later. Places are named by their ids;
roads, seats and the points of places come from the region. All times are seconds.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from data.closed_roads import ClosedRoad, on_closed_roads
from data.day_input import DayInput
from data.plan_document import Document
from data.region import Region
from data.trip_document import read_trip, trip_document
from routing.matrix import Roads
from scheduler.day import Day
from scheduler.model import Break, Journey, Shift, TimeWindow
from scheduler.plan import Plan
from scheduler.promises import Promise


def day_document(day: Day, *, closed: Sequence[ClosedRoad] = ()) -> Document:
    """
    Write *day* down, but for what it shares with its region and its plan.

    *closed* are the roads that were closed in the course of it, in order.
    """
    return {
        "journeys": [
            {
                "request": journey.request,
                "options": [list(option) for option in journey.options],
                "weight": journey.weight,
            }
            for journey in day.journeys
        ],
        "trips": [{**trip_document(trip), "request": trip.request} for trip in day.trips],
        "shifts": [_shift(shift) for shift in day.shifts],
        "held_up": dict(day.held_up),
        "ended": sorted(day.ended),
        "given_up": [
            {
                "request": each.request,
                "weight": each.weight,
                "trips": [trip_document(trip) for trip in each.trips],
            }
            for each in day.given_up
        ],
        "carried": sorted(day.carried),
        "planned": dict(day.planned),
        "planned_begins": {trip: list(begins) for trip, begins in day.planned_begins.items()},
        "change": day.change,
        "leeway": day.leeway,
        "closed_roads": [road.document for road in closed],
    }


def closed_roads(document: Document) -> tuple[ClosedRoad, ...]:
    """Read which roads were closed in the course of a day."""
    return tuple(ClosedRoad.read(each) for each in document["closed_roads"])


def read_day(
    document: Document, plan: Plan, day_input: DayInput, *, region: Region, roads: Roads
) -> Day:
    """
    Read what `day_document` wrote about the day of *plan*; *day_input* has the homes.

    Raises
    ------
    KeyError
        If *region* no longer knows a vehicle or a place.
    """
    trips = tuple(read_trip(each, each["request"]) for each in document["trips"])
    shifts = tuple(_read_shift(each, region, plan.date) for each in document["shifts"])
    journeys = tuple(
        Journey(each["request"], tuple(tuple(option) for option in each["options"]), each["weight"])
        for each in document["journeys"]
    )
    # Days of before somebody could take a shift over do not have these two.
    given_up = tuple(_read_given_up(each) for each in document.get("given_up", ()))
    carried = frozenset(document.get("carried", ()))
    used: dict[str, None] = {}
    for shift in shifts:
        used |= dict.fromkeys((shift.start_place, shift.end_place))
    for route in plan.routes:
        used |= dict.fromkeys(stop.place for stop in route.stops)
    for trip in (*trips, *(trip for each in given_up for trip in each.trips)):
        used |= dict.fromkeys(visit.place for visit in trip.visits)
    known = day_input.places(region)
    places = {name: known[name] for name in used}
    ahead = {journey.request for journey in journeys}
    day = Day(
        date=plan.date,
        journeys=journeys,
        trips=trips,
        shifts=shifts,
        places=places,
        travel=roads.travel([place.point for place in places.values()]),
        index={name: number for number, name in enumerate(places)},
        refused=tuple(each for each in plan.unserved if each.request not in ahead),
        held_up=document["held_up"],
        ended=frozenset(document.get("ended", ())),
        given_up=given_up,
        carried=carried,
        # Days of before changes counted do not have these four.
        planned=document.get("planned", {}),
        planned_begins={
            trip: tuple(begins) for trip, begins in document.get("planned_begins", {}).items()
        },
        change=document.get("change", 0),
        leeway=document.get("leeway", 0),
    )
    return on_closed_roads(day, region.network, closed_roads(document), places)


def _shift(shift: Shift) -> dict[str, Any]:
    return {
        "id": shift.id,
        "vehicle": shift.vehicle.id,
        "driver": shift.driver,
        "hours": _window(shift.hours),
        "start_place": shift.start_place,
        "end_place": shift.end_place,
        "takes_wheelchairs": shift.takes_wheelchairs,
        "rest": shift.rest and {"window": _window(shift.rest.window), "length": shift.rest.length},
    }


def _read_shift(document: dict[str, Any], region: Region, day: date) -> Shift:
    rest = document["rest"]
    bus = region.fleet[document["vehicle"]]
    return Shift(
        id=document["id"],
        vehicle=bus.on(day) or bus.filed,  # one that is away by now was planned with
        driver=document["driver"],
        hours=TimeWindow(*document["hours"]),
        start_place=document["start_place"],
        end_place=document["end_place"],
        takes_wheelchairs=document["takes_wheelchairs"],
        rest=rest and Break(TimeWindow(*rest["window"]), rest["length"]),
    )


def _read_given_up(document: dict[str, Any]) -> Promise:
    request = document["request"]
    trips = tuple(read_trip(each, request) for each in document["trips"])
    return Promise(request, trips, document["weight"])


def _window(window: TimeWindow) -> list[int]:
    return [window.earliest, window.latest]
