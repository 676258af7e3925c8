"""The board of one day: figures, timeline, requests, what cannot be done, what is published."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Any

from starlette.responses import HTMLResponse

from api.errors import OutdatedPlanError
from api.operations import (
    amending,
    informed,
    open_calls,
    planning,
    publishing,
    requests,
    sheets,
    solving,
    ticking,
)
from api.operations.begun import is_running
from api.operations.days import PlannedDay
from api.operations.endangered import endangered
from api.operations.office import Office
from api.sheets.wording import full_date
from api.web.board.edition_view import edition_view
from api.web.board.endangered_view import endangered_views
from api.web.board.request_rows import RowView, row_views
from api.web.board.timeline import timeline
from api.web.board.version_view import held_view
from api.web.given_up import GivenUpView, given_up_views
from api.web.happenings import called_back
from api.web.rendering import page
from api.web.solving import SolvingView, solving_view
from api.web.views import day_view, switch
from data.errors import NotKeptError
from data.region import Region
from data.requests import StoredRequest
from routing.units import MINUTE, Seconds
from scheduler.manifest import Contact
from scheduler.model import RequestId

NOW_MOVES: Seconds = 5 * MINUTE  # so often the line of the present moment is drawn anew


def show_day(office: Office, region: Region, day: date) -> HTMLResponse:
    """Show a day, planned or not."""
    days = planning.known_days(office, region)
    stored = requests.read_day(office, region, day, cancelled=True)
    states = {each.request: each for each in ticking.read_states(office, region, day)}
    running = day == office.today(region)
    clock = office.clock(region, day)
    now = clock if running else None
    zone = office.zone(region)
    common: dict[str, Any] = {
        "waiting": open_calls.count(office, region),
        "today": office.today(region),
        "switch": switch(day, days, today=office.today(region)),
        "state": state_of(office, region, day),
        "solving": solving_of(office, region, day),
        "closed": region.closed(day) or "",
        "away": region.without_bus(day),
        "endangered": endangered_views(endangered(office, region, day)),
        "running": running,
        "begun": is_running(office, region, day),
        "typed": "",
        "wrong": "",
    }
    try:
        planned = _naming(planning.read_plan(office, region, day, as_published=True), stored)
    except (NotKeptError, OutdatedPlanError) as error:
        outdated = str(error) if isinstance(error, OutdatedPlanError) else ""
        rows = row_views(stored, states, zone=zone, now=now)
        status = HTTPStatus.OK if rows or outdated else HTTPStatus.NOT_FOUND
        return page(
            "unplanned.html",
            region,
            status=status,
            title=full_date(day),
            date=day,
            outdated=outdated,
            held=held_view(office, region, day) if outdated else None,
            rows=rows,
            asked=_asked(rows),
            **common,
        )
    printed = office.local(region)
    manifests = [
        sheets.manifest(planned, route.shift, printed=printed) for route in planned.plan.routes
    ]
    lost = given_up_views(planned.day, planned.plan, planned.input.labels(region))
    happened = amending.happened(office, region, day)
    called = called_back(happened)
    rows = row_views(stored, states, zone=zone, now=now, lost=lost, called=called)
    known = informed.informed(office, planned)
    return page(
        "day.html",
        region,
        rows=rows,
        asked=_asked(rows),
        day=day_view(planned, manifests, happened, known.heard, now=clock),
        timeline=timeline(planned, now=now),
        edition=edition_view(office, planned, rows, known, now=clock),
        map=region.network,
        outdated=planned.outdated,
        **common,
    )


def wish_row(office: Office, region: Region, stored: StoredRequest) -> RowView:
    """Put one request into words, as it stands in the list of its day."""
    day = stored.row.date
    states = {each.request: each for each in ticking.read_states(office, region, day)}
    zone = office.zone(region)
    if day != office.today(region):
        return row_views([stored], states, zone=zone)[0]
    now, lost = office.clock(region, day), dict[RequestId, GivenUpView]()
    with suppress(NotKeptError, OutdatedPlanError):
        planned = planning.read_plan(office, region, day, as_published=True)
        lost = given_up_views(planned.day, planned.plan, planned.input.labels(region))
    called = called_back(amending.happened(office, region, day))
    return row_views([stored], states, zone=zone, now=now, lost=lost, called=called)[0]


def _asked(rows: Iterable[RowView]) -> int:
    return sum(not row.ended for row in rows)


def solving_of(office: Office, region: Region, day: date) -> SolvingView | None:
    """How far the newest solve of a day is, if there was one."""
    newest = solving.of_day(office, region, day)[:1]
    return solving_view(newest[0]) if newest else None


def state_of(office: Office, region: Region, day: date) -> str:
    """Boil down all that the page shows, so that a browser can ask whether it is still so."""
    asked = [f"{name}.{version}" for name, version in requests.versions(office, region, day)]
    try:
        made = [
            f"{each.version}.{each.published is not None}"
            for each in publishing.list_versions(office, region, day)
        ]
    except NotKeptError:
        made = []
    solves = [f"{each.id}.{each.state}" for each in solving.of_day(office, region, day)[:1]]
    marks = ticking.read_marks(office, region, day)
    heard = informed.read(office, region, day).values()
    drivers = [f"{each.shift}.{each.version}" for each in region.roster.changes_on(day)]
    waiting = open_calls.count(office, region)
    today = office.today(region)
    if day == today:
        # What can be reported of somebody changes when the bus comes to them, and when it leaves.
        now = office.clock(region, day)
        states = ticking.read_states(office, region, day)
        trips = [trip for each in states for trip in each.trips if trip.pickup is not None]
        made.append(str(sum((trip.pickup or 0) <= now for trip in trips)))
        made.append(str(sum((trip.arrival or 0) <= now for trip in trips)))
        made.append(str(now // NOW_MOVES))
    told = [f"{each.request}.{each.version}" for each in heard]
    shown = [*asked, *made, *solves, *drivers, *told, f"{len(marks)}.{waiting}", str(today)]
    return hashlib.sha256(" ".join(shown).encode()).hexdigest()[:16]


def _naming(planned: PlannedDay, stored: Iterable[StoredRequest]) -> PlannedDay:
    """Name those as well who are in the plan no more: what happened may be about them."""
    known = {each.id: Contact(each.row.name, each.row.phone, each.row.note) for each in stored}
    contacts = {**known, **planned.input.contacts}
    return replace(planned, input=replace(planned.input, contacts=contacts))
