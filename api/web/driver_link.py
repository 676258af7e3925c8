"""Where the code on a Tourenblatt leads: the PIN is asked for, then the sheet is shown."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors import cookies
from api.doors.entrance import OfficeHere, VisitHere, public, speaks
from api.doors.errors import SignInError, TooManyAttemptsError
from api.doors.roles import Caller, Link
from api.operations import links, publishing
from api.operations.office import Office
from api.sheets import tourenblatt_html
from api.sheets.wording import full_date
from api.web.rendering import page

router = APIRouter(include_in_schema=False)


async def driver_of(request: Request, office: OfficeHere, visit: VisitHere) -> Caller | None:
    """Tell which driver has come by a link with this browser before, and note it for the audit."""
    secret = cookies.read(request, visit, cookies.LINK)
    if secret is None:
        return None
    caller = await run_in_threadpool(links.recognise, office, secret)
    if caller is not None:
        speaks(request, caller)
    return caller


DriverHere = Annotated[Caller | None, Depends(driver_of)]


@router.get("/fahrt/{token}")
@public
def show(office: OfficeHere, driver: DriverHere, token: str) -> HTMLResponse:
    """Show the sheet of the one shift that the link opens, or ask for the PIN."""
    link = links.read(office, token)
    if driver is None or driver.link != link:
        return _ask(office, token, link)
    region = office.region(link.region)
    sheet = publishing.held_sheet(office, region, link.day, link.shift)
    return HTMLResponse(tourenblatt_html(sheet.manifest, chart=sheet.chart))


@router.post("/fahrt/{token}")
@public
def enter(
    office: OfficeHere, visit: VisitHere, token: str, pin: Annotated[str, Form()] = ""
) -> Response:
    """Let a driver in."""
    try:
        secret = links.open_with(office, token, pin, visit)
    except (SignInError, TooManyAttemptsError) as error:
        return _ask(office, token, links.read(office, token), error)
    response = RedirectResponse(f"/fahrt/{token}", status_code=HTTPStatus.SEE_OTHER)
    cookies.give(response, visit, cookies.LINK, secret)
    return response


def _ask(
    office: Office,
    token: str,
    link: Link,
    error: SignInError | TooManyAttemptsError | None = None,
) -> HTMLResponse:
    region = office.region(link.region)
    status = HTTPStatus.OK if error is None else HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(error, TooManyAttemptsError):
        status = HTTPStatus.TOO_MANY_REQUESTS
    return page(
        "pin.html",
        region,
        status=status,
        token=token,
        day=full_date(link.day),
        shift=region.shift_label(link.shift),
        wrong=str(error or ""),
    )
