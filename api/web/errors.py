"""What a person with a browser reads when something goes wrong: German, and with a way on."""

import re
from collections.abc import Awaitable, Callable, Coroutine
from http import HTTPStatus
from inspect import isawaitable
from typing import Any, TypeAlias

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.errors import kind_of
from api.web.rendering import message

_TITLES = {
    HTTPStatus.NOT_FOUND: "Diese Seite gibt es nicht",
    HTTPStatus.METHOD_NOT_ALLOWED: "So lässt sich diese Seite nicht öffnen",
    HTTPStatus.CONFLICT: "Gerade nicht möglich",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Das ist nicht zu verstehen",
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
Handler: TypeAlias = Callable[[Request, Exception], Response | Awaitable[Response]]

_PAGE_WANTED = re.compile(r"text/html|application/xhtml\+xml")


def wants_page(request: Request) -> bool:
    """Whether a browser asks for a page; under /api there are none."""
    return not request.url.path.startswith("/api/") and bool(
        _PAGE_WANTED.search(request.headers.get("accept", ""))
    )


def error_page(status: int, text: str = "") -> HTMLResponse:
    """Say what went wrong; *text* is German, and without it the status decides."""
    known = HTTPStatus(status)
    fallback = _TEXTS.get(known, _FAULT_TEXT)
    return message(_TITLES.get(known, _FAULT), text or fallback, status=known)


def install(app: FastAPI) -> None:
    """Answer browsers with pages where *app* would send documents; programs notice nothing."""
    for kind in (HTTPException, Exception):
        document = app.exception_handlers.get(kind)
        app.add_exception_handler(kind, _page_or(document))


def _page_or(document: Handler | None) -> Handler:
    async def answer(request: Request, error: Exception) -> Response:
        if wants_page(request) or document is None:
            return error_page(
                error.status_code
                if isinstance(error, HTTPException)
                else HTTPStatus.INTERNAL_SERVER_ERROR
            )
        made = document(request, error)
        return await made if isawaitable(made) else made

    return answer


class PageRoute(APIRoute):
    """A route whose errors are pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler: errors that have a name become pages, faults go up."""
        handle = super().get_route_handler()

        async def handle_with_pages(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError:
                # Only addresses have parameters here: a day that is none, for example.
                return error_page(HTTPStatus.NOT_FOUND)
            except HTTPException as error:
                return error_page(error.status_code)
            except Exception as error:
                kind = kind_of(error)
                if kind is None or kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise
                return error_page(kind.status, str(error))

        return handle_with_pages
