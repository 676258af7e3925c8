"""Templates to answers: every page of this program is made here."""

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.sheets.page import tel
from api.sheets.wording import full_date
from data.region import Region


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
    environment.filters["full_date"] = full_date
    environment.filters["pairs"] = lambda names: [(name, name) for name in names]
    return environment


def page(
    template: str, region: Region | None, *, status: HTTPStatus = HTTPStatus.OK, **content: Any
) -> HTMLResponse:
    """Render a template; without a *region*, as when its files are broken, it has no name."""
    site = {
        "title": region.title if region else "Bürgerbus",
        "phone": region.dispatch_phone if region else "",
    }
    html = _environment().get_template(template).render(site=site, **content)
    return HTMLResponse(html, status_code=status)


def message(
    title: str,
    text: str,
    *,
    region: Region | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    **content: Any,
) -> HTMLResponse:
    """Say something to the user on a page of its own, with a way on."""
    nothing: dict[str, Any] = {"switch": None, "days": [], "back": True, "typed": "", "wrong": ""}
    shown = nothing | {"may_plan": False, "planned": False, "solving": None} | content
    return page("message.html", region, status=status, title=title, text=text, **shown)
