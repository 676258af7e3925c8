"""What happens on the day itself: each event makes a new version of the plan."""

from http import HTTPStatus

from fastapi import APIRouter

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import amending, taking_back
from api.problems import documented
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.routes.once import OnceRoute
from api.schemas.events import (
    AmendedView,
    AmendmentView,
    EventBody,
    TakeBackBody,
    amended_view,
    amendment_view,
)
from scheduler.clock import clock

router = APIRouter(
    prefix="/days/{date}/events",
    tags=["days"],
    route_class=OnceRoute,
    dependencies=[needs(Role.DISPATCHER)],
)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=documented(400, 404, 409, 422),
    summary="Say what happened, and have the rest of the day planned anew",
    description="What is driven stays as it was. All promises are kept; where that is no longer "
    "possible, *ring* says whose is broken and by how much. When the answer is there, the new "
    "version is on the disk.",
)
def amend(
    office: OfficeHere, region: RegionHere, date: DayOfPath, body: EventBody
) -> AmendmentView:
    """Say what happened, and have the rest of the day planned anew."""
    amended, changes = amending.amend(
        office,
        region,
        date,
        body.event(region.policy),
        at=None if body.at is None else clock(body.at),
    )
    return amendment_view(amended, changes)


@router.post(
    "/take-back",
    status_code=HTTPStatus.CREATED,
    responses=documented(400, 404, 409, 422),
    summary="Take the last report back: the plan before it holds again",
    description="The very plan that held before *version* becomes the newest one, and whoever was "
    "taken out rides again as promised. Refused once a bus has done something because of the "
    "report. *rung* are those whom the report said to ring: they have to be told once more.",
)
def take_back(
    office: OfficeHere, region: RegionHere, date: DayOfPath, body: TakeBackBody
) -> AmendmentView:
    """Take the last report back."""
    return amendment_view(*taking_back.take_back(office, region, date, body.version))


@router.get("", responses=documented(404, 422), summary="List what happened on a day")
def list_events(office: OfficeHere, region: RegionHere, date: DayOfPath) -> list[AmendedView]:
    """List what happened on a day."""
    return [amended_view(each) for each in amending.happened(office, region, date)]
