"""Why somebody is not in the plan, what would help, and doing it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import applying, planning, remedies, requests
from api.operations.begun import is_running
from api.routes.dependencies import OfficeHere, RegionHere
from api.sheets.wording import full_date
from api.web.board.call_form import LABELS
from api.web.board.forms import fields_of
from api.web.board.remedy_view import remedy_view
from api.web.board.request_view import promise_lines, request_view
from api.web.remedies import NOTHING, make_names, verdict_text
from api.web.rendering import page
from data.request_rows import row_cells

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER)])

_COLUMN = "spalte-"
_SAID = {"": "nichts", "ja": "ja", "nein": "keine", "anruf": "auf Anruf"}


@router.get("/tage/{day}/abhilfe/{request}")
def show_remedies(office: OfficeHere, region: RegionHere, day: date, request: str) -> HTMLResponse:
    """Find out why somebody is left out, and what would help."""
    planned = planning.read_plan(office, region, day)
    explained = remedies.explain_unserved(office, planned, request)
    answer, names = explained.answer, make_names(explained.planned, people=True)
    others = {each.id: each for each in requests.read_day(office, region, day)}
    stored = others[request]
    return page(
        "remedies.html",
        region,
        title=full_date(day),
        date=day,
        wish=request_view(stored, office.zone(region)),
        verdict=verdict_text(answer, names),
        fits=answer.plan is not None,
        nothing=NOTHING,
        remedies=[
            remedy_view(each, names, region, stored=stored, others=others)
            for each in answer.remedies
        ],
    )


async def _sent(request: Request) -> dict[str, str]:
    return fields_of(await request.form())


@router.post("/tage/{day}/abhilfe/{request}")
def apply_remedy(
    office: OfficeHere,
    region: RegionHere,
    day: date,
    request: str,
    sent: Annotated[dict[str, str], Depends(_sent)],
) -> HTMLResponse:
    """Change the request as the remedy says, or back; show what was changed, and the way back."""
    cells = {
        name.removeprefix(_COLUMN): value
        for name, value in sent.items()
        if name.startswith(_COLUMN)
    }
    before = row_cells(requests.read(office, region, request).row)
    changed = applying.apply(office, region, request, cells, versions=[sent.get("version", "")])
    return page(
        "remedy_done.html",
        region,
        title=full_date(day),
        date=day,
        wish=request_view(changed, office.zone(region)),
        changes=_changes(before, row_cells(changed.row)),
        lost=promise_lines(changed.released) if changed.released else (),
        back={name: before[name] for name in cells},
        undone=sent.get("zurueck") == "ja",
        plannable=not is_running(office, region, day),
    )


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Say what was changed: "Termin 10:20 statt 10:00"."""
    return [
        f"{LABELS[name]} {_SAID.get(after[name], after[name])} statt "
        f"{_SAID.get(before[name], before[name])}"
        for name in LABELS
        if name in after and after[name] != before[name]
    ]
