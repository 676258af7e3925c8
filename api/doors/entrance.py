"""
The entrance of every route: who calls, and whether they may.

Nobody comes in unless a route says for whom it is open: with `needs`, or to all with `public`.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from api.doors import cookies
from api.doors.errors import (
    ForbiddenError,
    ForeignPageError,
    MustChangeError,
    UnauthorizedError,
)
from api.doors.roles import ANYBODY, STRANGER, Caller, Role, note_caller
from api.doors.visit import SAFE, Visit, is_foreign, visit_of
from api.observing.requests import template
from api.operations import links, signing_in, tokens
from api.operations.office import Office
from data.acting import Deed, act
from data.errors import NotKeptError
from data.region import Region

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

BY_ITSELF: Final = "x-unattended"  # what a page calls with while nobody does anything

NO_ACCOUNTS: Final = (
    "Noch hat niemand ein Konto. Auf dem Rechner, auf dem das Programm läuft, legt der Befehl "
    "„fahrten user add NAME“ das erste an."
)


def public(endpoint: Endpoint) -> Endpoint:
    """Open a route to everybody, whether they are signed in or not."""
    endpoint.__dict__["public"] = True
    return endpoint


def is_public(endpoint: object) -> bool:
    """Whether a route is open to everybody."""
    return bool(getattr(endpoint, "public", False))


def unattended(endpoint: Endpoint) -> Endpoint:
    """Say of a route that pages call it by themselves: it does not show that anybody is there."""
    endpoint.__dict__["unattended"] = True
    return endpoint


def _is_attended(request: Request) -> bool:
    """Whether a person has made this request, and not a page that looks for news by itself."""
    by_itself = getattr(request.scope["endpoint"], "unattended", False)
    return not by_itself and BY_ITSELF not in request.headers


def office_of(request: Request) -> Office:
    """Give the office that the application was made with."""
    office = request.app.state.office
    assert isinstance(office, Office)  # noqa: S101  (set by create_app)
    return office


OfficeHere = Annotated[Office, Depends(office_of)]


async def visit_here(request: Request, office: OfficeHere) -> Visit:
    """Find out how somebody came."""
    return visit_of(request, office.settings)


VisitHere = Annotated[Visit, Depends(visit_here)]


async def caller_of(request: Request, office: OfficeHere, visit: VisitHere) -> Caller:
    """
    Tell who calls, and note it for the audit; in a thread it would be noted for nobody.

    Where a route is open to everybody, everybody is a stranger: it says the same to all, and
    works without the database.
    """
    if is_public(request.scope["endpoint"]):
        return STRANGER
    return await recognised(request, office, visit)


CallerHere = Annotated[Caller, Depends(caller_of)]


async def driver_of(request: Request, office: OfficeHere, visit: VisitHere) -> Caller | None:
    """Tell which driver has come by a link with this browser before, whoever else uses it."""
    caller = await _driver(request, office, visit)
    if caller is not None:
        speaks(request, caller)
    return caller


DriverHere = Annotated[Caller | None, Depends(driver_of)]


async def recognised(request: Request, office: OfficeHere, visit: VisitHere) -> Caller:
    """Tell who calls, wherever it is."""
    known: Caller | None = getattr(request.state, "caller", None)
    if known is None:
        known = await _find_caller(request, office, visit)
        speaks(request, known)
    return known


def speaks(request: Request, caller: Caller) -> None:
    """Note who calls, for whatever this request does."""
    request.state.caller = caller
    note_caller(caller)
    act(Deed(caller.actor, _action(request)))


RecognisedHere = Annotated[Caller, Depends(recognised)]


async def enter(request: Request, office: OfficeHere, visit: VisitHere) -> None:
    """
    Let somebody in, or not; it stands before every route.

    Raises
    ------
    UnauthorizedError
        If nobody knows who calls, and the route is not open to everybody.
    ForeignPageError
        If a page of somebody else may have made the browser call.
    """
    act(Deed(STRANGER.actor, _action(request)))
    names = (cookies.SESSION, cookies.LINK)
    by_cookie = any(cookies.read(request, visit, name) is not None for name in names)
    if (
        request.method not in SAFE
        and _token(request) is None  # which no browser sends by itself
        and is_foreign(request, visit.host, office.settings.url, by_cookie=by_cookie)
    ):
        raise ForeignPageError
    if is_public(request.scope["endpoint"]):
        return
    if await caller_of(request, office, visit) is STRANGER:
        known = await run_in_threadpool(signing_in.has_accounts, office)
        raise UnauthorizedError if known else UnauthorizedError(NO_ACCOUNTS)


async def _find_caller(request: Request, office: Office, visit: Visit) -> Caller:
    token = _token(request)
    if token is not None:
        # Whoever shows something wrong is let in as nobody else.
        return await run_in_threadpool(tokens.recognise, office, token) or STRANGER
    driver = await _driver(request, office, visit)
    if driver is not None and _is_of(driver, request):
        return driver
    secret = cookies.read(request, visit, cookies.SESSION)
    if secret is not None:
        caller = await run_in_threadpool(
            signing_in.recognise, office, secret, attended=_is_attended(request)
        )
        if caller is not None:
            return caller
    if await run_in_threadpool(signing_in.is_open, office, visit):
        return ANYBODY
    return driver or STRANGER


async def _driver(request: Request, office: Office, visit: Visit) -> Caller | None:
    """Find who came by a link with this browser."""
    secret = cookies.read(request, visit, cookies.LINK)
    if secret is None:
        return None
    return await run_in_threadpool(links.recognise, office, secret)


def _is_of(driver: Caller, request: Request) -> bool:
    """Whether the very shift is asked for that a driver's link opens."""
    asked = request.path_params
    day, link = asked.get("date", asked.get("day")), driver.link
    return link is not None and (day, asked.get("shift")) == (str(link.day), link.shift)


