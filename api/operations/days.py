"""A day from the requests to the checked plan, whether they come from a file or the database."""

import hashlib
import json
import logging
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from api.errors import OutdatedPlanError
from api.observing import metrics
from api.operations.office import Office
from data.day_input import DayInput
from data.errors import Rejected
from data.people import home_number
from data.plan_document import Document, plan_document
from data.plans import Publication
from data.promises import named_places, promise_document
from data.region import Region
from scheduler.crowd import restore, thin
from scheduler.day import Day
from scheduler.model import PlaceId, RequestId, ShiftId
from scheduler.plan import Plan
from scheduler.promises import Promise, hold_to

if TYPE_CHECKING:
    from scheduler.optimizer.solution import Progress, Solver, Watch

log = logging.getLogger("fahrten")


@dataclass(frozen=True)
class PlannedDay:
    """
    A plan together with all that is needed to show it.

    *version* and *created* are ``None`` for a plan that is not kept in the database. *promises*
    are what was promised or on hold when it was made, *told* what its sheets say of it: of a
    published version, what was promised by then. *amended* says that something happened on
    the day since it was planned as a whole; *day* is what became of it then. *published* is there
    for a version that drivers may hold; *outdated* says in German why it does not fit the region
    any more, "" if it does. *fallen* are shifts, and who rode in them and is forgotten: they are in
    none of the rest.
    """

    region: Region
    input: DayInput
    day: Day
    plan: Plan
    rejected: tuple[Rejected, ...] = ()
    version: int | None = None
    created: datetime | None = None
    promises: tuple[Promise, ...] = ()
    told: tuple[Promise, ...] = ()
    amended: bool = False
    published: Publication | None = None
    outdated: str = ""
    fallen: frozenset[tuple[ShiftId, RequestId]] = frozenset()

    @property
    def broken(self) -> list[RequestId]:
        """Requests to whom something was promised that the plan cannot keep."""
        return broken_promises(self.plan, self.promises)

    @property
    def document(self) -> Document:
        """The plan as JSON."""
        points = {name: place.point for name, place in self.day.places.items()}
        return plan_document(
            self.plan, region=self.region.name, points=points, rejected=self.rejected
        )


def check_places(region: Region, day_input: DayInput) -> None:
    """
    Make sure that the region still knows every place of *day_input*.

    Raises
    ------
    OutdatedPlanError
        If places.csv has changed since.
    """
    known = day_input.places(region)
    for request in day_input.requests:
        for place in (request.origin, request.destination, *request.pharmacies):
            if place not in known:
                raise OutdatedPlanError(no_place(place))


def no_place(place: PlaceId) -> str:
    """Say that nobody knows a place any more; a home without its number."""
    if home_number(place) is None:
        return f"Den Ort „{place}“ gibt es nicht mehr. Bitte den Tag neu planen."
    return "Von jemandem, der an diesem Tag mitfuhr, sind die Daten gelöscht."


def broken_promises(plan: Plan, promises: Iterable[Promise]) -> list[RequestId]:
    """Requests to whom something was promised, and who are not served."""
    served = {visit.request for visit in plan.visits}
    return [promise.request for promise in promises if promise.request not in served]


def prepare(
    office: Office, region: Region, day_input: DayInput, promises: Iterable[Promise] = ()
) -> Day:
    """
    Make the trips of a day for the shifts of the roster, and hold it to what was promised.

    A promise at a place that the region no longer has cannot be kept, nor one to a request that
    the intake refuses by now; both are left out.
    """
    known = day_input.places(region)
    kept = keepable(promises, day_input, known)
    day = day_input.prepare(
        region,
        shifts=region.shifts(day_input.date),
        roads=office.roads(region),
        also=named_places(kept),
    )
    return hold_to(day, kept, known)


def keepable(
    promises: Iterable[Promise], day_input: DayInput, known: Collection[PlaceId]
) -> list[Promise]:
    """Leave out promises at places that are no longer *known*, and to requests not in the input."""
    asking = {request.id for request in day_input.requests}
    return [
        each
        for each in promises
        if each.request in asking and set(named_places([each])).issubset(known)
    ]


def plan_input(
    office: Office,
    region: Region,
    day_input: DayInput,
    *,
    promises: tuple[Promise, ...] = (),
    start: Plan | None = None,
    rejected: Iterable[Rejected] = (),
    seconds: float | None = None,
    seed: int = 0,
    watch: "Watch | None" = None,
    solver: "Solver | None" = None,
) -> PlannedDay:
    """
    Plan a day in which *promises* are kept, and check the plan.

    *start* is a plan that keeps them: a short search then breaks none that it would not find.
    Without *seconds* the time is the one of the settings; without *solver* this thread solves.
    """
    # The optimizer takes a second to import, and reading a plan does not need it.
    from scheduler.optimizer import solve
    from scheduler.optimizer.solution import Effort
    from scheduler.planning import plan_day

    begin = office.now()
    day = prepare(office, region, day_input, promises)
    thinned = thin(day)
    effort = Effort(seconds=seconds or office.settings.seconds)
    plan = plan_day(
        thinned,
        effort=effort,
        seed=seed,
        watch=watch and _counting_all(watch, day, thinned),
        start=start,
        solver=solver or solve,
    )
    plan = restore(plan, day, thinned=thinned)
    seconds_taken = (office.now() - begin).total_seconds()
    metrics.solved(plan, seconds=seconds_taken)
    served = len(day_input.requests) - len(plan.unserved)
    log.info(
        "planned %s: %d of %d requests on %d shifts, %s, %.1f s, seed %d",
        plan.date,
        served,
        len(day_input.requests),
        len(plan.routes),
        "proven" if plan.proven else f"gap {plan.gap:.1%}",
        seconds_taken,
        seed,
    )
    if broken := broken_promises(plan, promises):
        log.warning("%s: %d of %d promises broken", plan.date, len(broken), len(promises))
    return PlannedDay(
        region, day_input, day, plan, tuple(rejected), promises=promises, told=promises
    )


def _counting_all(watch: "Watch", day: Day, thinned: Day) -> "Watch":
    """Count among the unserved also those whom the optimizer is not asked about."""
    others = len(day.refused) + len(day.journeys) - len(thinned.journeys)

    def count(progress: "Progress") -> bool:
        return watch(replace(progress, unserved=progress.unserved + others))

    return count


def input_key(region: Region, day_input: DayInput, promises: Iterable[Promise] = ()) -> str:
    """
    Tell whether a day was planned from the same: requests, promises, shifts, the region's files.

    Names and phones do not count: they change no plan.
    """
    digest = hashlib.sha256()
    for file in sorted(region.folder.iterdir()):
        if file.is_file():
            digest.update(file.name.encode() + b"\0")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    requests = [asdict(request) for request in day_input.requests]
    points = [[name, asdict(home.point)] for name, home in sorted(day_input.homes.items())]
    digest.update(json.dumps([day_input.date.isoformat(), requests, points]).encode())
    for change in region.roster.changes_on(day_input.date):
        decided = [change.shift, change.decision.value, change.driver]
        digest.update(json.dumps(decided).encode())
    digest.update(json.dumps(region.decided_hours(day_input.date)).encode())
    for bus, seatings in region.decided_seats(day_input.date).items():
        digest.update(json.dumps([bus, [asdict(load) for load in seatings]]).encode())
    for promise in promises:
        digest.update(json.dumps([promise.request, promise_document(promise)]).encode())
    return digest.hexdigest()
