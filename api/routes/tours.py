"""Tours and shifts as drivers take them along: a file to navigate by, a preview, a calendar."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.doors.entrance import CallerHere, needs
from api.doors.roles import Role
from api.operations import preview, rosters, sheets
from api.problems import documented
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.sheets.pdf import vorschau_pdf

router = APIRouter(tags=["drivers"])

CALENDAR, GPX, PDF = "text/calendar", "application/gpx+xml", "application/pdf"

Shift = Annotated[str, Path(examples=["morning"])]


@router.get(
    "/days/{date}/manifests/{shift}.gpx",
    dependencies=[needs(Role.DISPATCHER, by_link=True)],
    response_class=Response,
    responses={
        200: {"description": "GPX 1.1", "content": {GPX: {"schema": {"type": "string"}}}},
        **documented(404, 409, 422),
    },
    summary="Read the way of one shift as GPX",
    description="The halts as a route and the way along the roads as a track, by the newest plan, "
    "for drivers by the published one; the name says which. Passengers are not named; where they "
    "live is a point in it.",
)
def read_track(
    office: OfficeHere, region: RegionHere, caller: CallerHere, date: DayOfPath, shift: Shift
) -> Response:
    """Read the way of one shift as GPX."""
    held = caller.only_drives(region.name)
    content = sheets.read_track(office, region, date, shift, held=held)
    return _file(content, GPX, f"{date}-{shift}.gpx")


@router.get(
    "/days/{date}/manifests/{shift}/preview",
    dependencies=[needs(Role.DISPATCHER, Role.DRIVER)],
    response_class=Response,
    responses={
        200: {
            "description": "PDF",
            "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
        },
        **documented(404, 409, 422),
    },
    summary="Print the preview of one shift",
    description="For the evening before, by the newest plan, for drivers by the published one: "
    "times, villages, known places, how many get on and off, and what they bring. No names, "
    "phones, notes or house numbers.",
)
def print_preview(
    office: OfficeHere, region: RegionHere, caller: CallerHere, date: DayOfPath, shift: Shift
) -> Response:
    """Print the preview of one shift."""
    held = caller.only_drives(region.name)
    sheet = preview.read_preview(office, region, date, shift, held=held)
    content = vorschau_pdf(sheet.manifest, chart=sheet.chart)
    return _file(content, PDF, f"{date}-{shift}-vorschau.pdf")


@router.get(
    "/drivers/{driver}/shifts.ics",
    dependencies=[needs(Role.DISPATCHER, Role.DRIVER, Role.PLANNER)],
    response_class=Response,
    responses={
        200: {"description": "iCalendar", "content": {CALENDAR: {"schema": {"type": "string"}}}},
        **documented(404, 422),
    },
    summary="Read the shifts of a driver as a calendar",
    description="From today on, by the roster, for so many weeks; of a day that has begun, by who "
    "really drives. Nothing about passengers.",
)
def read_shifts(
    office: OfficeHere,
    region: RegionHere,
    driver: Annotated[str, Path(max_length=64, examples=["f04"])],
    weeks: Annotated[int, Query(ge=1, le=53)] = 13,
) -> Response:
    """Read the shifts of a driver as a calendar."""
    return _file(rosters.calendar(office, region, driver, weeks=weeks), CALENDAR, "dienste.ics")


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
