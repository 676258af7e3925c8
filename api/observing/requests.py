"""Every HTTP request: its id, its line in the log, its place in the figures."""

import logging
import re
import time
import uuid
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.observing import metrics

log = logging.getLogger("fahrten.http")

HEADER: Final = "X-Request-ID"
NO_ROUTE: Final = "(none)"
# Made by nginx and Caddy: 32 hexadecimal digits or a UUID. In nothing else could we be sure that
# it is not somebody's name or phone number.
_SANE: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_BROKEN_OFF: Final = 499  # as nginx calls it: the caller left before the answer


class Observing:
    """
    Sees every request from outside, also those that fail.

    The path is never written: of a route only its template, of anything else nothing.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and write down what became of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begin = time.perf_counter()
        request_id = _request_id(Headers(scope=scope))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = _BROKEN_OFF

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            _write_down(scope, status, time.perf_counter() - begin)


def _write_down(scope: Scope, status: int, seconds: float) -> None:
    method = scope["method"] if scope["method"] in _METHODS else "OTHER"
    route = template(scope)
    metrics.answered(method=method, route=route, status=status, seconds=seconds)
    fields = {
        "method": method,
        "route": route,
        "status": status,
        "milliseconds": round(1000 * seconds, 1),
    }
    log.info("answered", extra=fields)


def template(scope: Scope) -> str:
    """The template of the route that was chosen, such as ``/api/v1/requests/{request}``."""
    # FastAPI keeps the route as it was written, and beside it how it was included.
    included = scope.get("fastapi", {}).get("effective_route_context")
    for known in (included, scope.get("route")):
        path = getattr(known, "path_format", None)
        if isinstance(path, str):
            return path
    if scope.get("app_root_path") is not None and scope.get("root_path"):
        return f"{scope['root_path']}/..."  # files below a mount
    return NO_ROUTE


def _request_id(headers: Headers) -> str:
    given = headers.get(HEADER, "")
    return given if _SANE.fullmatch(given) else uuid.uuid4().hex
