"""Solves: have a day planned in the background, see how far that is, and stop it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Path, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import solving
from api.problems import documented
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.routes.once import OnceRoute
from api.schemas.plans import PlanBody
from api.schemas.solves import SolveView, solve_view

router = APIRouter(
    tags=["solves"],
    route_class=OnceRoute,
    dependencies=[needs(Role.DISPATCHER, Role.PLANNER)],
)

SolveOfPath = Annotated[str, Path(pattern="^s[0-9]{1,18}$", examples=["s17"])]


@router.post(
    "/days/{date}/solves",
    status_code=HTTPStatus.ACCEPTED,
    responses=documented(400, 404, 409, 422),
    summary="Have a day planned in the background",
    description="When the answer is there, the order is on the disk, and is carried out even if "
    "the service is killed meanwhile. If the day is being planned already, the answer is that "
    "solve, with the effort that was asked for first.",
)
def ask(
    office: OfficeHere,
    region: RegionHere,
    date: DayOfPath,
    response: Response,
    body: Annotated[PlanBody | None, Body()] = None,
) -> SolveView:
    """Have a day planned in the background."""
    effort = body or PlanBody()
    asked = solving.ask(office, region, date, seconds=effort.seconds, seed=effort.seed)
    response.headers["Location"] = f"/api/v1/solves/{asked.id}"
    return solve_view(asked)


@router.get(
    "/days/{date}/solves",
    responses=documented(404, 422),
    summary="List the solves of a day",
    description="The newest twenty, the newest first.",
)
def of_day(office: OfficeHere, region: RegionHere, date: DayOfPath) -> list[SolveView]:
    """List the solves of a day."""
    return [solve_view(each) for each in solving.of_day(office, region, date)]


@router.get("/solves/{solve}", responses=documented(404, 422), summary="Read how far a solve is")
def read(office: OfficeHere, region: RegionHere, solve: SolveOfPath) -> SolveView:
    """Read how far a solve is."""
    return solve_view(solving.read(office, region, solve))


@router.post(
    "/solves/{solve}/stop",
    status_code=HTTPStatus.ACCEPTED,
    responses=documented(404, 422),
    summary="End a solve early, and keep the best plan so far",
    description="The plan is there a moment later. One that nobody has begun with ends without. "
    "One that has ended stays as it is.",
)
def stop(office: OfficeHere, region: RegionHere, solve: SolveOfPath) -> SolveView:
    """End a solve early, and keep the best plan so far."""
    return solve_view(solving.stop(office, region, solve))
