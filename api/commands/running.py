"""`fahrten sample-day`, `warm-up`, `db upgrade`, `db move` and `invent-day`."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from api.commands import console, summary
from api.commands.options import Day, RegionName
from api.jobs import crews
from api.operations.office import Office
from api.operations.sample_day import prepare_sample_day
from api.settings import load_settings

database = typer.Typer(help="Die Datenbank.", no_args_is_help=True)


def sample_day(region: RegionName = None) -> None:
    """Den mitgelieferten Beispieltag speichern, planen und drucken, jedes nur einmal."""
    office = Office(load_settings(), crew=crews.crew_of_command)
    with console.watching() as watch:
        sample = prepare_sample_day(office, office.region(region), watch=watch)
    told = console.out()
    summary.show(told, sample.planned)
    console.show_faults(told, sample.rejected)
    folder = sample.files[0].parent if sample.files else office.settings.sheets_folder
    state = "" if sample.fresh else " (lagen schon bereit)"
    told.print(f"\nTourenblätter{state}: {len(sample.files)} Dateien in {folder}")


def warm_up() -> None:
    """Den Optimierer übersetzen, damit der erste Plan sofort beginnt."""
    from scheduler.optimizer import warm_up as compile_kernels

    begin = time.perf_counter()
    console.err().print("Der Optimierer wird einmal übersetzt; das dauert etwas.")
    compile_kernels()
    console.err().print(f"Fertig nach {time.perf_counter() - begin:.0f} Sekunden.")


def invent_day(
    day: Day,
    requests: Annotated[int, typer.Option(min=1, max=10_000, help="Wie viele Fahrtwünsche.")] = 25,
    seed: Annotated[int, typer.Option(min=0, help="Gleiche Zahl, gleicher Tag.")] = 0,
    region: RegionName = None,
    out: Annotated[Path | None, typer.Option(help="Datei; ohne sie die Standardausgabe.")] = None,
) -> None:
    """Einen Tag erfinden, mit lauter erfundenen Leuten, als CSV."""
    from data.exchange import write_requests
    from data.synthetic import invent_day as invent

    office = Office(load_settings())
    text = write_requests(invent(office.filed(region), day, requests=requests, seed=seed))
    if out is None:
        sys.stdout.write(text)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")


@database.command("upgrade")
def upgrade() -> None:
    """Die Datenbank auf den Stand dieses Programms bringen."""
    office = Office(load_settings())
    revision = office.store.revision()
    console.out().print(f"Die Datenbank ist auf dem neuesten Stand ({revision}).")


@database.command("move")
def move(
    target: Annotated[str, typer.Argument(help="Adresse der neuen, leeren Datenbank.")],
) -> None:
    """Alles in eine andere Datenbank kopieren; der Dienst darf dabei nicht laufen."""
    from data import moving

    settings = load_settings()
    moved = moving.move(settings.database_url, target, keys=settings.keys)
    rows = sum(moved.rows.values())
    console.out().print(
        f"{rows} Zeilen in {len(moved.rows)} Tabellen kopiert. Jetzt FAHRTEN_DATABASE auf die "
        "neue Datenbank setzen; die alte bleibt, wie sie ist."
    )
