"""What people may ask about themselves (Art. 15 and 17 GDPR)."""

import datetime as dt
from typing import Annotated, Any

from pydantic import Field

from api.operations.privacy import Erased, Report
from api.schemas.common import Schema
from api.schemas.people import PersonView, person_view
from api.schemas.requests import RequestView, request_view
from api.schemas.series import SeriesView, series_view
from api.schemas.ticks import TickView, tick_view
from data.open_calls import OpenCall
from data.people import Passenger

PURPOSES = "Fahrten zu Ärzten und Apotheken planen, zusagen und fahren."
RECIPIENTS = (
    "Disposition; Fahrer:innen mit dem Tourenblatt ihres Dienstes. Niemand außerhalb des Hauses."
)
RIGHTS = (
    "Berichtigung, Löschung, Einschränkung, Widerruf der Einwilligung, Beschwerde bei der "
    "Aufsichtsbehörde für den Datenschutz."
)


class WhoBody(Schema):
    """By words of the name, by "p12", or by a request such as "r17"."""

    who: Annotated[str, Field(min_length=1, max_length=120, examples=["Erika Beispiel"])]


class PassengerView(Schema):
    """Who somebody is."""

    id: Annotated[str, Field(examples=["p12"])]
    name: str
    born: dt.date | None
    phone: str


class HomeView(Schema):
    """Where somebody is fetched or brought."""

    id: str
    address: str
    lat: float
    lon: float


class PlannedVisitView(Schema):
    """One boarding or alighting in the newest plan of the day."""

    version: int
    shift: str
    place: str
    kind: str
    begin: str


class CallView(Schema):
    """When somebody was rung, and which version of the plan they were told of."""

    at: dt.datetime
    version: int


class RideView(Schema):
    """One request, where the plan has it, what drivers marked, and when somebody was heard."""

    request: RequestView
    planned: list[PlannedVisitView]
    marked: list[TickView]
    heard: list[CallView]


class OpenCallView(Schema):
    """What was typed of a call that is not complete yet, by field."""

    changed: dt.datetime
    typed: dict[str, str]


class ReadingView(Schema):
    """Who opened somebody's data, in which call or command."""

    at: dt.datetime
    actor: str
    action: str


class ReportView(Schema):
    """Everything that is kept about one passenger."""

    passenger: PassengerView
    profile: PersonView
    region: str
    at: dt.datetime
    homes: list[HomeView]
    rides: list[RideView]
    series: list[SeriesView]
    calls: list[OpenCallView]
    readings: Annotated[
        list[ReadingView], Field(description="Who opened it, the newest first; at most 200.")
    ]
    purposes: str = PURPOSES
    recipients: str = RECIPIENTS
    rights: str = RIGHTS
    source: str = "Vom Fahrgast selbst, oder von wem für ihn angerufen wurde."
    kept_weeks: Annotated[int, Field(description="So long after each ride.")]


class ErasureView(Schema):
    """What is gone; the plans of the days of *replan* go on without their stops."""

    passenger: str
    cancelled: list[str]
    requests: int
    homes: int
    replan: list[dt.date]
    remnants: Annotated[
        bool,
        Field(description="Sealed data are still in the database's own log, until the next night."),
    ]


def passenger_view(passenger: Passenger) -> PassengerView:
    """Show who somebody is."""
    return PassengerView(
        id=passenger.id, name=passenger.name, born=passenger.born, phone=passenger.phone
    )


def report_view(report: Report) -> ReportView:
    """Show everything about somebody."""
    return ReportView(
        passenger=passenger_view(report.passenger),
        profile=person_view(report.profile),
        region=report.region.name,
        at=report.at,
        homes=[
            HomeView(id=name, address=home.label, lat=home.point.lat, lon=home.point.lon)
            for name, home in sorted(report.homes.items())
        ],
        rides=[
            RideView(
                request=request_view(ride.stored),
                planned=[_visit(each) for each in ride.planned],
                marked=[tick_view(each) for each in ride.marked],
                heard=[CallView(at=each.at, version=each.version) for each in ride.heard],
            )
            for ride in report.rides
        ],
        series=[series_view(each) for each in report.series],
        calls=[OpenCallView(changed=each.changed, typed=_filled(each)) for each in report.calls],
        readings=[
            ReadingView(at=each.at, actor=each.actor, action=each.action)
            for each in report.readings
        ],
        kept_weeks=report.weeks,
    )


def erasure_view(erased: Erased) -> ErasureView:
    """Show what is gone."""
    return ErasureView(
        passenger=erased.passenger,
        cancelled=list(erased.cancelled),
        requests=erased.forgotten.requests,
        homes=erased.forgotten.homes,
        replan=list(erased.replan),
        remnants=erased.remnants,
    )


def _filled(call: OpenCall) -> dict[str, str]:
    return {field: text for field, text in call.typed.items() if text}


def _visit(visit: dict[str, Any]) -> PlannedVisitView:
    return PlannedVisitView(**visit)
