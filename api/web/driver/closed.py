"""What a driver reads to whom a tour is closed: which code to open again, and whom to ring."""

import re
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.doors import cookies
from api.doors.entrance import office_of
from api.doors.errors import ForbiddenError, ForeignPageError, UnauthorizedError
from api.doors.roles import STRANGER
from api.doors.visit import visit_of
from api.operations import links
from api.web.onward import sign_in_address
from api.web.rendering import message

_TOUR: Final = re.compile(r"/fahrer/[0-9-]{10}/[^/]+(/melden)?")
_TEXT: Final = (
    "Diese Tour ist hier nicht offen: Der Tag ist vorbei, es gibt einen neuen Code, oder der "
    "zuletzt geöffnete Code ist der eines anderen Dienstes. Bitte den Code auf dem Tourenblatt "
    "noch einmal abfotografieren und die PIN darunter eintippen."
)
_WAITING: Final = "Was auf diesem Telefon noch auf Empfang wartet, geht danach von selbst hinaus."
_NOT_KEPT: Final = "Die letzte Meldung ist nicht gespeichert; bitte danach noch einmal drücken."


def is_closed_tour(request: Request, error: Exception) -> bool:
    """Whether this is the page of a tour, which is not open to whoever came without an account."""
    if not _TOUR.fullmatch(request.url.path) or isinstance(error, ForeignPageError):
        return False
    by_link = getattr(request.state, "caller", STRANGER).link is not None
    return isinstance(error, UnauthorizedError) or (isinstance(error, ForbiddenError) and by_link)


def closed_tour(request: Request, status: HTTPStatus) -> HTMLResponse:
    """Say so; whoever has an account signs in instead."""
    office = office_of(request)
    secret = cookies.read(request, visit_of(request, office.settings), cookies.LINK)
    more = _WAITING if request.method == "GET" else _NOT_KEPT
    ways = [(sign_in_address(request), "Mit eigenem Konto anmelden")]
    return message(
        "QR-Code noch einmal öffnen",
        f"{_TEXT} {more}",
        region=links.region_of_opened(office, secret),
        status=status,
        call=True,
        ways=ways if request.method == "GET" else [],
        back=request.method == "GET",
    )
