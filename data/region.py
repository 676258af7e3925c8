"""A region: roads, rules, places, vehicles and volunteers of one Bürgerbus."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from data.fleet import KnownVehicle, VehicleChange
from data.opening import public_holiday
from data.places import (
    KnownPlace,
    PlaceChange,
)
from data.region_info import HealthEvent, PublicInfo
from data.roster import Roster, ShiftChange
from routing.geocoding import Address, AddressBook
from routing.network import RoadNetwork
from scheduler.model import DriverId, Load, Place, PlaceId, PlaceKind, Shift, VehicleId
from scheduler.policy import Policy

_GERMAN_WEEKDAYS = (
    "Montag",
    "Dienstag",
    "Mittwoch",
    "Donnerstag",
    "Freitag",
    "Samstag",
    "Sonntag",
)


@dataclass(frozen=True)
class ServiceException:
    """On one date the bus runs although it would not, or does not although it would."""

    runs: bool
    reason: str


@dataclass(frozen=True)
class ServiceDays:
    """
    On which days the bus runs at all.

    *weekdays* counts from Monday, 0. Public holidays of the Land are closed, unless an
    exception says otherwise.
    """

    weekdays: frozenset[int]
    exceptions: Mapping[date, ServiceException]
    country: str
    land: str

    def closed(self, day: date) -> str | None:
        """Say in German why no bus runs on *day*, or ``None``."""
        exception = self.exceptions.get(day)
        if exception is not None:
            return None if exception.runs else exception.reason
        holiday = public_holiday(day, country=self.country, land=self.land)
        if holiday is not None:
            return f"Feiertag: {holiday}"
        if day.weekday() not in self.weekdays:
            return f"Am {_GERMAN_WEEKDAYS[day.weekday()]} fährt kein Bus"
        return None

    def idle(self, weekdays: Iterable[int]) -> str:
        """Say in German on which of some weekdays no bus runs, exceptions apart; or ""."""
        idle = sorted(set(weekdays) - self.weekdays)
        names = " und am ".join(_GERMAN_WEEKDAYS[day] for day in idle)
        return f"Am {names} fährt kein Bus" if idle else ""


@dataclass(frozen=True, eq=False)
class Region:
    """All that is known of one region, checked."""

    name: str
    title: str
    folder: Path
    country: str
    land: str
    timezone: str
    dispatch_phone: str
    emergency_phone: str
    service: ServiceDays
    policy: Policy
    network: RoadNetwork
    address_book: AddressBook
    addresses: tuple[Address, ...]
    places: Mapping[PlaceId, KnownPlace]
    villages: Mapping[str, int | None]
    roster: Roster
    info: PublicInfo
    events: tuple[HealthEvent, ...]
    place_changes: tuple[PlaceChange, ...] = ()

    @property
    def fleet(self) -> Mapping[VehicleId, KnownVehicle]:
        """Its buses, which the roster has too."""
        return self.roster.fleet

    def with_place_changes(self, changes: Iterable[PlaceChange]) -> "Region":
        """Give the region as the files have it, but for what was decided about places since."""
        every, places = tuple(changes), dict(self.places)
        for change in every:
            if change.place in places:
                places[change.place] = places[change.place].changed(change)
        return replace(self, places=places, place_changes=every)

    def with_vehicle_changes(self, changes: Iterable[VehicleChange]) -> "Region":
        """Give the region with these decisions about its buses instead of those that it has."""
        decided: dict[VehicleId, list[VehicleChange]] = {name: [] for name in self.fleet}
        for change in changes:
            if change.vehicle in decided:
                decided[change.vehicle].append(change)
        fleet = {
            name: replace(bus, changes=tuple(decided[name])) for name, bus in self.fleet.items()
        }
        return replace(self, roster=replace(self.roster, fleet=fleet))

    def with_shift_changes(self, changes: Iterable[ShiftChange]) -> "Region":
        """Give the region with these decisions about shifts instead of those that it has."""
        return replace(self, roster=self.roster.changed(changes))

    @property
    def vehicle_changes(self) -> tuple[VehicleChange, ...]:
        """What was decided about its buses, those about one bus in order."""
        buses = sorted(self.fleet.items())
        return tuple(change for _, bus in buses for change in bus.changes)

    def place_change(self, place: PlaceId) -> PlaceChange:
        """What was decided last about a place; as the files have it if nothing was."""
        known = self.places[place]
        as_filed = PlaceChange(place, known.opening_hours, known.phone)
        return {each.place: each for each in self.place_changes}.get(place, as_filed)

    def decided_hours(self, day: date) -> dict[PlaceId, str]:
        """The hours on *day* of each place about which something was decided."""
        decided = {each.place for each in self.place_changes} & self.places.keys()
        return {place: self.places[place].hours_on(day) for place in sorted(decided)}

    def decided_seats(self, day: date) -> dict[VehicleId, tuple[Load, ...]]:
        """How the seats of each bus about which something was decided can be arranged on *day*."""
        return {
            name: bus.change_on(day).configurations
            for name, bus in sorted(self.fleet.items())
            if bus.changes
        }

    def closed(self, day: date) -> str | None:
        """Say in German why no bus runs on *day* (weekend, public holiday), or ``None``."""
        return self.service.closed(day)

    def without_bus(self, day: date) -> str:
        """Say in German which buses are away, if therefore no shift is left on *day*; or ""."""
        if self.closed(day) or self.roster.on(day):
            return ""
        return " ".join(bus.absence(day) for bus in self.roster.away(day))

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """List the shifts of *day* that have a driver; none on a day without service."""
        return () if self.closed(day) else self.roster.shifts(day)

    def idle_shifts(self, day: date) -> tuple[Shift, ...]:
        """List what could be driven on *day* besides, with a driver; none without service."""
        return () if self.closed(day) else self.roster.idle_shifts(day)

    def places_on(self, day: date) -> dict[PlaceId, Place]:
        """Describe every known place on *day* as the scheduler sees it."""
        return {
            name: place.on(day, country=self.country, land=self.land)
            for name, place in self.places.items()
        }

    def places_of(self, *kinds: PlaceKind) -> tuple[KnownPlace, ...]:
        """List the known places of some kinds."""
        return tuple(place for place in self.places.values() if place.kind in kinds)

    def driver_label(self, driver: DriverId) -> str:
        """Name a volunteer for people."""
        return self.roster.drivers[driver].name

    def vehicle_label(self, vehicle: VehicleId) -> str:
        """Name a vehicle for people."""
        return self.fleet[vehicle].name

    def shift_label(self, shift: str) -> str:
        """Name a shift for people: "Vormittag"."""
        return next(pattern.name for pattern in self.roster.patterns if pattern.id == shift)
