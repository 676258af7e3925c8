"""The page for a telephone call."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import calling, requests
from api.operations.office import Office
from api.routes.dependencies import OfficeHere, RegionHere
from api.web.board.call_answer import LABELS, AnswerView, answer
from api.web.board.call_form import CallForm, understand
from api.web.board.known_view import known_views
from api.web.board.request_view import request_view
from api.web.rendering import page
from data.errors import KeyReusedError
from data.region import Region
from scheduler.model import PlaceKind

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER)])

_ALREADY = "Dieser Anruf ist schon gebucht. Für eine weitere Fahrt bitte „Neuer Anruf“ wählen."
_OTHERS_FASTER = "Inzwischen hat sich etwas geändert. Bitte noch einmal ansehen."
_LOOK_FIRST = "Das geht. Bitte dem Fahrgast vorlesen und dann zusagen."


async def _form(request: Request) -> CallForm:
    sent: FormData = await request.form()
    return CallForm.read(sent)


Sent = Annotated[CallForm, Depends(_form)]


@router.get("/anruf")
def new_call(
    office: OfficeHere,
    region: RegionHere,
    wie: Annotated[str | None, Query(max_length=20)] = None,
) -> HTMLResponse:
    """Show an empty form, or one for whoever has the request *wie*."""
    form = (
        CallForm.empty() if wie is None else CallForm.like(requests.read(office, region, wie).row)
    )
    return _page(office, region, form, AnswerView())


@router.post("/anruf/bekannte")
def find_known(office: OfficeHere, region: RegionHere, form: Sent) -> HTMLResponse:
    """Find passengers by the first letters of their names."""
    known = known_views(office, region, form.values["name"])
    return page("call_known.html", region, known=known)


@router.post("/anruf/vorschau")
def look(office: OfficeHere, region: RegionHere, form: Sent) -> HTMLResponse:
    """Answer what is typed so far; nothing is kept."""
    return page(
        "call_answer.html",
        region,
        answer=answer(office, region, form),
        form=form,
        labels=LABELS,
        live=True,
        told="",
    )


@router.post("/anruf")
def book(office: OfficeHere, region: RegionHere, form: Sent) -> Response:
    """Take the requests, and promise what was chosen; or show what is still open."""
    understood = understand(form, region, today=office.today(region))
    seen = answer(office, region, form)
    wanted = {
        each.date: form.chosen[each.date] for each in seen.bookable if each.date in form.chosen
    }
    if form.seen != understood.state or not wanted:
        told = _LOOK_FIRST if seen.bookable else ""
        return _page(office, region, form, seen, told=told)
    try:
        taken = calling.book(office, region, understood.cells, wanted, key=form.key)
    except KeyReusedError:
        return _page(office, region, form, seen, told=_ALREADY)
    if any(each.faults for each in taken):
        return _page(office, region, form, answer(office, region, form), told=_OTHERS_FASTER)
    names = "&".join(f"wunsch={each.request}" for each in taken)
    return RedirectResponse(f"/anruf/fertig?{names}", HTTPStatus.SEE_OTHER)


@router.get("/anruf/fertig")
def done(
    office: OfficeHere,
    region: RegionHere,
    wunsch: Annotated[list[str], Query(min_length=1, max_length=20)],
) -> HTMLResponse:
    """Show what was promised, large, to be read aloud."""
    taken = [request_view(requests.read(office, region, name)) for name in wunsch]
    return page("call_done.html", region, taken=taken)


def _page(
    office: Office, region: Region, form: CallForm, seen: AnswerView, *, told: str = ""
) -> HTMLResponse:
    bad = seen.wrong or (form.seen and not seen.bookable)
    return page(
        "call.html",
        region,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK,
        form=form,
        answer=seen,
        labels=LABELS,
        told=told,
        live=False,
        places=sorted(place.name for place in region.places.values()),
        pharmacies=[place.name for place in region.places_of(PlaceKind.PHARMACY)],
        today=_today(office, region),
    )


def _today(office: Office, region: Region) -> date:
    return office.today(region)
