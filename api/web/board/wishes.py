"""One request: what is known of it, what can be promised, changing, cancelling, undoing."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.errors import EditedMeanwhileError, OfferGoneError
from api.operations import calling, offers, requests, series, ticking
from api.operations.office import Office
from api.operations.telling import Answer
from api.routes.dependencies import OfficeHere, RegionHere
from api.web.board.call_form import FIELDS, LABELS, beside
from api.web.board.day import state_of
from api.web.board.edit_form import edit_cells, edit_values
from api.web.board.forms import fields_of, first_bad
from api.web.board.request_rows import row_views
from api.web.board.request_view import request_view
from api.web.offers import cost_text, journey_text
from api.web.rendering import page
from data.errors import RefusedRowError, UnkeptPromisesError
from data.outcomes import Outcome
from data.region import Region
from scheduler.model import PlaceKind

router = APIRouter(
    prefix="/wuensche/{request}", include_in_schema=False, dependencies=[needs(Role.DISPATCHER)]
)

_DONE = {
    "abgesagt": "Abgesagt.",
    "wieder": "Die Absage ist zurückgenommen. Zugesagt ist noch nichts.",
    "zugesagt": "Zugesagt.",
    "vorgemerkt": "Vorgemerkt. Die Plätze werden einige Minuten freigehalten.",
    "frei": "Die Zusage ist zurückgenommen; der Wunsch bleibt vorgemerkt.",
    "geaendert": "Geändert.",
}


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
    try:
        answer = offers.find(office, region, request)
    except UnkeptPromisesError as error:
        answer = Answer(request, (), str(error))
    return _page(office, region, request, answer=answer)


@router.post("/zusagen")
def promise(office: OfficeHere, region: RegionHere, request: str, sent: Sent) -> Response:
    """Promise an offer, or hold it for some minutes."""
    offer, holds = sent.get("vorschlag", ""), sent.get("wie") == "vormerken"
    offers.refuse_other(office, region, offer, request)
    try:
        if holds:
            offers.hold(office, region, offer)
        else:
            offers.accept(office, region, offer)
    except OfferGoneError as error:
        return _page(office, region, request, answer=error.answer, told=str(error))
    return _done(request, "vorgemerkt" if holds else "zugesagt")


@router.post("/freigeben")
def release(office: OfficeHere, region: RegionHere, request: str) -> Response:
    """Take back what was promised."""
    offers.release(office, region, request)
    return _done(request, "frei")


@router.post("/wieder")
def revive(office: OfficeHere, region: RegionHere, request: str) -> Response:
    """Take a cancellation back."""
    requests.revive(office, region, request)
    return _done(request, "wieder")


@router.post("/zuruecknehmen")
def undo(office: OfficeHere, region: RegionHere, request: str) -> Response:
    """Undo a booking that was a mistake."""
    requests.cancel(office, region, request, because=Outcome.MISTAKEN)
    return _done(request, "abgesagt")


@router.get("/aendern")
def edit(office: OfficeHere, region: RegionHere, request: str) -> HTMLResponse:
    """Show the form with which a request is changed."""
    stored = requests.read(office, region, request)
    values = edit_values(stored.row)
    return _form(region, request, values, version=str(stored.version))


@router.post("/aendern")
def change(office: OfficeHere, region: RegionHere, request: str, sent: Sent) -> Response:
    """Change a request, unless somebody else was faster."""
    values = {name: sent.get(name, "") for name in FIELDS}
    version = sent.get("version", "")
    before = edit_values(requests.read(office, region, request).row)
    cells, wrong = edit_cells(values, region, before=before, today=office.today(region))
    if wrong:
        more = calling.unreadable(office, region, cells)
        wrong = {beside(each.field, values): each.message for each in more} | wrong
    else:
        try:
            requests.change(office, region, request, cells, versions=[version])
        except RefusedRowError as error:
            wrong = {beside(each.field, values): each.message for each in error.rejected}
        except EditedMeanwhileError as error:
            theirs = request_view(error.stored)
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
            return _done(request, "geaendert")
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _form(region, request, values, version=version, wrong=wrong, status=status)


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
    states = {each.request: each for each in ticking.read_states(office, region, stored.row.date)}
    wish = request_view(stored)
    return page(
        "wish.html",
        region,
        wish=wish,
        state=state_of(office, region, stored.row.date),
        told=told or _DONE.get(done, ""),
        row=row_views([stored], states)[0],
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
        places=sorted(place.name for place in region.places.values()),
        pharmacies=[place.name for place in region.places_of(PlaceKind.PHARMACY)],
    )
