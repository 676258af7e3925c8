"""The page for a telephone call."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import calling, open_calls, requests
from api.operations.office import Office
from api.routes.dependencies import OfficeHere, RegionHere
from api.web.board.call_answer import AnswerView, answer
from api.web.board.call_form import FIELDS, LABELS, CallForm, understand
from api.web.board.forms import booked_address, first_bad
from api.web.board.known_view import known_views
from api.web.board.open_call_view import open_call_view
from api.web.board.request_view import request_view
from api.web.rendering import page
from data.errors import AnswerErasedError, KeyReusedError
from data.region import Region
from scheduler.model import PlaceKind

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER)])

_ALREADY = "Dieser Anruf ist schon gebucht. Für eine weitere Fahrt bitte „Neuer Anruf“ wählen."
_OTHERS_FASTER = "Inzwischen hat sich etwas geändert. Bitte noch einmal ansehen."
_NOTHING_TYPED = "Es ist noch nichts eingetippt, was zu merken wäre."
_DONE = {
    "gemerkt": "Der Anruf ist gemerkt; er steht unten bei den offenen Anrufen.",
    "daneben": "Den Anruf hat inzwischen jemand anderes geändert oder gebucht. Ihre Fassung steht "
    "unten als eigener offener Anruf.",
    "verworfen": "Der offene Anruf ist verworfen.",
}
_LOOK_FIRST = "Das geht. Bitte dem Fahrgast vorlesen und dann zusagen."
_NO_PROMISE = "Zusagen lässt sich nichts; aufnehmen geht. Bitte dem Fahrgast so sagen."


async def _form(request: Request) -> CallForm:
    sent: FormData = await request.form()
    return CallForm.read(sent)


Sent = Annotated[CallForm, Depends(_form)]
NumberOfPath = Annotated[int, Path(ge=1, le=10**18)]


@router.get("/anruf")
def new_call(
    office: OfficeHere,
    region: RegionHere,
    wie: Annotated[str | None, Query(max_length=20)] = None,
    getan: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """Show an empty form, or one for whoever has the request *wie*."""
    form = (
        CallForm.empty() if wie is None else CallForm.like(requests.read(office, region, wie).row)
    )
    return _page(office, region, form, AnswerView(), told=_DONE.get(getan, ""))


@router.post("/anruf/merken")
def keep(office: OfficeHere, region: RegionHere, form: Sent) -> Response:
    """Keep a call as far as it went, whatever is missing or wrong."""
    if form.blank:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(office, region, form, AnswerView(), told=_NOTHING_TYPED, status=status)
    kept = open_calls.keep(
        office, region, form.values, filled=form.filled, key=form.key, version=form.version
    )
    done = "daneben" if kept.apart else "gemerkt"
    return RedirectResponse(f"/anruf?getan={done}", HTTPStatus.SEE_OTHER)


@router.get("/anruf/offen/{number}")
def resume(office: OfficeHere, region: RegionHere, number: NumberOfPath) -> HTMLResponse:
    """Show a call as far as it went."""
    form = CallForm.kept(open_calls.read(office, region, number))
    return _page(office, region, form, answer(office, region, form), opened=number)


@router.post("/anruf/offen/{number}/verwerfen")
def discard(office: OfficeHere, region: RegionHere, number: NumberOfPath) -> Response:
    """
    Forget a call that nobody wants any more.

    What it was stands only in the page that answers, which can have it kept once more.
    """
    gone = open_calls.discard(office, region, number)
    if gone is None:
        return RedirectResponse("/anruf?getan=verworfen", HTTPStatus.SEE_OTHER)
    return _page(office, region, CallForm.empty(), AnswerView(), discarded=CallForm.kept(gone))


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
        look = _LOOK_FIRST if seen.promising else _NO_PROMISE
        told = look if seen.bookable else ""
        return _page(office, region, form, seen, told=told)
    try:
        taken = calling.book(office, region, understood.cells, wanted, key=form.key)
    except (AnswerErasedError, KeyReusedError):
        return _page(office, region, form, seen, told=_ALREADY)
    if refused := [fault.message for each in taken for fault in each.faults]:
        now = answer(office, region, form)
        told = " ".join(dict.fromkeys(refused)) if now == seen else _OTHERS_FASTER
        return _page(office, region, form, now, told=told)
    open_calls.finish(office, region, form.key)
    late = [each.request for each in taken if wanted[each.date] and not each.promised]
    place = booked_address([each.request for each in taken], late)
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)


@router.get("/anruf/fertig")
def done(
    office: OfficeHere,
    region: RegionHere,
    wunsch: Annotated[list[str], Query(min_length=1, max_length=20)],
    zu_spaet: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006  (FastAPI copies it)
) -> HTMLResponse:
    """
    Show what was promised, large, to be read aloud; *zu_spaet* were chosen, and are gone.

    What was undone since is marked.
    """
    zone = office.zone(region)
    taken = [request_view(requests.read(office, region, name), zone) for name in wunsch]
    return page("call_done.html", region, taken=taken, late=zu_spaet)


def _page(
    office: Office,
    region: Region,
    form: CallForm,
    seen: AnswerView,
    *,
    told: str = "",
    opened: int = 0,
    discarded: CallForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    calls = open_calls.read_all(office, region)
    form = form.without(seen.left)
    first_empty = next((name for name in ("name", "termin") if not form.values[name]), "")
    bad = not opened and (seen.wrong or (form.seen and not seen.bookable))
    return page(
        "call.html",
        region,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if bad else status,
        waiting=[open_call_view(call, office.zone(region)) for call in calls],
        opened=opened,
        discarded=discarded,
        form=form,
        answer=seen,
        labels=LABELS,
        focus=first_bad(FIELDS, {*seen.wrong, *seen.missing}) or first_empty,
        told=told,
        live=False,
        places=sorted(place.name for place in region.places.values()),
        pharmacies=[place.name for place in region.places_of(PlaceKind.PHARMACY)],
        today=_today(office, region),
    )


def _today(office: Office, region: Region) -> date:
    return office.today(region)
