"""
People, places, vehicles and shifts of one service day.

Ids are pseudonymous texts; no name, phone or birth date of a passenger is ever in here.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from routing.geo import Point
from routing.units import Seconds
from scheduler.clock import END_OF_DAY, Clock, hh_mm

PlaceId: TypeAlias = str
RequestId: TypeAlias = str
TripId: TypeAlias = str
VehicleId: TypeAlias = str
DriverId: TypeAlias = str
ShiftId: TypeAlias = str


@dataclass(frozen=True, order=True)
class TimeWindow:
    """When service at a stop may begin. Both ends belong to the window."""

    earliest: Clock
    latest: Clock

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            msg = f"Time window ends before it begins: {self}."
            raise ValueError(msg)

    def __contains__(self, moment: Clock) -> bool:
        return self.earliest <= moment <= self.latest

    def __str__(self) -> str:
        return f"{hh_mm(self.earliest)}-{hh_mm(self.latest)}"


WHOLE_DAY = TimeWindow(0, END_OF_DAY)


class PlaceKind(StrEnum):
    """What a place is, as far as the rules of a day differ."""

    HOME = "home"
    PRACTICE = "practice"
    MVZ = "mvz"
    PHARMACY = "pharmacy"
    HOSPITAL = "hospital"
    THERAPY = "therapy"
    CARE_HOME = "care_home"
    EVENT = "event"
    DEPOT = "depot"
    OTHER = "other"


@dataclass(frozen=True)
class Place:
    """
    Somewhere people are fetched from or brought to.

    *open_hours* are the day's opening hours in order: empty means closed all day, ``None``
    means that the place has none (a home) or that they are unknown.
    """

    id: PlaceId
    kind: PlaceKind
    point: Point
    open_hours: tuple[TimeWindow, ...] | None = None


class Mobility(StrEnum):
    """How a passenger gets into the bus."""

    WALKS = "walks"
    WALKER = "walker"
    WHEELCHAIR = "wheelchair"


@dataclass(frozen=True)
class Load:
    """What people take up in a vehicle: ordinary seats and wheelchair places."""

    seats: int = 0
    wheelchairs: int = 0

    def __post_init__(self) -> None:
        if self.seats < 0 or self.wheelchairs < 0:
            msg = f"Nobody takes up less than nothing: {self}."
            raise ValueError(msg)

    def __add__(self, other: "Load") -> "Load":
        return Load(self.seats + other.seats, self.wheelchairs + other.wheelchairs)

    def __sub__(self, other: "Load") -> "Load":
        return Load(self.seats - other.seats, self.wheelchairs - other.wheelchairs)

    def fits(self, places: "Load") -> bool:
        """Whether this many people find room in *places*."""
        return self.seats <= places.seats and self.wheelchairs <= places.wheelchairs


@dataclass(frozen=True)
class Needs:
    """What one passenger needs of bus and driver."""

    mobility: Mobility = Mobility.WALKS
    companions: int = 0

    def __post_init__(self) -> None:
        if self.companions < 0:
            msg = f"The number of companions is negative: {self}."
            raise ValueError(msg)

    @property
    def load(self) -> Load:
        """Places taken by the passenger and the companions."""
        if self.mobility is Mobility.WHEELCHAIR:
            return Load(seats=self.companions, wheelchairs=1)
        return Load(seats=1 + self.companions)


class WayBack(StrEnum):
    """How a passenger gets home again."""

    NONE = "none"
    AFTER_STAY = "after_stay"
    AT_TIME = "at_time"
    WILL_CALL = "will_call"


@dataclass(frozen=True)
class Request:
    """
    What somebody asked for: to a place and, mostly, home again.

    Exactly one of *appointment* and *arrive* is given: a time to be there by, or a window in
    which to arrive ("some time in the morning"). *stay* is how long the passenger remains;
    ``None`` leaves it to the policy. *return_at* is the earliest way back and is given exactly
    with `WayBack.AT_TIME`. *pharmacies* are the ones to call at on the way home, any of
    which will do; empty means none. *priority* counts from 0, the ordinary.
    """

    id: RequestId
    origin: PlaceId
    destination: PlaceId
    appointment: Clock | None = None
    arrive: TimeWindow | None = None
    stay: Seconds | None = None
    way_back: WayBack = WayBack.NONE
    return_at: Clock | None = None
    pharmacies: tuple[PlaceId, ...] = ()
    needs: Needs = field(default_factory=Needs)
    priority: int = 0

    def __post_init__(self) -> None:
        if (self.appointment is None) == (self.arrive is None):
            msg = f"Request {self.id} needs either an appointment or an arrival window."
            raise ValueError(msg)
        if (self.return_at is not None) != (self.way_back is WayBack.AT_TIME):
            msg = f"Request {self.id} needs a return time exactly when the way back is at a time."
            raise ValueError(msg)
        if self.pharmacies and self.way_back is WayBack.NONE:
            msg = f"Request {self.id} calls at a pharmacy on a way back that it does not have."
            raise ValueError(msg)


class VisitKind(StrEnum):
    """What happens at a visit."""

    PICKUP = "pickup"
    VIA = "via"
    DROPOFF = "dropoff"


@dataclass(frozen=True)
class Visit:
    """
    One boarding or alighting that a trip asks for.

    At a `VisitKind.VIA` the bus waits: the passenger alights, is gone, and boards again, all
    within *dwell*.
    """

    kind: VisitKind
    place: PlaceId
    window: TimeWindow
    dwell: Seconds

    def __post_init__(self) -> None:
        if self.dwell < 0:
            msg = f"Dwell is negative: {self}."
            raise ValueError(msg)


class TripKind(StrEnum):
    """Which part of a journey a trip is."""

    OUTBOUND = "outbound"
    VIA = "via"
    RETURN = "return"


def trip_kind(trip: TripId) -> TripKind:
    """Tell from its id which part of a journey a trip is: "r17/return-2" is the way home."""
    return TripKind(trip.split("/")[1].split("-")[0])


@dataclass(frozen=True)
class Trip:
    """
    One passenger, with companions, carried once from a pickup to a dropoff.

    Parameters
    ----------
    visits
        Pickup, then the vias where the bus waits, then dropoff.
    longest_rides
        One for each pair of consecutive visits: the most seconds between the end of service
        at the first and the beginning of service at the second.
    """

    id: TripId
    request: RequestId
    kind: TripKind
    visits: tuple[Visit, ...]
    longest_rides: tuple[Seconds, ...]
    load: Load

    def __post_init__(self) -> None:
        kinds = [visit.kind for visit in self.visits]
        vias = len(kinds) - 2
        if kinds != [VisitKind.PICKUP, *[VisitKind.VIA] * vias, VisitKind.DROPOFF]:
            msg = f"Trip {self.id} must go from a pickup over vias to a dropoff: {kinds}."
            raise ValueError(msg)
        if len(self.longest_rides) != len(self.visits) - 1:
            msg = f"Trip {self.id} needs a longest ride for each pair of consecutive visits."
            raise ValueError(msg)


@dataclass(frozen=True)
class Journey:
    """
    The ways in which one request can be served.

    Either all trips of exactly one of *options* are served, or none of any: nobody is
    stranded at the doctor's. Options differ, for example, in the pharmacy on the way home,
    and may share trips. *weight* is what it costs the plan not to serve the journey.
    """

    request: RequestId
    options: tuple[tuple[TripId, ...], ...]
    weight: int

    def __post_init__(self) -> None:
        if not self.options or not all(self.options) or self.weight <= 0:
            msg = f"Journey {self.request} needs options with trips and a positive weight."
            raise ValueError(msg)


@dataclass(frozen=True)
class Vehicle:
    """A bus. Its seats can be arranged in any one of *configurations* at a time."""

    id: VehicleId
    configurations: tuple[Load, ...]

    def __post_init__(self) -> None:
        if not self.configurations:
            msg = f"Vehicle {self.id} has no seat configuration."
            raise ValueError(msg)

    def holds(self, load: Load) -> bool:
        """Whether some configuration has room for *load*."""
        return any(load.fits(places) for places in self.configurations)


@dataclass(frozen=True)
class Break:
    """
    A driver's rest: begins within *window*, lasts *length*, and only with an empty bus.

    The bus stands at the depot or at a stop. If it is on the road, empty, when the window
    closes, the break begins as soon as it arrives. So a shorter route never breaks the rule
    where a longer one keeps it, and proofs can rely on that.
    """

    window: TimeWindow
    length: Seconds

    def __post_init__(self) -> None:
        if self.length <= 0:
            msg = f"A break takes some time: {self}."
            raise ValueError(msg)


@dataclass(frozen=True)
class Shift:
    """
    A driver and a vehicle for some hours.

    The bus leaves *start_place* not before ``hours.earliest`` and is back at *end_place* by
    ``hours.latest``.
    """

    id: ShiftId
    vehicle: Vehicle
    driver: DriverId
    hours: TimeWindow
    start_place: PlaceId
    end_place: PlaceId
    takes_wheelchairs: bool = True
    rest: Break | None = None

    def takes(self, trip: Trip) -> bool:
        """Whether driver and vehicle can carry *trip* at all."""
        return self.vehicle.holds(trip.load) and (
            self.takes_wheelchairs or trip.load.wheelchairs == 0
        )


@dataclass(frozen=True)
class Calendar:
    """What kind of day it is: *closed* says why no bus runs, or is ``None``."""

    date: date
    closed: str | None = None
