"""
What a region takes from a map: addresses at its roads, health places with names of their own.

Whatever is left out or changed on the way is told, with examples.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from statistics import median
from typing import TYPE_CHECKING

from data.errors import DataError
from data.opening import opening_hours_fault
from data.places import KnownPlace, short_label
from routing.errors import AddressError, TooFarFromRoad
from routing.geo import Point, great_circle
from routing.geocoding import Address, AddressBook
from routing.network import RoadNetwork
from scheduler.model import PlaceKind

if TYPE_CHECKING:
    # Takes seconds to import; only whoever reads a map needs it.
    from routing.osm import Extract, HealthPlace

DEPOT = "depot"
DEPOT_NAME = "Standplatz des Bürgerbusses"

LONGEST_ID = 40
SEEN_IN_WARNING = 5  # so many examples stand in a warning

_MVZ = re.compile(r"\bMVZ\b|Medizinisches Versorgungszentrum", re.IGNORECASE)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass
class Warnings:
    """What a person should know about an import, in German."""

    texts: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Warn of one thing."""
        self.texts.append(text)

    def some(self, what: str, examples: Sequence[str]) -> None:
        """Warn of several things of one kind, with the first of them as examples."""
        if examples:
            more = "; ..." if len(examples) > SEEN_IN_WARNING else ""
            self.add(f"{len(examples)} {what}: {'; '.join(examples[:SEEN_IN_WARNING])}{more}")


def usable_addresses(found: "Extract", warnings: Warnings) -> list[Address]:
    """Leave out what lies off the roads, and what cannot be told apart by its text."""
    kept: dict[str, Address] = {}
    far, double, cut_off = [], [], []
    for address in found.addresses:
        if not (address.street or address.village):
            continue
        text = short_label(
            street=address.street,
            housenumber=address.housenumber,
            postcode=address.postcode,
            village=address.village,
        )
        if is_too_far(address.point, found.network):
            far.append(text)
        elif text.casefold() in kept:
            double.append(text)
        else:
            kept[text.casefold()] = address
            if found.network.dropped_road_near(address.point) is not None:
                cut_off.append(text)
    warnings.some("Anschriften ausgelassen, zu weit von jeder Straße", far)
    warnings.some("Anschriften ausgelassen, doppelt", double)
    warnings.some("Anschriften an einer Straße, die nicht befahrbar angebunden ist", cut_off)
    return list(kept.values())


def health_places(found: "Extract", warnings: Warnings) -> list[KnownPlace]:
    """Give every health place at a road a short id and a name of its own."""
    places: list[KnownPlace] = []
    ids, names = {DEPOT}, {DEPOT_NAME.casefold()}
    far, unreadable = [], []
    for place in found.health_places:
        if is_too_far(place.point, found.network):
            far.append(place.name)
            continue
        hours = place.opening_hours
        fault = opening_hours_fault(hours) if hours else None
        if fault:
            unreadable.append(f"{place.name} ({hours!r} {fault})")
            hours = ""
        name = _unused([place.name, f"{place.name} ({place.village})"], names, gap=" ")
        address = Address(
            label=name,
            street=place.street,
            housenumber=place.housenumber,
            postcode=place.postcode,
            village=place.village,
            point=place.point,
        )
        places.append(
            KnownPlace(
                id=_unused([slug(name)], ids, gap="-"),
                name=name,
                kind=PlaceKind.MVZ if _MVZ.search(place.name) else PlaceKind(place.kind),
                address=address,
                phone=place.phone,
                opening_hours=hours,
                source=map_source(place),
            )
        )
    unknown = [place.name for place in places if not place.opening_hours]
    warnings.some("Orte ausgelassen, zu weit von jeder Straße", far)
    warnings.some("Öffnungszeiten nicht lesbar, ausgelassen", unreadable)
    warnings.some("Orte ohne Öffnungszeiten, bitte ergänzen", unknown)
    return places


def map_source(place: "HealthPlace") -> str:
    """Name the object of the map that a place was taken from."""
    return f"OpenStreetMap {place.osm_id}"


def slug(name: str) -> str:
    """
    Make a short id of a name.

    >>> slug("Dr. Müller & Söhne, Ärzte")
    'dr-mueller-soehne-aerzte'
    """
    ascii_text = re.sub(r"[^a-z0-9]+", "-", name.lower().translate(_UMLAUTS)).strip("-")
    return ascii_text[:LONGEST_ID].strip("-") or "ort"


def _unused(wishes: Sequence[str], used: set[str], *, gap: str) -> str:
    """Take the first wish that is free, or number the last one."""
    numbered = (f"{wishes[-1]}{gap}{number}" for number in count(2))
    chosen = next(wish for wish in chain(wishes, numbered) if wish.casefold() not in used)
    used.add(chosen.casefold())
    return chosen


def standing_place(wanted: str, addresses: Sequence[Address], network: RoadNetwork) -> KnownPlace:
    """
    Put the bus at the address *wanted*, or in the middle of the region.

    Raises
    ------
    DataError
        If there is no such address.
    """
    if wanted:
        try:
            address = AddressBook(addresses).resolve(wanted)
        except AddressError as error:
            msg = f"Der Standplatz {wanted!r} ist unter den Anschriften nicht zu finden."
            raise DataError(msg) from error
        return _depot(address, source="bei der Einrichtung angegeben")
    houses = [address for address in addresses if address.housenumber]
    points = [house.point for house in houses] or [
        Point(lat, lon)
        for lat, lon in zip(network.node_lat.tolist(), network.node_lon.tolist(), strict=True)
    ]
    middle = Point(median(p.lat for p in points), median(p.lon for p in points))
    nearest = min(range(len(points)), key=lambda number: great_circle(points[number], middle))
    address = houses[nearest] if houses else _nameless(points[nearest])
    return _depot(address, source="ANGENOMMEN: in der Mitte der Region")


def _nameless(point: Point) -> Address:
    return Address(label="", street="", housenumber="", postcode="", village="", point=point)


def _depot(address: Address, *, source: str) -> KnownPlace:
    address = replace(address, label=DEPOT_NAME)
    return KnownPlace(DEPOT, DEPOT_NAME, PlaceKind.DEPOT, address, source=source)


def is_too_far(point: Point, network: RoadNetwork) -> bool:
    """Whether no road lies near enough for a bus to stop."""
    try:
        network.snap(point)
    except TooFarFromRoad:
        return True
    return False
