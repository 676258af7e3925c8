"""`fahrten offer --slot --calendar`: which free appointment costs the bus least."""

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from api.kinds import Exit
from api.operations.appointments import (
    CalendarFile,
    Found,
    Ranked,
    Slot,
    rank,
    read_calendars,
    read_slot,
)
from api.operations.office import Office
from api.sheets.wording import count, minutes, short_date
from api.web.offers import cost_text, journey_text
from data.calendars import LARGEST_CALENDAR
from data.errors import UnreadableFileError
from data.region import Region
from scheduler.clock import hh_mm

SHOWN = 30  # more entries that cannot be used nobody reads


def parse_slot(text: str) -> Slot:
    """Read a free appointment; a wrong one is a usage error."""
    try:
        return read_slot(text)
    except ValueError as error:
        raise typer.BadParameter(f"„{text}“: {error}") from error


def show_ranking(
    told: Console,
    office: Office,
    region: Region,
    request: str,
    *,
    slots: Sequence[Slot],
    calendars: Sequence[str],
) -> None:
    """List free appointments, the cheapest first; exit code 3 if some could not be used."""
    files = [_read(text) for text in calendars]
    found = read_calendars(office, region, request, files)
    ranked = rank(office, region, request, [*slots, *found.slots])
    names = {place.id: place.name for place in region.places.values()}
    table = Table("Freier Termin", "Kostet den Bus", "So ginge es")
    for each in ranked:
        where = names.get(each.place, each.place)
        when = f"{short_date(each.date)}, {hh_mm(each.appointment)}"
        table.add_row(f"{when}\n{where}", *_price(each))
    told.print(table)
    _show_rest(told, found)
    if found.unusable:
        raise typer.Exit(Exit.SOME_ROWS_REJECTED)


def _price(ranked: Ranked) -> tuple[str, str]:
    if ranked.offer is None:
        return "–", ranked.none
    aboard = minutes(ranked.offer.aboard)
    return cost_text(ranked.offer), f"{journey_text(ranked.offer)}; {aboard} im Bus."


def _show_rest(told: Console, found: Found) -> None:
    if found.free > len(found.slots):
        told.print(
            f"In den Kalendern stehen {found.free} freie Termine; geprüft sind die "
            f"{len(found.slots)}, die dem gewünschten Tag am nächsten liegen."
        )
    if found.unusable:
        told.print(f"Nicht verwendet: {count(len(found.unusable), 'Eintrag', 'Einträge')}")
    for each in found.unusable[:SHOWN]:
        told.print(f"  {each}")
    if len(found.unusable) > SHOWN:
        told.print(f"  ... und {len(found.unusable) - SHOWN} weitere.")


def _read(text: str) -> CalendarFile:
    """Read "mvz.ics", or "MVZ Kalletal=mvz.ics" with the place that it belongs to."""
    place, mark, name = text.rpartition("=")
    file = Path(name if mark else text)
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_CALENDAR + 1)
    except (OSError, ValueError) as error:
        msg = f"Die Datei „{file}“ kann nicht gelesen werden."
        raise UnreadableFileError(msg) from error
    return CalendarFile(file.name, content, place.strip())
