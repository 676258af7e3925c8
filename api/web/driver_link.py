"""Where the code on a Tourenblatt leads: the PIN is asked for, then the sheet is shown."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors import cookies
from api.doors.entrance import DriverHere, OfficeHere, VisitHere, public
from api.doors.errors import SignInError, TooManyAttemptsError
from api.doors.roles import Link
from api.operations import links, publishing, sheets
from api.operations.office import Office
from api.sheets import tourenblatt_html
from api.sheets.wording import full_date
from api.web.errors import wants_page
from api.web.rendering import message, page
from data.errors import NotKeptError

router = APIRouter(include_in_schema=False)


Printed = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@router.get("/fahrt/{token}")
@public
def show(
    request: Request, office: OfficeHere, driver: DriverHere, token: str, v: Printed = None
) -> Response:
    """
    Lead a driver to the page of the one shift that the link opens, or ask for the PIN.

    As long as nothing is published, the sheet itself is shown. *v* is the version on paper.
    """
    try:
        link = links.read(office, token)
    except NotKeptError as gone:
        return _gone(request, office, token, gone)
    if driver is None or driver.link != link:
        return _ask(office, token, link, v)
    region = office.region(link.region)
    if publishing.read_published(office, region, link.day) is None:
        sheet = sheets.read_sheet(office, region, link.day, link.shift)
        return HTMLResponse(tourenblatt_html(sheet.manifest, chart=sheet.chart))
    where = f"/fahrer/{link.day}/{quote(link.shift, safe='')}{_query(v)}"
    return RedirectResponse(where, status_code=HTTPStatus.SEE_OTHER)


@router.post("/fahrt/{token}")
@public
def enter(
    request: Request,
    office: OfficeHere,
    visit: VisitHere,
    token: str,
    pin: Annotated[str, Form()] = "",
    v: Printed = None,
) -> Response:
    """Let a driver in."""
    try:
        opened = links.open_with(office, token, pin, visit)
    except NotKeptError as gone:
        return _gone(request, office, token, gone)
    except (SignInError, TooManyAttemptsError) as error:
        return _ask(office, token, links.read(office, token), v, error)
    response = RedirectResponse(f"/fahrt/{token}{_query(v)}", status_code=HTTPStatus.SEE_OTHER)
    cookies.give(response, visit, cookies.LINK, opened.secret, seconds=opened.seconds)
    return response


def _gone(request: Request, office: Office, token: str, gone: NotKeptError) -> HTMLResponse:
    """Say whom to ring; a program learns of it as of anything else that there is not."""
    if not wants_page(request):
        raise gone
    return message(
        "Dieser Link öffnet nichts",
        str(gone),
        region=links.region_of(office, token),
        status=HTTPStatus.NOT_FOUND,
        call=True,
        back=False,
    )


def _ask(
    office: Office,
    token: str,
    link: Link,
    printed: int | None,
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
        address=f"/fahrt/{token}{_query(printed)}",
        day=full_date(link.day),
        shift=region.shift_label(link.shift),
        wrong=str(error or ""),
    )


def _query(printed: int | None) -> str:
    return "" if printed is None else f"?v={printed}"
