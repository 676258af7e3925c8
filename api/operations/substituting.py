"""Who drives the shifts of a day that has begun, by its newest version, and who could step in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from api.errors import EventRefusedError
from api.operations.begun import is_running
from api.operations.happenings import Substitute, is_taking_back
from api.operations.office import Office
from data import plans
from data.plan_document import Document
from data.plans import StoredPlan
from data.region import Region
from data.roster import Decision, ShiftChange
from data.staffing import Candidate, Staffing
from scheduler.model import DriverId, ShiftId, VehicleId


@dataclass(frozen=True)
class Duties:
    """
    Who drives on a day that has begun.

    *drivers* and *vehicles* are those of each shift in the newest plan, *ended* the shifts that
    came to an end before their time. *ill* are the drivers and *broken* the buses that were
    reported so.
    """

    drivers: Mapping[ShiftId, DriverId]
    vehicles: Mapping[ShiftId, VehicleId]
    ended: frozenset[ShiftId]
    ill: frozenset[DriverId]
    broken: frozenset[VehicleId]

    def lacks_driver(self, shift: ShiftId) -> bool:
        """Whether a shift came to an end, or fell out, because its driver is ill."""
        return shift in self.ended and self.drivers[shift] in self.ill

    def is_broken(self, shift: ShiftId) -> bool:
        """Whether the bus of a shift was reported broken."""
        return self.vehicles.get(shift) in self.broken


def read_duties(office: Office, region: Region, day: date) -> Duties | None:
    """Read who drives a day by its newest version; ``None`` before it has begun."""
    return read_crews(office, region, day) if is_running(office, region, day) else None


def read_crews(office: Office, region: Region, day: date) -> Duties:
    """
    Read who drives a planned day by its newest version.

    Raises
    ------
    NotKeptError
        If the day has no plan yet.
    """
    with office.store.reading() as session:
        stored = plans.latest(session, region.name, day)
        reported = list(_out_of_service(session, region, day))
    kept = stored.amendment.day if stored.amendment else {}
    return Duties(
        drivers={route.shift: route.driver for route in stored.plan.routes},
        vehicles={route.shift: route.vehicle for route in stored.plan.routes},
        ended=frozenset(kept.get("ended", ())),
        ill=frozenset(driver for report, driver, _ in reported if report["driver"]),
        broken=frozenset(vehicle for report, _, vehicle in reported if report["vehicle"]),
    )


def as_it_runs(region: Region, day: date, duties: Duties) -> Region:
    """Give the region with the roster of *day* as it is driven by the newest version."""
    roster = region.roster
    usual = {each.pattern.id: each.driver for each in roster.on(day)}
    changes = dict(roster.changes)
    for shift, driver in duties.drivers.items():
        change = roster.change(day, shift)
        if shift in duties.ended:
            ends = Decision.OPEN if duties.lacks_driver(shift) else Decision.OUT
            changes[day, shift] = ShiftChange(day, shift, ends, None, change.version)
        elif (who := usual.get(shift)) is None or who.id != driver:
            changes[day, shift] = ShiftChange(day, shift, Decision.DRIVEN, driver, change.version)
    return replace(region, roster=roster.changed(changes.values()))


def candidates(region: Region, day: date, shift: ShiftId, duties: Duties) -> list[Candidate]:
    """List who could take a shift over; whoever was reported ill is not asked."""
    found = Staffing(as_it_runs(region, day, duties)).candidates(day, shift)
    return [each for each in found if each.driver.id not in duties.ill]


def with_ill(duties: Duties, ill: frozenset[DriverId], ended: Iterable[ShiftId]) -> Duties:
    """The same, if these drivers were ill and these shifts *ended* because of it."""
    return replace(duties, ill=duties.ill | ill, ended=duties.ended | frozenset(ended))


def refuse_broken(office: Office, region: Region, day: date, event: Substitute) -> None:
    """
    Let nobody take a bus over that is broken.

    Raises
    ------
    EventRefusedError
        If it was reported so, and the shift does not run because of it.
    """
    duties = read_duties(office, region, day)
    if duties is None or event.shift not in duties.ended or not duties.is_broken(event.shift):
        return
    bus = region.vehicle_label(duties.vehicles[event.shift])
    msg = f"{bus} ist für heute als defekt gemeldet. Ohne Bus hilft auch kein:e andere:r Fahrer:in."
    raise EventRefusedError(msg)


def _out_of_service(
    session: Session, region: Region, day: date
) -> list[tuple[Document, DriverId, VehicleId]]:
    """What was reported of shifts that end and not taken back, with driver and bus of then."""
    happened = dict(plans.amendments(session, region.name, day))
    undone = {
        each.happened["version"] for each in happened.values() if is_taking_back(each.happened)
    }
    found = []
    for version, each in happened.items():
        if each.happened["kind"] == "out_of_service" and version not in undone:
            before = plans.read(session, region.name, day, version - 1)
            crew = _crew(before, each.happened["shift"])
            found.append((each.happened, *crew))
    return found


def _crew(stored: StoredPlan, shift: ShiftId) -> tuple[DriverId, VehicleId]:
    return next(
        (route.driver, route.vehicle) for route in stored.plan.routes if route.shift == shift
    )
