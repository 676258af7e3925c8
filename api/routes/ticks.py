"""What drivers mark on the way, and what has become of the trips of a day."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.doors.entrance import CallerHere, needs
from api.doors.errors import ForbiddenError
from api.doors.roles import Role
from api.operations import ticking
from api.problems import documented
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.routes.once import OnceRoute
from api.schemas.ticks import (
    ReceivedView,
    RequestStateView,
    TicksBody,
    TickView,
    received_view,
    state_view,
    tick_view,
)
from scheduler.model import ShiftId

router = APIRouter(
    prefix="/days/{date}",
    tags=["days"],
    route_class=OnceRoute,
    dependencies=[needs(Role.DISPATCHER, Role.DRIVER, own_shift=True)],
)


def own_shift(caller: CallerHere, region: RegionHere, date: DayOfPath) -> ShiftId | None:
    """
    Give the one shift that is open to a driver; None for dispatchers, to whom all are.

    Raises
    ------
    ForbiddenError
        If it is of another day or region.
    """
    if Role.DISPATCHER in caller.roles_in(region.name):
        return None
    link = caller.link
    if link is None or (link.region, link.day) != (region.name, date):
        raise ForbiddenError
    return link.shift


OwnShift = Annotated[ShiftId | None, Depends(own_shift)]


@router.post(
    "/ticks",
    responses=documented(400, 403, 404, 422),
    summary="Mark what happened: the bus is there, somebody is aboard, brought, or not there",
    description="Several at once, each kept or refused by itself: a telephone sends what it has "
    "collected. The same key is kept once. A wrong mark is corrected by a later one.",
)
def mark(
    office: OfficeHere, region: RegionHere, date: DayOfPath, body: TicksBody, own: OwnShift
) -> list[ReceivedView]:
    """Mark what happened."""
    told = [each.told() for each in body.ticks]
    received = ticking.mark(office, region, date, told, own=own, sent=body.sent)
    return [received_view(each) for each in received]


@router.get(
    "/ticks",
    responses=documented(403, 404, 422),
    summary="List what was marked on a day, in that order; a driver sees their own shift",
)
def list_marks(
    office: OfficeHere, region: RegionHere, date: DayOfPath, own: OwnShift
) -> list[TickView]:
    """List what was marked on a day."""
    return [tick_view(each) for each in ticking.read_marks(office, region, date, shift=own)]


@router.get(
    "/states",
    responses=documented(403, 404, 422),
    summary="Tell what has become of each request and trip of a day",
    description="By how requests ended, what is promised, the newest plan, and what drivers "
    "marked. A driver sees the trips of their own shift.",
)
def list_states(
    office: OfficeHere, region: RegionHere, date: DayOfPath, own: OwnShift
) -> list[RequestStateView]:
    """Tell what has become of each request and trip of a day."""
    return [state_view(each) for each in ticking.read_states(office, region, date, shift=own)]
