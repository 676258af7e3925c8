"""What passengers may ask for: to know all that is kept, and to be forgotten."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.errors import ErasureRefusedError
from api.operations import people, privacy
from api.operations.office import Office
from api.routes.dependencies import OfficeHere, RegionHere
from api.schemas.privacy import PURPOSES, RECIPIENTS, RIGHTS
from api.sheets.wording import moment, short_date
from api.web.board.forms import fields_of
from api.web.board.open_call_view import open_call_view
from api.web.board.passengers import PersonOfPath
from api.web.board.person_view import ahead_line, person_view, report_view, series_line
from api.web.rendering import page
from data.region import Region

router = APIRouter(
    prefix="/fahrgaeste/{person}",
    include_in_schema=False,
    dependencies=[needs(Role.DISPATCHER, Role.ADMINISTRATOR)],
)


async def _sent(request: Request) -> dict[str, str]:
    return fields_of(await request.form())


Sent = Annotated[dict[str, str], Depends(_sent)]


@router.get("/auskunft")
def report(office: OfficeHere, region: RegionHere, person: PersonOfPath) -> HTMLResponse:
    """Show all that is kept of somebody, to be printed for them."""
    found = privacy.report(office, region, person)
    return page(
        "person_report.html",
        region,
        person=person_view(found.profile),
        report=report_view(found, office.zone(region)),
        at=moment(found.at),
        purposes=PURPOSES,
        recipients=RECIPIENTS,
        rights=RIGHTS,
    )


@router.get("/loeschen")
def ask_erase(office: OfficeHere, region: RegionHere, person: PersonOfPath) -> HTMLResponse:
    """Ask whether somebody is to be forgotten."""
    return _erasing(office, region, person)


@router.post("/loeschen")
def erase(office: OfficeHere, region: RegionHere, person: PersonOfPath, sent: Sent) -> Response:
    """Forget somebody, on their wish or because they withdraw their consent."""
    why = sent.get("grund", "")
    if why not in {"wunsch", "widerruf"}:
        wrong = "Bitte sagen, warum."
        return _erasing(office, region, person, wrong=wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    ahead = privacy.look_ahead(office, region, person).rides
    name, zone = people.read(office, region, person).name, office.zone(region)
    try:
        if why == "widerruf":
            gone = privacy.withdraw(office, region, person)
        else:
            gone = privacy.erase(office, region, person)
    except ErasureRefusedError as error:
        wrong = error.naming(name)
        return _erasing(office, region, person, wrong=wrong, why=why, status=HTTPStatus.CONFLICT)
    if gone.replan or gone.remnants or gone.cancelled:
        return page(
            "person_erased.html",
            region,
            cancelled=[ahead_line(each, zone) for each in ahead if each.id in gone.cancelled],
            planned=[(day, short_date(day)) for day in gone.replan],
            remnants=gone.remnants,
        )
    return RedirectResponse("/fahrgaeste?getan=geloescht", HTTPStatus.SEE_OTHER)


def _erasing(
    office: Office,
    region: Region,
    person: str,
    *,
    wrong: str = "",
    why: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    ahead, zone = privacy.look_ahead(office, region, person), office.zone(region)
    return page(
        "person_erase.html",
        region,
        status=status,
        person=person_view(people.read(office, region, person)),
        rides=[(each.id, ahead_line(each, zone)) for each in ahead.rides],
        series=[(each.id, series_line(each)) for each in ahead.series],
        calls=[open_call_view(each, zone) for each in ahead.calls],
        perhaps=[open_call_view(each, zone) for each in ahead.perhaps],
        wrong=wrong,
        why=why,
    )
