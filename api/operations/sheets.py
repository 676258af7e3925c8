"""Tourenblätter of a planned day: one manifest, or all of them as files."""

import json
import os.path
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from api.errors import SheetsFolderError
from api.operations import links, planning
from api.operations.charts import chart_of, map_source, track_of
from api.operations.days import PlannedDay
from api.operations.endings import read_endings
from api.operations.links import GivenLink
from api.operations.office import Office
from api.sheets.chart import Chart
from api.sheets.code import Code, draw_code
from api.sheets.document import tourenblatt_json
from api.sheets.pdf import tourenblatt_pdf
from api.sheets.wording import DRAFT
from data import plans, private, requests
from data.duties import duties, make_duty
from data.errors import NotKeptError
from data.plans import Publication
from data.region import Region
from scheduler.make_manifest import make_manifest
from scheduler.manifest import Contact, Duty, Header, Manifest
from scheduler.model import RequestId, ShiftId, TimeWindow
from scheduler.plan import Plan, Route

_LOOK_AHEAD = 60  # days in which the driver's next shift is looked for


@dataclass(frozen=True)
class Sheet:
    """
    The sheet of one shift, and how its map is drawn, if there is a way to be drawn.

    *link* is where the code on it leads, if that is known.
    """

    manifest: Manifest
    draw: Callable[[], Chart | None]
    link: GivenLink | None = None

    @cached_property
    def chart(self) -> Chart | None:
        """The map; it is drawn when it is asked for, and many want the sheet without it."""
        return self.draw()

    @cached_property
    def code(self) -> Code | None:
        """The code that leads to the driver's page."""
        return draw_code(self.link.address, self.link.pin) if self.link is not None else None


def read_sheet(
    office: Office,
    region: Region,
    day: date,
    shift: ShiftId,
    *,
    version: int | None = None,
    held: bool = False,
) -> Sheet:
    """
    Write down what the driver of one shift reads by a version of a day's plan, as of now.

    Without *version*, by the newest, or (*held*) by the one that drivers hold, if one is published.
    Raises as `planning.read_plan` and `manifest` do.
    """
    planned = planning.read_plan(office, region, day, version, held=held, as_published=True)
    return next(make_sheets(office, planned, [shift], printed=office.local(region)))


def read_track(
    office: Office, region: Region, day: date, shift: ShiftId, *, held: bool = False
) -> bytes:
    """Write the way of one shift as GPX, by the same plan and raising as `read_sheet`."""
    planned = planning.read_plan(office, region, day, held=held, as_published=True)
    return track_of(office, planned, find_route(planned, shift))


def make_sheets(
    office: Office, planned: PlannedDay, shifts: Iterable[ShiftId], *, printed: datetime
) -> Iterator[Sheet]:
    """Make the sheets of some shifts of a day; raises as `manifest` does."""
    region, day = planned.region, planned.plan.date
    gone, roads = read_cancelled(office, planned), office.roads(region)
    ended = read_endings(office, region, day, planned.version)
    for shift in shifts:
        made = manifest(planned, shift, printed=printed, cancelled=gone.get(shift, {}), ended=ended)
        draw = partial(chart_of, planned, find_route(planned, shift), roads)
        yield Sheet(made, draw, _link(office, planned, shift))


def _link(office: Office, planned: PlannedDay, shift: ShiftId) -> GivenLink | None:
    if planned.version is None:
        return None
    return links.give(office, planned.region, planned.plan.date, shift, version=planned.version)


def read_cancelled(
    office: Office, planned: PlannedDay
) -> dict[ShiftId, Mapping[RequestId, Contact]]:
    """Find who stood on the sheets of an earlier version and has cancelled since, by shift."""
    version, day = planned.version, planned.plan.date
    if version is None or version == 1:
        return {}
    riding = {visit.request for visit in planned.plan.visits}
    with office.store.reading() as session:
        riders = plans.earlier_riders(session, planned.region.name, day, version)
        every = {name for names in riders.values() for name in names} - riding
        gone = requests.contacts(session, requests.cancelled_among(session, every))
    return {
        shift: {name: contact for name, contact in gone.items() if name in names}
        for shift, names in riders.items()
    }


def manifest(
    planned: PlannedDay,
    shift_id: ShiftId,
    *,
    printed: datetime,
    cancelled: Mapping[RequestId, Contact] = MappingProxyType({}),
    ended: Mapping[ShiftId, str] = MappingProxyType({}),
) -> Manifest:
    """
    Write down what the driver of one shift reads; *cancelled* no longer ride.

    *ended* says of shifts that came to an end why they did, where that is known.

    Raises
    ------
    NotKeptError
        If the plan has no such shift.
    """
    region, plan, route = planned.region, planned.plan, find_route(planned, shift_id)
    made = make_manifest(
        plan,
        planned.day,
        shift_id,
        header=make_header(
            region,
            plan,
            route,
            version=DRAFT if planned.version is None else str(planned.version),
            printed=printed,
            published=planned.published,
            ended={shift: ended.get(shift, "") for shift in planned.day.ended},
        ),
        requests={request.id: request for request in planned.input.requests},
        contacts={**planned.input.contacts, **cancelled},
        labels=planned.input.labels(region),
        cancelled=tuple(cancelled),
        promises=planned.told,
    )
    # A shift that has ended keeps the hours of the roster: the day has cut them short.
    return made if made.header.ended is None else replace(made, hours=_rostered(region, shift_id))


