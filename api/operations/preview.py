"""What a driver may know the evening before: the tour without names, homes by village only."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from functools import partial

from api.operations import planning, sheets
from api.operations.charts import chart_of
from api.operations.endings import read_endings
from api.operations.office import Office
from data.day_input import DayInput
from data.region import Region
from routing.geocoding import Address
from scheduler.manifest import Contact
from scheduler.model import ShiftId


def read_preview(
    office: Office, region: Region, day: date, shift: ShiftId, *, held: bool = False
) -> sheets.Sheet:
    """
    Make the sheet of one shift with nobody's name, phone, note or door in it.

    That is as it is planned now, or (*held*) by what drivers hold, if anything is published. Raises
    as `planning.read_plan` and `sheets.manifest` do.
    """
    planned = planning.read_plan(office, region, day, held=held, as_published=True)
    nameless = replace(planned, input=_without_people(planned.input, region))
    ended = read_endings(office, region, day, planned.version)
    manifest = sheets.manifest(nameless, shift, printed=office.local(region), ended=ended)
    route = sheets.find_route(planned, shift)
    return sheets.Sheet(manifest, partial(chart_of, nameless, route, office.roads(region)))


def _without_people(asked: DayInput, region: Region) -> DayInput:
    known = {address.village for address in region.addresses}
    return replace(
        asked,
        contacts={request: Contact("") for request in asked.contacts},
        homes={
            home: replace(address, label=_village(address, known) or region.title)
            for home, address in asked.homes.items()
        },
    )


def _village(address: Address, known: Collection[str]) -> str:
    """Find the village; of a home only the line is kept that people of the region say."""
    last = address.label.rpartition(", ")[2]
    return address.village or (last if last in known else "")
