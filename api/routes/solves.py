"""Solves: have a day planned in the background, see how far that is, and stop it."""

import re
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Body, Depends, Header, Path, Request, Response
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from api.doors.entrance import needs, unattended
from api.doors.roles import Role
from api.operations import listening, solving
from api.operations.listening import Glances
from api.problems import documented
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.routes.once import OnceRoute
from api.schemas.plans import PlanBody
from api.schemas.solves import SolveView, solve_view
from data.solves import Solve

router = APIRouter(
    tags=["solves"],
    route_class=OnceRoute,
    dependencies=[needs(Role.DISPATCHER, Role.PLANNER)],
)

_ID: Final = re.compile("[0-9]{1,9}", re.ASCII)
_RETRY_MILLISECONDS = 1_000  # after so long a browser comes back when the line breaks


def _glances(request: Request) -> Glances:
    glances: Glances = request.app.state.glances
    return glances


GlancesHere = Annotated[Glances, Depends(_glances)]
_EVENT = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "event": {"enum": ["progress", "done", "failed", "stopped"]},
        "id": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}

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


@router.get(
    "/solves/{solve}/events",
    responses={
        200: {
            "description": "Server-sent events until the solve has ended, or the service does",
            "content": {"text/event-stream": {"schema": _EVENT}},
        },
        204: {"description": "All has been told by the event in Last-Event-ID"},
        **documented(404, 422),
    },
    response_class=Response,
    summary="Follow a solve as it goes on",
    description="Each event has the whole document of the solve as its data, and its *step* as its "
    "id. They are called `progress`, and the last one `done`, `failed` or `stopped`. Whoever comes "
    "back with `Last-Event-ID` gets what is new since.",
)
@unattended
async def follow(
    glances: GlancesHere,
    region: RegionHere,
    solve: SolveOfPath,
    last_event_id: Annotated[
        str | None, Header(max_length=20, description="The id of the event that was seen last.")
    ] = None,
) -> Response:
    """Follow a solve as it goes on."""
    now = await glances.look(region, solve)
    after = int(last_event_id) if last_event_id and _ID.fullmatch(last_event_id) else None
    if after == now.step and not now.open:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return EventSourceResponse(_events(listening.follow(glances, region, solve, after=after)))


async def _events(seen: AsyncIterator[Solve | None]) -> AsyncIterator[bytes]:
    yield format_sse_event(retry=_RETRY_MILLISECONDS)
    async for each in seen:
        if each is None:
            yield KEEPALIVE_COMMENT
        else:
            yield format_sse_event(
                event="progress" if each.open else each.state.value,
                data_str=solve_view(each).model_dump_json(),
                id=str(each.step),
            )


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
