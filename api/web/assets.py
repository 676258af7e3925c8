"""Files of the pages, from this folder and from packages; and what a browser may load at all."""

from pathlib import Path

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.sheets.fonts import ASSETS
from api.web import errors

_LEAFLET = ASSETS / "js_lib_leaflet" / "static" / "js_lib_leaflet"
_HTMX = ASSETS / "django_htmx" / "static" / "django_htmx"
_STATIC = Path(__file__).with_name("static")

# Nothing from elsewhere, nothing written into the page itself, no frame around it.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Nobody else learns an address of ours; with less, old browsers would not say where a form
    # comes from (api.doors.visit).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Names of passengers are not left behind in anybody's browser.
    "Cache-Control": "no-store",
}


class AssetsMissingError(RuntimeError):
    """The packages with browser files are not installed; `make setup` does that."""


class SecurityHeaders:
    """
    Adds to every answer the headers that it does not bring along itself.

    It stands around the whole application: middleware does not see the answer to a failure.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and touch the beginning of the answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Files(StaticFiles):
    """Files that a browser may keep, but asks about each time: they change with the program."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a file."""

        async def send_kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-cache")
            await send(message)

        await super().__call__(scope, receive, send_kept)


def mount(app: FastAPI) -> None:
    """
    Serve the files of the pages, compress answers, show errors.

    Call it last: it answers browsers with pages where *app* would send documents.

    Raises
    ------
    AssetsMissingError
        If the packages with browser files are not there.
    """
    for file in (_LEAFLET / "leaflet.js", _HTMX / "htmx-2.min.js"):
        if not file.is_file():
            msg = f"No {file.name} in {ASSETS}: run `make setup`."
            raise AssetsMissingError(msg)
    app.mount("/static", Files(directory=_STATIC), name="static")
    app.mount("/assets/leaflet", Files(directory=_LEAFLET), name="leaflet")
    app.mount("/assets/htmx", Files(directory=_HTMX), name="htmx")
    errors.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
