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
from api.sheets.wording import count, short_date, weekday
from api.web.offers import promise_text
from data.series import Fate, StoredSeries
from data.weekly import OnClosed

app = typer.Typer(help="Fahrten, die jede Woche kommen.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="SERIE", help="Zum Beispiel s3.")]

_ON_CLOSED = {
    OnClosed.LEAVE_OUT: "fällt an Feiertagen aus",
    OnClosed.DAY_BEFORE: "an Feiertagen am Tag davor",
    OnClosed.DAY_AFTER: "an Feiertagen am Tag danach",
}
_FATES = {
    Fate.SKIPPED: "ausgelassen",
    Fate.LEFT_OUT: "fällt aus",
    Fate.REFUSED: "nicht anzunehmen, bitte die Serie berichtigen",
}
_MONDAY = dt.date(2027, 3, 1)


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
        for line in _lines(each, office.today(here)):
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


def _lines(stored: StoredSeries, today: dt.date) -> list[str]:
    row, pattern = stored.row, stored.pattern
    days = [weekday(_MONDAY + dt.timedelta(days=day)) for day in sorted(pattern.weekdays)]
    often = "jeden" if pattern.every == 1 else f"alle {pattern.every} Wochen"
    closed = _ON_CLOSED[stored.on_closed]
    until = f" bis {pattern.last:%d.%m.%Y}" if pattern.last else ""
    lines = [
        f"{stored.id}: {row.name} (p{stored.person}), {row.origin} -> {row.destination}",
        f"  {often} {', '.join(days)} ab {pattern.first:%d.%m.%Y}{until}, {closed}",
    ]
    for each in stored.dates:
        if each.date < today:
            continue
        day = short_date(each.date)
        if each.fate in _FATES:
            lines.append(f"  {day}: {_FATES[each.fate]}. {each.reason}".rstrip())
        elif each.reason:
            lines.append(f"  {day}: {each.request}, {each.reason}")
        elif not each.open:
            lines.append(f"  {day}: abgesagt")
    return lines
