"""The pages: the day with its figures, tours and map, and the Tourenblätter."""

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from api.doors.entrance import CallerHere, needs, unattended
from api.doors.roles import Role
from api.operations import changes, planning, sheets
from api.operations.office import Office
from api.routes.dependencies import OfficeHere, RegionHere
from api.sheets import aenderungsblatt_pdf, tourenblatt_html, tourenblatt_pdf
from api.sheets.wording import full_date
from api.web.board import day as board
from api.web.dates import UnreadableDateError, read_day
from api.web.map import ground_geojson, routes_geojson
from api.web.rendering import message, pdf
from api.web.tours import map_routes
from api.web.views import switch
from data.places import village_points
from data.region import Region

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER)])
home = APIRouter(include_in_schema=False, dependencies=[needs(*Role)])

_RECENT = 20
# The address changes with the roads; villages may be renamed, so not for longer than a day.
_FOR_A_DAY = {"Cache-Control": "private, max-age=86400"}


@home.get("/")
def first_page(office: OfficeHere, region: RegionHere, caller: CallerHere) -> Response:
    """Show what whoever signs in works with: the day, or the room that is theirs."""
    roles = caller.roles_in(region.name)
    if Role.DISPATCHER not in roles:
        first = next(path for role, path in _FIRST if role in roles)
        return RedirectResponse(first, HTTPStatus.SEE_OTHER)
    known = planning.known_days(office, region)
    if not known:
        return _days(office, region, "Noch ist nichts gewünscht und nichts geplant", _HOW_TO_BEGIN)
    today = office.today(region)
    return board.show_day(office, region, min((d for d in known if d >= today), default=known[0]))


_HOW_TO_BEGIN = (
    "Der erste Fahrtwunsch kommt unter „Anruf“ herein. Zum Ausprobieren plant der Befehl "
    "„fahrten sample-day“ einen Beispieltag; danach diese Seite neu laden."
)
_FIRST = (
    (Role.PLANNER, "/zahlen"),
    (Role.DRIVER, "/fahrer"),
    (Role.ADMINISTRATOR, "/konto"),
)


@router.get("/tage")
def choose_day(office: OfficeHere, region: RegionHere, datum: str | None = None) -> Response:
    """List the days that are known, or go to the one that was typed."""
    if datum is None:
        return _days(office, region, "Tage", _WHICH_DAYS)
    try:
        day = read_day(datum, today=office.today(region))
    except UnreadableDateError as error:
        return _days(
            office,
            region,
            "Welcher Tag?",
            "Bitte den Tag noch einmal eingeben.",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            typed=datum,
            wrong=str(error),
        )
    return RedirectResponse(f"/tage/{day}", status_code=HTTPStatus.SEE_OTHER)


_WHICH_DAYS = "Hier stehen die Tage, für die es einen Plan oder Fahrtwünsche gibt."


@router.get("/tage/{day}")
def show_day(office: OfficeHere, region: RegionHere, day: date) -> HTMLResponse:
    """Show one day."""
    return board.show_day(office, region, day)


@router.get("/tage/{day}/karte.json")
@unattended
def show_routes(office: OfficeHere, region: RegionHere, day: date) -> JSONResponse:
    """Draw the tours of a day."""
    planned = planning.read_plan(office, region, day, as_published=True)
    return JSONResponse(routes_geojson(map_routes(planned, office.roads(planned.region))))


@router.get("/karte/grund.json")
@unattended
def show_ground(region: RegionHere) -> JSONResponse:
    """Draw roads and villages of the region; the address changes with the roads."""
    ground = ground_geojson(region.network.roads(), village_points(region.addresses))
    return JSONResponse(ground, headers=_FOR_A_DAY)


@router.get("/tage/{day}/tourenblatt/{shift}.pdf")
def print_sheet(office: OfficeHere, region: RegionHere, day: date, shift: str) -> Response:
    """Print the Tourenblatt of one shift."""
    sheet = sheets.read_sheet(office, region, day, shift)
    return pdf(
        tourenblatt_pdf(sheet.manifest, chart=sheet.chart, code=sheet.code),
        f"tourenblatt-{day}.pdf",
    )


@router.get("/tage/{day}/aenderungsblatt/{shift}.pdf")
def print_changes(office: OfficeHere, region: RegionHere, day: date, shift: str) -> Response:
    """Print what changes for the driver of one shift since the version before."""
    found = changes.read_changes(office, region, day)
    sheet = changes.change_sheet(found, shift, printed=office.local(region))
    return pdf(aenderungsblatt_pdf(sheet), f"aenderungsblatt-{day}.pdf")


@router.get("/tage/{day}/tourenblatt/{shift}")
def show_sheet(office: OfficeHere, region: RegionHere, day: date, shift: str) -> HTMLResponse:
    """Show the Tourenblatt of one shift."""
    sheet = sheets.read_sheet(office, region, day, shift)
    back = f"/tage/{day}"
    files = f"/api/v1/days/{day}/manifests/{shift}"
    html = tourenblatt_html(
        sheet.manifest,
        chart=sheet.chart,
        code=sheet.code,
        pdf=f"{back}/tourenblatt/{shift}.pdf",
        back=back,
        also={"Vorschau ohne Namen": f"{files}/preview", "Für das Navi (GPX)": f"{files}.gpx"},
    )
    return HTMLResponse(html)


def _days(
    office: Office,
    region: Region,
    title: str,
    text: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    typed: str = "",
    wrong: str = "",
) -> HTMLResponse:
    planned, today = set(planning.planned_days(office, region)), office.today(region)
    known = planning.known_days(office, region)
    return message(
        title,
        text,
        region=region,
        status=status,
        days=[
            (day, full_date(day), "" if day in planned else "noch nicht geplant")
            for day in known[:_RECENT]
        ],
        switch=switch(None, known, today=today),
        back=False,
        typed=typed,
        wrong=wrong,
    )
