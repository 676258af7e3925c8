"""
What a request asks of the bus: trips with time windows, and the ways to choose among them.

Windows of one trip are narrowed against each other through drives and longest rides. Windows
of linked trips are apart: the later trip never begins before the earlier one is over, whatever
happens within their windows, so that each trip can be planned by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from routing.units import HOUR, Seconds
from scheduler.clock import Clock
from scheduler.model import (
    Place,
    PlaceId,
    Request,
    TimeWindow,
    Trip,
    TripId,
    TripKind,
    Visit,
    VisitKind,
    WayBack,
)
from scheduler.policy import PharmacyMode, Policy
from scheduler.timing import Drive

# Slices, opening hours and pharmacies multiply. A day's time and memory grow with the square of
# all options together, so a request keeps the first of them, those of the nearest pharmacies.
MOST_OPTIONS = 48

# No limit of its own; the hours of service cut it to what a day allows.
ANY_TIME = TimeWindow(-1000 * HOUR, 1000 * HOUR)


@dataclass(frozen=True)
class Option:
    """One way to serve a request: its trips in order, and the pharmacy on the way home."""

    trips: tuple[Trip, ...]
    pharmacy: PlaceId | None = None


def make_options(
    request: Request, *, places: Mapping[PlaceId, Place], policy: Policy, drive: Drive
) -> list[Option]:
    """
    Find every way to serve *request* that its windows, opening hours and ride limits allow.

    Options come with the pharmacy of the least detour first; none at all means that already
    the request contradicts itself, the opening hours or the longest ride. Whether any shift
    could drive them is not looked at.
    """
    return _Maker(request, places, policy, drive).options()


def narrow(visits: Sequence[Visit], rides: Sequence[Seconds], drive: Drive) -> list[Visit] | None:
    """Cut off what no time of the other visits of the trip allows; ``None`` if nothing is left."""
    ways = [drive(a.place, b.place) for a, b in pairwise(visits)]
    earliest = [visit.window.earliest for visit in visits]
    latest = [visit.window.latest for visit in visits]
    last = len(visits) - 1
    # On a chain, once forth and once back reaches every end: each cut only comes from a neighbour.
    for at in [*range(last), *reversed(range(last))]:
        shortest = visits[at].dwell + ways[at]
        longest = visits[at].dwell + rides[at]
        if shortest > longest:
            return None
        earliest[at + 1] = max(earliest[at + 1], earliest[at] + shortest)
        latest[at + 1] = min(latest[at + 1], latest[at] + longest)
        earliest[at] = max(earliest[at], earliest[at + 1] - longest)
        latest[at] = min(latest[at], latest[at + 1] - shortest)
    if any(begin > end for begin, end in zip(earliest, latest, strict=True)):
        return None
    return [
        replace(visit, window=TimeWindow(begin, end))
        for visit, begin, end in zip(visits, earliest, latest, strict=True)
    ]


def common(one: TimeWindow, other: TimeWindow) -> TimeWindow | None:
    """Find what two windows share."""
    begin, end = max(one.earliest, other.earliest), min(one.latest, other.latest)
    return TimeWindow(begin, end) if begin <= end else None


def _pieces(window: TimeWindow, longest: Seconds) -> Iterator[TimeWindow]:
    """Cut *window* into pieces no longer than *longest*; neighbours share one second."""
    begin = window.earliest
    while begin + longest < window.latest:
        yield TimeWindow(begin, begin + longest)
        begin += longest
    yield TimeWindow(begin, window.latest)


@dataclass(frozen=True)
class _Maker:
    request: Request
    places: Mapping[PlaceId, Place]
    policy: Policy
    drive: Drive

    def options(self) -> list[Option]:
        found: list[Option] = []
        back: dict[TimeWindow, list[Option]] = {}
        for number, arrival in enumerate(self.arrivals(), start=1):
            outbound = self.outbound(arrival, number)
            if outbound is None:
                continue
            if self.request.way_back is WayBack.NONE:
                found.append(Option((outbound,)))
                continue
            window = self.way_back(outbound)
            if window is None:
                continue
            if window not in back:
                back[window] = list(self.ways_home(window, len(back) + 1))
            found += [Option((outbound, *way.trips), way.pharmacy) for way in back[window]]
        nearest = {pharmacy: rank for rank, pharmacy in enumerate(self.pharmacies())}
        found.sort(key=lambda option: nearest.get(option.pharmacy or "", -1))
        return found[:MOST_OPTIONS]

    # When to be there

    def arrivals(self) -> Iterator[TimeWindow]:
        """When the passenger may be set down at the destination."""
        request, opened = self.request, self.places[self.request.destination].open_hours
        if request.appointment is not None:
            appointment = request.appointment
            window = self.before(appointment)
            if opened is None:
                yield window
                return
            for hours in opened:
                if hours.earliest <= appointment < hours.latest:
                    doors = hours.earliest - self.policy.opening.before
                    yield from self.shared(window, TimeWindow(doors, hours.latest))
            return
        assert request.arrive is not None  # noqa: S101  # Request has either of the two
        for hours in (ANY_TIME,) if opened is None else opened:
            closing = hours.latest - (0 if opened is None else self.policy.opening.before_closing)
            if closing < hours.earliest:
                continue
            for window in self.shared(request.arrive, TimeWindow(hours.earliest, closing)):
                yield from self.cut(window)

    def before(self, appointment: Clock) -> TimeWindow:
        """Bring people neither too early nor so late that they are not out of the bus."""
        rules, alight = self.policy.arrival, self.policy.dwell.of(self.request.needs).alight
        latest = appointment - max(rules.latest_before, alight)
        return TimeWindow(min(appointment - rules.earliest_before, latest), latest)

    def cut(self, window: TimeWindow) -> Iterator[TimeWindow]:
        """Cut an open arrival into pieces where the time of the way back hangs on it."""
        if self.request.way_back in {WayBack.AFTER_STAY, WayBack.WILL_CALL}:
            yield from _pieces(window, self.policy.arrival.slice)
        elif self.request.return_at is not None:
            gone = (self.request.stay or 0) + self.policy.dwell.of(self.request.needs).alight
            until = self.request.return_at - gone
            if until >= window.earliest:
                yield TimeWindow(window.earliest, min(window.latest, until))
        else:
            yield window

    @staticmethod
    def shared(one: TimeWindow, other: TimeWindow) -> list[TimeWindow]:
        both = common(one, other)
        return [] if both is None else [both]

    # When to go home

    def way_back(self, outbound: Trip) -> TimeWindow | None:
        """When the bus home may begin to board; ``None`` if that would be before the arrival."""
        request, policy = self.request, self.policy
        there = outbound.visits[-1]
        arrived = max(there.window.latest + there.dwell, request.appointment or 0)
        stay = request.stay
        if stay is None:
            stay = policy.stay.at(self.places[request.destination].kind)
        if request.return_at is not None:
            if request.return_at < arrived + (request.stay or 0):
                return None
            return TimeWindow(request.return_at, request.return_at + policy.way_back.longest_wait)
        ready = arrived + stay
        if request.way_back is WayBack.WILL_CALL:
            rules = policy.will_call
            return TimeWindow(ready + rules.earliest_after, ready + rules.latest_after)
        return TimeWindow(ready, ready + policy.way_back.longest_wait)

    def ways_home(self, ready: TimeWindow, number: int) -> Iterator[Option]:
        """Drive straight home, or by way of each pharmacy that would do."""
        request = self.request
        if not request.pharmacies:
            home = self.trip(
                f"return-{number}",
                TripKind.RETURN,
                [self.pickup(request.destination, ready), self.dropoff(request.origin)],
            )
            if home is not None:
                yield Option((home,))
            return
        for rank, pharmacy in enumerate(self.pharmacies(), start=1):
            hours = self.places[pharmacy].open_hours
            for half, opened in enumerate((ANY_TIME,) if hours is None else hours, start=1):
                name = f"{number}.{rank}.{half}"
                if self.policy.pharmacy.mode is PharmacyMode.BUS_WAITS:
                    ways = self.bus_waits(ready, pharmacy, opened, name)
                else:
                    ways = self.later_trip(ready, pharmacy, opened, name)
                for trips in ways:
                    yield Option(trips, pharmacy)

    def pharmacies(self) -> list[PlaceId]:
        """Sort the pharmacies by the drive over them, each once."""
        here, home = self.request.destination, self.request.origin
        return sorted(
            dict.fromkeys(self.request.pharmacies),
            key=lambda pharmacy: (
                self.drive(here, pharmacy) + self.drive(pharmacy, home),
                pharmacy,
            ),
        )

    def bus_waits(
        self, ready: TimeWindow, pharmacy: PlaceId, opened: TimeWindow, name: str
    ) -> Iterator[tuple[Trip, ...]]:
        """Stop at the pharmacy, all of it while it is open."""
        times = self.policy.dwell.of(self.request.needs)
        dwell = times.alight + self.policy.pharmacy.stay + times.board
        if opened.latest - dwell < opened.earliest:
            return
        window = TimeWindow(opened.earliest, opened.latest - dwell)
        home = self.trip(
            f"return-{name}",
            TripKind.RETURN,
            [
                self.pickup(self.request.destination, ready),
                Visit(VisitKind.VIA, pharmacy, window, dwell),
                self.dropoff(self.request.origin),
            ],
        )
        if home is not None:
            yield (home,)

    def later_trip(
        self, ready: TimeWindow, pharmacy: PlaceId, opened: TimeWindow, name: str
    ) -> Iterator[tuple[Trip, ...]]:
        """Set down at the pharmacy, and fetch from there when the errand is surely done."""
        errand = self.policy.dwell.of(self.request.needs).alight + self.policy.pharmacy.stay
        if opened.latest - errand < opened.earliest:
            return
        open_for_errand = TimeWindow(opened.earliest, opened.latest - errand)
        calls = [
            self.pickup(self.request.destination, ready),
            replace(self.dropoff(pharmacy), window=open_for_errand),
        ]
        whole = self.trip(f"via-{name}", TripKind.VIA, calls)
        if whole is None:
            return
        pieces = _pieces(whole.visits[-1].window, self.policy.pharmacy.slice)
        for piece, window in enumerate(pieces, start=1):
            calls[-1] = replace(calls[-1], window=window)
            there = self.trip(f"via-{name}.{piece}", TripKind.VIA, calls)
            done = window.latest + errand
            wait = TimeWindow(done, done + self.policy.way_back.longest_wait)
            home = self.trip(
                f"return-{name}.{piece}",
                TripKind.RETURN,
                [self.pickup(pharmacy, wait), self.dropoff(self.request.origin)],
            )
            if there is not None and home is not None:
                yield there, home

    # Trips

    def outbound(self, arrival: TimeWindow, number: int) -> Trip | None:
        calls = [
            self.pickup(self.request.origin, ANY_TIME),
            replace(self.dropoff(self.request.destination), window=arrival),
        ]
        return self.trip(f"outbound-{number}", TripKind.OUTBOUND, calls)

    def pickup(self, place: PlaceId, window: TimeWindow) -> Visit:
        return Visit(
            VisitKind.PICKUP, place, window, self.policy.dwell.of(self.request.needs).board
        )

    def dropoff(self, place: PlaceId) -> Visit:
        alight = self.policy.dwell.of(self.request.needs).alight
        return Visit(VisitKind.DROPOFF, place, ANY_TIME, alight)

    def trip(self, name: str, kind: TripKind, calls: Sequence[Visit]) -> Trip | None:
        """Make a trip of *calls* within the hours of service; ``None`` if it is impossible."""
        served: list[Visit] = []
        for visit in calls:
            window = common(visit.window, self.policy.service.window)
            if window is None:
                return None
            served.append(replace(visit, window=window))
        rides = tuple(
            self.policy.ride.limit(self.drive(a.place, b.place)) for a, b in pairwise(served)
        )
        visits = narrow(served, rides, self.drive)
        if visits is None:
            return None
        trip: TripId = f"{self.request.id}/{name}"
        return Trip(trip, self.request.id, kind, tuple(visits), rides, self.request.needs.load)
