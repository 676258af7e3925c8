"""`fahrten plan` and `fahrten check`."""

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands import console, summary
from api.commands.options import Day, RegionName, SolveSeconds
from api.jobs import crews
from api.kinds import Exit
from api.operations import planning, sheets, solving
from api.operations.days import PlannedDay, plan_input
from api.operations.office import Office
from api.operations.sample_day import sheets_folder
from api.settings import load_settings
from api.sheets.wording import count
from api.web.violations import violation_text
from data.region import Region

if TYPE_CHECKING:
    from scheduler.optimizer.solution import Watch


def plan(
    day: Day,
    region: RegionName = None,
    requests: Annotated[
        Path | None,
        typer.Option(help="CSV oder Excel (.xlsx); ohne sie gelten die gespeicherten Wünsche."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Ordner für die Tourenblätter (PDF und JSON).")
    ] = None,
    seconds: SolveSeconds = None,
    seed: Annotated[
        int,
        typer.Option(min=0, help="Gleiche Zahl, gleicher Plan, wenn die Zeit zum Beweis reicht."),
    ] = 0,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Den Plan als JSON ausgeben, und sonst nichts.")
    ] = False,
) -> None:
    """Einen Tag planen und die Tourenblätter schreiben."""
    office = Office(load_settings(), crew=crews.crew_of_command)
    # A draft of a file touches no database, and knows nothing of what was decided there.
    here = office.filed(region) if requests else office.region(region)
    folder = out or sheets_folder(office, day, draft=requests is not None)
    printing = out is not None or not as_json
    if printing:
        sheets.check_folder(folder)
    with console.watching() as watch:
        planned, elsewhere = _plan(
            office, here, day, requests, seconds=seconds, seed=seed, watch=watch
        )
    told = console.err() if as_json else console.out()
    summary.show(told, planned)
    console.show_faults(told, planned.rejected)
    if elsewhere:
        told.print(f"\n{elsewhere} Zeilen der Datei gelten anderen Tagen.")
    if printing:
        files = sheets.write_sheets(office, planned, folder, printed=office.local(here))
        told.print(f"\nTourenblätter: {len(files)} Dateien in {folder}")
    if as_json:
        json.dump(planned.document, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    if requests is not None and not planned.input.requests:
        told.print(f"\nKein Fahrtwunsch der Datei gilt dem {day:%d.%m.%Y} und ist zu gebrauchen.")
        raise typer.Exit(Exit.NOTHING_READ)
    if planned.rejected:
        raise typer.Exit(Exit.SOME_ROWS_REJECTED)


def check(
    plan_file: Annotated[
        Path, typer.Argument(metavar="PLAN.json", help="Von fahrten plan --json.")
    ],
    requests: Annotated[Path, typer.Option(help="Die Fahrtwünsche, für die er gemacht ist.")],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Jeden Fehler mit Einzelheiten als JSON ausgeben.")
    ] = False,
) -> None:
    """Einen Plan unabhängig nachprüfen, ob er jede Zusage hält."""
    office = Office(load_settings())
    violations = planning.check_file(office, plan_file, requests)
    told = console.out()
    if as_json:
        json.dump([asdict(each) for each in violations], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    elif not violations:
        told.print("Der Plan hält jede Zusage.")
    else:
        found = count(len(violations), "Fehler", "Fehler")
        told.print(f"Der Plan ist so nicht zu fahren oder sagt Falsches von sich, {found}:")
        region = office.filed(str(json.loads(plan_file.read_bytes()).get("region", "")))
        shifts = {pattern.id: pattern.name for pattern in region.roster.patterns}
        for each in violations:
            told.print(f"  {violation_text(each, shifts)}")
    if violations:
        raise typer.Exit(Exit.PLAN_BROKEN)


def _plan(
    office: Office,
    region: Region,
    day: date,
    requests: Path | None,
    *,
    seconds: float | None,
    seed: int,
    watch: "Watch | None",
) -> tuple[PlannedDay, int]:
    if requests is None:
        kept = solving.plan_kept(office, region, day, seconds=seconds, seed=seed, watch=watch)
        return kept, 0
    day_input, rejected, elsewhere = planning.read_file(office, region, day, requests)
    planned = plan_input(
        office, region, day_input, rejected=rejected, seconds=seconds, seed=seed, watch=watch
    )
    return planned, elsewhere
