"""
A new region from an extract of OpenStreetMap.

Roads, addresses and health places come from the map; rules, vehicles and volunteers are
templates that work at once and are there to be changed. Nothing is left half-done: the folder
appears when it has been read back without a mistake.
"""

import csv
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import DataError
from data.fleet import FLEET_FILE
from data.opening import public_holiday
from data.places import (
    ADDRESS_COLUMNS,
    ADDRESSES_FILE,
    PLACE_COLUMNS,
    PLACE_EXTRAS,
    PLACES_FILE,
    VILLAGE_COLUMNS,
    VILLAGES_FILE,
    KnownPlace,
)
from data.region_extract import (
    DEPOT,
    Warnings,
    health_places,
    map_source,
    standing_place,
    usable_addresses,
)
from data.region_file import (
    NETWORK_FILE,
    POLICY_FILE,
    REGION_FILE,
    REGION_NAME,
    SHIPPED,
    load_region,
    own_folder,
)
from data.region_templates import fleet_toml, readme, region_toml, roster_toml
from data.roster_file import ROSTER_FILE
from routing.geo import Point
from routing.geocoding import Address

if TYPE_CHECKING:
    # Takes seconds to import; only whoever reads a map needs it.
    from routing.osm import Extract

README_FILE = "README.md"


class RegionExistsError(DataError):
    """There is such a region already; it is not overwritten."""


@dataclass(frozen=True)
class Imported:
    """What came of an import: the folder, how much of what, and what a person should know."""

    name: str
    folder: Path
    counts: Mapping[str, int]
    warnings: tuple[str, ...]


def import_region(
    name: str,
    extract: Path,
    *,
    today: date,
    title: str = "",
    country: str = "DE",
    land: str = "",
    depot: str = "",
    source: str | None = None,
    home: Path | None = None,
) -> Imported:
    """
    Make a new region from an extract (.osm, .osm.gz, .osm.bz2, .pbf).

    Parameters
    ----------
    name
        Of its folder: small letters, digits and hyphens.
    country, land
        ISO 3166 codes, for the public holidays.
    depot
        Address at which the bus stands; without one, an address in the middle of all.
    source
        Where the extract comes from, for people; by default its file name.
    home
        Folder in which the region's folder is made; by default the user's own.

    Raises
    ------
    RegionExistsError
        If there is such a folder.
    DataError
        If name, country, Land or the bus's address cannot be used.
    routing.errors.ExtractError
        If the extract cannot be read or has no roads.
    """
    folder = new_folder(name, home)
    try:
        public_holiday(today, country=country, land=land)
    except ValueError as error:
        raise DataError(str(error)) from error
    found = _read(extract, source)
    warnings = Warnings()
    addresses = usable_addresses(found, warnings)
    bus_place = standing_place(depot, addresses, found.network)
    places = health_places(found, warnings)
    if country == "DE" and not land:
        warnings.add("Ohne Bundesland gelten nur die bundesweiten Feiertage.")
    if not places:
        warnings.add("Keine Praxis und keine Apotheke gefunden: bitte places.csv ergänzen.")
    title = title or name.replace("-", " ").title()
    counts = _counts(found, addresses, places)
    texts = {
        REGION_FILE: region_toml(title=title, country=country, land=land),
        FLEET_FILE: fleet_toml(depot=DEPOT),
        ROSTER_FILE: roster_toml(today=today),
        README_FILE: readme(
            title=title,
            source=found.network.source,
            today=today,
            counts=counts,
            warnings=warnings.texts,
        ),
    }

    def write(into: Path) -> None:
        found.network.save(into / NETWORK_FILE)
        _write_addresses(into, addresses)
        _write_places(into, [bus_place, *places])
        _write_villages(into, addresses)
        shutil.copyfile(SHIPPED / "kalletal" / POLICY_FILE, into / POLICY_FILE)
        for file, text in texts.items():
            (into / file).write_text(text, encoding="utf-8")

    _appear(folder, write)
    return Imported(name, folder, counts, tuple(warnings.texts))


