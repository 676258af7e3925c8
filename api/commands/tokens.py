"""`fahrten token`."""

from typing import Annotated

import typer

from api.commands import console
from api.commands.options import RegionName
from api.operations import tokens
from api.operations.office import Office
from api.settings import load_settings
from data.tokens import StoredToken

app = typer.Typer(help="Token: womit sich Programme ausweisen.", no_args_is_help=True)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Wozu das Token da ist.")],
    role: Annotated[
        list[str],
        typer.Option("--role", metavar="ROLLE", help="dispatcher, planner ...; mehrmals möglich."),
    ],
    days: Annotated[
        int, typer.Option(min=1, max=tokens.LONGEST_DAYS, help="So viele Tage gilt es.")
    ] = 365,
    region: RegionName = None,
) -> None:
    """Ein Token anlegen; sein Geheimnis wird einmal angezeigt."""
    office = Office(load_settings())
    where = office.region(region).name
    made, secret = tokens.add(office, name, where, role, days=days)
    told = console.out()
    told.print(_line(made))
    told.print(secret)
    told.print("Es wird nur dieses eine Mal gezeigt: Authorization: Bearer ...")


@app.command("list")
def every() -> None:
    """Alle Token zeigen, ohne ihr Geheimnis."""
    told = console.out()
    for each in tokens.every(Office(load_settings())):
        told.print(_line(each))


@app.command("revoke")
def revoke(number: Annotated[int, typer.Argument(metavar="NUMMER", min=1)]) -> None:
    """Ein Token beenden; von da an öffnet es nichts mehr."""
    tokens.remove(Office(load_settings()), number)
    console.out().print(f"Das Token {number} ist beendet.")


def _line(token: StoredToken) -> str:
    roles = ", ".join(sorted(token.roles))
    used = f"{token.used:%d.%m.%Y}" if token.used else "nie"
    return (
        f"{token.number} {token.name}: {roles} in {token.region}; "
        f"gilt bis {token.expires:%d.%m.%Y}, benutzt: {used}"
    )
