"""Rides that come every week: make a series of one ride, see its dates, skip some, end it."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import requests, series
from api.operations.office import Office
from api.operations.series import Done, Wish
from api.routes.dependencies import OfficeHere, RegionHere
from api.sheets.wording import full_date, weekday
from api.web.board.forms import fields_of
from api.web.board.request_view import request_view
from api.web.dates import UnreadableDateError, read_day
from api.web.offers import promise_text
from api.web.rendering import page
from api.web.series_words import ON_CLOSED, dates_to_come, pattern_text, time_text
from data.errors import RefusedRowError
from data.region import Region
from data.request_rows import RequestRow, row_cells
from data.weekly import MOST_WEEKS, OnClosed

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER)])

SeriesOfPath = Annotated[str, Path(pattern=r"^s[0-9]{1,18}$")]
DateOfForm = Annotated[date, Form()]

_MONDAY = date(2027, 3, 1)
WEEKDAYS = [(str(day), weekday(_MONDAY.replace(day=day + 1))) for day in range(7)]
EVERY = [("1", "jede Woche"), *((str(n), f"alle {n} Wochen") for n in range(2, MOST_WEEKS + 1))]
LABELS = {
    "wochentage": "An welchen Tagen",
    "alle": "Wie oft",
    "bis": "Letzter Tag",
    "feiertag": "An Feiertagen",
}
_COLUMNS = {"weekdays": "wochentage", "last": "bis"}
_DONE = {
    "neu": "Die Serie ist angelegt.",
    "schon": "Diese Fahrt gehört schon zu dieser Serie; eine zweite ist nicht angelegt.",
}


async def _sent(request: Request) -> dict[str, str]:
    form = await request.form()
    days = [text for text in form.getlist("wochentage") if isinstance(text, str)]
    return {**fields_of(form), "wochentage": "".join(days)}


Sent = Annotated[dict[str, str], Depends(_sent)]


@router.get("/wuensche/{request}/serie")
def ask(office: OfficeHere, region: RegionHere, request: str) -> Response:
    """Ask when this ride comes again, unless it does already."""
    if known := series.going_on(office, region, request):
        return _to(known, "schon")
    row = requests.read(office, region, request).row
    usual = {"alle": "1", "bis": "", "feiertag": OnClosed.LEAVE_OUT.value}
    return _form(office, region, request, {"wochentage": str(row.date.weekday()), **usual})


@router.post("/wuensche/{request}/serie")
def begin(office: OfficeHere, region: RegionHere, request: str, sent: Sent) -> Response:
    """Begin a series whose first ride is this one."""
    if known := series.going_on(office, region, request):
        return _to(known, "schon")
    values = {name: sent.get(name, "") for name in LABELS}
    row = requests.read(office, region, request).row
    wish, wrong = _wish(values, row, region, today=office.today(region))
    if wish is not None:
        try:
            done = series.create(office, region, wish)
        except RefusedRowError as error:
            wrong = {_COLUMNS.get(each.field, ""): each.message for each in error.rejected}
        else:
            return _to(done.series.id, "neu")
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _form(office, region, request, values, wrong=wrong, status=status)


@router.get("/serien/{name}")
def show(office: OfficeHere, region: RegionHere, name: SeriesOfPath, getan: str = "") -> Response:
    """Show a series with its dates to come."""
    return _page(office, region, name, told=_DONE.get(getan, ""))


@router.post("/serien/{name}/auslassen")
def skip(
    office: OfficeHere, region: RegionHere, name: SeriesOfPath, datum: DateOfForm
) -> HTMLResponse:
    """Leave one date out."""
    done = series.skip(office, region, name, datum)
    return _page(office, region, name, told=f"Am {datum:%d.%m.%Y} ausgelassen.", done=done)


@router.post("/serien/{name}/doch")
def resume(
    office: OfficeHere, region: RegionHere, name: SeriesOfPath, datum: DateOfForm
) -> HTMLResponse:
    """Drive a date all the same."""
    done = series.resume(office, region, name, datum)
    kept = done.series.at(datum)
    if kept is not None and kept.open:
        told = f"Am {datum:%d.%m.%Y} wird doch gefahren. Zugesagt ist noch nichts."
    else:
        told = f"Am {datum:%d.%m.%Y} kann nicht gefahren werden; warum, steht unten beim Tag."
    return _page(office, region, name, told=told, done=done)


@router.post("/serien/{name}/beenden")
def end(office: OfficeHere, region: RegionHere, name: SeriesOfPath, sent: Sent) -> HTMLResponse:
    """Have no date after the one that is named, or after today."""
    today, last, wrong = office.today(region), None, {}
    try:
        last = read_day(sent["bis"], today=today) if sent.get("bis") else None
    except UnreadableDateError as error:
        wrong = {"bis": str(error)}
    if last is not None and last < today:
        wrong = {"bis": f"Das ist schon vorbei; heute ist der {today:%d.%m.%Y}."}
    if wrong:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(office, region, name, typed=sent["bis"], wrong=wrong, status=status)
    done = series.end(office, region, name, last)
    return _page(office, region, name, told="Die Serie ist beendet.", done=done)


def _to(name: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"/serien/{name}?getan={done}", HTTPStatus.SEE_OTHER)


def _wish(
    values: dict[str, str], row: RequestRow, region: Region, *, today: date
) -> tuple[Wish | None, dict[str, str]]:
    """Read the form; what is wrong of it, by field."""
    wrong = {
        name: "Bitte eine der Möglichkeiten wählen."
        for name, known in (("alle", dict(EVERY)), ("feiertag", set(OnClosed)))
        if values[name] not in known
    }
    if not set(values["wochentage"]) <= set("0123456"):
        wrong["wochentage"] = "Bitte Wochentage ankreuzen."
    elif idle := region.service.idle(map(int, values["wochentage"])):
        wrong["wochentage"] = f"{idle}. Bitte nur Tage ankreuzen, an denen er fährt."
    last = None
    try:
        last = read_day(values["bis"], today=today) if values["bis"] else None
    except UnreadableDateError as error:
        wrong["bis"] = str(error)
    if wrong:
        return None, wrong
    wish = Wish(
        cells=row_cells(row),
        weekdays=frozenset(map(int, values["wochentage"])),
        every=int(values["alle"]),
        last=last,
        on_closed=OnClosed(values["feiertag"]),
    )
    return wish, {}


def _page(
    office: Office,
    region: Region,
    name: str,
    *,
    told: str = "",
    done: Done | None = None,
    typed: str = "",
    wrong: dict[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    stored = series.read(office, region, name)
    today = office.today(region)
    last = stored.pattern.last
    released = [
        (request, requests.read(office, region, request).row, promise_text(promise.promise))
        for request, promise in (done.released if done else ())
    ]
    return page(
        "series.html",
        region,
        status=status,
        id=stored.id,
        person=f"p{stored.person}",
        ride=stored.row,
        when=pattern_text(stored.pattern, stored.on_closed),
        time=time_text(stored.row),
        dates=dates_to_come(stored, region, today),
        over=last is not None and last <= today,
        ends=last is not None,
        kept=[
            (request, full_date(requests.read(office, region, request).row.date))
            for request in (done.kept if done else ())
        ],
        told=told,
        released=released,
        values={"bis": typed},
        wrong=wrong or {},
        labels=LABELS,
    )


def _form(
    office: Office,
    region: Region,
    request: str,
    values: dict[str, str],
    *,
    wrong: dict[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    return page(
        "series_form.html",
        region,
        status=status,
        wish=request_view(requests.read(office, region, request), office.zone(region)),
        values=values,
        wrong=wrong or {},
        labels=LABELS,
        weekdays=WEEKDAYS,
        every=EVERY,
        closed=[(each.value, text) for each, text in ON_CLOSED.items()],
    )
