"""What a person with a browser reads when something goes wrong: German, and with a way on."""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from inspect import isawaitable
from typing import TypeAlias
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.errors import MustChangeError, UnauthorizedError
from api.kinds import kind_of
from api.web.driver.closed import closed_tour, is_closed_tour
from api.web.onward import sign_in_address
from api.web.rendering import message, page

_TITLES = {
    HTTPStatus.UNAUTHORIZED: "Bitte anmelden",
    HTTPStatus.FORBIDDEN: "Das dürfen Sie mit diesem Konto nicht",
    HTTPStatus.NOT_FOUND: "Diese Seite gibt es nicht",
    HTTPStatus.METHOD_NOT_ALLOWED: "So lässt sich diese Seite nicht öffnen",
    HTTPStatus.CONFLICT: "Gerade nicht möglich",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Das ist nicht zu verstehen",
    HTTPStatus.TOO_MANY_REQUESTS: "Zu viele Versuche",
}
_FAULT = "Da ist etwas schiefgegangen"
_TEXTS = {
    HTTPStatus.NOT_FOUND: "Vielleicht ist die Adresse vertippt, oder der Tag ist nicht geplant.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Bitte den Weg über die Startseite nehmen.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Vielleicht ist die Adresse vertippt.",
}
_FAULT_TEXT = (
    "Der Fehler liegt am Programm, nicht an Ihnen. Er steht im Protokoll. "
    "Die gedruckten Tourenblätter gelten weiter."
)
_NOT_TAKEN = "Das ließ sich nicht annehmen"
_NOT_TAKEN_TEXT = (
    "Was ankam, war unvollständig, zu groß oder nicht zu lesen. Gespeichert ist davon nichts. "
    "Bitte die Seite neu öffnen und es noch einmal versuchen."
)
_SIGNED_OUT = (
    "Sie sind abgemeldet, und es ist nichts gespeichert. Bitte in einem neuen Fenster anmelden und "
    "danach diese Seite neu laden: Der Browser fragt, ob er noch einmal senden soll, und mit „ja“ "
    "geht nichts verloren, was Sie getippt haben."
)
Handler: TypeAlias = Callable[[Request, Exception], Response | Awaitable[Response]]

_PAGE_WANTED = re.compile(r"text/html|application/xhtml\+xml")


def wants_page(request: Request) -> bool:
    """Whether a browser asks for a page; under /api there are none."""
    return not request.url.path.startswith("/api/") and bool(
        _PAGE_WANTED.search(request.headers.get("accept", ""))
    )


def error_page(request: Request, status: int, text: str = "") -> HTMLResponse:
    """Say what went wrong; *text* is German, and without it the status decides."""
    known = HTTPStatus(status)
    ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    fallback = _TEXTS.get(known, _FAULT_TEXT if ours else _NOT_TAKEN_TEXT)
    title = _TITLES.get(known, _FAULT if ours else _NOT_TAKEN)
    return message(title, text or fallback, status=known, ways=ways_back(request))


# What lies above the pages and deeds of one thing; only pages that anybody can open again.
_ABOVE = (
    (re.compile(r"/fahrer/[0-9-]{10}/[^/]+(?=/)"), "Zur Tour"),
    (re.compile(r"/tage/[0-9-]{10}/abhilfe/[^/]+"), "Noch einmal: Was würde helfen?"),
    (re.compile(r"/tage/[0-9-]{10}(?=/)"), "Zum Tag"),
    (re.compile(r"/wuensche/[^/]+(?=/)"), "Zum Fahrtwunsch"),
    (re.compile(r"/fahrgaeste/[^/]+(?=/)"), "Zum Fahrgast"),
    (re.compile(r"/fahrgaeste(?=/)"), "Zu den Fahrgästen"),
    (re.compile(r"/serien/[^/]+(?=/)"), "Zur Serie"),
    (re.compile(r"/dienste/[0-9-]{10}/[^/]+"), "Zum Dienst"),
    (re.compile(r"/dienste(?=/)"), "Zu den Diensten"),
    (re.compile(r"/anruf(?=/)"), "Zum Anruf"),
    (re.compile(r"/konto(?=/)"), "Zum Konto"),
)


def ways_back(request: Request) -> list[tuple[str, str]]:
    """Say where one was before, by the address alone: a Referer may be missing, or foreign."""
    path = request.url.path
    found = [(quote(match[0]), label) for shape, label in _ABOVE if (match := shape.match(path))]
    return [each for each in found if each[0] != quote(path) or request.method == "POST"]


def install(app: FastAPI) -> None:
    """Answer browsers with pages where *app* would send documents; programs notice nothing."""
    for kind, document in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _page_or(document))


def _signed_out(document: Response) -> Response:
    """Answer a piece of a page: it stays as it is, with all that was typed, and says what to do."""
    response = page("signed_out.html", None, status=HTTPStatus.UNAUTHORIZED)
    response.headers["WWW-Authenticate"] = document.headers["WWW-Authenticate"]
    response.headers["HX-Retarget"] = "#antwort"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _to_the_door(request: Request) -> Response:
    """Lead a stranger to where one signs in; what was sent is still in the browser."""
    if request.method == "GET":
        return RedirectResponse(sign_in_address(request), status_code=HTTPStatus.SEE_OTHER)
    status = HTTPStatus.UNAUTHORIZED
    return message(_TITLES[status], _SIGNED_OUT, status=status, sign_in=True, back=False)


def _page_or(document: Handler) -> Handler:
    async def answer(request: Request, error: Exception) -> Response:
        # The document is made in any case: whoever makes it also writes the log.
        made = document(request, error)
        response = await made if isawaitable(made) else made
        if wants_page(request) and is_closed_tour(request, error):
            return await run_in_threadpool(closed_tour, request, HTTPStatus(response.status_code))
        piece = "hx-request" in request.headers
        if isinstance(error, UnauthorizedError) and (piece or wants_page(request)):
            return _signed_out(response) if piece else _to_the_door(request)
        if not wants_page(request):
            return response
        if isinstance(error, MustChangeError) and request.method == "GET":
            return RedirectResponse("/konto", status_code=HTTPStatus.SEE_OTHER)
        if isinstance(error, RequestValidationError):
            # A mistyped address, or a form that no page of ours sends.
            read = request.method in {"GET", "HEAD"}
            status = HTTPStatus.NOT_FOUND if read else HTTPStatus.UNPROCESSABLE_ENTITY
            return error_page(request, status)
        known = kind_of(error)
        text = str(error) if known and known.status < HTTPStatus.INTERNAL_SERVER_ERROR else ""
        return error_page(request, response.status_code, text)

    return answer
