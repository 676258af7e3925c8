"""Whom the dispatchers have told what a version does with them: noted with one click."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Header
from starlette.responses import RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import informed
from api.routes.dependencies import OfficeHere, RegionHere

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER)])


@router.post("/tage/{day}/bescheid/{request}")
def note(
    office: OfficeHere,
    region: RegionHere,
    day: date,
    request: str,
    version: Annotated[int, Form(ge=1, le=2**31 - 1)],
    nicht: Annotated[Literal["", "ja"], Form()] = "",
    weiter: Annotated[Literal["geschehen", "stand-titel"], Form()] = "stand-titel",
    x_here: Annotated[str, Header()] = "",
) -> Response:
    """Keep that somebody was told, or was not after all; a script stays on the page (*x_here*)."""
    if nicht:
        informed.take_back(office, region, day, request)
    else:
        informed.note(office, region, day, request, version)
    if x_here:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return RedirectResponse(f"/tage/{day}#{weiter}", HTTPStatus.SEE_OTHER)
