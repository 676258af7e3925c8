"""
A region from its folder: roads, rules, places, vehicles and volunteers of one Bürgerbus.

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
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.fleet import read_fleet
from data.opening import WEEKDAYS, public_holiday
from data.places import (
    PLACES_FILE,
    KnownPlace,
    read_addresses,
    read_places,
    read_villages,
)
from data.reading import Findings, Mistake, RegionError, Table, read_toml
from data.region import Region, ServiceDays, ServiceException
from data.region_info import read_events, read_info
from data.roster_file import read_roster
from routing.errors import NetworkError, TooFarFromRoad
from routing.geocoding import Address, AddressBook
from routing.network import RoadNetwork
from scheduler.errors import PolicyError
from scheduler.model import PlaceId
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
