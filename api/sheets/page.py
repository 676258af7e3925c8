"""The Tourenblatt as a page: the same words as on paper, for a screen."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from api.sheets.chart import Chart
from api.sheets.code import Code
from api.sheets.view import sheet_view
from scheduler.manifest import Manifest


def tourenblatt_html(
    manifest: Manifest,
    *,
    chart: Chart | None = None,
    code: Code | None = None,
    stylesheet: str = "/static/tourenblatt.css",
    pdf: str | None = None,
    back: str | None = None,
    also: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """
    Write the sheet of one shift, with its map if there is one, as a whole document without script.

    *pdf* and *back* are addresses of the printed twin and of the day, where there are any; *also*
    are further ways on, by what is to be read on them.
    """
    view = sheet_view(manifest)
    return _template().render(
        sheet=view, chart=chart, code=code, stylesheet=stylesheet, pdf=pdf, back=back, also=also
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tel"] = tel
    return environment.get_template("tourenblatt.html")


def tel(number: str) -> str:
    """A phone number as a link's target: "05264 0000-10" -> "tel:05264000010"."""
    return "tel:" + "".join(letter for letter in number if letter.isdigit() or letter == "+")
