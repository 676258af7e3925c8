"""`fahrten link`."""

from typing import Annotated

import typer

from api.commands import console
from api.commands.options import Day, RegionName
from api.operations import links
from api.operations.office import Office
from api.settings import load_settings

app = typer.Typer(help="Links für Fahrerinnen und Fahrer.", no_args_is_help=True)


@app.command("show")
def show(day: Day, region: RegionName = None) -> None:
    """Die Links und PINs eines Tages zeigen; sie stehen auch auf den Tourenblättern."""
    office = Office(load_settings())
    told = console.out()
    for each in links.of_day(office, office.region(region), day):
        told.print(f"{each.shift}: PIN {each.pin}\n  {each.address}")


@app.command("renew")
def renew(
    day: Day,
    shift: Annotated[
        str | None, typer.Option(metavar="DIENST", help="Ohne ihn: alle Dienste des Tages.")
    ] = None,
    region: RegionName = None,
) -> None:
    """Links neu machen, wenn ein Blatt verloren ist: Die alten öffnen nichts mehr."""
    office = Office(load_settings())
    made = links.renew(office, office.region(region), day, shift)
    console.out().print(f"Neu: {', '.join(made)}. Bitte die Tourenblätter neu drucken.")
