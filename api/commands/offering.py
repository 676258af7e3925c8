"""`fahrten offer`: what can be read to a caller."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.commands import console
from api.commands.free_slots import parse_slot, show_ranking
from api.commands.options import RegionName
from api.errors import OfferGoneError
from api.kinds import exit_code
from api.operations import offers, requests
from api.operations.appointments import Slot
from api.operations.office import Office
from api.operations.telling import Answer
from api.settings import load_settings
from api.sheets.wording import full_date
from api.web.offers import offer_text, promise_text
from data.region import Region
from data.requests import StoredRequest


def offer(
    request: Annotated[str, typer.Argument(metavar="WUNSCH", help="Zum Beispiel r17.")],
    hold: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=120,
            help="Den besten Vorschlag (oder --number) so viele Minuten frei halten.",
        ),
    ] = None,
    number: Annotated[
        int | None, typer.Option(min=1, help="Mit --hold: die Nummer eines genannten Vorschlags.")
    ] = None,
    accept: Annotated[
        int | None, typer.Option(min=1, help="Den Vorschlag mit dieser Nummer fest zusagen.")
    ] = None,
    slot: Annotated[
        list[Slot] | None,
        typer.Option(
            parser=parse_slot,
            metavar="TERMIN",
            help="Statt Vorschlägen: was dieser freie Termin den Bus kostet, „10:20“, "
            "„10:20 MVZ Kalletal“ oder „2027-03-03 10:20 MVZ Kalletal“; auch mehrmals.",
        ),
    ] = None,
    calendar: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[ORT=]DATEI.ics",
            help="Freie Termine aus dem Kalender einer Praxis (iCalendar); auch mehrmals.",
        ),
    ] = None,
    region: RegionName = None,
    *,
    prove: Annotated[
        bool, typer.Option("--prove", help="Wenn nichts passt: beweisen, dass nichts passt.")
    ] = False,
) -> None:
    """Sagen, wann jemand mitfahren kann; auf Wunsch frei halten oder fest zusagen."""
    if (slot or calendar) and (hold or number or accept or prove):
        msg = "--slot und --calendar vergleichen nur; dabei wird nichts zugesagt oder bewiesen."
        raise typer.BadParameter(msg)
    if (number is not None and hold is None) or (accept is not None and hold is not None):
        msg = "--number gehört zu --hold, und --hold verträgt sich nicht mit --accept."
        raise typer.BadParameter(msg)
    office = Office(load_settings())
    here = office.region(region)
    told = console.out()
    if slot or calendar:
        _show_request(told, requests.read(office, here, request))
        show_ranking(told, office, here, request, slots=slot or (), calendars=calendar or ())
        return
    try:
        if accept is not None or number is not None:
            _take(office, here, request, accept or number or 0, hold=hold, told=told)
            return
        answer = _ask(office, here, request, prove=prove, told=told)
        if hold is not None and answer.offers:
            best = int(answer.offers[0].id.removeprefix("o"))
            _take(office, here, request, best, hold=hold, told=told)
    except OfferGoneError as gone:
        console.err().print(f"Fehler: {gone}")
        show(told, office, here, gone.answer)
        raise typer.Exit(exit_code(gone)) from gone


def show(told: Console, office: Office, region: Region, answer: Answer) -> None:
    """List what can be offered, or say why nothing can."""
    if not answer.offers:
        told.print(answer.none)
        return
    table = Table("Nr.", "Vorschlag")
    for each in answer.offers:
        table.add_row(each.id.removeprefix("o"), offer_text(each))
    told.print(table)
    until = answer.offers[0].until.astimezone(office.zone(region))
    best = answer.offers[0].id.removeprefix("o")
    told.print(
        f"Gültig bis {until:%H:%M} Uhr. Zusagen: fahrten offer {answer.request} --accept {best}"
    )


def _show_request(told: Console, stored: StoredRequest) -> None:
    row = stored.row
    told.print(f"{stored.id}, {full_date(row.date)}: {row.origin} – {row.destination}")


def _ask(office: Office, region: Region, request: str, *, prove: bool, told: Console) -> Answer:
    stored = requests.read(office, region, request)
    _show_request(told, stored)
    if stored.promise is not None:
        told.print(_state(office, region, stored))
    answer = offers.find(office, region, request, prove=office.settings.seconds if prove else None)
    show(told, office, region, answer)
    return answer


def _take(
    office: Office, region: Region, request: str, number: int, *, hold: int | None, told: Console
) -> None:
    offers.refuse_other(office, region, f"o{number}", request)
    if hold is None:
        stored = offers.accept(office, region, f"o{number}")
    else:
        stored = offers.hold(office, region, f"o{number}", minutes=hold)
    told.print(_state(office, region, stored))


def _state(office: Office, region: Region, stored: StoredRequest) -> str:
    """What is promised to a request by now."""
    promise = stored.promise
    if promise is None:
        return f"Für {stored.id} ist nichts zugesagt."
    if promise.until is None:
        return f"Zugesagt: {promise_text(promise.promise)}."
    until = promise.until.astimezone(office.zone(region))
    return f"Frei gehalten bis {until:%H:%M} Uhr: {promise_text(promise.promise)}."
