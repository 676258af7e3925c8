"""
From a day's requests to a day that can be planned.

Each request is first looked at alone: one that could not be served even then is refused with
its reason, and never spoils the day for the others.
"""

from collections.abc import Mapping, Sequence
from datetime import date as Date  # noqa: N812  # build_day has a parameter of that name
from itertools import combinations

from routing.matrix import TravelMatrix
from routing.units import Seconds
from scheduler.day import Day
from scheduler.errors import RosterError
from scheduler.model import Journey, Place, PlaceId, Request, Shift, Trip, TripId
from scheduler.options import Option
from scheduler.plan import Detail, Reason, Unserved
from scheduler.policy import Policy
from scheduler.solo import Case, examine


def build_day(
    *,
    date: Date,
    requests: Sequence[Request],
    places: Mapping[PlaceId, Place],
    shifts: Sequence[Shift],
    policy: Policy,
    closed: str | None,
    travel: TravelMatrix,
    index: Mapping[PlaceId, int],
) -> Day:
    """
    Make the trips of a day; requests that cannot be served even alone are set apart.

    *closed* says why no bus runs at all, or is ``None``. *places* holds every place that a
    request or a shift names, and ``index[place]`` is its row of *travel*.

    Raises
    ------
    RosterError
        If a vehicle or a driver would be in two shifts at once.
    ValueError
        If two requests have the same id.
    """
    _refuse_double_shifts(shifts)
    _refuse_double_requests(requests)

    def drive(here: PlaceId, there: PlaceId) -> Seconds:
        return int(travel.seconds[index[here], index[there]])

    journeys: list[Journey] = []
    trips: dict[TripId, Trip] = {}
    refused: list[Unserved] = []
    for request in requests:
        case = Case(request, places, tuple(shifts), policy, drive)
        if closed is not None:
            refused.append(Unserved(request.id, Reason.NO_BUS_TODAY, Detail(text=closed)))
        elif (reason := examine(case)) is not None:
            refused.append(reason)
        else:
            options = ways(case)
            trips.update((trip.id, trip) for option in options for trip in option.trips)
            names = tuple(tuple(trip.id for trip in option.trips) for option in options)
            journeys.append(Journey(request.id, names, policy.priority.weight(request.priority)))
    named = {visit.place for trip in trips.values() for visit in trip.visits}
    named |= {place for shift in shifts for place in (shift.start_place, shift.end_place)}
    return Day(
        date=date,
        journeys=tuple(journeys),
        trips=tuple(trips.values()),
        shifts=tuple(shifts),
        places={name: places[name] for name in sorted(named)},
        travel=travel,
        index=index,
        refused=tuple(refused),
    )


def ways(case: Case) -> list[Option]:
    """Of the ways that could be driven, those of the first few pharmacies by their detour."""
    known = dict.fromkeys(option.pharmacy for option in case.possible)
    kept = list(known)[: case.policy.pharmacy.choices]
    return [option for option in case.possible if option.pharmacy in kept]


def _refuse_double_shifts(shifts: Sequence[Shift]) -> None:
    for one, other in combinations(shifts, 2):
        if one.id == other.id:
            msg = f"Two shifts have the id {one.id}."
            raise RosterError(msg)
        overlap = min(one.hours.latest, other.hours.latest) - max(
            one.hours.earliest, other.hours.earliest
        )
        if overlap <= 0:
            continue
        for what, same in (
            ("Vehicle", one.vehicle.id == other.vehicle.id and one.vehicle.id),
            ("Driver", one.driver == other.driver and one.driver),
        ):
            if same:
                msg = (
                    f"{what} {same} is in shift {one.id} ({one.hours}) and in shift "
                    f"{other.id} ({other.hours}) at the same time."
                )
                raise RosterError(msg)


def _refuse_double_requests(requests: Sequence[Request]) -> None:
    seen: set[str] = set()
    for request in requests:
        if request.id in seen:
            msg = f"Two requests have the id {request.id}."
            raise ValueError(msg)
        seen.add(request.id)
