"""The roster of the coming weeks, and one shift of it: who drives, who could step in."""

from collections.abc import Iterable
from datetime import date, timedelta
from http import HTTPStatus
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.doors.entrance import needs
from api.doors.roles import Role
from api.errors import ShiftDecidedError
from api.operations import rostering, stands, substituting
from api.operations.office import Office
from api.operations.rostering import Effect, Wanted
from api.operations.substituting import Duties
from api.routes.dependencies import DayOfPath, OfficeHere, RegionHere
from api.sheets.wording import full_date, long_date
from api.web.board.duty_view import (
    DECISIONS,
    DayView,
    DutyView,
    as_reported,
    candidate_view,
    day_of_duties,
    duty_as_reported,
    duty_view,
    effect_view,
    licence_view,
)
from api.web.board.forms import fields_of
from api.web.dates import UnreadableDateError, read_day
from api.web.rendering import page
from data.errors import RefusedRowError
from data.region import Region
from data.roster import Decision
from data.staffing import SOON, Staffed, Staffing

router = APIRouter(
    prefix="/dienste", include_in_schema=False, dependencies=[needs(Role.DISPATCHER)]
)

WEEKS = 4
_FIRST_ASKED = 3  # of those who could step in, so many are named in the list


async def _sent(request: Request) -> dict[str, str]:
    return fields_of(await request.form())


Sent = Annotated[dict[str, str], Depends(_sent)]


@router.get("")
def show_weeks(office: OfficeHere, region: RegionHere, ab: str = "") -> HTMLResponse:
    """Show four weeks, from today on or from the week of a day that was typed."""
    today = office.today(region)
    first, wrong = today, ""
    if ab:
        try:
            first = _monday(read_day(ab, today=today))
        except UnreadableDateError as error:
            wrong = str(error)
    duties = substituting.read_duties(office, region, today)
    staffing = Staffing(substituting.as_it_runs(region, today, duties) if duties else region)
    days = staffing.days(first, weeks=WEEKS)
    misfits = rostering.misfits(office, region, first)
    views = [
        as_reported(view, region, duties) if duties and view.date == today else view
        for view in (day_of_duties(day, region, plan=misfits.get(day.date, 0)) for day in days)
    ]
    last = days[-1].date
    return page(
        "duties.html",
        region,
        state=stands.of_region(office, region),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        weeks=_by_week(views),
        substitutes={
            (day.date, each.pattern.id): [
                candidate_view(one)
                for one in staffing.candidates(day.date, each.pattern.id)
                if not (duties and day.date == today and one.driver.id in duties.ill)
            ][:_FIRST_ASKED]
            for day in days
            for each in day.shifts
            if each.runs and each.driver is None and day.date >= today
        },
        open=sum(duty.light == "open" for view in views for duty in view.duties),
        licences=[licence_view(each, today) for each in staffing.licences_until(last + SOON)],
        today=today,
        last=last,
        earlier=_monday(first) - timedelta(weeks=WEEKS),
        later=_monday(first) + timedelta(weeks=WEEKS),
        typed=ab if wrong else "",
        wrong=wrong,
    )


@router.get("/{day}/{duty}")
def show_shift(
    office: OfficeHere, region: RegionHere, day: DayOfPath, duty: str, getan: str = ""
) -> HTMLResponse:
    """Show one shift of one date, and who could drive it."""
    return _shift(office, region, day, duty, told="Gespeichert." if getan == "ja" else "")


@router.post("/{day}/{duty}")
def decide(
    office: OfficeHere, region: RegionHere, day: DayOfPath, duty: str, sent: Sent
) -> Response:
    """Decide who drives; whom that concerns is shown first."""
    wer, version = sent.get("wer", ""), sent.get("version", "")
    decision = DECISIONS.get(wer, Decision.DRIVEN)
    driver = wer if decision is Decision.DRIVEN else None
    number = int(version) if version.isdecimal() else 0
    try:
        effect = rostering.decide(
            office,
            region,
            Wanted(day, duty, decision, driver),
            version=number,
            seen=sent.get("gesehen", ""),
        )
    except RefusedRowError as error:
        wrong = " ".join(each.message for each in error.rejected)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _shift(office, region, day, duty, wrong=wrong, status=status)
    except ShiftDecidedError as error:
        newest = office.region(region.name)
        status = HTTPStatus.CONFLICT
        return _shift(office, newest, day, duty, wrong=str(error), status=status)
    if effect is not None:
        return _shift(office, region, day, duty, effect=effect, wer=wer)
    return RedirectResponse(f"/dienste/{day}/{duty}?getan=ja", HTTPStatus.SEE_OTHER)


def _shift(
    office: Office,
    region: Region,
    day: date,
    shift: str,
    *,
    told: str = "",
    wrong: str = "",
    effect: Effect | None = None,
    wer: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    pattern = rostering.pattern_of(region, shift)
    duties = substituting.read_duties(office, region, day)
    staffing = Staffing(substituting.as_it_runs(region, day, duties) if duties else region)
    of_day = staffing.day(day)
    staffed = next((each for each in of_day.shifts if each.pattern.id == shift), None)
    return page(
        "duty.html",
        region,
        status=status,
        date=day,
        title=full_date(day),
        name=pattern.name,
        id=shift,
        closed=of_day.closed,
        duty=_duty(staffed, region, duties) if staffed else None,
        substitutes=[
            candidate_view(each)
            for each in staffing.candidates(day, shift)
            if duties is None or each.driver.id not in duties.ill
        ]
        if staffed
        else [],
        others=[_duty(each, region, duties) for each in of_day.shifts if each.pattern.id != shift],
        running=duties is not None,
        broken=duties is not None and shift in duties.ended and duties.is_broken(shift),
        effect=effect_view(effect, region, wer) if effect else None,
        misfit=rostering.misfits(office, region, day).get(day, 0),
        past=day < office.today(region),
        told=told,
        wrong=wrong,
    )


def _duty(staffed: Staffed, region: Region, duties: Duties | None) -> DutyView:
    view = duty_view(staffed, region)
    return duty_as_reported(view, region, duties) if duties else view


def _by_week(views: Iterable[DayView]) -> list[tuple[str, list[DayView]]]:
    return [
        (f"{monday.day}. bis {long_date(monday + timedelta(days=6))}", list(days))
        for monday, days in groupby(views, key=lambda view: _monday(view.date))
    ]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
