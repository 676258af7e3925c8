"""Arguments and options that several commands share."""

from datetime import date
from typing import Annotated, TypeAlias

import typer

from data.cells import read_day


def parse_day(text: str) -> date:
    """Read a date as it is written here or there; a wrong one is a usage error."""
    try:
        return read_day(text.strip())
    except ValueError as error:
        raise typer.BadParameter(f"„{text}“: {error}") from error


Day: TypeAlias = Annotated[
    date,
    typer.Argument(parser=parse_day, metavar="DATUM", help="2027-03-02 oder 02.03.2027."),
]
RegionName: TypeAlias = Annotated[
    str | None, typer.Option(help="Name der Region; ohne ihn gilt FAHRTEN_REGION.")
]
SolveSeconds: TypeAlias = Annotated[
    float | None,
    typer.Option(min=0.1, max=3600, help="Längste Rechenzeit; ohne sie gilt FAHRTEN_SECONDS."),
]
