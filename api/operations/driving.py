"""What the driver of a shift works with: the tour that holds, what is marked, what was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from api.operations import publishing, sheets
from api.operations.days import PlannedDay
from api.operations.endings import read_endings
from api.operations.in_the_bus import Marks, read_marked, stranded_in
from api.operations.office import Office
from data import plans, requests
from data.day_input import DayInput
from data.errors import NotKeptError
from data.people import homes_of
from data.region import Region
from scheduler.manifest import Contact, Manifest
from scheduler.model import RequestId, ShiftId, TripKind
from scheduler.plan import Plan, Route


@dataclass(frozen=True)
class Tour:
    """
    What one driver drives by the version that holds.

    *marked* is what holds of every trip of the day, whoever marked it. *stranded* are trips that
    this driver marked aboard, and that no halt of the tour sets down.
    """

    planned: PlannedDay
    route: Route
    manifest: Manifest
    marked: Marks
    stranded: Mapping[tuple[RequestId, TripKind], Contact]


@dataclass(frozen=True)
class Held:
    """A version that a driver holds or has seen, who rode and where; a draft was never valid."""

    version: int
    draft: bool
    plan: Plan
    input: DayInput

    def route(self, shift: ShiftId) -> Route | None:
        """What a shift drives by it, if it has it."""
        return next((route for route in self.plan.routes if route.shift == shift), None)


def read_tour(office: Office, region: Region, day: date, shift: ShiftId) -> Tour:
    """
    Read what the driver of a shift works with.

    Raises
    ------
    NotKeptError
        If nothing is published for that shift.
    """
    planned = publishing.read_published(office, region, day)
    if planned is None or all(route.shift != shift for route in planned.plan.routes):
        msg = f"Für diesen Dienst am {day:%d.%m.%Y} ist noch nichts veröffentlicht."
        raise NotKeptError(msg)
    route = sheets.find_route(planned, shift)
    marked = read_marked(office, region, day)
    return Tour(
        planned,
        route,
        sheets.manifest(
            planned,
            shift,
            printed=office.local(region),
            ended=read_endings(office, region, day, planned.version),
        ),
        marked,
        stranded_in(office, route, marked),
    )


def read_held(office: Office, region: Region, day: date, version: int) -> Held | None:
    """Read a version of a day's plan with its people; ``None`` if there is no such version."""
    with office.store.reading() as session:
        try:
            kept = plans.read(session, region.name, day, version)
        except NotKeptError:
            return None
        names = {visit.request for visit in kept.plan.visits}
        contacts, homes = requests.contacts(session, names), homes_of(session, kept.places)
        day_input = DayInput(day, kept.requests, contacts, homes)
        return Held(version, kept.published is None, kept.plan, day_input)
