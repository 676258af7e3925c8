"""
A region: roads, rules, places, vehicles and volunteers of one Bürgerbus, from one folder.

    region.toml     name, phones, time zone, service days
    policy.toml     the rules (`scheduler.policy`)
    places.csv      practices, pharmacies, depots ... with opening hours
    addresses.csv   house numbers
    villages.csv    inhabitants, if known
    fleet.toml      vehicles and their seats
    roster.toml     volunteers and their shifts
    network.npz     roads (`routing.network`)

Loading reads all of it and reports every mistake at once.
"""

import logging
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.fleet import KnownVehicle, VehicleChange, read_fleet
from data.opening import WEEKDAYS, public_holiday
from data.places import (
    PLACES_FILE,
    KnownPlace,
    PlaceChange,
    read_addresses,
    read_places,
    read_villages,
)
from data.reading import Findings, Mistake, RegionError, Table, read_toml
from data.region_info import HealthEvent, PublicInfo, read_events, read_info
from data.roster import Roster, ShiftChange
from data.roster_file import read_roster
from routing.errors import NetworkError, TooFarFromRoad
from routing.geocoding import Address, AddressBook
from routing.network import RoadNetwork
from scheduler.errors import PolicyError
from scheduler.model import DriverId, Load, Place, PlaceId, PlaceKind, Shift, VehicleId
from scheduler.policy import Policy
from scheduler.policy_file import read_policy

log = logging.getLogger("fahrten")

REGION_FILE = "region.toml"
POLICY_FILE = "policy.toml"
NETWORK_FILE = "network.npz"

SHIPPED = Path(__file__).parent / "regions"
OWN_FOLDER_VARIABLE = "FAHRTEN_REGIONS"
OWN_FOLDER_DEFAULT = Path("var") / "regions"

_KEYS = (
    "title",
    "country",
    "land",
    "timezone",
    "dispatch_phone",
    "emergency_phone",
    "service",
    "info",
    "event",
)

REGION_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

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


def own_folder() -> Path:
    """Where the user's own regions lie."""
    return Path(os.environ.get(OWN_FOLDER_VARIABLE) or OWN_FOLDER_DEFAULT)


def region_folders() -> dict[str, Path]:
    """Find every region by name; the user's own hide shipped ones of the same name."""
    return {
        folder.name: folder
        for home in (SHIPPED, own_folder())
        if home.is_dir()
        for folder in sorted(home.iterdir())
        if (folder / REGION_FILE).is_file()
    }


def load_region(name_or_folder: str | Path) -> Region:
    """
    Load a region by its name or from its folder.

    Raises
    ------
    RegionError
        With every mistake in its files, each with file, row or key, value and what would be
        right; or that there is no such region.
    """
    folders = region_folders()
    folder = folders.get(str(name_or_folder), Path(name_or_folder))
    if not (folder / REGION_FILE).is_file():
        known = ", ".join(folders) or "keine"
        message = f"Es gibt keine Region dieses Namens. Bekannt sind: {known}."
        raise RegionError([Mistake(REGION_FILE, "Region", str(name_or_folder), message)])
    return _read(folder)


def _read(folder: Path) -> Region:
    findings = Findings()
    file = read_toml(folder / REGION_FILE, findings)
    file.only(*_KEYS)
    title, timezone = file.text("title"), _timezone(file)
    dispatch_phone, emergency_phone = file.text("dispatch_phone"), file.text("emergency_phone")
    country, land = _land(file)
    service = _service(file.table("service"), country, land)
    policy = _policy(folder, findings)
    network = _network(folder, findings)
    places = read_places(folder, findings)
    info, events = read_info(file.table("info")), read_events(file.tables("event"), places)
    addresses = read_addresses(folder, findings)
    villages = read_villages(folder, findings)
    fleet = read_fleet(folder, places, findings)
    roster = read_roster(folder, fleet, findings)
    if network is not None:
        _refuse_far_places(places, network, findings)
    if findings.mistakes or policy is None or network is None:
        raise RegionError(findings.mistakes)
    return Region(
        name=folder.name,
        title=title,
        folder=folder,
        country=country,
        land=land,
        timezone=timezone,
        dispatch_phone=dispatch_phone,
        emergency_phone=emergency_phone,
        service=service,
        policy=policy,
        network=network,
        address_book=AddressBook(_address_book(places, addresses), municipality=title),
        addresses=addresses,
        places=places,
        villages=villages,
        roster=roster,
        info=info,
        events=events,
    )


def _timezone(file: Table) -> str:
    timezone = file.text("timezone")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        file.wrong("timezone", 'muss eine Zeitzone wie "Europe/Berlin" sein.')
    return timezone


def _land(file: Table) -> tuple[str, str]:
    country, land = file.text("country"), file.text("land", "")
    try:
        public_holiday(date(2027, 1, 1), country=country, land=land)
    except ValueError as error:
        file.wrong("land" if land else "country", str(error))
        # A stand-in, so that the reading can go on.
        return "DE", ""
    return country, land


def _service(table: Table, country: str, land: str) -> ServiceDays:
    table.only("weekdays", "exception")
    weekdays = table.texts("weekdays")
    if not weekdays or not set(weekdays) <= set(WEEKDAYS):
        table.wrong("weekdays", 'muss eine Liste wie ["Mo", "Tu", "We", "Th", "Fr"] sein.')
    exceptions: dict[date, ServiceException] = {}
    for entry in table.tables("exception"):
        entry.only("date", "runs", "reason")
        day = entry.day("date")
        if day in exceptions:
            entry.wrong("date", "kommt zweimal vor.")
        exceptions[day] = ServiceException(entry.truth("runs"), entry.text("reason"))
    numbers = frozenset(WEEKDAYS.index(name) for name in weekdays if name in WEEKDAYS)
    return ServiceDays(numbers, exceptions, country, land)


def _policy(folder: Path, findings: Findings) -> Policy | None:
    try:
        return read_policy(read_toml(folder / POLICY_FILE, findings).values)
    except PolicyError as error:
        for line in str(error).splitlines():
            findings.add(POLICY_FILE, "Schlüssel", "", line)
        return None


def _network(folder: Path, findings: Findings) -> RoadNetwork | None:
    try:
        return RoadNetwork.load(folder / NETWORK_FILE)
    except NetworkError as error:
        log.info("%s cannot be used: %s", NETWORK_FILE, error)
        message = "ist kein Straßennetz dieses Programms; bitte die Region neu einrichten."
        findings.add(NETWORK_FILE, "Datei", "", message)
        return None


def _refuse_far_places(
    places: Mapping[PlaceId, KnownPlace], network: RoadNetwork, findings: Findings
) -> None:
    for place in places.values():
        try:
            network.snap(place.point)
        except TooFarFromRoad as far:
            where = f"Ort {place.id}, Spalten lat und lon"
            point = f"{place.point.lat}, {place.point.lon}"
            message = f"liegt {far.metres} m von der nächsten Straße, höchstens {far.limit} m."
            findings.add(PLACES_FILE, where, point, message)


def _address_book(
    places: Mapping[PlaceId, KnownPlace], addresses: tuple[Address, ...]
) -> list[Address]:
    """Every place under its name, and every house that is none of them."""
    doors = {place.address.label.casefold() for place in places.values()}
    return [
        *(replace(place.address, label=place.name) for place in places.values()),
        *(address for address in addresses if address.label.casefold() not in doors),
    ]
