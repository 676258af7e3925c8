"""Where somebody goes on after signing in: to a page of this program, whatever a link says."""

import re
from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request

# Printable letters of ASCII without the backslash: browsers take it for a slash, leave out tabs and
# line breaks, and read "//host" as another host.
_OWN_PATH: Final = re.compile(r"/(?![/\\])[!-\[\]-~]{0,999}")


def own_path(wanted: str) -> str:
    """Lead nobody to another host: *wanted* if it is a path here, else the first page."""
    return wanted if _OWN_PATH.fullmatch(wanted) else "/"


def sign_in_address(request: Request) -> str:
    """Where to sign in, and from there come back to where one wanted to go."""
    query = request.url.query
    wanted = quote(request.scope["path"]) + (f"?{query}" if query else "")
    return onward_address("/anmelden", wanted)


def onward_address(door: str, wanted: str) -> str:
    """Write the address of a door behind which one goes on to what one wanted."""
    return door if own_path(wanted) == "/" else f"{door}?{urlencode({'weiter': wanted})}"
