"""
What a journey looks like that is served later than promised, or not to its end.

Whoever is late by some seconds is fetched and brought up to so much later than promised, and rides
up to so much longer; what comes after the part that is late moves along, so that nobody is fetched
from the doctor's before they were brought there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from routing.matrix import NO_ROAD
from routing.units import HOUR, Seconds
from scheduler.day import Day
from scheduler.model import RequestId, TimeWindow, Trip, TripId, Visit, VisitKind
from scheduler.promises import STEP
from scheduler.under_way import UnderWay

# Whoever has to get out of a bus somehow gets out that late.
AT_ALL: Seconds = 24 * HOUR


def late_option(
    under_way: UnderWay, option: Sequence[TripId], low: Seconds, high: Seconds
) -> list[Trip]:
    """
    Trips of the whole day, of an option that is still open, late by more than *low* up to *high*.

    With *high* one `STEP` more than *low* these are the windows that its passenger is told of. With
    more between them they have room for all such lateness, and also for what none allows.
    """
    trips: list[Trip] = []
    over: tuple[Seconds, Seconds] | None = None  # end of the part before, at the latest
    for name in option:
        trip = under_way.whole.trip(name)
        if name in under_way.made and name not in under_way.aboard:
            trips.append(trip)
            continue
        last = trip.visits[-1]
        late = _late(trip, high)
        if over is not None:
            late = _not_before(late, trip.visits[0].window.earliest + low, over[0] + low + STEP)
        over = last.window.latest + last.dwell, high
        trips.append(late)
    return trips


def let_out(under_way: UnderWay, trip: Trip) -> Trip:
    """
    Let whoever is in a bus get out of it: where they wanted to, however late.

    If no road leads there, they are brought back to where they boarded, or get out where it is.
    """
    day = under_way.whole
    done, bus = under_way.made[trip.id], under_way.buses[under_way.aboard[trip.id]]
    ahead = [bus.place, *(visit.place for visit in trip.visits[done:])]
    if _reachable(day, ahead):
        return _late(trip, AT_ALL)
    boarded = trip.visits[0].place
    place = boarded if _reachable(day, [bus.place, boarded]) else bus.place
    window = TimeWindow(bus.ready, bus.ready + AT_ALL)
    return replace(
        trip,
        visits=(
            *trip.visits[:done],
            Visit(VisitKind.DROPOFF, place, window, trip.visits[-1].dwell),
        ),
        longest_rides=(*trip.longest_rides[: done - 1], AT_ALL),
    )


def announced(
    under_way: UnderWay, steps: Mapping[RequestId, int], given_up: Collection[RequestId]
) -> UnderWay:
    """
    Let everybody know what becomes of the day: who is late by so many steps, and who is given up.

    Of those only what has begun is left, until they are out of the bus.
    """
    whole = under_way.whole
    trips: dict[TripId, Trip] = {trip.id: trip for trip in whole.trips}
    gone: set[TripId] = set()
    journeys = []
    for journey in whole.journeys:
        options = journey.options
        if journey.request in given_up:
            options = tuple(
                tuple(trip for trip in option if trip in under_way.made)
                for option in under_way.open_options(journey)
            )
            for trip in {trip for option in options for trip in option}:
                if trip in under_way.aboard:
                    trips[trip] = let_out(under_way, trips[trip])
        elif journey.request in steps:
            options = under_way.open_options(journey)
            high = steps[journey.request] * STEP
            for option in options:
                trips |= {t.id: t for t in late_option(under_way, option, high - STEP, high)}
        left = tuple(dict.fromkeys(option for option in options if option))
        stay = {trip for option in left for trip in option}
        gone |= {trip for option in journey.options for trip in option} - stay
        if left:
            journeys.append(replace(journey, options=left))
    return replace(
        under_way,
        whole=replace(
            whole,
            journeys=tuple(journeys),
            trips=tuple(trip for name, trip in trips.items() if name not in gone),
        ),
    )


def _reachable(day: Day, places: Sequence[str]) -> bool:
    return all(day.seconds(a, b) < NO_ROAD for a, b in pairwise(places))


def _late(trip: Trip, by: Seconds) -> Trip:
    return replace(
        trip,
        visits=tuple(
            replace(v, window=TimeWindow(v.window.earliest, v.window.latest + by))
            for v in trip.visits
        ),
        longest_rides=tuple(longest + by for longest in trip.longest_rides),
    )


def _not_before(trip: Trip, *moments: Seconds) -> Trip:
    """Let *trip* begin no earlier than all *moments*."""
    pickup, *others = trip.visits
    earliest = min(max(pickup.window.earliest, *moments), pickup.window.latest)
    window = TimeWindow(earliest, pickup.window.latest)
    return replace(trip, visits=(replace(pickup, window=window), *others))