def _token(request: Request) -> str | None:
    """What a machine shows; other kinds of `Authorization` are meant for a proxy."""
    kind, _, shown = request.headers.get("authorization", "").partition(" ")
    return shown.strip() if kind.lower() == "bearer" else None


def _action(request: Request) -> str:
    return f"{request.method} {template(request.scope)}"


def region_of(
    request: Request,
    office: OfficeHere,
    caller: CallerHere,
    region: Annotated[
        str | None,
        Query(
            max_length=64,
            description="Name of the region; without it the one of the settings, if it is open "
            "to the caller, or else one that is.",
            examples=["kalletal"],
        ),
    ] = None,
) -> Region:
    """
    Give the region that is asked about; to whoever has no role in it, there is no such region.

    Raises
    ------
    NotKeptError
        If there is none of this name.
    ForbiddenError
        If the caller has no role anywhere, or has to change the password first.
    """
    if is_public(request.scope["endpoint"]):
        return office.region(region)
    if caller.must_change:
        raise MustChangeError
    if region is None:
        return office.region(own_region(caller, office.settings.region))
    if not caller.roles_in(region):
        known = ", ".join(caller.regions) or "keine"
        msg = f"Eine Region „{region}“ gibt es für Sie nicht. Bekannt sind: {known}."
        raise NotKeptError(msg)
    return office.region(region)


def own_region(caller: Caller, usual: str) -> str:
    """
    Name the region that somebody means who names none.

    That is the one that they chose, the *usual* one, or any, in which they have a role.

    Raises
    ------
    ForbiddenError
        If they have a role nowhere.
    """
    for name in (caller.chosen, usual, *caller.regions):
        if name in caller.regions or (name and name == caller.chosen and caller.everywhere):
            return name
    if caller.everywhere:
        return usual
    raise ForbiddenError


RegionHere = Annotated[Region, Depends(region_of)]


def needs(*roles: Role, own_shift: bool = False, by_link: bool = False) -> Any:
    """
    Give the dependency of a route that is open to callers with one of *roles* in its region.

    To a driver who came by a link, it is open only if its path names their day and their shift;
    with *own_shift* the route itself sees to the shift. With *by_link* it is open to those drivers
    beside *roles*, and not to drivers with an account, who have no shift of their own.
    """

    async def may(request: Request, caller: CallerHere, region: RegionHere) -> None:
        open_to = {*roles, Role.DRIVER} if by_link and caller.link is not None else roles
        if caller.roles_in(region.name).isdisjoint(open_to):
            raise ForbiddenError
        if caller.link is not None:
            asked = request.path_params
            own_day = asked.get("date", asked.get("day")) == str(caller.link.day)
            if not (_is_of(caller, request) or (own_shift and own_day)):
                raise ForbiddenError

    return Depends(may)
