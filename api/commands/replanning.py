"""`fahrten replan`: what happened on the day, what becomes of the plan, and whom to ring."""

import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.commands import console
from api.commands.options import Day, RegionName
from api.operations import amending, sheets, taking_back
from api.operations import changes as operations
from api.operations.amending import Amended
from api.operations.happenings import Happening, RoadClosed, Substitute
from api.operations.intake import place_named
from api.operations.office import Office
from api.operations.sample_day import sheets_folder
from api.schemas.events import amendment_view
from api.settings import load_settings
from api.sheets.wording import full_date, minutes
from api.web.changed import what_changes, who
from data.cells import read_time
from data.region import Region
from routing.closing import CLOSE
from routing.units import MINUTE
from scheduler.clock import Clock, hh_mm
from scheduler.events import Cancelled, Delayed, NoShow, OutOfService, Ready


def parse_time(text: str) -> Clock:
    """Read a time as it is written here; a wrong one is a usage error."""
    try:
        return read_time(text.strip())
    except ValueError as error:
        raise typer.BadParameter(f"„{text}“: {error}") from error


def replan(
    day: Day,
    cancelled: Annotated[
        str | None, typer.Option(metavar="WUNSCH", help="Jemand fährt nicht (mehr) mit.")
    ] = None,
    way_back: Annotated[
        str | None,
        typer.Option(
            metavar="WUNSCH", help="Abgesagt wird nur die Rückfahrt; die Hinfahrt bleibt."
        ),
    ] = None,
    no_show: Annotated[
        str | None, typer.Option(metavar="WUNSCH", help="Der Bus war da, und niemand kam.")
    ] = None,
    late: Annotated[
        str | None,
        typer.Option(metavar="DIENST=MINUTEN", help="Ein Bus ist im Verzug: „morning=20“."),
    ] = None,
    ready: Annotated[
        str | None,
        typer.Option(
            metavar="WUNSCH=UHRZEIT",
            help="Rückfahrt zu anderer Zeit, weil der Arzt später dran ist oder jemand anruft: "
            "„r17=11:15“.",
        ),
    ] = None,
    out_of_service: Annotated[
        str | None,
        typer.Option(metavar="DIENST", help="Nur dieser Dienst endet; spätere werden gefahren."),
    ] = None,
    bus_broken: Annotated[
        str | None,
        typer.Option(metavar="DIENST", help="Bus defekt: auch spätere Dienste mit ihm fallen aus."),
    ] = None,
    driver_ill: Annotated[
        str | None,
        typer.Option(
            metavar="DIENST", help="Fahrer:in krank: auch ihre späteren Dienste fallen aus."
        ),
    ] = None,
    substitute: Annotated[
        str | None,
        typer.Option(
            metavar="DIENST=FAHRER:IN",
            help="Jemand anderes fährt den Dienst von jetzt an: „nachmittag=f13“.",
        ),
    ] = None,
    road_closed: Annotated[
        str | None,
        typer.Option(
            metavar="ADRESSE[=METER]",
            help="Straße gesperrt: alle Straßen im Umkreis von 30 (oder so vielen) Metern.",
        ),
    ] = None,
    take_back: Annotated[
        int | None,
        typer.Option(
            metavar="VERSION",
            min=1,
            help="Die letzte Meldung, aus der diese Version wurde, war ein Versehen.",
        ),
    ] = None,
    at: Annotated[
        Clock | None,
        typer.Option(
            parser=parse_time, metavar="UHRZEIT", help="Wann es geschah; ohne sie gilt: jetzt."
        ),
    ] = None,
    region: RegionName = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=0.1, max=3600, help="Längste Rechenzeit; ohne sie gilt FAHRTEN_REPLAN_SECONDS."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Ordner für die Änderungsblätter (PDF).")] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Alles als JSON ausgeben, und sonst nichts.")
    ] = False,
) -> None:
    """Sagen, was geschehen ist; den Rest des Tages so planen, dass alles Zugesagte gilt."""
    office = Office(load_settings())
    here = office.region(region)
    name, text = _named(
        cancelled=cancelled,
        way_back=way_back,
        no_show=no_show,
        late=late,
        ready=ready,
        out_of_service=out_of_service,
        bus_broken=bus_broken,
        driver_ill=driver_ill,
        substitute=substitute,
        road_closed=road_closed,
        take_back=take_back,
    )
    event = None if name == "take_back" else _event(office, here, name, text)
    folder = out or sheets_folder(office, day)
    printing = out is not None or not as_json
    if printing:
        sheets.check_folder(folder)
    if event is None:
        amended, found = taking_back.take_back(office, here, day, int(text))
    else:
        amended, found = amending.amend(office, here, day, event, at=at, seconds=seconds)
    if printing:
        written = operations.write_change_sheets(found, folder, printed=office.local(here))
    if as_json:
        sys.stdout.write(amendment_view(amended, found).model_dump_json(indent=2) + "\n")
        return
    told = console.out()
    _show(told, day, amended, found)
    for news, file in written:
        if file is not None:
            told.print(f"{here.shift_label(news.shift)}: Änderungsblatt {file}")
    if any(file for _, file in written):
        told.print("Bitte den Fahrer:innen Bescheid geben.")


