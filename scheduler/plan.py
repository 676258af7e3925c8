"""What leaves the optimizer: routes with stops and times, and who could not be taken."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from routing.units import Metres, Seconds
from scheduler.clock import Clock
from scheduler.model import (
    DriverId,
    PlaceId,
    RequestId,
    ShiftId,
    TimeWindow,
    TripId,
    TripKind,
    VehicleId,
    VisitKind,
)

# One unit of unserved weight outweighs all driving and changes: 10 million seconds are 2,777 hours.
UNSERVED_COST: Seconds = 10_000_000


@dataclass(frozen=True)
class Cost:
    """
    What a plan costs: unserved weight first, then the seconds of driving and of *changes* together.

    *changes* is what counts beside driving because it is not as in the plan that people know
    (`scheduler.stability`). In this order costs are compared with ``<`` and ``<=``; the same
    seconds may be shared differently between driving and changes, so that neither of two costs
    need be less, nor both equal.
    """

    unserved_weight: int
    driving: Seconds
    changes: Seconds = 0

    @property
    def seconds(self) -> Seconds:
        """Driving and changes."""
        return self.driving + self.changes

    @property
    def scalar(self) -> int:
        """All in one number that keeps the order, in seconds."""
        return self.unserved_weight * UNSERVED_COST + self.seconds

    def __lt__(self, other: "Cost") -> bool:
        return self._order < other._order

    def __le__(self, other: "Cost") -> bool:
        return self._order <= other._order

    @property
    def _order(self) -> tuple[int, Seconds]:
        return self.unserved_weight, self.seconds


@dataclass(frozen=True)
class PlannedVisit:
    """One boarding or alighting in a plan; service begins at *begin* and ends at *end*."""

    trip: TripId
    request: RequestId
    kind: VisitKind
    begin: Clock
    end: Clock


@dataclass(frozen=True)
class Stop:
    """
    One halt with one or more visits; the first and the last of a route have none.

    *arrival* is when the bus comes to stand, *departure* when it drives on. *metres* is the
    drive from the stop before. *aboard* are the trips in the bus when it drives on. *held_up* is
    how much longer the bus was under way to it than the roads say, as was reported.
    """

    place: PlaceId
    arrival: Clock
    departure: Clock
    metres: Metres = 0
    visits: tuple[PlannedVisit, ...] = ()
    aboard: tuple[TripId, ...] = ()
    held_up: Seconds = 0


@dataclass(frozen=True)
class Route:
    """
    The stops of one shift with times, depots included; without stops the bus stays.

    *rest* is when the driver's break is taken, if the shift has one and the bus drives.
    """

    shift: ShiftId
    vehicle: VehicleId
    driver: DriverId
    stops: tuple[Stop, ...] = ()
    rest: TimeWindow | None = None

    @property
    def halts(self) -> tuple[Stop, ...]:
        """The stops as the driver makes them: where the bus only waits in between, it is one."""
        halts: list[Stop] = []
        for stop in self.stops:
            if halts and _is_same_halt(halts[-1], stop):
                halts[-1] = replace(
                    halts[-1],
                    departure=stop.departure,
                    visits=(*halts[-1].visits, *stop.visits),
                    aboard=stop.aboard,
                )
            else:
                halts.append(stop)
        return tuple(halts)

    def numbered(self) -> Iterator[tuple[int | None, Stop]]:
        """Number the halts with visits from 1, as on the sheet; depots have none."""
        number = 0
        for stop in self.halts:
            number += bool(stop.visits)
            yield (number if stop.visits else None), stop

    @property
    def metres(self) -> Metres:
        """The whole way, as for the logbook."""
        return sum(stop.metres for stop in self.stops)

    @property
    def driving(self) -> Seconds:
        """Time on the road, without dwell and waiting, and without what held the bus up."""
        return sum(
            after.arrival - after.held_up - before.departure
            for before, after in zip(self.stops, self.stops[1:], strict=False)
        )


def _is_same_halt(before: Stop, stop: Stop) -> bool:
    """Whether the bus has not moved between two stops at which somebody gets on or off."""
    return (
        bool(before.visits and stop.visits)
        and before.place == stop.place
        and stop.metres == 0
        and before.departure == stop.arrival
    )


class Reason(StrEnum):
    """
    Why a request is not in the plan.

    The first eight hold even for the request alone, and each is verified: without that cause
    (and those in `Detail.also`) it would fit. `NO_ROOM_PROVEN` means that no plan of the day
    takes it in addition to everybody whom this plan serves; `NO_ROOM_FOUND`, that none was found;
    `NOT_TRIED`, that a day so full was planned without it (`scheduler.crowd`).
    """

    NO_BUS_TODAY = "no_bus_today"
    NO_SHIFT_THEN = "no_shift_then"
    PLACE_CLOSED = "place_closed"
    RIDE_TOO_LONG = "ride_too_long"
    TOO_MANY_FOR_BUS = "too_many_for_bus"
    NO_WHEELCHAIR_DRIVER = "no_wheelchair_driver"
    NO_WAY_BACK = "no_way_back"
    UNREACHABLE = "unreachable"
    NO_ROOM_FOUND = "no_room_found"
    NO_ROOM_PROVEN = "no_room_proven"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True)
class Detail:
    """
    The figures behind a reason, for whoever puts them into words.

    What does not apply is ``None`` or empty.

    Parameters
    ----------
    trip
        The part of the journey that fails.
    place
        The place that is closed or out of reach.
    wanted
        When the bus would be needed, or the place open.
    hours
        When the place is open, or the shifts of the day.
    needed, limit
        Seconds of the ride and its limit; or people and the places for them.
    text
        Words from outside: why no bus runs on this day.
    also
        Further causes: the request fits only if these are gone as well.
    """

    trip: TripKind | None = None
    place: PlaceId | None = None
    wanted: TimeWindow | None = None
    hours: tuple[TimeWindow, ...] = ()
    needed: int | None = None
    limit: int | None = None
    text: str = ""
    also: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Unserved:
    """A request that the plan could not take. *detail* holds the figures behind the reason."""

    request: RequestId
    reason: Reason
    detail: Detail = Detail()


@dataclass(frozen=True)
class Plan:
    """
    All routes of one day and who is unserved.

    *bound* is a proven lower bound on the cost of every plan of this day. It does not say how its
    seconds are shared: all of them stand under driving.
    """

    date: date
    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]
    cost: Cost
    bound: Cost
    seed: int = 0

    @property
    def visits(self) -> Iterator[PlannedVisit]:
        """Every visit, one route after the other, in the order in which they are made."""
        for route in self.routes:
            for stop in route.stops:
                yield from stop.visits

    @property
    def proven(self) -> bool:
        """Whether no plan of this day can be better."""
        return self.bound <= self.cost <= self.bound

    @property
    def gap(self) -> float:
        """
        How far above the optimum the plan can be at most, relative to its own cost.

        In seconds where the unserved weight is proven least, else in `Cost.scalar`.
        """
        return gap_between(self.cost, self.bound)


def gap_between(cost: Cost, bound: Cost) -> float:
    """As `Plan.gap`."""
    if cost.unserved_weight == bound.unserved_weight:
        ours, least = cost.seconds, bound.seconds
    else:
        ours, least = cost.scalar, bound.scalar
    return (ours - least) / ours if ours else 0.0
