"""Templates to answers: every page of this program is made here."""

import re
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from api.doors.roles import Role, current_caller
from api.sheets.page import tel
from api.sheets.wording import full_date
from api.web.soft_hyphens import soft
from data.acting import current_deed
from data.region import Region

_FROM_UNTIL = re.compile(r"([0-9]{2}:[0-9]{2}–[0-9]{2}:[0-9]{2}(?: Uhr)?)")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tel"] = tel
    environment.filters["unbroken"] = unbroken
    environment.filters["soft"] = soft
    environment.filters["full_date"] = full_date
    environment.filters["pairs"] = lambda names: [(name, name) for name in names]
    return environment


def unbroken(text: str) -> Markup:
    """Keep "08:00–12:00" on one line: browsers break behind the dash."""
    parts = _FROM_UNTIL.split(text)
    # Every second part is what was split at.
    return Markup().join(
        Markup('<span class="time">{}</span>').format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


def _rooms(region: Region | None) -> list[tuple[str, str]]:
    """Address and name of what is open to whoever calls."""
    caller = current_caller()
    if caller.link is not None:
        return []
    roles = (
        caller.roles_in(region.name) if region else frozenset[Role]().union(*caller.grants.values())
    )
    if Role.DRIVER in roles and Role.DISPATCHER not in roles:
        return [*_open(roles), ("/fahrer", "Unterwegs")]  # dispatchers see the day itself
    return _open(roles)


def _open(roles: frozenset[Role]) -> list[tuple[str, str]]:
    return [(path, name) for path, name, open_to in _ROOMS if roles & open_to]


def _current(room: str) -> str:
    """Say as `aria-current` does whether a room is open: itself, or something in it."""
    path = current_deed().action.partition(" ")[2]
    if path == room:
        return "page"
    begins = _BELOW.get(room, (room,))
    return "true" if any(path == each or path.startswith(f"{each}/") for each in begins) else ""


# Where one is when one has come from a room whose address does not say so.
_BELOW = {"/": ("/tage", "/wuensche", "/serien")}
_DESK = frozenset({Role.DISPATCHER})
_ROOMS = (
    ("/", "Tag", _DESK),
    ("/anruf", "Anruf", _DESK),
    ("/fahrgaeste", "Fahrgäste", _DESK),
    ("/dienste", "Dienste", _DESK),
    ("/region", "Region", _DESK),
    ("/zahlen", "Zahlen", _DESK | {Role.PLANNER}),
)


def page(
    template: str, region: Region | None, *, status: HTTPStatus = HTTPStatus.OK, **content: Any
) -> HTMLResponse:
    """Render a template; without a *region*, as when its files are broken, it has no name."""
    site = {
        "title": region.title if region else "Bürgerbus",
        "phone": region.dispatch_phone if region else "",
        "signed_in": current_caller().account is not None,
        "account": current_caller().account or 0,
        "rooms": [(path, name, _current(path)) for path, name in _rooms(region)],
    }
    html = _environment().get_template(template).render(site=site, **content)
    return HTMLResponse(html, status_code=status)


def pdf(content: bytes, name: str) -> Response:
    """Show a PDF in the browser; *name* is what it is saved as."""
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def message(
    title: str,
    text: str,
    *,
    region: Region | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    **content: Any,
) -> HTMLResponse:
    """Say something to the user on a page of its own, with a way on."""
    shown = {
        "switch": None,
        "days": [],
        "back": True,
        "call": False,
        "ways": [],
        "sign_in": False,
        "typed": "",
        "wrong": "",
    } | content
    return page("message.html", region, status=status, title=title, text=text, **shown)
