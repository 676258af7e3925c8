"""`fahrten series`: rides that come every week."""

import datetime as dt
from typing import Annotated

import typer

from api.commands import console
from api.commands.options import Day, RegionName, parse_day
from api.operations import series
from api.operations.office import Office
from api.operations.series import Done
from api.operations.series_making import make_everywhere
from api.settings import load_settings
from api.sheets.wording import count
from api.web.offers import promise_text
from api.web.series_words import dates_to_come, pattern_text
from data.region import Region
from data.series import StoredSeries

app = typer.Typer(help="Fahrten, die jede Woche kommen.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="SERIE", help="Zum Beispiel s3.")]


@app.command("list")
def list_series(
    region: RegionName = None,
    person: Annotated[str | None, typer.Option(metavar="FAHRGAST", help="Nur die von p12.")] = None,
    *,
    ended: Annotated[bool, typer.Option("--ended", help="Auch beendete.")] = False,
) -> None:
    """Die Serien zeigen, mit allem, was an ihren nächsten Tagen anders ist."""
    office = Office(load_settings())
    here = office.region(region)
    told = console.out()
    found = series.read_all(office, here, person=person, ended=ended)
    for each in found:
        for line in _lines(each, here, office.today(here)):
            told.print(line)
    if not found:
        told.print("Keine Serien.")


@app.command("make")
def make() -> None:
    """Fehlende Fahrtwünsche aller Serien anlegen; der Dienst tut das jede Nacht von selbst."""
    made = make_everywhere(Office(load_settings()))
    console.out().print(f"Angelegt: {count(made, 'Fahrtwunsch', 'Fahrtwünsche')}.")


@app.command("skip")
def skip(name: Name, day: Day, region: RegionName = None) -> None:
    """Einen Tag auslassen; der Fahrtwunsch dieses Tages wird abgesagt."""
    office = Office(load_settings())
    _show(series.skip(office, office.region(region), name, day))


@app.command("resume")
def resume(name: Name, day: Day, region: RegionName = None) -> None:
    """Einen ausgelassenen oder abgesagten Tag doch fahren."""
    office = Office(load_settings())
    _show(series.resume(office, office.region(region), name, day))


@app.command("end")
def end(
    name: Name,
    region: RegionName = None,
    last: Annotated[
        dt.date | None,
        typer.Option(parser=parse_day, metavar="DATUM", help="Letzter Tag; ohne ihn heute."),
    ] = None,
) -> None:
    """Eine Serie beenden; was noch käme, wird abgesagt."""
    office = Office(load_settings())
    _show(series.end(office, office.region(region), name, last))


def _show(done: Done) -> None:
    told = console.out()
    for label, names in (
        ("Angelegt", done.made),
        ("Abgesagt", done.cancelled),
        ("Geändert", done.changed),
        ("Bleibt, weil von Hand geändert oder schon unterwegs", done.kept),
    ):
        if names:
            told.print(f"{label}: {', '.join(names)}.")
    for request, promise in done.released:
        told.print(
            f"Bitte anrufen: {request} war zugesagt ({promise_text(promise.promise)}), und ist es "
            "nicht mehr."
        )
    if not (done.made or done.cancelled or done.changed or done.kept):
        told.print("Nichts zu tun.")


def _lines(stored: StoredSeries, region: Region, today: dt.date) -> list[str]:
    row = stored.row
    lines = [
        f"{stored.id}: {row.name} (p{stored.person}), {row.origin} -> {row.destination}",
        f"  {pattern_text(stored.pattern, stored.on_closed)}",
    ]
    for each in dates_to_come(stored, region, today):
        if each.different:
            told = f"{each.request}, " if each.driven else ""
            lines.append(f"  {each.when}: {told}{each.different}")
    return lines
