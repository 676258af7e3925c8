"""What one route promises: drives, windows, rides, seats, the shift and its break."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from scheduler.clock import hh_mm_ss
from scheduler.day import Day
from scheduler.model import Load, Shift, TimeWindow, Trip, TripId, Vehicle, VisitKind
from scheduler.plan import PlannedVisit, Route, Stop
from scheduler.violation import Rule, Violation


def check_route(route: Route, shift: Shift, day: Day) -> list[Violation]:
    """Find what *route* does that *shift* or the trips aboard do not allow."""
    trips = {trip.id: trip for trip in day.trips}
    found = [*_crew(route, shift)]
    if route.stops:
        found += _shift(route, shift)
        found += _stops(route, day)
        found += _drives(route, day)
        found += _visits(route, trips)
        found += _aboard(route, shift, trips, day)
        found += _break(route, shift)
    elif route.rest is not None:
        message = f"Shift {shift.id} stays in the depot: a break from nothing."
        found.append(Violation(Rule.BREAK, shift.id, 1, "breaks", message))
    return found


def _crew(route: Route, shift: Shift) -> Iterator[Violation]:
    planned, right = (route.vehicle, route.driver), (shift.vehicle.id, shift.driver)
    if planned != right:
        wrong = sum(a != b for a, b in zip(planned, right, strict=True))
        message = f"Shift {shift.id} has vehicle and driver {right}, not {planned}."
        yield Violation(Rule.CREW, shift.id, wrong, "names", message)


def _shift(route: Route, shift: Shift) -> Iterator[Violation]:
    """From the shift's start to its end, within its hours."""
    first, last = route.stops[0], route.stops[-1]
    wrong = (first.place != shift.start_place) + (last.place != shift.end_place)
    wrong += bool(first.visits) + bool(last.visits) + (len(route.stops) < 2)
    if wrong:
        message = f"Shift {shift.id} goes from {shift.start_place} to {shift.end_place}."
        yield Violation(Rule.DEPOT, shift.id, wrong, "stops", message)
    early = shift.hours.earliest - first.arrival
    late = last.departure - shift.hours.latest
    for amount, word in ((early, "early"), (late, "late")):
        if amount > 0:
            message = f"Shift {shift.id} ({shift.hours}) is out {amount} s too {word}."
            yield Violation(Rule.HOURS, shift.id, amount, "seconds", message)


def _stops(route: Route, day: Day) -> Iterator[Violation]:
    """At a stop: come to stand, serve one after the other, drive on; late only as was reported."""
    reported = day.held_up.get(route.shift, 0)
    for stop in route.stops:
        if stop.held_up and not 0 < stop.held_up <= stop.arrival <= reported:
            message = f"Nobody has reported that the bus is late at {stop.place}."
            yield Violation(Rule.DRIVE, route.shift, abs(stop.held_up), "seconds", message)
        moments = [stop.arrival]
        for visit in stop.visits:
            moments += [visit.begin, visit.end]
        moments.append(stop.departure)
        back = max(before - after for before, after in pairwise(moments))
        if back > 0:
            message = f"At {stop.place}, {hh_mm_ss(stop.arrival)}, times go {back} s backwards."
            yield Violation(Rule.TIMES, route.shift, back, "seconds", message)


