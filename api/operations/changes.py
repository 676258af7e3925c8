"""What the newest plan of a day changes about an earlier version, and the Änderungsblätter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from api.errors import OutdatedPlanError
from api.operations.days import check_places
from api.operations.endings import endings
from api.operations.in_the_bus import read_stranded
from api.operations.office import Office
from api.operations.planning import open_plan
from api.operations.sheets import make_header, write_files
from api.sheets.pdf import aenderungsblatt_pdf
from data import plans, requests, versions
from data.day_input import DayInput
from data.errors import NotKeptError
from data.people import home_number
from data.plans import StoredPlan
from data.region import Region
from scheduler.as_planned import day_as_planned
from scheduler.change_sheet import ChangeSheet, make_change_sheet
from scheduler.changes import PlanDifference
from scheduler.differences import compare
from scheduler.make_manifest import make_manifest
from scheduler.manifest import Contact, Manifest, PlaceLabel
from scheduler.model import PlaceId, RequestId, Shift, ShiftId
from scheduler.plan import Plan, Route

# What a sheet says of somebody who stood on it and is forgotten, and of where they lived.
_SOMEBODY = Contact("Fahrgast, dessen Daten gelöscht sind", "", "")
_SOMEWHERE = PlaceLabel("gelöschte Adresse")


@dataclass(frozen=True)
class Version:
    """
    One kept version of a day's plan, with the people as they are known now.

    An older one is what was on paper; of the newest, the *plan* is what is driven by now. *ended*
    are the shifts that came to an end by then, and why, as far as that is known.
    """

    stored: StoredPlan
    input: DayInput
    plan: Plan
    ended: Mapping[ShiftId, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Which version it is, counted from 1."""
        return self.stored.version

    @property
    def places(self) -> set[PlaceId]:
        """Where the buses stop, and where they take people."""
        ends = {place for each in self.stored.requests for place in (each.origin, each.destination)}
        return ends | {stop.place for route in self.plan.routes for stop in route.stops}

    def route(self, shift: ShiftId) -> Route | None:
        """What a shift drives, if the plan has it."""
        return next((route for route in self.plan.routes if route.shift == shift), None)


@dataclass(frozen=True)
class Changes:
    """
    Two versions of one day, and what is different.

    *stranded* are in a bus, as its driver said, and get off it nowhere by the newer version.
    """

    region: Region
    older: Version
    newer: Version
    difference: PlanDifference
    stranded: Mapping[ShiftId, Sequence[Contact]] = field(default_factory=dict)

    @property
    def contacts(self) -> Mapping[RequestId, Contact]:
        """Everybody who rides in either."""
        known = {**self.older.input.contacts, **self.newer.input.contacts}
        return {**known, **dict.fromkeys(self.forgotten, _SOMEBODY)}

    @property
    def forgotten(self) -> frozenset[RequestId]:
        """Whoever is in either, and is forgotten."""
        return self.older.input.forgotten | self.newer.input.forgotten

    @property
    def labels(self) -> Mapping[PlaceId, PlaceLabel]:
        """How every place is called."""
        homes = filter(home_number, self.older.places | self.newer.places)
        return {
            **dict.fromkeys(homes, _SOMEWHERE),
            **self.older.input.labels(self.region),
            **self.newer.input.labels(self.region),
        }


@dataclass(frozen=True)
class ShiftNews:
    """
    What becomes of the sheet that the driver of a shift holds.

    Without a *sheet* nothing changes, or, for a *new* shift, there was none to be changed.
    """

    shift: ShiftId
    new: bool
    sheet: ChangeSheet | None


def read_changes(
    office: Office, region: Region, day: date, *, since: int | None = None, until: int | None = None
) -> Changes:
    """
    Compare the newest plan of a day, or version *until*, with version *since*.

    Without it, with what drivers hold, the newest version before it that is published; if there is
    none, with the one before it.

    Raises
    ------
    NotKeptError
        If the day has no such version, or no earlier one.
    OutdatedPlanError
        As `planning.open_plan`, if somebody in the newest is forgotten.
    """
    with office.store.reading() as session:
        newest = (
            plans.latest(session, region.name, day)
            if until is None
            else plans.read(session, region.name, day, until)
        )
        held = versions.published(session, region.name, day, before=newest.version)
        before = held.version if held else newest.version - 1
        number = before if since is None else since
        if since is None and number < 1:
            msg = f"Für den {day:%d.%m.%Y} gibt es erst eine Version: Nichts ist geändert."
            raise NotKeptError(msg)
        if number >= newest.version:
            msg = (
                f"Version {number} ist nicht älter als die neueste des {day:%d.%m.%Y}, "
                f"Version {newest.version}."
            )
            raise NotKeptError(msg)
        paper = plans.read(session, region.name, day, number)
        ended = [endings(session, region, day, each.version) for each in (paper, newest)]
        older = Version(paper, requests.input_of(session, paper), paper.plan, ended[0])
        now = requests.input_of(session, newest)
    plan = open_plan(office, region, newest, now).plan if now.forgotten else newest.plan
    newer = Version(newest, now, plan, ended[1])
    stranded = read_stranded(office, region, day, plan) if newest.amendment else {}
    return Changes(region, older, newer, compare(older.plan, newer.plan), stranded)


