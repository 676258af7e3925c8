"""`fahrten publish` and `fahrten versions`: which version of a plan drivers hold."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands import console
from api.commands.options import Day, RegionName
from api.operations import planning, publishing, sheets
from api.operations.office import Office
from api.operations.sample_day import sheets_folder
from api.settings import load_settings
from api.sheets.wording import full_date, moment
from api.web.board.version_view import KINDS
from data.region import Region
from data.versions import PlanVersion
from scheduler.clock import hh_mm


def publish(
    day: Day,
    region: RegionName = None,
    version: Annotated[
        int | None, typer.Option(min=1, help="Die angesehene Version; ohne sie die neueste.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Ordner für die Tourenblätter.")] = None,
) -> None:
    """Die neueste Version eines Tagesplans veröffentlichen und die Tourenblätter schreiben."""
    office = Office(load_settings())
    here = office.region(region)
    folder = out or sheets_folder(office, day)
    sheets.check_folder(folder)
    chosen = version or publishing.list_versions(office, here, day)[-1].version
    edition = publishing.publish(office, here, day, chosen)
    planned = planning.read_plan(office, here, day, chosen)
    files = sheets.write_sheets(office, planned, folder, printed=office.local(here))
    told = console.out()
    told.print(f"{full_date(day)}: Version {chosen} ist veröffentlicht.")
    if edition.worries:
        told.print("Was dieser Plan nicht weiß:")
    for worry in edition.worries:
        told.print(f"  {worry.message}")
    if edition.changes is not None:
        shifts = [here.shift_label(each.shift) for each in edition.changes.difference.shifts]
        told.print(
            f"Gegenüber Version {edition.changes.older.number} ist anders: "
            f"{', '.join(shifts) or 'nichts'}. Änderungsblätter: fahrten changes {day}"
        )
    told.print(f"Tourenblätter: {len(files)} Dateien in {folder}")


def versions(day: Day, region: RegionName = None) -> None:
    """Die Versionen eines Tagesplans zeigen, und welche veröffentlicht sind."""
    office = Office(load_settings())
    here = office.region(region)
    told = console.out()
    told.print(full_date(day))
    for each in publishing.list_versions(office, here, day):
        told.print(f"  {_line(each, office, here)}")


def _line(version: PlanVersion, office: Office, region: Region) -> str:
    zone = office.zone(region)
    words = [f"Version {version.version} vom {moment(version.created.astimezone(zone))}"]
    if version.at is not None:
        words.append(f"{hh_mm(version.at)} {KINDS[version.happened]}")
    words.append(f"{version.served} fahren mit, {version.unserved} nicht")
    if version.published is not None:
        words.append(f"veröffentlicht {moment(version.published.at.astimezone(zone))}")
    return ", ".join(words)