def refresh_region(
    name: str, extract: Path, *, source: str | None = None, home: Path | None = None
) -> Imported:
    """
    Renew roads and addresses of a region; places, rules, vehicles and volunteers stay.

    Health places of the extract that places.csv does not know are told as warnings.

    Raises
    ------
    RegionError
        If there is no such region, or a place of it lies off the new roads.
    routing.errors.ExtractError
        If the extract cannot be read or has no roads.
    """
    folder = region_folder(name, home)
    region = load_region(folder)
    found = _read(extract, source)
    warnings = Warnings()
    addresses = usable_addresses(found, warnings)
    known = {place.source for place in region.places.values()}
    new = [place.name for place in found.health_places if map_source(place) not in known]
    warnings.some("Orte der Karte stehen nicht in places.csv", new)

    def write(into: Path) -> None:
        shutil.copytree(folder, into, dirs_exist_ok=True)
        found.network.save(into / NETWORK_FILE)
        _write_addresses(into, addresses)

    _appear(folder, write)
    places = list(region.places.values())
    return Imported(name, folder, _counts(found, addresses, places), tuple(warnings.texts))


def new_folder(name: str, home: Path | None = None) -> Path:
    """
    Tell where a new region of this name goes: ask before anything is downloaded for it.

    Raises
    ------
    RegionExistsError
        If there is such a folder.
    DataError
        If it is no name for a region.
    """
    folder = region_folder(name, home)
    if folder.exists():
        msg = f"Die Region {name!r} gibt es schon; erneuert werden können ihre Straßen."
        raise RegionExistsError(msg)
    return folder


def region_folder(name: str, home: Path | None = None) -> Path:
    """
    Tell where the user's own region of this name lies, or would lie.

    Raises
    ------
    DataError
        If it is no name for a region.
    """
    if not REGION_NAME.fullmatch(name):
        msg = f"{name!r} ist kein Name für eine Region: Kleinbuchstaben, Ziffern, Bindestriche."
        raise DataError(msg)
    return (home or own_folder()) / name


def _read(path: Path, source: str | None) -> "Extract":
    from routing.osm import read_extract

    return read_extract(path, source=source)


def _counts(
    found: "Extract", addresses: Sequence[Address], places: Sequence[KnownPlace]
) -> dict[str, int]:
    return {
        "Kreuzungen": found.network.nodes,
        "Straßenstücke": found.network.edges,
        "Anschriften": len(addresses),
        "Orte": len(places),
        "Orte mit Öffnungszeiten": sum(bool(place.opening_hours) for place in places),
    }


def _degrees(point: Point) -> tuple[str, str]:
    # Six decimals are 11 cm.
    return f"{point.lat:.6f}", f"{point.lon:.6f}"


def _write_addresses(into: Path, addresses: Iterable[Address]) -> None:
    _write_csv(
        into / ADDRESSES_FILE,
        ADDRESS_COLUMNS,
        (
            (a.street, a.housenumber, a.postcode, a.village, *_degrees(a.point))
            for a in sorted(addresses, key=lambda a: (a.village, a.street, a.housenumber, a.label))
        ),
    )


def _write_places(into: Path, places: Iterable[KnownPlace]) -> None:
    _write_csv(
        into / PLACES_FILE,
        (*PLACE_COLUMNS, *PLACE_EXTRAS),
        (
            (
                *(place.id, place.name, place.kind, place.address.street),
                *(place.address.housenumber, place.address.postcode, place.address.village),
                *(*_degrees(place.point), place.phone, place.opening_hours, place.source),
            )
            for place in places
        ),
    )


def _write_villages(into: Path, addresses: Iterable[Address]) -> None:
    """List the villages, for the inhabitants to be written beside them."""
    villages = sorted({address.village for address in addresses if address.village})
    _write_csv(into / VILLAGES_FILE, VILLAGE_COLUMNS, ((village, "") for village in villages))


def _write_csv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        # A line break inside a cell would be two rows for whoever edits the file.
        writer.writerows([" ".join(cell.split()) for cell in row] for row in rows)


def _appear(folder: Path, write: Callable[[Path], None]) -> None:
    """Write a folder beside its place, read it back, and only then put it there."""
    partial = folder.with_name(f".{folder.name}.partial")
    former = folder.with_name(f".{folder.name}.former")
    for leftover in (partial, former):
        shutil.rmtree(leftover, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        write(partial)
        load_region(partial)
        if folder.exists():
            folder.rename(former)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)
