"""One request: what is known of it, what can be promised, changing, cancelling, undoing."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.errors import EditedMeanwhileError, OfferGoneError, RunningDayError
from api.operations import calling, offers, requests, reviving, series
from api.operations.begun import is_riding
from api.operations.office import Office
from api.operations.telling import Answer
from api.routes.dependencies import OfficeHere, RegionHere
from api.web.board.call_form import FIELDS, LABELS, beside
from api.web.board.day import state_of, wish_row
from api.web.board.edit_form import differences, edit_cells, edit_values
from api.web.board.forms import booked_address, fields_of, first_bad
from api.web.board.request_view import promise_lines, request_view, told_lines
from api.web.offers import cost_text, journey_text
from api.web.rendering import page
from data.errors import RefusedRowError, UnkeptPromisesError
from data.outcomes import Outcome
from data.promises import StoredPromise
from data.region import Region
from scheduler.model import PlaceKind

router = APIRouter(
    prefix="/wuensche/{request}", include_in_schema=False, dependencies=[needs(Role.DISPATCHER)]
)

_DONE = {
    "abgesagt": "Abgesagt.",
    "wieder": "Die Absage ist zurückgenommen. Zugesagt ist noch nichts.",
    "wie_vorher": "Die Absage ist zurückgenommen. Zugesagt wie vorher.",
    "zugesagt": "Zugesagt.",
    "gehalten": "Frei gehalten. Zugesagt ist noch nichts.",
    "frei": "Die Zusage ist zurückgenommen; der Wunsch bleibt offen.",
    "freigegeben": "Die Plätze sind wieder frei; der Wunsch bleibt offen.",
    "geaendert": "Geändert.",
}
_HELD_NO_MORE = "Die Plätze sind nicht mehr frei gehalten. Das geht jetzt:"


async def _sent(request: Request) -> dict[str, str]:
    return fields_of(await request.form())


Sent = Annotated[dict[str, str], Depends(_sent)]


@router.get("")
def show(
    office: OfficeHere,
    region: RegionHere,
    request: str,
    getan: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """Show one request."""
    return _page(office, region, request, done=getan)


@router.post("/vorschlaege")
def find_offers(office: OfficeHere, region: RegionHere, request: str) -> HTMLResponse:
    """Find what can be promised now."""
    return _page(office, region, request, answer=_answer(office, region, request))


@router.post("/zusagen")
def promise(office: OfficeHere, region: RegionHere, request: str, sent: Sent) -> Response:
    """Promise an offer, the one that is held without another; or hold it for some minutes."""
    holds = sent.get("wie") == "freihalten"
    offer = sent.get("vorschlag") or offers.held(office, region, request)
    if offer is None:
        answer = _answer(office, region, request)
        return _page(office, region, request, answer=answer, told=_HELD_NO_MORE)
    offers.refuse_other(office, region, offer, request)
    try:
        if holds:
            offers.hold(office, region, offer)
        else:
            offers.accept(office, region, offer)
    except OfferGoneError as error:
        return _page(office, region, request, answer=error.answer, told=str(error))
    return _done(request, "gehalten" if holds else "zugesagt")


@router.post("/freigeben")
def release(office: OfficeHere, region: RegionHere, request: str) -> Response:
    """Take back what was promised."""
    released = offers.release(office, region, request).released
    held = released is not None and released.until is not None
    return _done(request, "freigegeben" if held else "frei")


@router.post("/wieder")
def revive(office: OfficeHere, region: RegionHere, request: str) -> Response:
    """Take a cancellation back; what was promised is promised again, or said to be gone."""
    revived = reviving.revive(office, region, request)
    if revived.answer is not None and revived.lost is not None:
        lines = "; ".join(told_lines(revived.lost))
        told = f"Die Absage ist zurückgenommen. Was zugesagt war, geht nicht mehr: {lines}. "
        told += "Inzwischen ist anderes zugesagt, oder Dienste und Orte sind andere. Jetzt geht:"
        return _page(office, region, request, answer=revived.answer, told=told)
    return _done(request, "wieder" if revived.stored.promise is None else "wie_vorher")


@router.post("/zuruecknehmen")
def undo(office: OfficeHere, region: RegionHere, request: str, sent: Sent) -> Response:
    """Undo a booking that was a mistake, or all (*alle*) that were *gebucht* in the same call."""
    booked = sent.get("gebucht", "").split()
    for name in dict.fromkeys([request, *(booked if sent.get("alle") == "ja" else ())]):
        requests.cancel(office, region, name, because=Outcome.MISTAKEN)
    if len(booked) > 1:
        place = booked_address(booked, sent.get("zu_spaet", "").split())
        return RedirectResponse(place, HTTPStatus.SEE_OTHER)
    return _done(request, "abgesagt")


@router.get("/aendern")
def edit(office: OfficeHere, region: RegionHere, request: str) -> HTMLResponse:
    """Show the form with which a request is changed."""
    stored = requests.read(office, region, request)
    view = request_view(stored, office.zone(region))
    values = edit_values(stored.row)
    return _form(region, request, values, version=str(stored.version), promised=view.promised)


@router.post("/aendern")
def change(office: OfficeHere, region: RegionHere, request: str, sent: Sent) -> Response:
    """Change a request, unless somebody else was faster."""
    values = {name: sent.get(name, "") for name in FIELDS}
    version = sent.get("version", "")
    stored = requests.read(office, region, request)
    before = edit_values(stored.row)
    cells, wrong = edit_cells(values, region, before=before, today=office.today(region))
    if wrong:
        more = calling.unreadable(office, region, cells)
        wrong = {beside(each.field, values): each.message for each in more} | wrong
    else:
        try:
            if sent.get("sicher") != "ja" and str(stored.version) == version:
                lost = requests.would_release(office, region, request, cells)
                if lost is not None:
                    told = f"{_no_more(lost, would_be=True)} Gespeichert ist noch nichts."
                    return _form(region, request, values, version=version, told=told, sure=True)
            changed = requests.change(office, region, request, cells, versions=[version])
        except RefusedRowError as error:
            wrong = {beside(each.field, values): each.message for each in error.rejected}
        except RunningDayError:
            told = f"{stored.row.name} fährt am {stored.row.date:%d.%m.%Y} schon mit. Für eine "
            told += "andere Fahrt bitte absagen und neu aufnehmen; gespeichert ist nichts."
            status = HTTPStatus.CONFLICT
            return _form(region, request, values, version=version, told=told, status=status)
        except EditedMeanwhileError as error:
            theirs = differences(error.stored.row, error.sent)
            told = "Inzwischen hat jemand anderes diesen Fahrtwunsch geändert. Ihre Eingabe steht "
            told += "noch im Formular; wer jetzt speichert, überschreibt die andere Änderung."
            return _form(
                region,
                request,
                values,
                version=str(error.stored.version),
                told=told,
                theirs=theirs,
                status=HTTPStatus.CONFLICT,
            )
        else:
            if changed.released is None:
                return _done(request, "geaendert")
            told = f"Geändert. {_no_more(changed.released)} Neue Zeit zusagen:"
            answer = _answer(office, region, request)
            return _page(office, region, request, answer=answer, told=told)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _form(region, request, values, version=version, wrong=wrong, status=status)


def _no_more(released: StoredPromise, *, would_be: bool = False) -> str:
    """Say that a promise or a hold does not hold any more, or would not."""
    lines = "; ".join(promise_lines(released))
    what = "die Zusage" if released.until is None else "das Freihalten"
    said = f"Damit gilt {what}" if would_be else f"{what[0].upper()}{what[1:]} gilt"
    return f"{said} nicht mehr: {lines}."


def _answer(office: Office, region: Region, request: str) -> Answer:
    try:
        return offers.find(office, region, request)
    except UnkeptPromisesError as error:
        return Answer(request, (), str(error))


def _done(request: str, what: str) -> RedirectResponse:
    return RedirectResponse(f"/wuensche/{request}?getan={what}", HTTPStatus.SEE_OTHER)


def _page(
    office: Office,
    region: Region,
    request: str,
    *,
    done: str = "",
    answer: Answer | None = None,
    told: str = "",
) -> HTMLResponse:
    stored = requests.read(office, region, request)
    wish = request_view(stored, office.zone(region))
    return page(
        "wish.html",
        region,
        wish=wish,
        state=state_of(office, region, stored.row.date),
        told=told or _DONE.get(done, ""),
        row=wish_row(office, region, stored),
        riding=is_riding(office, region, request, stored.row.date),
        undo=done == "abgesagt" and wish.cancelled,
        series=series.of_request(office, region, request),
        ahead=stored.row.date >= office.today(region),
        answer=answer,
        offers=[
            (each.id, journey_text(each), cost_text(each), each.call_back) for each in answer.offers
        ]
        if answer
        else [],
        minutes=office.settings.offer_minutes,
    )


def _form(
    region: Region,
    request: str,
    values: dict[str, str],
    *,
    version: str,
    wrong: dict[str, str] | None = None,
    told: str = "",
    theirs: object = None,
    promised: Sequence[str] = (),
    sure: bool = False,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    return page(
        "wish_form.html",
        region,
        status=status,
        id=request,
        values=values,
        wrong=wrong or {},
        labels=LABELS,
        focus=first_bad(FIELDS, wrong or {}) or "termin",
        version=version,
        told=told,
        theirs=theirs,
        promised=promised,
        sure=sure,
        places=sorted(place.name for place in region.places.values()),
        pharmacies=[place.name for place in region.places_of(PlaceKind.PHARMACY)],
    )
