"""`fahrten nightly`."""

from datetime import date
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.commands import console
from api.commands.options import SolveSeconds, parse_day
from api.kinds import Exit
from api.operations import nightly as nights
from api.operations.nightly import Night
from api.operations.office import Office
from api.settings import load_settings
from api.sheets.wording import short_date
from api.web.proof import prove
from data.region_file import region_folders


def nightly(
    more: Annotated[
        list[str] | None, typer.Argument(metavar="[REGION ...]", help="Weitere Regionen.")
    ] = None,
    regions: Annotated[
        list[str] | None, typer.Option(help="Regionen; ohne sie alle, die es gibt.")
    ] = None,
    day: Annotated[
        date | None,
        typer.Option(
            "--date",
            parser=parse_day,
            metavar="DATUM",
            help="Der Tag; ohne ihn der nächste, an dem ein Bus fährt.",
        ),
    ] = None,
    seconds: SolveSeconds = None,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Auch planen, was sich nicht geändert hat.")
    ] = False,
) -> None:
    """Den nächsten Tag vieler Regionen planen, auf allen Rechnern, die dafür da sind."""
    office = Office(load_settings())
    names = [*(regions or ()), *(more or ())] or list(region_folders())
    told = console.err()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with (
        Progress(*columns, console=told, transient=True, disable=not told.is_terminal) as bar,
        console.interruptible(office.leases.stop_all),
    ):
        task = bar.add_task("Plane Regionen", total=len(dict.fromkeys(names)))
        found = nights.plan_regions(
            office,
            names,
            day=day,
            seconds=seconds,
            again=again,
            tell=lambda _: bar.advance(task),
        )
    out = console.out()
    for night in found:
        out.print(_line(night))
    failed = [night.region for night in found if night.fault]
    if failed:
        out.print(f"\nNicht geplant: {', '.join(failed)} ({len(failed)} von {len(found)}).")
        raise typer.Exit(Exit.SOME_REGIONS_FAILED)


def _line(night: Night) -> str:
    when = f", {short_date(night.day)}" if night.day else ""
    if night.planned is None:
        first, *_ = night.fault.splitlines() or [""]
        return f"{night.region}{when}: FEHLER: {first}"
    planned = night.planned
    asked = len(planned.input.requests)
    told = f"{asked - len(planned.plan.unserved)} von {asked} Fahrtwünschen eingeplant"
    proof = prove(planned.plan, promised=bool(planned.promises)).short
    state = "" if night.fresh else "; unverändert, nicht neu geplant"
    return f"{night.region}{when}: {told}, {proof}{state}"
