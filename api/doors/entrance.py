"""The entrance of every route: who calls, and whether they may."""

from typing import Annotated, Any

from fastapi import Depends, Request

from api.doors.roles import ANYBODY, Caller, Role
from api.errors import ForbiddenError
from api.observing.requests import template
from data.acting import Deed, act


async def caller_of(request: Request) -> Caller:
    """Tell who calls, and note it for the audit; in a thread it would be noted for nobody."""
    act(Deed(ANYBODY.actor, f"{request.method} {template(request.scope)}"))
    return ANYBODY


CallerHere = Annotated[Caller, Depends(caller_of)]


def needs(*roles: Role) -> Any:
    """Give the dependency of a route that is open to callers with one of *roles*."""

    async def may(caller: CallerHere) -> None:
        if caller.roles.isdisjoint(roles):
            raise ForbiddenError

    return Depends(may)
