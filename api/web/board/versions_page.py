"""All versions of a day's plan: a list, and each of them to look at and to print as it was."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.errors import OutdatedPlanError
from api.operations import amending, planning, publishing, sheets
from api.operations.days import PlannedDay
from api.operations.office import Office
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.sheets import tourenblatt_pdf
from api.sheets.wording import full_date
from api.web.board.concerned_view import ConcernedView, concerned, newly_told
from api.web.board.timeline import timeline
from api.web.board.version_view import VersionView, version_views
from api.web.happenings import happened_views, known_of
from api.web.rendering import page, pdf
from api.web.views import day_view
from data.region import Region

router = APIRouter(
    prefix="/tage/{day}/versionen", include_in_schema=False, dependencies=[needs(Role.DISPATCHER)]
)

VersionOfPath = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
def list_versions(office: OfficeHere, region: RegionHere, day: DayOfPath) -> HTMLResponse:
    """List all versions of a day, the newest first."""
    return page(
        "versions.html",
        region,
        day=day,
        title=full_date(day),
        versions=_views(office, region, day),
    )


@router.get("/{version}")
def show_version(
    office: OfficeHere, region: RegionHere, day: DayOfPath, version: VersionOfPath
) -> HTMLResponse:
    """Show one version with its tours, as it was; nothing can be changed there."""
    publishing.read_document(office, region, day, version)
    views = _views(office, region, day)
    planned: PlannedDay | None = None
    outdated = ""
    try:
        planned = planning.read_plan(office, region, day, version, as_published=True)
        outdated = planned.outdated
    except OutdatedPlanError as error:
        outdated = str(error)
    printed = office.local(region)
    return page(
        "version.html",
        region,
        date=day,
        title=full_date(day),
        version=next(each for each in views if each.number == version),
        outdated=outdated,
        day=day_view(
            planned,
            [
                sheets.manifest(planned, route.shift, printed=printed)
                for route in planned.plan.routes
            ],
        )
        if planned
        else None,
        timeline=timeline(planned) if planned else None,
        concerned=_concerned(office, planned) if planned and planned.published else None,
        sheets=f"/tage/{day}/versionen/{version}/tourenblatt",
    )


@router.get("/{version}/tourenblatt/{shift}.pdf")
def print_sheet(
    office: OfficeHere, region: RegionHere, day: DayOfPath, version: VersionOfPath, shift: str
) -> Response:
    """Print the Tourenblatt of one shift as it was by a version."""
    sheet = sheets.read_sheet(office, region, day, shift, version=version)
    return pdf(
        tourenblatt_pdf(sheet.manifest, chart=sheet.chart, code=sheet.code),
        f"tourenblatt-{day}-version-{version}.pdf",
    )


def _concerned(office: Office, planned: PlannedDay) -> ConcernedView | None:
    """Whom it concerned that a version was published, all of them: whoever looks here looks up."""
    day = planned.plan.date
    try:
        found = publishing.changes_of(office, planned.region, day, planned.version or 0)
    except OutdatedPlanError:
        return None
    known = known_of(planned, 0)
    return concerned(office, found, known) if found else newly_told(office, planned, known)


def _views(office: Office, region: Region, day: DayOfPath) -> list[VersionView]:
    versions = publishing.list_versions(office, region, day)
    try:
        newest = planning.read_plan(office, region, day, as_published=True)
    except OutdatedPlanError:
        # Of what happened, only the kind is known without the people and shifts of the plan.
        told = {}
    else:
        happened = happened_views(amending.happened(office, region, day), newest)
        told = {each.version: each.what for each in happened}
    return version_views(office, region, versions, told)
