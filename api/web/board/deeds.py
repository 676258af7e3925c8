"""What is done to a whole day: planning it, publishing a version; and whether it is as it was."""

import re
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse

from api.doors.entrance import needs, unattended
from api.doors.roles import Role
from api.operations import publishing, solving
from api.routes.dependencies import OfficeHere, RegionHere
from api.web.board.day import solving_of, state_of
from api.web.board.forms import fields_of
from api.web.rendering import page
from data.cells import FIRST_DAY, LAST_DAY

router = APIRouter(
    prefix="/tage/{day}", include_in_schema=False, dependencies=[needs(Role.DISPATCHER)]
)


async def _sent(request: Request) -> dict[str, str]:
    return fields_of(await request.form())


Sent = Annotated[dict[str, str], Depends(_sent)]
DayOfRides = Annotated[date, Path(ge=FIRST_DAY, le=LAST_DAY)]

_NUMBER = re.compile("[0-9]{1,9}")  # of a version; a database knows no longer ones


@router.post("/veroeffentlichen")
def publish(office: OfficeHere, region: RegionHere, day: date, sent: Sent) -> RedirectResponse:
    """Publish the version that was looked at."""
    version = sent.get("version", "")
    publishing.publish(office, region, day, int(version) if _NUMBER.fullmatch(version) else 0)
    return RedirectResponse(f"/tage/{day}", HTTPStatus.SEE_OTHER)


@router.post("/planen")
def plan(office: OfficeHere, region: RegionHere, day: DayOfRides) -> RedirectResponse:
    """Have the day planned anew; the page shows how far that is."""
    solving.begin(office, region, day)
    return RedirectResponse(f"/tage/{day}", HTTPStatus.SEE_OTHER)


@router.post("/anhalten")
def stop(office: OfficeHere, region: RegionHere, day: date) -> RedirectResponse:
    """Keep the best plan so far, if one is being made."""
    solving.stop_day(office, region, day)
    return RedirectResponse(f"/tage/{day}", HTTPStatus.SEE_OTHER)


@router.get("/berechnung")
@unattended
def look(office: OfficeHere, region: RegionHere, day: date) -> HTMLResponse:
    """Show how far the plan of a day is: a piece of its page."""
    return page("solving_state.html", region, solving=solving_of(office, region, day))


@router.get("/stand")
@unattended
def state(office: OfficeHere, region: RegionHere, day: date) -> JSONResponse:
    """Tell whether anything is different from what a page shows."""
    return JSONResponse({"stand": state_of(office, region, day)})
