"""`fahrten why`: why somebody is not in the plan, and what would help."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.commands import console
from api.commands.options import RegionName, SolveSeconds, parse_day
from api.operations.office import Office
from api.operations.remedies import (
    Explained,
    FreeSlot,
    explain_unserved,
    planned_day,
    read_slot,
)
from api.schemas.remedies import explanation_view
from api.settings import load_settings
from api.sheets.wording import full_date
from api.web.remedies import NOTHING, make_names, remedy_text, verdict_text


def parse_slot(text: str) -> FreeSlot:
    """Read a free appointment; a wrong one is a usage error."""
    try:
        return read_slot(text)
    except ValueError as error:
        raise typer.BadParameter(f"„{text}“: {error}") from error


def why(
    request: Annotated[str, typer.Argument(metavar="WUNSCH", help="Zum Beispiel r17.")],
    day: Annotated[
        date,
        typer.Option(
            "--date", parser=parse_day, metavar="DATUM", help="2027-03-02 oder 02.03.2027."
        ),
    ],
    region: RegionName = None,
    requests: Annotated[
        Path | None,
        typer.Option(help="CSV oder Excel (.xlsx); ohne sie gilt der neueste Tagesplan."),
    ] = None,
    slot: Annotated[
        list[FreeSlot] | None,
        typer.Option(
            parser=parse_slot,
            metavar="TERMIN",
            help="Freier Termin, „10:20“ oder „10:20 MVZ Kalletal“; auch mehrmals.",
        ),
    ] = None,
    seconds: SolveSeconds = None,
    *,
    prove: Annotated[
        bool, typer.Option("--prove", help="Beweisen, was zu beweisen ist; das dauert länger.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Die Antwort als JSON ausgeben, und sonst nichts.")
    ] = False,
) -> None:
    """Sagen, warum jemand nicht eingeplant ist, und mit welcher Änderung es ginge."""
    office = Office(load_settings())
    here = office.filed(region) if requests else office.region(region)
    with console.watching() as watch:
        planned = planned_day(office, here, day, file=requests, seconds=seconds, watch=watch)
    explained = explain_unserved(office, planned, request, slots=slot or (), prove=prove)
    if as_json:
        sys.stdout.write(
            explanation_view(explained).model_dump_json(indent=2, exclude_unset=True) + "\n"
        )
    else:
        _show(console.out(), explained)


def _show(told: Console, explained: Explained) -> None:
    answer, planned = explained.answer, explained.planned
    names = make_names(planned, people=True)
    told.print(f"{full_date(planned.plan.date)}, {planned.region.title}")
    told.print(f"{names.person(answer.request)}: {verdict_text(answer, names)}")
    if answer.plan is None:
        told.print("Es ginge so:" if answer.remedies else NOTHING)
    for remedy in answer.remedies:
        told.print(f"  - {remedy_text(remedy, names)}")
