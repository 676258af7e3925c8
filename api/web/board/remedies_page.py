"""Why somebody is not in the plan, what would help, and doing it."""

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import applying, planning, remedies, requests
from api.routes.dependencies import OfficeHere, RegionHere
from api.sheets.wording import full_date
from api.web.board.forms import fields_of
from api.web.board.request_view import request_view
from api.web.remedies import NOTHING, make_names, remedy_text, verdict_text
from api.web.rendering import page
from data.region import Region

if TYPE_CHECKING:
    from scheduler.remedies import Change

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER)])

_COLUMN = "spalte-"


@router.get("/tage/{day}/abhilfe/{request}")
def show_remedies(office: OfficeHere, region: RegionHere, day: date, request: str) -> HTMLResponse:
    """Find out why somebody is left out, and what would help."""
    planned = planning.read_plan(office, region, day)
    answer = remedies.explain_unserved(office, planned, request).answer
    names = make_names(planned, people=True)
    stored = requests.read(office, region, request)
    return page(
        "remedies.html",
        region,
        title=full_date(day),
        date=day,
        wish=request_view(stored, office.zone(region)),
        verdict=verdict_text(answer, names),
        nothing=NOTHING,
        remedies=[
            (
                remedy_text(each, names),
                applying.cells_after(each.change, region),
                *_where(each.change, day, region),
            )
            for each in answer.remedies
        ],
    )


def _where(change: "Change", day: date, region: Region) -> tuple[str, str]:
    """Say on which page somebody can change what no button changes, and how it is called."""
    if change.shift:
        return f"/dienste/{day}/{quote(change.shift)}", f"Dienst {region.shift_label(change.shift)}"
    if change.kind.value == "longer_ride":
        return f"/dienste?ab={day}#tag-{day}", "Zu den Diensten des Tages"
    return f"/wuensche/{change.request}", "Zu diesem Fahrtwunsch"


async def _sent(request: Request) -> dict[str, str]:
    return fields_of(await request.form())


@router.post("/tage/{day}/abhilfe/{request}")
def apply_remedy(
    office: OfficeHere,
    region: RegionHere,
    day: date,
    request: str,
    sent: Annotated[dict[str, str], Depends(_sent)],
) -> RedirectResponse:
    """Change the request as the remedy says."""
    cells = {
        name.removeprefix(_COLUMN): value
        for name, value in sent.items()
        if name.startswith(_COLUMN)
    }
    applying.apply(office, region, request, cells, versions=[sent.get("version", "")])
    return RedirectResponse(f"/tage/{day}#{request}", HTTPStatus.SEE_OTHER)