def _named(**given: str | int | None) -> tuple[str, str]:
    """Find the one thing that was named, and what was said of it."""
    named = {name: str(text) for name, text in given.items() if text is not None}
    if len(named) != 1:
        every = ", ".join("--" + name.replace("_", "-") for name in given)
        msg = f"Genau eines von {every} sagt, was geschehen ist."
        raise typer.BadParameter(msg)
    ((name, text),) = named.items()
    return name, text


def _event(office: Office, region: Region, name: str, text: str) -> Happening:
    """Read what was said of an event."""
    if name == "late":
        shift, number = _pair(text, "--late morning=20")
        return Delayed(shift, _whole(number, "Minuten", 240) * MINUTE)
    if name == "ready":
        request, moment = _pair(text, "--ready r17=11:15")
        return Ready(request, parse_time(moment), region.policy.way_back.longest_wait)
    if name == "substitute":
        return Substitute(*_pair(text, "--substitute nachmittag=f13"))
    if name == "road_closed":
        address, equals, number = text.partition("=")
        metres = _whole(number, "Meter", 1000) if equals else CLOSE
        return RoadClosed(place_named(office, region, address.strip()), metres)
    return _ABOUT_ONE[name](text)


# Events of which nothing has to be known but whom they concern.
_ABOUT_ONE: Mapping[str, Callable[[str], Happening]] = {
    "cancelled": Cancelled,
    "way_back": lambda request: Cancelled(request, way_back_only=True),
    "no_show": NoShow,
    "out_of_service": OutOfService,
    "bus_broken": lambda shift: OutOfService(shift, vehicle=True),
    "driver_ill": lambda shift: OutOfService(shift, driver=True),
}


def _whole(text: str, what: str, most: int) -> int:
    if not (text.isascii() and text.strip().isdecimal() and 1 <= int(text) <= most):
        msg = f"„{text}“: {what} sind eine ganze Zahl von 1 bis {most}."
        raise typer.BadParameter(msg)
    return int(text)


def _pair(text: str, example: str) -> tuple[str, str]:
    before, equals, after = text.partition("=")
    if not (before.strip() and equals and after.strip()):
        msg = f"„{text}“: So sieht es aus: {example}."
        raise typer.BadParameter(msg)
    return before.strip(), after.strip()


def _show(told: Console, day: date, amended: Amended, found: operations.Changes) -> None:
    announced = amended.announced
    told.print(f"{full_date(day)}, {found.region.title}, {hh_mm(amended.at)} Uhr")
    told.print(f"Version {amended.version} statt Version {found.older.number}.")
    ring = announced.ring
    told.print("Bitte anrufen:" if ring else "Alles Zugesagte gilt weiter; niemand ist anzurufen.")
    changed = {each.request: each for each in found.difference.passengers}
    for request in announced.given_up:
        told.print(f"  {who(request, found)}: kann nicht mehr gefahren werden.")
    for request in announced.again:
        words = f": {what_changes(changed[request], found)}" if request in changed else ""
        told.print(f"  {who(request, found)}: fährt doch{words}.")
    for request, by in announced.late.items():
        words = f"; {what_changes(changed[request], found)}" if request in changed else ""
        told.print(f"  {who(request, found)}: bis zu {minutes(by)} später als gesagt{words}")
    for shift, by in announced.overtime.items():
        told.print(f"{found.region.shift_label(shift)}: endet {minutes(by)} nach Dienstschluss.")
    if ring and not announced.sure:
        told.print("Dass es nicht mit weniger ginge, ist nicht bewiesen.")
    rung = amended.happened.get("rung", ())
    if rung:
        told.print("Wer deswegen schon angerufen wurde, muss es erfahren:")
    for request in rung:
        told.print(f"  {who(request, found)}: es bleibt doch, wie es vorher war.")
    own = amended.happened.get("request")
    others = [each for name, each in changed.items() if name not in {*ring, own}]
    if others:
        told.print("Für andere ändert sich, innerhalb dessen, was sie wissen:")
    for each in others:
        told.print(f"  {who(each.request, found)}: {what_changes(each, found)}")