def _rostered(region: Region, shift: ShiftId) -> TimeWindow:
    return next(each.hours for each in region.roster.patterns if each.id == shift)


def find_route(planned: PlannedDay, shift: ShiftId) -> Route:
    """
    Find what a shift drives.

    Raises
    ------
    NotKeptError
        If the plan has no such shift.
    """
    plan = planned.plan
    route = next((route for route in plan.routes if route.shift == shift), None)
    if route is None:
        shifts = ", ".join(route.shift for route in plan.routes) or "keiner"
        msg = f"Am {plan.date:%d.%m.%Y} gibt es keinen Dienst „{shift}“. Es gibt: {shifts}."
        raise NotKeptError(msg)
    return route


def make_header(
    region: Region,
    plan: Plan,
    route: Route,
    *,
    version: str,
    printed: datetime,
    published: Publication | None = None,
    ended: Mapping[ShiftId, str] = MappingProxyType({}),
) -> Header:
    """
    Write down what stands on every page of a sheet of *route*.

    *ended* are the shifts that came to an end: they take no bus over, and hand over none that they
    have not driven.
    """
    zone = ZoneInfo(region.timezone)
    duty = partial(make_duty, region, plan.date)
    hours = duty(route.shift, driver=route.driver, vehicle=route.vehicle).hours
    same_bus = [
        (each, duty(each.shift, driver=each.driver, vehicle=each.vehicle))
        for each in plan.routes
        if each.vehicle == route.vehicle and each.shift != route.shift
    ]
    before = [other for each, other in same_bus if each.shift not in ended or each.stops]
    after = [other for each, other in same_bus if each.shift not in ended]
    ahead = plan.date + timedelta(days=1), plan.date + timedelta(days=_LOOK_AHEAD)
    return Header(
        region=region.title,
        shift=region.shift_label(route.shift),
        driver=region.driver_label(route.driver),
        vehicle=region.vehicle_label(route.vehicle),
        version=version,
        printed=printed,
        published=published.at.astimezone(zone).replace(tzinfo=None) if published else None,
        dispatch_phone=region.dispatch_phone,
        emergency_phone=region.emergency_phone,
        map_by="" if region.network.coarse else map_source(region),
        shred_by=plan.date + timedelta(weeks=region.policy.retention.personal_weeks),
        before=max((each for each in before if each.hours < hours), key=_begin, default=None),
        after=min((each for each in after if each.hours > hours), key=_begin, default=None),
        next=next(duties(region, route.driver, *ahead), None),
        ended=ended.get(route.shift),
    )


def _begin(duty: Duty) -> TimeWindow:
    return duty.hours


def file_names(planned: PlannedDay) -> list[str]:
    """Name the sheets by date and shift and nothing else: file names get about."""
    return [
        f"{planned.plan.date}-{route.shift}.{form}"
        for route in planned.plan.routes
        for form in ("pdf", "json")
    ]


def check_folder(folder: Path) -> None:
    """
    Make sure that sheets can be written into *folder*, and leave nothing there.

    Raises
    ------
    SheetsFolderError
        If it is a file, or nothing may be written there.
    """
    try:
        there = folder
        while not os.path.lexists(there):
            there = there.parent
        if there.exists() and not there.is_dir():
            msg = f"„{there}“ ist eine Datei. Bitte einen Ordner für die Tourenblätter angeben."
            raise SheetsFolderError(msg)
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise SheetsFolderError(_not_written(folder)) from error


def write_sheets(
    office: Office, planned: PlannedDay, folder: Path, *, printed: datetime
) -> list[Path]:
    """
    Write the sheet of each shift as PDF and JSON; say which files these are.

    Raises
    ------
    SheetsFolderError
        If they cannot be written.
    """
    files = [folder / name for name in file_names(planned)]
    contents: list[bytes] = []
    shifts = [route.shift for route in planned.plan.routes]
    for sheet in make_sheets(office, planned, shifts, printed=printed):
        text = json.dumps(tourenblatt_json(sheet.manifest), ensure_ascii=False, indent=2)
        pdf = tourenblatt_pdf(sheet.manifest, chart=sheet.chart, code=sheet.code)
        contents += [pdf, text.encode()]
    write_files(dict(zip(files, contents, strict=True)), folder)
    return files


def write_files(contents: Mapping[Path, bytes], folder: Path) -> None:
    """
    Write files into *folder*, which is made if there is none.

    Raises
    ------
    SheetsFolderError
        If they cannot be written.
    """
    try:
        private.make_folder(folder)
        for file, content in contents.items():
            _write(file, content)
    except OSError as error:
        raise SheetsFolderError(_not_written(folder)) from error


def _not_written(folder: Path) -> str:
    return f"In „{folder}“ kann nicht geschrieben werden. Bitte mit --out einen Ordner angeben."


def _write(file: Path, content: bytes) -> None:
    """Never leave half a sheet behind, whatever happens meanwhile."""
    unfinished = file.with_name(f".{file.name}.part")
    private.write(unfinished, content)
    unfinished.replace(file)
