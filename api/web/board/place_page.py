"""One place: when it is open and how it is reached, as a form that nobody needs a syntax for."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.errors import PlaceEditedError
from api.operations import places
from api.operations.office import Office
from api.routes.dependencies import OfficeHere, RegionHere
from api.web.board.forms import fields_of, first_bad
from api.web.board.place_form import (
    CLOSED,
    HOLIDAYS,
    KINDS,
    LABELS,
    WEEK,
    place_values,
    read_place,
)
from api.web.rendering import page
from data.errors import RefusedRowError
from data.opening_week import read_week
from data.places import PlaceChange
from data.region import Region

router = APIRouter(
    prefix="/region/orte/{place}", include_in_schema=False, dependencies=[needs(Role.DISPATCHER)]
)

_BESIDE = {"phone": "telefon", "opening_hours": "genau"}


async def _sent(request: Request) -> dict[str, str]:
    return fields_of(await request.form())


Sent = Annotated[dict[str, str], Depends(_sent)]


@router.get("")
def show(office: OfficeHere, region: RegionHere, place: str) -> HTMLResponse:
    """Show the form, with what holds now."""
    places.read(region, place)
    change = region.place_change(place)
    return _form(region, change, _values(office, region, change))


@router.post("")
def keep(office: OfficeHere, region: RegionHere, place: str, sent: Sent) -> Response:
    """Keep what was typed; whoever was slower than somebody else sees both."""
    places.read(region, place)
    holds = region.place_change(place)
    values = {name: sent.get(name, "") for name in LABELS}
    version = sent.get("version", "")
    hours, wrong = read_place(values, today=office.today(region))
    told, theirs, status = "", None, HTTPStatus.UNPROCESSABLE_ENTITY
    if not wrong:
        try:
            places.change(
                office,
                region,
                place,
                opening_hours=hours,
                phone=values["telefon"],
                version=int(version) if version.isdecimal() and len(version) < 10 else -1,
            )
        except RefusedRowError as error:
            wrong = {_BESIDE[each.field]: each.message for each in error.rejected}
        except PlaceEditedError as error:
            told, holds, status = str(error), error.change, HTTPStatus.CONFLICT
            theirs = _values(office, region, holds)
        else:
            return RedirectResponse(f"/region?getan={quote(place)}", HTTPStatus.SEE_OTHER)
    return _form(region, holds, values, wrong=wrong, told=told, theirs=theirs, status=status)


def _values(office: Office, region: Region, change: PlaceChange) -> dict[str, str]:
    hours, today = change.opening_hours, office.today(region)
    week = read_week(hours, country=region.country, land=region.land, today=today)
    return place_values(change, week)


def _form(
    region: Region,
    holds: PlaceChange,
    values: dict[str, str],
    *,
    wrong: dict[str, str] | None = None,
    told: str = "",
    theirs: dict[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    return page(
        "place_form.html",
        region,
        status=status,
        place=places.read(region, holds.place),
        values=values,
        theirs=theirs,
        wrong=wrong or {},
        labels=LABELS,
        kinds=KINDS,
        week=WEEK,
        holidays=HOLIDAYS,
        closed=CLOSED,
        focus=first_bad(LABELS, wrong or {}) or "art",
        version=holds.version,
        told=told,
    )