def _drives(route: Route, day: Day) -> Iterator[Violation]:
    """Between stops, the bus takes the time and the way that the roads take."""
    strange = [stop for stop in route.stops if stop.place not in day.index]
    for stop in strange:
        message = f"There is no place {stop.place} on this day."
        yield Violation(Rule.UNKNOWN, route.shift, 1, "places", message)
    if route.stops[0].metres:
        amount = abs(route.stops[0].metres)
        message = f"Nothing is driven before the first stop of shift {route.shift}."
        yield Violation(Rule.METRES, route.shift, amount, "metres", message)
    for before, after in pairwise(route.stops):
        if before in strange or after in strange:
            continue
        where = f"from {before.place} to {after.place}"
        roads = day.roads(before.departure)
        if not {before.place, after.place} <= roads.index.keys():
            message = f"Nobody knew the drive {where} when it is said to have begun."
            yield Violation(Rule.DRIVE, route.shift, 1, "drives", message)
            continue
        planned = after.arrival - after.held_up - before.departure
        right = roads.seconds(before.place, after.place)
        if planned != right:
            message = f"The drive {where} takes {right} s, not {planned} s."
            yield Violation(Rule.DRIVE, route.shift, abs(planned - right), "seconds", message)
        metres = roads.metres(before.place, after.place)
        if after.metres != metres:
            amount = abs(after.metres - metres)
            message = f"The drive {where} is {metres} m long, not {after.metres} m."
            yield Violation(Rule.METRES, route.shift, amount, "metres", message)


def _visits(route: Route, trips: dict[TripId, Trip]) -> Iterator[Violation]:
    """Windows, dwell, places and rides of the trips whose visits are complete and in order."""
    calls: dict[TripId, list[tuple[Stop, PlannedVisit]]] = {}
    for stop in route.stops:
        for visit in stop.visits:
            calls.setdefault(visit.trip, []).append((stop, visit))
    for name, made in calls.items():
        trip = trips.get(name)
        if trip and [visit.kind for _, visit in made] == [visit.kind for visit in trip.visits]:
            yield from _trip(trip, made)


def _trip(trip: Trip, made: list[tuple[Stop, PlannedVisit]]) -> Iterator[Violation]:
    for (stop, visit), asked in zip(made, trip.visits, strict=True):
        what = f"The {visit.kind} of {trip.id}"
        if stop.place != asked.place:
            message = f"{what} is at {stop.place}, not at {asked.place}."
            yield Violation(Rule.PLACE, trip.id, 1, "visits", message)
        if amount := _outside(visit.begin, asked.window):
            message = f"{what} begins at {hh_mm_ss(visit.begin)}, not within {asked.window}."
            yield Violation(Rule.WINDOW, trip.id, amount, "seconds", message)
        if visit.end - visit.begin != asked.dwell:
            amount = abs(visit.end - visit.begin - asked.dwell)
            message = f"{what} takes {asked.dwell} s, not {visit.end - visit.begin} s."
            yield Violation(Rule.DWELL, trip.id, amount, "seconds", message)
    for ((_, one), (_, other)), longest in zip(pairwise(made), trip.longest_rides, strict=True):
        ride = other.begin - one.end
        if ride > longest:
            message = f"{trip.id} rides {ride} s to the {other.kind}; {longest} s is the longest."
            yield Violation(Rule.RIDE, trip.id, ride - longest, "seconds", message)


def _outside(moment: int, window: TimeWindow) -> int:
    """How many seconds *moment* lies before or after *window*."""
    return max(window.earliest - moment, moment - window.latest, 0)


def _aboard(route: Route, shift: Shift, trips: dict[TripId, Trip], day: Day) -> Iterator[Violation]:
    """After each visit the people fit in; at each departure the list of them is right."""
    aboard: list[TripId] = []
    # Visits of unknown trips are found elsewhere.
    strange = {visit.trip for stop in route.stops for visit in stop.visits} - trips.keys()
    for stop in route.stops:
        for visit in stop.visits:
            if visit.trip not in trips:
                continue
            if visit.kind is VisitKind.PICKUP:
                aboard.append(visit.trip)
                yield from _room(visit, shift, [trips[name] for name in aboard])
                if visit.trip not in day.carried:
                    yield from _hands(visit, shift, trips[visit.trip])
            elif visit.kind is VisitKind.DROPOFF and visit.trip in aboard:
                aboard.remove(visit.trip)
        known = [name for name in stop.aboard if name not in strange]
        if wrong := _differences(known, aboard):
            message = f"Aboard from {stop.place} at {hh_mm_ss(stop.departure)} are {aboard}."
            yield Violation(Rule.ABOARD, route.shift, wrong, "trips", message)


