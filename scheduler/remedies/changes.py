"""What could be different on a day, for somebody who finds no room in it as it is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from routing.units import Seconds
from scheduler.asked import Asked
from scheduler.clock import Clock
from scheduler.model import (
    PlaceId,
    Request,
    RequestId,
    Shift,
    ShiftId,
    TimeWindow,
    Vehicle,
    VisitKind,
    WayBack,
)
from scheduler.policy import Policy
from scheduler.promises import Promise


class Kind(StrEnum):
    """
    What is changed.

    With steps (`Change.step`) are those up to `LATER_SHIFT`. An open arrival gets *earlier* or
    *later* by growing at that end.
    """

    EARLIER_APPOINTMENT = "earlier_appointment"
    LATER_APPOINTMENT = "later_appointment"
    SHORTER_STAY = "shorter_stay"
    LONGER_STAY = "longer_stay"
    EARLIER_RETURN = "earlier_return"
    LATER_RETURN = "later_return"
    LONGER_RIDE = "longer_ride"
    WIDER_WINDOW = "wider_window"
    EARLIER_SHIFT = "earlier_shift"
    LATER_SHIFT = "later_shift"
    OTHER_SLOT = "other_slot"
    OTHER_PHARMACY = "other_pharmacy"
    NO_PHARMACY = "no_pharmacy"
    OUTBOUND_ONLY = "outbound_only"
    OPEN_SHIFT = "open_shift"
    EXTRA_SHIFT = "extra_shift"
    WITHOUT_OTHER = "without_other"


@dataclass(frozen=True)
class Slot:
    """A free appointment: when, and where if not at the destination that was asked for."""

    at: Clock
    place: PlaceId | None = None


@dataclass(frozen=True)
class Change:
    """
    One change to a day. What does not apply is 0, ``None`` or False.

    Parameters
    ----------
    request
        Whose request is changed: with `Kind.WIDER_WINDOW` and `Kind.WITHOUT_OTHER` somebody
        else's; with the kinds that change shifts, the one whom it is for.
    step
        Seconds earlier, later, longer, shorter or wider.
    at
        The new appointment, time of the way back, begin or end of a shift; or the new length of
        stay.
    place
        Where a free appointment is, or the other pharmacy.
    shift
        The shift that begins earlier or ends later, that somebody would drive who is not there
        yet, or that a further bus and driver would drive as well.
    wheelchairs
        Whether that driver would have to take wheelchairs, where the one of *shift* does not.
    """

    kind: Kind
    request: RequestId
    step: Seconds = 0
    at: Clock | None = None
    place: PlaceId | None = None
    shift: ShiftId | None = None
    wheelchairs: bool = False


def apply(change: Change, asked: Asked) -> Asked:
    """
    Ask the same with *change*.

    A request that is changed is promised nothing any more; a window that is widened belongs to
    the promise, where there is one.
    """
    return _APPLIED[change.kind](change, asked)


def _asking(changed: Callable[[Change, Request], Request]) -> Callable[[Change, Asked], Asked]:
    """Make a change of a day from one of its request."""

    def applied(change: Change, asked: Asked) -> Asked:
        requests = tuple(
            changed(change, each) if each.id == change.request else each for each in asked.requests
        )
        return replace(_freed(asked, change.request), requests=requests)

    return applied


def _freed(asked: Asked, request: RequestId) -> Asked:
    """Forget what was promised to *request*."""
    kept = tuple(each for each in asked.promises if each.request != request)
    return replace(asked, promises=kept)


def _earlier(change: Change, request: Request) -> Request:
    if request.arrive is not None:
        arrive = request.arrive
        return replace(request, arrive=TimeWindow(arrive.earliest - change.step, arrive.latest))
    return replace(request, appointment=change.at)


def _later(change: Change, request: Request) -> Request:
    if request.arrive is not None:
        arrive = request.arrive
        return replace(request, arrive=TimeWindow(arrive.earliest, arrive.latest + change.step))
    return replace(request, appointment=change.at)


def _stay(change: Change, request: Request) -> Request:
    return replace(request, stay=change.at)


def _return_at(change: Change, request: Request) -> Request:
    return replace(request, return_at=change.at)


def _slot(change: Change, request: Request) -> Request:
    place = change.place or request.destination
    return replace(request, appointment=change.at, arrive=None, destination=place)


def _pharmacy(change: Change, request: Request) -> Request:
    return replace(request, pharmacies=() if change.place is None else (change.place,))


def _outbound(_change: Change, request: Request) -> Request:
    return replace(request, way_back=WayBack.NONE, return_at=None, pharmacies=())


def _ride(change: Change, asked: Asked) -> Asked:
    policy = asked.policy_of(change.request)
    ride = replace(
        policy.ride,
        longest=policy.ride.longest + change.step,
        constant=policy.ride.constant + change.step,
    )
    return _except(_freed(asked, change.request), change.request, replace(policy, ride=ride))


def _window(change: Change, asked: Asked) -> Asked:
    promised = asked.promise(change.request)
    if promised is not None:
        wider = _wider(promised, change.step)
        others = (each if each is not promised else wider for each in asked.promises)
        return replace(asked, promises=tuple(others))
    policy, more = asked.policy_of(change.request), change.step
    arrival, back, call = policy.arrival, policy.way_back, policy.will_call
    wide = replace(
        policy,
        arrival=replace(arrival, earliest_before=arrival.earliest_before + more),
        way_back=replace(back, longest_wait=back.longest_wait + more),
        will_call=replace(call, latest_after=call.latest_after + more),
    )
    return _except(asked, change.request, wide)


def _wider(promise: Promise, more: Seconds) -> Promise:
    """Let the bus come so much earlier or later than was promised."""
    trips = []
    for trip in promise.trips:
        visits = tuple(
            replace(
                visit,
                window=TimeWindow(max(0, visit.window.earliest - more), visit.window.latest + more),
            )
            if visit.kind is VisitKind.PICKUP
            else visit
            for visit in trip.visits
        )
        trips.append(replace(trip, visits=visits))
    return replace(promise, trips=tuple(trips))


def _except(asked: Asked, request: RequestId, policy: Policy) -> Asked:
    return replace(asked, exceptions={**asked.exceptions, request: policy})


def _hours(change: Change, asked: Asked) -> Asked:
    """Let a shift begin earlier or end later."""
    sooner = change.kind is Kind.EARLIER_SHIFT

    def longer(shift: Shift) -> Shift:
        begin = shift.hours.earliest - (change.step if sooner else 0)
        end = shift.hours.latest + (0 if sooner else change.step)
        return replace(shift, hours=TimeWindow(begin, end))

    shifts = (longer(each) if each.id == change.shift else each for each in asked.shifts)
    return replace(asked, shifts=tuple(shifts))


def _open(change: Change, asked: Asked) -> Asked:
    """Let somebody drive a shift that nobody drives."""
    idle = next(shift for shift in asked.idle if shift.id == change.shift)
    driven = replace(idle, takes_wheelchairs=change.wheelchairs)
    return replace(
        asked,
        shifts=(*asked.shifts, driven),
        idle=tuple(shift for shift in asked.idle if shift is not idle),
    )


def _shift(change: Change, asked: Asked) -> Asked:
    like = next(shift for shift in asked.shifts if shift.id == change.shift)
    return replace(asked, shifts=(*asked.shifts, _further(like, asked, change)))


def _further(like: Shift, asked: Asked, change: Change) -> Shift:
    """Another bus and another driver for the same hours."""
    mark = "+"
    while any(shift.id == like.id + mark for shift in asked.shifts):
        mark += "+"
    return replace(
        like,
        id=like.id + mark,
        vehicle=Vehicle(like.vehicle.id + mark, like.vehicle.configurations),
        driver=like.driver + mark,
        takes_wheelchairs=like.takes_wheelchairs or change.wheelchairs,
    )


def _without(change: Change, asked: Asked) -> Asked:
    others = tuple(each for each in asked.requests if each.id != change.request)
    return replace(_freed(asked, change.request), requests=others)


_APPLIED: dict[Kind, Callable[[Change, Asked], Asked]] = {
    Kind.EARLIER_APPOINTMENT: _asking(_earlier),
    Kind.LATER_APPOINTMENT: _asking(_later),
    Kind.SHORTER_STAY: _asking(_stay),
    Kind.LONGER_STAY: _asking(_stay),
    Kind.EARLIER_RETURN: _asking(_return_at),
    Kind.LATER_RETURN: _asking(_return_at),
    Kind.LONGER_RIDE: _ride,
    Kind.WIDER_WINDOW: _window,
    Kind.OTHER_SLOT: _asking(_slot),
    Kind.OTHER_PHARMACY: _asking(_pharmacy),
    Kind.NO_PHARMACY: _asking(_pharmacy),
    Kind.OUTBOUND_ONLY: _asking(_outbound),
    Kind.EARLIER_SHIFT: _hours,
    Kind.LATER_SHIFT: _hours,
    Kind.OPEN_SHIFT: _open,
    Kind.EXTRA_SHIFT: _shift,
    Kind.WITHOUT_OTHER: _without,
}
