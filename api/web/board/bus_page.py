"""One bus: how its seats can be arranged, and when it is away."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.errors import VehicleEditedError
from api.operations import vehicles
from api.operations.office import Office
from api.routes.dependencies import OfficeHere, RegionHere
from api.web.board.bus_form import HERE, KINDS, LABELS, SEATINGS, bus_values, read_bus
from api.web.board.bus_view import bus_view
from api.web.board.forms import fields_of, first_bad
from api.web.rendering import page
from data.errors import RefusedRowError
from data.fleet import KnownVehicle
from data.region import Region

router = APIRouter(
    prefix="/region/busse/{bus}", include_in_schema=False, dependencies=[needs(Role.DISPATCHER)]
)

_BESIDE = {"since": "ab", "until": "bis", "configurations": "sitze1", "remark": "bemerkung"}


async def _sent(request: Request) -> dict[str, str]:
    return fields_of(await request.form())


Sent = Annotated[dict[str, str], Depends(_sent)]


@router.get("")
def show(office: OfficeHere, region: RegionHere, bus: str) -> HTMLResponse:
    """Show the form, with what holds today."""
    known = vehicles.read(region, bus)
    return _form(office, region, known, bus_values(known, office.today(region)))


@router.post("")
def keep(office: OfficeHere, region: RegionHere, bus: str, sent: Sent) -> Response:
    """Keep what was typed; whoever was slower than somebody else sees what holds by now."""
    known = vehicles.read(region, bus)
    values = {name: sent.get(name, "") for name in LABELS}
    version = sent.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < 10 else -1
    change, wrong = read_bus(values, known, version=number, today=office.today(region))
    told, status = "", HTTPStatus.UNPROCESSABLE_ENTITY
    if change is not None:
        try:
            vehicles.change(office, region, change)
        except RefusedRowError as error:
            wrong = {_BESIDE[each.field]: each.message for each in error.rejected}
        except VehicleEditedError as error:
            told, known, status = str(error), error.bus, HTTPStatus.CONFLICT
        else:
            return RedirectResponse(f"/region?bus={quote(bus)}", HTTPStatus.SEE_OTHER)
    return _form(office, region, known, values, wrong=wrong, told=told, status=status)


def _form(
    office: Office,
    region: Region,
    known: KnownVehicle,
    values: dict[str, str],
    *,
    wrong: dict[str, str] | None = None,
    told: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    return page(
        "bus_form.html",
        region,
        status=status,
        bus=bus_view(region, known, office.today(region)),
        values=values,
        wrong=wrong or {},
        labels=LABELS,
        kinds=KINDS,
        seatings=SEATINGS,
        here=HERE,
        focus=first_bad(LABELS, wrong or {}) or "art",
        version=vehicles.version_of(known),
        told=told,
    )
