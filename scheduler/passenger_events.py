"""What passengers do on the day itself: they cancel, do not come, or are ready at another time."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from routing.units import Seconds
from scheduler.clock import Clock, hh_mm
from scheduler.errors import EventError, NotDueError, NotThereError, NoWayBackError
from scheduler.model import (
    Journey,
    Place,
    RequestId,
    TimeWindow,
    Trip,
    TripId,
    TripKind,
    Visit,
)
from scheduler.promises import Promise
from scheduler.under_way import UnderWay


def cancel(under_way: UnderWay, request: RequestId, *, way_back_only: bool) -> UnderWay:
    """
    Take out what has not begun of a request, or the way back alone.

    Whoever was given up needs no bus any more, but perhaps on the way there.
    """
    lost = next((each for each in under_way.whole.given_up if each.request == request), None)
    if lost is not None:
        there = tuple(each for each in lost.trips if each.kind is TripKind.OUTBOUND)
        if not way_back_only or not there:
            return _not_asked_any_more(under_way, request)
        if there == lost.trips:
            raise _no_way_back(under_way, request)
        return _given_up(under_way, replace(lost, trips=there))
    journey = _journey(under_way, request)
    kept = set(under_way.made)
    if way_back_only:
        if not any(_ways_back(under_way, journey)):
            raise _no_way_back(under_way, request)
        kept |= {trip.id for trip in under_way.whole.trips if trip.kind is TripKind.OUTBOUND}
    return _without(under_way, journey, kept)


def miss(under_way: UnderWay, request: RequestId) -> UnderWay:
    """
    Take out what has not begun of a request, and whoever was thought to be in the bus.

    What was driven by the plan stays as it was, also for whoever was to be set down already.
    """
    under_way = _not_asked_any_more(under_way, request)
    journey = _begun(under_way, request) or _journey(under_way, request)
    if not _is_due(under_way, journey):
        msg = f"No bus is to fetch request {request} on {under_way.whole.date} yet."
        raise NotDueError(msg)
    return _without(under_way, journey, under_way.made.keys() - under_way.aboard.keys())


def _is_due(under_way: UnderWay, journey: Journey) -> bool:
    """
    Whether a bus has passed somebody, or could have by what they were promised.

    Or one is at their door before that; at the doctor's it may have waited since it brought them.
    """
    trips = {trip for option in under_way.open_options(journey) for trip in option}
    if trips & under_way.made.keys():
        return True
    ahead = trips - under_way.made.keys()
    begun = (under_way.whole.trip(trip).visits[0].window.earliest for trip in ahead)
    if min(begun, default=under_way.now + 1) <= under_way.now:
        return True
    return ahead == trips and any(
        visit.trip in ahead
        for route in under_way.plan.routes
        for stop in route.stops
        if stop.arrival <= under_way.now
        for visit in stop.visits
    )


def make_ready(under_way: UnderWay, request: RequestId, *, at: Clock, wait: Seconds) -> UnderWay:
    """
    Move the window in which the next part of the way back begins.

    Never before the part before it is over; what comes after it moves along.

    Raises
    ------
    NotThereError
        If they were brought there after they are said to have been ready.
    """
    journey = _journey(under_way, request)
    moved: dict[TripId, Trip] = {}
    for option, ahead in _ways_back(under_way, journey):
        before = option[option.index(ahead[0]) - 1] if option[0] != ahead[0] else None
        over = 0 if before is None else under_way.over(before)
        if before in under_way.made and at < over <= under_way.now:
            msg = f"Request {request} was not there before {hh_mm(over)}, but ready at {hh_mm(at)}."
            raise NotThereError(msg, over)
        by = 0
        for number, name in enumerate(ahead):
            trip = under_way.whole.trip(name)
            if number == 0:
                moved[name] = _from(trip, max(at, over), wait, under_way)
                by = moved[name].visits[-1].window.latest - trip.visits[-1].window.latest
            else:
                moved[name] = _moved(trip, by)
    if not moved:
        raise _no_way_back(under_way, request)
    return replace(
        under_way,
        whole=replace(
            under_way.whole,
            trips=tuple(moved.get(trip.id, trip) for trip in under_way.whole.trips),
        ),
    )


def _not_asked_any_more(under_way: UnderWay, request: RequestId) -> UnderWay:
    """Forget that somebody was given up, or refused."""
    whole = under_way.whole
    return replace(
        under_way,
        whole=replace(
            whole,
            given_up=tuple(each for each in whole.given_up if each.request != request),
            refused=tuple(each for each in whole.refused if each.request != request),
        ),
    )


def _given_up(under_way: UnderWay, lost: Promise) -> UnderWay:
    """Of somebody who was given up, keep what they still want."""
    whole = under_way.whole
    every = tuple(lost if each.request == lost.request else each for each in whole.given_up)
    return replace(under_way, whole=replace(whole, given_up=every))


def _without(under_way: UnderWay, journey: Journey, kept: Collection[TripId]) -> UnderWay:
    """Take out all trips of *journey* but those *kept*."""
    whole = under_way.whole
    options = [
        tuple(trip for trip in option if trip in kept) for option in under_way.open_options(journey)
    ]
    left = tuple(dict.fromkeys(option for option in options if option))
    stay = {trip for option in left for trip in option}
    gone = {trip.id for trip in whole.trips if trip.request == journey.request} - stay
    return replace(
        under_way,
        whole=replace(
            whole,
            journeys=tuple(
                replace(each, options=left) if each is journey else each
                for each in whole.journeys
                if each is not journey or left
            ),
            trips=tuple(trip for trip in whole.trips if trip.id not in gone),
        ),
        buses={shift: bus.without(gone) for shift, bus in under_way.buses.items()},
    )


def _ways_back(
    under_way: UnderWay, journey: Journey
) -> Iterator[tuple[Sequence[TripId], list[TripId]]]:
    """Each option that is still open, with what has not begun of its way back."""
    for option in under_way.open_options(journey):
        ahead = [
            trip
            for trip in option
            if trip not in under_way.made
            and under_way.whole.trip(trip).kind is not TripKind.OUTBOUND
        ]
        if ahead:
            yield option, ahead


def _from(trip: Trip, at: Clock, wait: Seconds, under_way: UnderWay) -> Trip:
    """Let *trip* begin from *at* on; places that close are still reached while they are open."""
    pickup, *others = trip.visits
    latest = max(pickup.window.latest, at + wait)
    later, sooner = latest - pickup.window.latest, max(0, pickup.window.earliest - at)
    places = under_way.whole.places
    return replace(
        trip,
        visits=(
            replace(pickup, window=TimeWindow(at, latest)),
            *(_stretched(each, sooner, later, places[each.place]) for each in others),
        ),
    )


def _stretched(visit: Visit, sooner: Seconds, later: Seconds, place: Place) -> Visit:
    """Widen the window of *visit*, within the opening hours in which it lies."""
    old = visit.window
    window = TimeWindow(old.earliest - sooner, old.latest + later)
    for hours in place.open_hours or ():
        if hours.earliest <= old.latest and old.earliest <= hours.latest:
            earliest = max(window.earliest, min(hours.earliest, old.earliest))
            latest = min(window.latest, max(hours.latest - visit.dwell, old.latest))
            window = TimeWindow(earliest, latest)
    return replace(visit, window=window)


def _moved(trip: Trip, by: Seconds) -> Trip:
    """Let all of *trip* happen later."""
    return replace(
        trip,
        visits=tuple(
            replace(each, window=TimeWindow(each.window.earliest + by, each.window.latest + by))
            for each in trip.visits
        ),
    )


def _journey(under_way: UnderWay, request: RequestId) -> Journey:
    """The journey of a request of which something is left to do."""
    ahead = {journey.request for journey in under_way.rest.journeys}
    for journey in under_way.whole.journeys:
        if journey.request == request and request in ahead:
            return journey
    msg = f"Nothing of request {request} is left to do on {under_way.whole.date}."
    raise EventError(msg)


def _begun(under_way: UnderWay, request: RequestId) -> Journey | None:
    """The journey of a request of which something was driven, also if that was all of it."""
    for journey in under_way.whole.journeys:
        options = (trip for option in journey.options for trip in option)
        if journey.request == request and any(trip in under_way.made for trip in options):
            return journey
    return None


def _no_way_back(under_way: UnderWay, request: RequestId) -> NoWayBackError:
    return NoWayBackError(f"Request {request} has no way back ahead on {under_way.whole.date}.")
