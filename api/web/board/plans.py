"""Buttons of the day's page: have the plan made, and have that stopped."""

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import solving
from api.routes.dependencies import OfficeHere, RegionHere
from api.web.rendering import page
from api.web.solving import solving_view

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER, Role.PLANNER)])


@router.post("/tage/{day}/berechnen")
def begin(office: OfficeHere, region: RegionHere, day: date) -> RedirectResponse:
    """Have the plan of a day made."""
    solving.ask(office, region, day)
    return RedirectResponse(f"/tage/{day}#berechnung", HTTPStatus.SEE_OTHER)


@router.post("/tage/{day}/anhalten")
def stop(office: OfficeHere, region: RegionHere, day: date) -> RedirectResponse:
    """Keep the best plan so far, if one is being made."""
    for solve in solving.of_day(office, region, day)[:1]:
        solving.stop(office, region, solve.id)
    return RedirectResponse(f"/tage/{day}#berechnung", HTTPStatus.SEE_OTHER)


@router.get("/tage/{day}/berechnung")
def look(office: OfficeHere, region: RegionHere, day: date) -> HTMLResponse:
    """Show how far the plan of a day is: the piece of its page."""
    newest = solving.of_day(office, region, day)[:1]
    view = solving_view(newest[0]) if newest else None
    return page("solving_state.html", region, solving=view)
