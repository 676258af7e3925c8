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
from api.sheets.wording import moment
from api.web.board.forms import fields_of
from api.web.board.open_call_view import open_call_view
from api.web.board.passengers import PersonOfPath
from api.web.board.person_view import erased_text, person_view, report_view
from api.web.rendering import message, page
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
    try:
        if why == "widerruf":
            gone = privacy.withdraw(office, region, person)
        else:
            gone = privacy.erase(office, region, person)
    except ErasureRefusedError as error:
        return _erasing(
            office, region, person, wrong=str(error), why=why, status=HTTPStatus.CONFLICT
        )
    if gone.replan or gone.remnants or gone.cancelled:
        return message("Gelöscht", erased_text(gone), region=region)
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
    today = office.today(region)
    return page(
        "person_erase.html",
        region,
        status=status,
        person=person_view(people.read(office, region, person)),
        ahead=sum(
            each.row.date >= today and each.cancelled is None
            for each in people.rides(office, region, person)
        ),
        calls=[
            open_call_view(each, office.zone(region))
            for each in privacy.perhaps_calls(office, region, person)
        ],
        wrong=wrong,
        why=why,
    )