def _room(visit: PlannedVisit, shift: Shift, aboard: list[Trip]) -> Iterator[Violation]:
    load = sum((trip.load for trip in aboard), Load())
    if not shift.vehicle.holds(load):
        message = f"With {visit.trip} aboard, shift {shift.id} holds {load}: too many."
        yield Violation(Rule.LOAD, shift.id, _excess(load, shift.vehicle), "people", message)


def _hands(visit: PlannedVisit, shift: Shift, trip: Trip) -> Iterator[Violation]:
    """Not every driver takes wheelchairs."""
    if trip.load.wheelchairs and not shift.takes_wheelchairs:
        amount = trip.load.wheelchairs
        message = f"The driver of shift {shift.id} does not take {visit.trip}."
        yield Violation(Rule.WHEELCHAIR, shift.id, amount, "people", message)


def _excess(load: Load, vehicle: Vehicle) -> int:
    """How many people too many, with the seats arranged as well as possible."""
    return min(
        max(load.seats - places.seats, 0) + max(load.wheelchairs - places.wheelchairs, 0)
        for places in vehicle.configurations
    )


def _differences(one: list[TripId], other: list[TripId]) -> int:
    if one == other:
        return 0  # as nearly always
    left, right = Counter(one), Counter(other)
    return sum((left - right).values()) + sum((right - left).values())


def _break(route: Route, shift: Shift) -> Iterator[Violation]:
    """The break: long enough, in its window, the bus standing and empty."""
    if shift.rest is None:
        if route.rest is not None:
            message = f"Shift {shift.id} has no break to take."
            yield Violation(Rule.BREAK, shift.id, 1, "breaks", message)
        return
    if route.rest is None:
        message = f"Shift {shift.id} has no break."
        yield Violation(Rule.BREAK, shift.id, shift.rest.length, "seconds", message)
        return
    rest = route.rest
    for amount, what in (
        (shift.rest.length - (rest.latest - rest.earliest), "is too short"),
        (_untimely(route, rest, shift.rest.window), "begins outside its window"),
        (_moving(route, rest), "is not taken standing and at leisure"),
    ):
        if amount > 0:
            message = f"The break of shift {shift.id} {what}, by {amount} s."
            yield Violation(Rule.BREAK, shift.id, amount, "seconds", message)
    if aboard := _seated(route, rest):
        message = f"During the break of shift {shift.id}, {aboard} trips are aboard."
        yield Violation(Rule.BREAK, shift.id, aboard, "trips", message)


def _untimely(route: Route, rest: TimeWindow, window: TimeWindow) -> int:
    """How far outside *window* the break begins; late is fine upon an arrival set off in time."""
    for before, stop in pairwise(route.stops):
        if stop.arrival == rest.earliest and before.departure <= window.latest:
            return max(0, window.earliest - rest.earliest)
    return _outside(rest.earliest, window)


def _moving(route: Route, rest: TimeWindow) -> int:
    """How many seconds of the break the bus does not stand idle at its best stop."""
    idle = 0
    for stop in route.stops:
        free = _overlap(rest, stop.arrival, stop.departure)
        busy = sum(_overlap(rest, visit.begin, visit.end) for visit in stop.visits)
        idle = max(idle, free - busy)
    return rest.latest - rest.earliest - idle


def _overlap(rest: TimeWindow, begin: int, end: int) -> int:
    return max(0, min(rest.latest, end) - max(rest.earliest, begin))


def _seated(route: Route, rest: TimeWindow) -> int:
    """How many trips are aboard at any moment of the break."""
    aboard: set[TripId] = set()
    for stop in route.stops:
        for visit in stop.visits:
            if visit.kind is VisitKind.PICKUP and visit.begin < rest.latest:
                aboard.add(visit.trip)
            elif visit.kind is VisitKind.DROPOFF and visit.end <= rest.earliest:
                aboard.discard(visit.trip)
    return len(aboard)
