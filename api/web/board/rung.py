"""Whom the dispatchers have rung about a version: noted with one click, and taken back with one."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import rung
from api.routes.dependencies import OfficeHere, RegionHere

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER)])


@router.post("/tage/{day}/angerufen/{request}")
def note(
    office: OfficeHere,
    region: RegionHere,
    day: date,
    request: str,
    version: Annotated[int, Form(ge=1, le=2**31 - 1)],
    *,
    nicht: Annotated[Literal["", "ja"], Form()] = "",
    weiter: Annotated[Literal["geschehen", "stand-titel"], Form()] = "stand-titel",
) -> RedirectResponse:
    """Keep that somebody was rung about a version, or that they were not after all."""
    keep = rung.take_back if nicht else rung.note
    keep(office, region, day, request, version)
    return RedirectResponse(f"/tage/{day}#{weiter}", HTTPStatus.SEE_OTHER)
