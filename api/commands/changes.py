"""`fahrten changes`: what the newest plan changes, for whom, and the Änderungsblätter."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.commands import console
from api.commands.options import Day, RegionName
from api.operations import changes as operations
from api.operations import sheets
from api.operations.office import Office
from api.operations.sample_day import sheets_folder
from api.schemas.changes import changes_view
from api.settings import load_settings
from api.sheets.wording import full_date
from api.web.changed import what_changes, who


def changes(
    day: Day,
    region: RegionName = None,
    since: Annotated[
        int | None,
        typer.Option(
            min=1, help="Version, deren Blätter ausgegeben sind; ohne sie die vor der neuesten."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Ordner für die Änderungsblätter (PDF).")] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Die Änderungen als JSON ausgeben, und sonst nichts.")
    ] = False,
) -> None:
    """Sagen, was der neueste Plan ändert, und die Änderungsblätter schreiben."""
    office = Office(load_settings())
    here = office.region(region)
    folder = out or sheets_folder(office, day)
    printing = out is not None or not as_json
    if printing:
        sheets.check_folder(folder)
    found = operations.read_changes(office, here, day, since=since)
    told = console.err() if as_json else console.out()
    _show(told, found)
    if printing:
        printed = office.local(here)
        for news, file in operations.write_change_sheets(found, folder, printed=printed):
            if file is None:
                told.print(operations.why_no_sheet(found, news))
            else:
                told.print(f"{here.shift_label(news.shift)}: Änderungsblatt {file}")
                if news.sheet and news.sheet.mostly:
                    told.print("  Das meiste ändert sich: besser das Tourenblatt neu ausgeben.")
    if as_json:
        view = changes_view(
            found.difference,
            region=here.name,
            older=found.older.number,
            newer=found.newer.number,
        )
        sys.stdout.write(view.model_dump_json(indent=2) + "\n")


def _show(told: Console, found: operations.Changes) -> None:
    older, newer = found.older.number, found.newer.number
    told.print(f"{full_date(found.newer.plan.date)}, {found.region.title}")
    told.print(f"Version {newer} statt Version {older}:")
    for each in found.difference.passengers:
        told.print(f"  {who(each.request, found)}: {what_changes(each, found)}")
    if not found.difference.passengers:
        told.print("  Für keinen Fahrgast ändert sich etwas.")
