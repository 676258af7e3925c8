"""What everybody may know of a region: for the health platform and other programs."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from api.schemas.common import Schema
from api.sheets.wording import OPENSTREETMAP
from data.information import (
    ComingEvent,
    Destination,
    Drive,
    Information,
    SpecialDay,
    Week,
)
from data.opening import WEEKDAYS
from routing.units import MINUTE
from scheduler.clock import hh_mm
from scheduler.model import PlaceKind, TimeWindow

Hour = Annotated[str, Field(pattern=r"^[0-9]{2}:[0-5][0-9]$", examples=["08:30"])]


class HoursView(Schema):
    """From when until when, on the clocks of the region."""

    begin: Hour
    end: Hour


class WeekdayView(Schema):
    """A weekday of an ordinary week, and its hours; closed if there are none."""

    weekday: Literal["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    hours: list[HoursView]


class BookingView(Schema):
    """How a ride is booked; minutes and days are those of the policy."""

    phone: str
    phone_hours: Annotated[
        list[WeekdayView] | None, Field(description="Null: nobody has said when it is answered.")
    ]
    emergency_phone: str
    lead_minutes: Annotated[int, Field(description="So long before the ride at the latest.")]
    lead_minutes_wheelchair: int
    horizon_days: Annotated[int, Field(description="So many days ahead at most.")]
    pickup_window_minutes: int
    fare: Annotated[str, Field(description="German; empty if nobody has said it.")]
    website: str
    hints: Annotated[list[str], Field(description="German sentences of the region's own.")]


class SpecialDayView(Schema):
    """A date on which the bus does not run although it would, or the other way round."""

    date: dt.date
    runs: bool
    reason: Annotated[str, Field(examples=["Feiertag: Karfreitag"])]


class DriveView(Schema):
    """From the middle of a village: the direct drive, and the longest that a ride may take."""

    village: str
    minutes: int
    longest_minutes: int


class DestinationView(Schema):
    """A practice, pharmacy ... and how the bus gets there; not at all if *drives* is empty."""

    id: str
    name: str
    kind: PlaceKind
    address: str
    phone: str
    lat: float
    lon: float
    opening_hours: Annotated[str, Field(description="In OpenStreetMap's syntax, or empty.")]
    week: Annotated[
        list[WeekdayView] | None, Field(description="The same for an ordinary week; or null.")
    ]
    drives: list[DriveView]


class BusDayView(Schema):
    """When the bus runs on a date; not at all if there are no hours."""

    date: dt.date
    hours: list[HoursView]


class HealthEventView(Schema):
    """A health weekend that is not over yet."""

    name: str
    first: dt.date
    last: dt.date
    hours: Annotated[str, Field(examples=["10 bis 16 Uhr"])]
    text: str
    place: DestinationView
    bus: list[BusDayView]


class InfoView(Schema):
    """All that everybody may know of a region. Nothing in it is about a passenger or volunteer."""

    region: str
    title: str
    as_of: dt.date
    map_by: Annotated[str, Field(description="To be shown with addresses and places; or empty.")]
    booking: BookingView
    service: Annotated[list[WeekdayView], Field(description="When the bus runs, by the roster.")]
    special_days: Annotated[list[SpecialDayView], Field(description="Of the next 120 days.")]
    wheelchair_places: int
    villages: list[str]
    destinations: list[DestinationView]
    events: Annotated[list[HealthEventView], Field(description="The next one comes first.")]


def info_view(information: Information) -> InfoView:
    """Show what everybody may know."""
    region = information.region
    booking = region.policy.booking
    return InfoView(
        region=region.name,
        title=region.title,
        as_of=information.today,
        map_by="" if region.network.coarse else OPENSTREETMAP,
        booking=BookingView(
            phone=region.dispatch_phone,
            phone_hours=_week(information.phone_week),
            emergency_phone=region.emergency_phone,
            lead_minutes=booking.lead // MINUTE,
            lead_minutes_wheelchair=booking.lead_wheelchair // MINUTE,
            horizon_days=booking.horizon_days,
            pickup_window_minutes=region.policy.promise.window // MINUTE,
            fare=region.info.fare,
            website=region.info.website,
            hints=list(region.info.booking),
        ),
        service=_week(information.service_week) or [],
        special_days=[_special_day(day) for day in information.special_days],
        wheelchair_places=information.wheelchairs,
        villages=list(information.villages),
        destinations=[_destination(each) for each in information.destinations],
        events=[_event(each) for each in information.events],
    )


def _week(week: Week | None) -> list[WeekdayView] | None:
    if week is None:
        return None
    return [
        WeekdayView.model_validate({"weekday": name, "hours": [vars(each) for each in _hours(day)]})
        for name, day in zip(WEEKDAYS, week, strict=True)
    ]


def _hours(windows: tuple[TimeWindow, ...]) -> list[HoursView]:
    return [HoursView(begin=hh_mm(window.earliest), end=hh_mm(window.latest)) for window in windows]


def _special_day(day: SpecialDay) -> SpecialDayView:
    return SpecialDayView(date=day.date, runs=day.runs, reason=day.reason)


def _destination(destination: Destination) -> DestinationView:
    place = destination.place
    return DestinationView(
        id=place.id,
        name=place.name,
        kind=place.kind,
        address=place.address.label,
        phone=place.phone,
        lat=place.point.lat,
        lon=place.point.lon,
        opening_hours=place.opening_hours,
        week=_week(destination.week),
        drives=[_drive(drive) for drive in destination.drives],
    )


def _drive(drive: Drive) -> DriveView:
    return DriveView(village=drive.village, minutes=drive.minutes, longest_minutes=drive.longest)


def _event(coming: ComingEvent) -> HealthEventView:
    event = coming.event
    return HealthEventView(
        name=event.name,
        first=event.first,
        last=event.last,
        hours=event.hours,
        text=event.text,
        place=_destination(coming.destination),
        bus=[BusDayView(date=day, hours=_hours(hours)) for day, hours in coming.bus.items()],
    )
