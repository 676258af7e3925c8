"""`fahrten region fetch | import | list`."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands import console
from api.operations import regions
from api.settings import load_settings

if TYPE_CHECKING:
    from data.region_import import Imported

app = typer.Typer(help="Regionen: Straßen, Adressen, Orte, Regeln.", no_args_is_help=True)

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="Kleinbuchstaben, Ziffern, Bindestriche.")
]
Title = Annotated[str, typer.Option(help="Wie die Region auf Blättern heißt.")]
Country = Annotated[str, typer.Option(help="Land nach ISO 3166, für die Feiertage: DE, AT, LI.")]
Land = Annotated[str, typer.Option(help="Bundesland nach ISO 3166, für die Feiertage: NW.")]
Depot = Annotated[str, typer.Option(help="Adresse, an der der Bus steht.")]
Refresh = Annotated[
    bool, typer.Option("--refresh", help="Nur Straßen und Adressen einer Region erneuern.")
]


@app.command("list")
def list_all() -> None:
    """Alle Regionen zeigen."""
    told = console.out()
    for region in regions.list_regions():
        if region.fault:
            told.print(f"{region.name}: fehlerhaft\n  " + region.fault.replace("\n", "\n  "))
            continue
        roads = "grobes Straßennetz" if region.coarse else "Straßennetz"
        told.print(
            f"{region.name}: {region.title}, {roads}, {region.addresses} Adressen, "
            f"{region.places} Orte ({region.folder})"
        )


@app.command("import")
def import_map(
    name: Name,
    osm: Annotated[Path, typer.Option(help="Auszug: .osm, .osm.gz, .osm.bz2 oder .pbf.")],
    title: Title = "",
    country: Country = "DE",
    land: Land = "",
    depot: Depot = "",
    *,
    refresh: Refresh = False,
) -> None:
    """Eine Region aus einem Auszug von OpenStreetMap machen."""
    origin = regions.Origin(name, title, country, land, depot)
    _tell(regions.import_map(origin, osm, today=_today(), refresh=refresh))


@app.command("fetch")
def fetch_map(
    name: Name,
    place: Annotated[str, typer.Option(help="Wie Nominatim ihn kennt: Kalletal, Germany.")],
    title: Title = "",
    country: Country = "DE",
    land: Land = "",
    depot: Depot = "",
    *,
    refresh: Refresh = False,
) -> None:
    """Eine Region aus dem Internet holen (Overpass und Nominatim)."""
    origin = regions.Origin(name, title, country, land, depot)
    settings = load_settings()
    _tell(regions.fetch_map(origin, place, settings=settings, today=_today(), refresh=refresh))


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).astimezone().date()


def _tell(imported: "Imported") -> None:
    told = console.out()
    counts = ", ".join(f"{number} {what}" for what, number in imported.counts.items())
    told.print(f"Region {imported.name} liegt in {imported.folder}: {counts}")
    for warning in imported.warnings:
        told.print(f"  Achtung: {warning}")
