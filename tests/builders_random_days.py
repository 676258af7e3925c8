"""Random small days with any mix of everything that a day can have, and their true optimum."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

import numpy as np

from routing.geo import Point
from routing.matrix import TravelMatrix
from routing.units import MINUTE, Seconds
from scheduler.asked import Asked
from scheduler.clock import clock
from scheduler.day import Day
from scheduler.model import (
    Break,
    Load,
    Mobility,
    Needs,
    Place,
    PlaceKind,
    Request,
    Shift,
    TimeWindow,
    Trip,
    Vehicle,
    WayBack,
)
from scheduler.plan import Cost
from scheduler.policy import Policy
from scheduler.policy_file import read_policy
from scheduler.timing import Call, timetable
from tests.builders_days import TUESDAY

HOMES = ["home-1", "home-2", "home-3", "home-4"]
PLACES = {
    "depot": PlaceKind.DEPOT,
    "yard": PlaceKind.DEPOT,
    "mvz": PlaceKind.MVZ,
    "practice": PlaceKind.PRACTICE,
    "pharmacy-1": PlaceKind.PHARMACY,
    "pharmacy-2": PlaceKind.PHARMACY,
    **dict.fromkeys(HOMES, PlaceKind.HOME),
}
BUSES = [
    Vehicle("bus", (Load(8), Load(5, 1))),
    Vehicle("small", (Load(2), Load(1, 1))),
    Vehicle("taxi", (Load(1),)),
]
HALVES = [("07:30", "14:30"), ("07:00", "13:00"), ("12:30", "17:00"), ("08:30", "16:00")]


def random_day(seed: int, *, requests: int, shifts: int) -> Day:
    """Draw a day; the same seed gives the same day."""
    return random_asked(seed, requests=requests, shifts=shifts).day


def random_asked(seed: int, *, requests: int, shifts: int) -> Asked:
    """Draw all that a day is made of."""
    draw = np.random.default_rng(seed)
    names = list(PLACES)
    return Asked(
        date=TUESDAY,
        requests=tuple(_request(draw, f"r{number}") for number in range(requests)),
        places={name: _place(draw, name) for name in names},
        shifts=tuple(_shifts(draw, shifts)),
        policy=_policy(draw),
        travel=_travel(draw, len(names)),
        index={name: row for row, name in enumerate(names)},
    )


def _travel(draw: np.random.Generator, size: int) -> TravelMatrix:
    """Drives on a grid of some minutes, longer uphill: the triangle inequality holds."""
    points = draw.integers(0, 12 * MINUTE, (size, 2))
    height = draw.integers(0, 2 * MINUTE, size)
    seconds = abs(points[:, None] - points[None, :]).sum(axis=2)
    seconds = seconds + np.maximum(0, height[None, :] - height[:, None])
    return TravelMatrix(seconds, seconds * 12)


def _place(draw: np.random.Generator, name: str) -> Place:
    hours = None
    if PLACES[name] not in {PlaceKind.HOME, PlaceKind.DEPOT} and draw.random() < 0.5:
        texts = [["08:00", "12:00", "14:00", "18:00"], ["07:30", "13:00"], []]
        marks = [clock(text) for text in texts[int(draw.choice(3, p=[0.5, 0.45, 0.05]))]]
        hours = tuple(TimeWindow(a, b) for a, b in zip(marks[::2], marks[1::2], strict=True))
    return Place(name, PLACES[name], Point(52.1, 9.0), hours)


def _shifts(draw: np.random.Generator, count: int) -> list[Shift]:
    shifts = []
    for number in range(count):
        begin, end = (clock(text) for text in HALVES[int(draw.integers(len(HALVES)))])
        rest = None
        if draw.random() < 0.4:
            first = int(draw.integers(begin, end - 1800))
            latest = first + int(draw.integers(0, 90)) * MINUTE
            rest = Break(TimeWindow(first, latest), int(draw.integers(5, 40)) * MINUTE)
        bus = BUSES[int(draw.integers(len(BUSES)))]
        shifts.append(
            Shift(
                id=f"s{number}",
                vehicle=Vehicle(f"{bus.id}-{number}", bus.configurations),
                driver=f"d{number}",
                hours=TimeWindow(begin, end),
                start_place=str(draw.choice(["depot", "yard"])),
                end_place=str(draw.choice(["depot", "yard"])),
                takes_wheelchairs=bool(draw.random() < 0.8),
                rest=rest,
            )
        )
    return shifts


def _policy(draw: np.random.Generator) -> Policy:
    return read_policy(
        {
            "pharmacy": {
                "mode": str(draw.choice(["bus_waits", "later_trip"])),
                "choices": int(draw.integers(1, 3)),
            },
            "ride": {"factor": float(draw.choice([1.0, 1.5])), "constant": int(draw.integers(25))},
            "way_back": {"longest_wait": int(draw.choice([10, 30, 60]))},
            "arrival": {"earliest_before": int(draw.choice([10, 30, 60])), "slice": 90},
        }
    )


def _request(draw: np.random.Generator, name: str) -> Request:
    open_arrival = draw.random() < 0.2
    begin = clock("08:00") + int(draw.integers(0, 36)) * 5 * MINUTE
    ways = [WayBack.NONE, WayBack.AFTER_STAY, WayBack.AT_TIME, WayBack.WILL_CALL]
    way_back = ways[int(draw.choice(4, p=[0.3, 0.5, 0.1, 0.1]))]
    pharmacies: Sequence[str] = ()
    if way_back is not WayBack.NONE and draw.random() < 0.4:
        pharmacies = ["pharmacy-1", "pharmacy-2"][: int(draw.integers(1, 3))]
    return Request(
        id=name,
        origin=str(draw.choice(HOMES)),
        destination=str(draw.choice(["mvz", "practice"])),
        appointment=None if open_arrival else begin,
        arrive=TimeWindow(begin, begin + 60 * MINUTE) if open_arrival else None,
        stay=int(draw.integers(10, 60)) * MINUTE if draw.random() < 0.7 else None,
        way_back=way_back,
        return_at=begin + 80 * MINUTE if way_back is WayBack.AT_TIME else None,
        pharmacies=tuple(pharmacies),
        needs=Needs(
            mobility=list(Mobility)[int(draw.choice(3, p=[0.6, 0.2, 0.2]))],
            companions=int(draw.choice(3, p=[0.7, 0.2, 0.1])),
        ),
        priority=int(draw.choice(3, p=[0.7, 0.2, 0.1])),
    )


def can_serve_all(day: Day) -> bool:
    """Whether some plan serves everybody, by trying every way, shift and order of visits."""
    search = _Search(day)
    for ways in product(*[journey.options for journey in day.journeys]):
        trips = [day.trip(name) for way in ways for name in way]
        takers = [[shift for shift in day.shifts if day.takes(shift, trip)] for trip in trips]
        if any(search.driving(trips, who) is not None for who in product(*takers)):
            return True
    return False


def least_cost(day: Day) -> Cost:
    """Try every way of every journey, on every shift, in every order of visits."""
    return min(_Search(day).costs())


@dataclass
class _Search:
    day: Day
    known: dict[tuple[str, frozenset[str]], Seconds | None] = field(default_factory=dict)

    def costs(self) -> Iterator[Cost]:
        """What each combination that can be driven costs."""
        journeys = self.day.journeys
        for ways in product(*[(None, *journey.options) for journey in journeys]):
            left = sum(j.weight for j, way in zip(journeys, ways, strict=True) if way is None)
            trips = [self.day.trip(name) for way in ways if way for name in way]
            for who in product(self.day.shifts, repeat=len(trips)):
                driving = self.driving(trips, who)
                if driving is not None:
                    yield Cost(left, driving, self.changes(trips, who))

    def changes(self, trips: Sequence[Trip], who: Sequence[Shift]) -> Seconds:
        """What it counts that not all trips are on the shifts that were to carry them."""
        day = self.day
        riding = {trip.request for trip in day.trips if trip.id in day.planned}
        known = [
            day.planned.get(trip.id, "another way" if trip.request in riding else None)
            for trip in trips
        ]
        pairs = zip(known, who, strict=True)
        return day.change * sum(was is not None and was != shift.id for was, shift in pairs)

    def driving(self, trips: Sequence[Trip], who: Sequence[Shift]) -> Seconds | None:
        """The least driving with each trip on its shift; ``None`` if that is impossible."""
        if not all(shift.takes(trip) for trip, shift in zip(trips, who, strict=True)):
            return None
        total = 0
        for shift in self.day.shifts:
            mine = [trip for trip, taker in zip(trips, who, strict=True) if taker is shift]
            key = shift.id, frozenset(trip.id for trip in mine)
            if key not in self.known:
                self.known[key] = min(self.routes(shift, mine), default=None) if mine else 0
            driving = self.known[key]
            if driving is None:
                return None
            total += driving
        return total

    def routes(self, shift: Shift, trips: Sequence[Trip]) -> Iterator[Seconds]:
        """The driving of every order of the visits of *trips* that *shift* can drive."""
        yield from self.follow(shift, [], {trip.id: 0 for trip in trips}, trips)

    def follow(
        self, shift: Shift, calls: list[Call], done: dict[str, int], trips: Sequence[Trip]
    ) -> Iterator[Seconds]:
        restless = Shift(**{**vars(shift), "rest": None})
        aboard = sum((t.load for t in trips if 0 < done[t.id] < len(t.visits)), Load())
        # What cannot be driven now cannot be driven with further visits either.
        if not shift.vehicle.holds(aboard) or timetable(restless, calls, self.day.seconds) is None:
            return
        if all(done[trip.id] == len(trip.visits) for trip in trips):
            if timetable(shift, calls, self.day.seconds) is not None:
                places = [trip.visits[which].place for trip, which in calls]
                ends = [shift.start_place, *places, shift.end_place]
                yield sum(self.day.seconds(a, b) for a, b in pairwise(ends))
            return
        for trip in trips:
            which = done[trip.id]
            if which < len(trip.visits):
                more = [*calls, (trip, which)]
                yield from self.follow(shift, more, {**done, trip.id: which + 1}, trips)
