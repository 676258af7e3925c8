"""Make a region from a map on disk or from OpenStreetMap, renew its roads, list all of them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from api.settings import Settings
from data.errors import DataError
from data.reading import RegionError
from data.region_file import load_region, own_folder, region_folders

if TYPE_CHECKING:
    from data.region_import import Imported


@dataclass(frozen=True)
class Origin:
    """
    What a new region is to be called and where its bus stands.

    *country* and *land* are ISO 3166 codes, for the public holidays.
    """

    name: str
    title: str = ""
    country: str = "DE"
    land: str = ""
    depot: str = ""


@dataclass(frozen=True)
class Listed:
    """A region as a list shows it; *fault* says why it cannot be loaded."""

    name: str
    folder: Path
    title: str = ""
    addresses: int = 0
    places: int = 0
    coarse: bool = False
    fault: str = ""


def list_regions() -> list[Listed]:
    """List every region, also those with mistakes in their files."""
    listed = []
    for name, folder in region_folders().items():
        try:
            region = load_region(name)
        except RegionError as error:
            listed.append(Listed(name, folder, fault=str(error)))
            continue
        listed.append(
            Listed(
                name,
                folder,
                title=region.title,
                addresses=len(region.addresses),
                places=len(region.places),
                coarse=region.network.coarse,
            )
        )
    return listed


def import_map(origin: Origin, extract: Path, *, today: date, refresh: bool = False) -> "Imported":
    """
    Make a region from an extract, or renew the roads and addresses of one that is there.

    Raises
    ------
    DataError
        If the extract is not there, or the region is (or is not) there already.
    routing.errors.ExtractError
        If the extract cannot be read or has no roads.
    """
    if not extract.is_file():
        msg = f"Die Datei „{extract}“ gibt es nicht."
        raise DataError(msg)
    return _make(origin, extract, today=today, refresh=refresh)


def fetch_map(
    origin: Origin, place: str, *, settings: Settings, today: date, refresh: bool = False
) -> "Imported":
    """
    Get the map of *place* from OpenStreetMap and make a region of it: this asks the internet.

    Raises
    ------
    DataError
        If the region is (or is not) there already.
    routing.errors.ExtractError
        If the servers do not answer or do not know the place.
    """
    from routing.osm import fetch_extract

    extract = fetch_extract(
        place,
        folder=own_folder() / ".maps" / origin.name,
        overpass_url=settings.overpass_url,
        nominatim_url=settings.nominatim_url,
    )
    source = f"{place}, © OpenStreetMap contributors (ODbL 1.0), {today:%d.%m.%Y}"
    return _make(origin, extract, today=today, refresh=refresh, source=source)


def _make(
    origin: Origin, extract: Path, *, today: date, refresh: bool, source: str | None = None
) -> "Imported":
    from data.region_import import import_region, refresh_region

    if refresh:
        return refresh_region(origin.name, extract, source=source)
    return import_region(
        origin.name,
        extract,
        today=today,
        title=origin.title,
        country=origin.country,
        land=origin.land,
        depot=origin.depot,
        source=source,
    )
