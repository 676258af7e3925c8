"""Plan a day from a file or from the database, read its plan, check one again."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from api.errors import BusyError, OutdatedPlanError
from api.observing import metrics
from api.operations.begun import refuse_running
from api.operations.days import PlannedDay, check_places, input_key, plan_input, prepare
from api.operations.intake import make_intake
from api.operations.office import Office
from data import plans, promises, requests
from data.day_document import read_day
from data.day_input import DayInput
from data.differences import differences
from data.errors import NotKeptError, Rejected
from data.exchange import read_requests
from data.intake import take_rows
from data.plan_document import Document, read_plan_file
from data.plans import StoredPlan
from data.promises import Standing
from data.region import Region
from scheduler.check import check
from scheduler.day import Day
from scheduler.plan import Plan
from scheduler.violation import Rule, Violation

if TYPE_CHECKING:
    from scheduler.optimizer.solution import Watch

# So often a day is planned anew because something was promised meanwhile.
TRIES = 3


def read_file(
    office: Office, region: Region, day: date, file: Path
) -> tuple[DayInput, list[Rejected], int]:
    """
    Read the requests of one date from a file.

    Returns the requests, what is wrong with other rows, and how many rows are of other dates.
    """
    rows, rejected = read_requests(file, file.name, today=office.today(region))
    day_input, refused = take_rows(make_intake(office, region), rows, day=day)
    elsewhere = sum(row.date != day for row in rows)
    return day_input, sorted([*rejected, *refused], key=lambda fault: fault.row), elsewhere


def plan_kept(
    office: Office,
    region: Region,
    day: date,
    *,
    seconds: float | None = None,
    seed: int = 0,
    watch: "Watch | None" = None,
) -> PlannedDay:
    """
    Plan a day from the requests in the database, and keep the plan as its next version.

    All promises are kept; if that is no longer possible, as many as can be, and
    `PlannedDay.broken` names the others. What is promised while the day is being planned makes
    it be planned once more.

    Raises
    ------
    api.errors.BusyError
        If the day is being planned already, or promises come in faster than it can be planned.
    api.errors.RunningDayError
        If the day has begun.
    """
    with office.planning(region, day):
        for _ in range(TRIES):
            refuse_running(office, region, day)
            with office.store.reading() as session:
                newest = plans.newest_version(session, region.name, day)
                day_input, rejected = requests.day_input(session, region, day)
                standing = promises.read_standing(session, region.name, day, now=office.now())
            planned = plan_input(
                office,
                region,
                day_input,
                promises=standing.every,
                start=standing.plan,
                rejected=rejected,
                seconds=seconds,
                seed=seed,
                watch=watch,
            )
            kept = _keep(office, planned, standing, newest)
            if kept is not None:
                metrics.PLANS_KEPT.inc()
                return replace(planned, version=kept.version, created=kept.created)
    msg = (
        f"Während der {day:%d.%m.%Y} geplant wurde, ist immer wieder etwas dazugekommen. "
        "Bitte gleich noch einmal versuchen."
    )
    raise BusyError(msg)


def _keep(
    office: Office, planned: PlannedDay, standing: Standing, newest: int
) -> StoredPlan | None:
    """
    Keep a plan, unless something happened meanwhile of which it does not know.

    That is another promise, or a version after the *newest* one.
    """
    # It knows the optimizer, which takes a second to import.
    from data.books import carry

    region, now = planned.region, office.now()
    points = {name: place.point for name, place in planned.day.places.items()}
    carrying = None if planned.broken else carry(standing, planned.plan, planned.day)
    with office.store.writing() as session:
        if plans.newest_version(session, region.name, planned.plan.date) != newest:
            return None
        if carrying and not promises.keep(session, standing, carrying, points=points, now=now):
            return None
        return plans.keep(
            session,
            planned.document,
            region=region.name,
            day=planned.plan.date,
            requests=planned.input.requests,
            promises=planned.promises,
            input_key=input_key(region, planned.input, standing.firm),
            now=now,
        )


def read_plan(office: Office, region: Region, day: date) -> PlannedDay:
    """
    Read the newest plan of a day, with the people as they are known now.

    Raises
    ------
    NotKeptError
        If the day has not been planned yet.
    OutdatedPlanError
        If the region has changed since, so that the plan no longer fits it.
    """
    with office.store.reading() as session:
        kept = plans.latest(session, region.name, day)
        day_input = requests.input_of(session, kept)
    return open_plan(office, region, kept, day_input)


def open_plan(office: Office, region: Region, kept: StoredPlan, day_input: DayInput) -> PlannedDay:
    """
    Give a version of a plan its day again; *day_input* are the people behind it.

    Raises
    ------
    OutdatedPlanError
        If the region has changed since, so that the plan no longer fits it.
    """
    check_places(region, day_input)
    day, plan = kept.date, kept.plan
    if kept.amendment is not None:
        prepared = _amended_day(office, region, kept, day_input)
    else:
        prepared = prepare(office, region, day_input, kept.promises)
        if not _fits(plan, prepared):
            msg = (
                f"Dienste oder Regeln wurden geändert, seit der {day:%d.%m.%Y} geplant wurde. "
                "Bitte den Tag neu planen."
            )
            raise OutdatedPlanError(msg)
    rejected = (
        Rejected(fault["row"], fault["field"], "", fault["message"])
        for fault in kept.document["rejected"]
    )
    return PlannedDay(
        region,
        day_input,
        prepared,
        plan,
        tuple(rejected),
        version=kept.version,
        created=kept.created,
        promises=kept.promises,
        amended=kept.amendment is not None,
    )


def _amended_day(office: Office, region: Region, kept: StoredPlan, day_input: DayInput) -> Day:
    assert kept.amendment is not None  # noqa: S101  (callers look before)
    roads = office.roads(region)
    try:
        return read_day(kept.amendment.day, kept.plan, day_input, region=region, roads=roads)
    except KeyError as error:
        msg = (
            f"{error} kommt im Plan des {kept.date:%d.%m.%Y} vor und steht nicht mehr in den "
            "Dateien der Region. Bitte wieder eintragen, bis der Tag vorbei ist."
        )
        raise OutdatedPlanError(msg) from error


def read_document(office: Office, region: Region, day: date) -> StoredPlan:
    """Read the newest plan of a day as it was written; `NotKeptError` if there is none."""
    with office.store.reading() as session:
        return plans.latest(session, region.name, day)


def _fits(plan: Plan, day: Day) -> bool:
    """Whether the shifts and trips of *plan* are still those of *day*."""
    crews = {(shift.id, shift.vehicle.id, shift.driver) for shift in day.shifts}
    trips = {trip.id for trip in day.trips}
    return all(
        (route.shift, route.vehicle, route.driver) in crews
        and all(visit.trip in trips for stop in route.stops for visit in stop.visits)
        for route in plan.routes
    )


def is_planned(office: Office, region: Region, day: date) -> bool:
    """Whether the newest plan of a day was made from what is asked now."""
    with office.store.reading() as session:
        day_input, _ = requests.day_input(session, region, day)
        standing = promises.read_standing(session, region.name, day, now=office.now())
        asked = input_key(region, day_input, standing.firm)
        try:
            return plans.latest(session, region.name, day).input_key == asked
        except NotKeptError:
            return False


def planned_days(office: Office, region: Region) -> list[date]:
    """Dates that have a plan, the latest first."""
    with office.store.reading() as session:
        return plans.planned_days(session, region.name)


def check_file(office: Office, plan_file: Path, requests_file: Path) -> list[Violation]:
    """
    Check a plan from its file against the requests that it was made for.

    What the file says beyond the plan itself must be what follows from plan and requests.

    Raises
    ------
    PlanDocumentError
        If the file is no plan.
    """
    document, plan = read_plan_file(plan_file)
    region = office.region(str(document.get("region", "")))
    day_input, rejected, _ = read_file(office, region, plan.date, requests_file)
    planned = PlannedDay(
        region, day_input, prepare(office, region, day_input), plan, tuple(rejected)
    )
    return [*check(plan, planned.day), *_misstated(document, planned)]


def _misstated(document: Document, planned: PlannedDay) -> list[Violation]:
    """Find the fields of *document* that say something else than the plan and the day."""
    places = {stop.place for route in planned.plan.routes for stop in route.stops}
    if not places <= planned.day.places.keys():
        return []  # the check has named the strange place, whose point nobody knows
    # Through JSON, as the file went: a tuple is a list there.
    right = json.loads(json.dumps(planned.document))
    return [
        Violation(Rule.DOCUMENT, each.path, 1, "fields", each.message)
        for each in differences(document, right)
    ]