def news(changes: Changes, *, printed: datetime) -> Iterator[ShiftNews]:
    """
    Say for every shift of either version what its driver is to be told.

    Raises
    ------
    OutdatedPlanError
        If a place, shift, driver or vehicle of the plans is no longer in the region's files.
    """
    for version in (changes.older, changes.newer):
        check_places(changes.region, version.input.without(version.input.forgotten))
    shifts = [route.shift for v in (changes.newer, changes.older) for route in v.plan.routes]
    for shift in dict.fromkeys(shifts):
        new = changes.older.route(shift) is None
        yield ShiftNews(shift, new, None if new else _sheet(changes, shift, printed))


def change_sheet(changes: Changes, shift: ShiftId, *, printed: datetime) -> ChangeSheet:
    """
    Make the Änderungsblatt of one shift.

    Raises
    ------
    NotKeptError
        If there is no such shift, or nothing to be told.
    """
    found = next((each for each in news(changes, printed=printed) if each.shift == shift), None)
    if found is None:
        msg = f"Am {changes.newer.plan.date:%d.%m.%Y} gibt es keinen Dienst „{shift}“."
        raise NotKeptError(msg)
    if found.sheet is None:
        raise NotKeptError(why_no_sheet(changes, found))
    return found.sheet


def why_no_sheet(changes: Changes, shift: ShiftNews) -> str:
    """Say why a shift has no Änderungsblatt."""
    label, since = changes.region.shift_label(shift.shift), changes.older.number
    if shift.new:
        return f"{label}: In Version {since} gab es diesen Dienst nicht. Bitte das Tourenblatt."
    return f"{label}: Gegenüber Version {since} ändert sich nichts; das Tourenblatt gilt weiter."


def file_name(changes: Changes, shift: ShiftId) -> str:
    """Name a sheet by date, shift and versions, and nothing else: file names get about."""
    day = changes.newer.plan.date
    return f"{day}-{shift}-aenderung-{changes.older.number}-{changes.newer.number}.pdf"


def write_change_sheets(
    changes: Changes, folder: Path, *, printed: datetime
) -> list[tuple[ShiftNews, Path | None]]:
    """
    Write the Änderungsblatt of each shift that has one.

    Raises
    ------
    SheetsFolderError
        If they cannot be written.
    """
    every = [
        (each, folder / file_name(changes, each.shift) if each.sheet else None)
        for each in news(changes, printed=printed)
    ]
    write_files(
        {file: aenderungsblatt_pdf(each.sheet) for each, file in every if each.sheet and file},
        folder,
    )
    return every


def _sheet(changes: Changes, shift: ShiftId, printed: datetime) -> ChangeSheet | None:
    older, newer = changes.older, changes.newer
    amendment = newer.stored.amendment
    route = newer.route(shift) or older.route(shift)
    assert route is not None  # noqa: S101  (the shift is in one of them)
    after = _manifest(changes, newer, shift, printed) if newer.route(shift) else None
    return make_change_sheet(
        older.plan,
        newer.plan,
        sheets=(_manifest(changes, older, shift, printed), after),
        header=make_header(
            changes.region,
            newer.plan,
            route,
            version=str(newer.number),
            printed=printed,
            published=newer.stored.published,
            ended=newer.ended,
        ),
        shift_labels={
            each.shift: changes.region.shift_label(each.shift)
            for version in (older, newer)
            for each in version.plan.routes
        },
        driven=amendment.at if amendment else None,
        stranded=changes.stranded.get(shift, ()),
    )


def _manifest(changes: Changes, version: Version, shift: ShiftId, printed: datetime) -> Manifest:
    region, asked = changes.region, {each.id: each for each in version.stored.requests}
    route = version.route(shift)
    assert route is not None  # noqa: S101  (callers ask only for shifts that there are)
    shifts = [_shift(region, each, version.plan.date) for each in version.plan.routes]
    return make_manifest(
        version.plan,
        day_as_planned(version.plan, asked, shifts),
        shift,
        header=make_header(
            region,
            version.plan,
            route,
            version=str(version.number),
            printed=printed,
            published=version.stored.published,
            ended=version.ended,
        ),
        requests=asked,
        contacts=changes.contacts,
        labels=changes.labels,
        promises=version.stored.told,
    )


def _shift(region: Region, route: Route, day: date) -> Shift:
    """Give the shift as it was when the plan was made; exceptions of the roster come and go."""
    pattern = next((each for each in region.roster.patterns if each.id == route.shift), None)
    known = region.fleet.get(route.vehicle)
    if pattern is None or known is None or route.driver not in region.roster.drivers:
        msg = (
            f"Dienst „{route.shift}“, Fahrzeug „{route.vehicle}“ oder Fahrer:in "
            f"„{route.driver}“ gibt es nicht mehr. Bitte die Tourenblätter neu drucken."
        )
        raise OutdatedPlanError(msg)
    return Shift(
        id=route.shift,
        vehicle=known.on(day) or known.filed,
        driver=route.driver,
        hours=pattern.hours,
        start_place=known.depot,
        end_place=known.depot,
        rest=pattern.rest,
    )
