"""`fahrten cancel` and `fahrten figures`: how requests end, and how many of a month end so."""

import datetime as dt
import re
import sys
from typing import Annotated

import typer
from rich.table import Table

from api.commands import console
from api.commands.options import RegionName
from api.operations import requests
from api.operations.office import Office
from api.schemas.figures import month_view
from api.settings import load_settings
from api.sheets.wording import month_name
from api.web.offers import promise_text
from api.web.outcomes import OUTCOMES, month_lines
from data.cells import FIRST_DAY, LAST_DAY
from data.outcomes import Outcome

_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})|([0-9]{1,2})[./]([0-9]{4})")


def parse_month(text: str) -> dt.date:
    """Read 2027-03 or 03.2027; a wrong one is a usage error."""
    match = _MONTH.fullmatch(text.strip())
    if match is None:
        msg = f"„{text}“: Ein Monat sieht so aus: 2027-03 oder 03.2027."
        raise typer.BadParameter(msg)
    year, month = int(match[1] or match[4]), int(match[2] or match[3])
    if not (1 <= month <= 12 and FIRST_DAY.year <= year <= LAST_DAY.year):
        msg = f"„{text}“: Diesen Monat gibt es nicht."
        raise typer.BadParameter(msg)
    return dt.date(year, month, 1)


def cancel(
    request: Annotated[str, typer.Argument(metavar="WUNSCH", help="Zum Beispiel r17.")],
    region: RegionName = None,
    *,
    denied: Annotated[
        bool, typer.Option("--denied", help="Die Disposition hat abgelehnt.")
    ] = False,
    unmet: Annotated[
        bool, typer.Option("--unmet", help="Es wurde nichts gefunden, und die Person verzichtet.")
    ] = False,
    no_show: Annotated[
        bool, typer.Option("--no-show", help="Der Bus war da, die Person nicht.")
    ] = False,
) -> None:
    """Einen Fahrtwunsch absagen; ohne Angabe sagt die Uhr, wie rechtzeitig das war."""
    chosen = {Outcome.DENIED: denied, Outcome.UNMET: unmet, Outcome.NO_SHOW: no_show}
    because = [outcome for outcome, given in chosen.items() if given]
    if len(because) > 1:
        msg = "Nur eines von --denied, --unmet und --no-show."
        raise typer.BadParameter(msg)
    office = Office(load_settings())
    here = office.region(region)
    stored = requests.cancel(office, here, request, because=next(iter(because), None))
    told = console.out()
    how = OUTCOMES[stored.outcome or Outcome.CANCELLED]
    told.print(f"{stored.id} fährt nicht mit: {how}.")
    if stored.released is not None:
        told.print(f"Nicht mehr zugesagt: {promise_text(stored.released.promise)}.")


def figures(
    month: Annotated[
        dt.date,
        typer.Option("--month", parser=parse_month, metavar="MONAT", help="2027-03 oder 03.2027."),
    ],
    region: RegionName = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Die Zahlen als JSON ausgeben, und sonst nichts.")
    ] = False,
) -> None:
    """Zählen, was aus den Fahrtwünschen eines Monats wurde; ohne Namen."""
    office = Office(load_settings())
    here = office.region(region)
    counts = requests.month_counts(office, here, month)
    if as_json:
        view = month_view(counts, month=month, region=here.name)
        sys.stdout.write(view.model_dump_json(indent=2) + "\n")
        return
    table = Table(f"{month_name(month)}, {here.title}", show_lines=False)
    table.add_column("Zahl", justify="right")
    for text, number in month_lines(counts):
        table.add_row(text, str(number))
    told = console.out()
    told.print(table)
    told.print(f"Unerfüllt (kein Platz, oder nichts gefunden und verzichtet): {counts.unmet}")
