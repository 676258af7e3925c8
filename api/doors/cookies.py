"""
The cookies that say who is signed in.

Over TLS they are called `__Host-...`: a browser takes such a one only from us, over TLS, and
another host of the same domain cannot plant one. A name without that is not even looked at there.
"""

from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from api.doors.visit import Visit
from routing.units import Seconds

SESSION: Final = "fahrten"
LINK: Final = "fahrt"  # of a driver, beside whom somebody else may be signed in
ASKED: Final = "anmeldung"  # what a browser was sent to the identity provider with
_PROTECTED: Final = "__Host-"


def read(request: HTTPConnection, visit: Visit, name: str) -> str | None:
    """Give what a cookie holds; ``None`` if there is none."""
    return request.cookies.get(_called(name, visit)) or None


def give(
    response: Response, visit: Visit, name: str, secret: str, *, seconds: Seconds | None = None
) -> None:
    """Have the browser show *secret*, for so long or until it is closed, and to no script."""
    response.set_cookie(
        _called(name, visit),
        secret,
        max_age=seconds,
        path="/",
        secure=visit.secure,
        httponly=True,
        samesite="lax",
    )


def take(response: Response, visit: Visit, name: str) -> None:
    """Have the browser forget a cookie."""
    response.delete_cookie(
        _called(name, visit), path="/", secure=visit.secure, httponly=True, samesite="lax"
    )


def _called(name: str, visit: Visit) -> str:
    return f"{_PROTECTED}{name}" if visit.secure else name
