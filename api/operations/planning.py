"""Read what is to be planned from a file, read the plan of a day, check one again."""

import json
from datetime import date
from pathlib import Path

from api.errors import OutdatedPlanError
from api.operations.days import PlannedDay, check_places, input_key, no_place, prepare
from api.operations.intake import make_intake
from api.operations.office import Office
from data import plans, promises, requests, versions
from data.day_document import read_day
from data.day_input import DayInput
from data.differences import differences
from data.errors import NotKeptError, Rejected
from data.exchange import read_requests
from data.intake import take_rows
from data.people import home_number
from data.plan_document import Document, read_plan_file
from data.plans import StoredPlan
from data.region import Region
from scheduler.check import check
from scheduler.day import Day
from scheduler.model import RequestId
from scheduler.plan import Plan
from scheduler.violation import Rule, Violation


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


def read_plan(
    office: Office,
    region: Region,
    day: date,
    version: int | None = None,
    *,
    held: bool = False,
    as_published: bool = False,
) -> PlannedDay:
    """
    Read a version of a day's plan, the newest without one, with the people as known now.

    With *held* the one that drivers hold takes the place of the newest, if one is published.

    Raises
    ------
    NotKeptError
        If the day has not been planned yet, or has no such version.
    OutdatedPlanError
        As `open_plan`.
    """
    with office.store.reading() as session:
        publication = versions.published(session, region.name, day) if held else None
        if version is None and publication is not None:
            version = publication.version
        if version is None:
            kept = plans.latest(session, region.name, day)
        else:
            kept = plans.read(session, region.name, day, version)
        day_input = requests.input_of(session, kept)
    return open_plan(office, region, kept, day_input, as_published=as_published)


def open_plan(
    office: Office,
    region: Region,
    kept: StoredPlan,
    day_input: DayInput,
    *,
    as_published: bool = False,
) -> PlannedDay:
    """
    Give a version of a plan its day again; *day_input* are the people behind it.

    What is published is what drivers hold, whatever was decided since: *as_published* gives it the
    day that it was made for, and says that it is *outdated*. As long as nothing has happened on the
    day, those who are forgotten fall away; the others keep their times (`scheduler.leaving_out`).

    Raises
    ------
    OutdatedPlanError
        If the region has changed since, so that the plan no longer fits it.
    """
    if kept.amendment is not None:
        return _opened_as_it_became(office, region, kept, kept.amendment.day, day_input)
    day, plan, gone = kept.date, kept.plan, day_input.forgotten
    day_input = day_input.without(gone)
    check_places(region, day_input)
    prepared, outdated = _prepared(office, region, kept, day_input), ""
    if not _fits(plan, prepared, gone):
        outdated = (
            f"Dienste, Busse, Öffnungszeiten oder Regeln wurden geändert, seit der "
            f"{day:%d.%m.%Y} geplant wurde. Bitte den Tag neu planen."
        )
        if not as_published or kept.day is None or gone:
            raise OutdatedPlanError(outdated)
        prepared = _read_day(office, region, kept, kept.day, day_input)
    elif gone:
        plan = _left(plan, gone, prepared)
    return PlannedDay(
        region,
        day_input,
        prepared,
        plan,
        _rejected(kept),
        version=kept.version,
        created=kept.created,
        promises=tuple(each for each in kept.promises if each.request not in gone),
        told=tuple(each for each in kept.told if each.request not in gone),
        published=kept.published,
        outdated=outdated,
        fallen=frozenset(
            (route.shift, visit.request)
            for route in kept.plan.routes
            for stop in route.stops
            for visit in stop.visits
            if visit.request in gone
        ),
    )


def _left(plan: Plan, gone: frozenset[RequestId], day: Day) -> Plan:
    """The plan without those who are forgotten; raises as `open_plan`."""
    # It imports the optimizer, which takes a second.
    from scheduler.leaving_out import leave_out

    try:
        return leave_out(plan, gone, day)
    except ValueError as error:
        msg = (
            f"Die Daten von jemandem, der am {day.date:%d.%m.%Y} mitfahren sollte, sind gelöscht, "
            "und ohne diese Halte lässt sich der Plan nicht fahren. Bitte den Tag neu planen."
        )
        raise OutdatedPlanError(msg) from error


def _opened_as_it_became(
    office: Office, region: Region, kept: StoredPlan, became: Document, day_input: DayInput
) -> PlannedDay:
    """Give a version that was made after the day had begun the day as it was by then."""
    day_input = _without_forgotten(region, day_input, kept.plan)
    check_places(region, day_input)
    return PlannedDay(
        region,
        day_input,
        _read_day(office, region, kept, became, day_input),
        kept.plan,
        _rejected(kept),
        version=kept.version,
        created=kept.created,
        promises=kept.promises,
        told=kept.told,
        amended=True,
        published=kept.published,
    )


def _rejected(kept: StoredPlan) -> tuple[Rejected, ...]:
    return tuple(
        Rejected(fault["row"], fault["field"], "", fault["message"])
        for fault in kept.document["rejected"]
    )


def _without_forgotten(region: Region, day_input: DayInput, plan: Plan) -> DayInput:
    """Leave out whom the plan leaves out, and of whom nobody knows any more where they live."""
    known = day_input.places(region)
    riding = {visit.request for visit in plan.visits}
    return day_input.without(
        {
            each.id
            for each in day_input.requests
            if each.id not in riding and not {each.origin, each.destination} <= known.keys()
        }
    )


def _prepared(office: Office, region: Region, kept: StoredPlan, day_input: DayInput) -> Day:
    """The day of a plan, made once for all who read it."""
    made_of = (
        day_input.requests,
        {home: address.point for home, address in day_input.homes.items()},
        kept.promises,
        region.shifts(kept.date),
        region.decided_hours(kept.date),
    )
    return office.days.recall(
        (id(region), kept.date, kept.version),
        made_of,
        lambda: prepare(office, region, day_input, kept.promises),
    )


def _read_day(
    office: Office, region: Region, kept: StoredPlan, document: Document, day_input: DayInput
) -> Day:
    roads = office.roads(region)
    try:
        return read_day(document, kept.plan, day_input, region=region, roads=roads)
    except KeyError as error:
        if home_number(error.args[0]) is not None:
            raise OutdatedPlanError(no_place(error.args[0])) from error
        msg = (
            f"{error} kommt im Plan des {kept.date:%d.%m.%Y} vor und steht nicht mehr in den "
            "Dateien der Region. Bitte wieder eintragen, bis der Tag vorbei ist."
        )
        raise OutdatedPlanError(msg) from error


def read_document(office: Office, region: Region, day: date) -> StoredPlan:
    """Read the newest plan of a day as it was written; `NotKeptError` if there is none."""
    with office.store.reading() as session:
        return plans.latest(session, region.name, day)


def _fits(plan: Plan, day: Day, gone: frozenset[RequestId]) -> bool:
    """Whether the shifts and trips of *plan* are still those of *day*, but for those *gone*."""
    crews = {(shift.id, shift.vehicle.id, shift.driver) for shift in day.shifts}
    trips = {trip.id for trip in day.trips}
    return all(
        (route.shift, route.vehicle, route.driver) in crews
        and all(
            visit.trip in trips or visit.request in gone
            for stop in route.stops
            for visit in stop.visits
        )
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


def known_days(office: Office, region: Region) -> list[date]:
    """Dates that have a plan, or for which somebody wants to ride, the latest first."""
    with office.store.reading() as session:
        planned = plans.planned_days(session, region.name)
        return sorted({*planned, *requests.days(session, region.name)}, reverse=True)


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
    region = office.filed(str(document.get("region", "")))
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
