"""The region: places with their opening hours, buses with their seats, and what no longer fits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import endangered, fitting, stands
from api.routes.dependencies import OfficeHere, RegionHere
from api.sheets.wording import full_date, short_date, weekday, window
from api.web.board.bus_view import bus_view
from api.web.board.endangered_view import endangered_views
from api.web.rendering import page
from data.fleet import KnownVehicle
from data.opening import open_windows, public_holiday
from data.places import KnownPlace
from data.region import Region
from scheduler.model import PlaceId, PlaceKind, VehicleId

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.DISPATCHER)])

KINDS = {
    PlaceKind.MVZ: "Medizinische Versorgungszentren",
    PlaceKind.PRACTICE: "Praxen",
    PlaceKind.PHARMACY: "Apotheken",
    PlaceKind.THERAPY: "Therapie",
    PlaceKind.HOSPITAL: "Krankenhäuser",
}
_AHEAD = timedelta(weeks=26)

Saved = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True)
class PlaceView:
    """
    A place: *today* is "" where nobody knows its hours, *week* has the next seven days.

    *decided* says that it is not as the files have it.
    """

    id: str
    name: str
    address: str
    phone: str
    today: str
    week: tuple[tuple[str, str], ...]
    decided: bool


@router.get("/region")
def show_region(
    office: OfficeHere, region: RegionHere, getan: Saved = "", bus: Saved = ""
) -> HTMLResponse:
    """Show what is known of the region, and which plans no longer fit it."""
    today = office.today(region)
    return page(
        "region.html",
        region,
        state=stands.of_region(office, region),
        today=today,
        misfits=fitting.misfitting(office, region),
        endangered=endangered_views(endangered.every(office, region)),
        holidays=_holidays(region, today),
        buses=[bus_view(region, each, today) for each in region.fleet.values()],
        kinds=[(title, places) for title, places in _by_kind(region, today) if places],
        folder=region.name,
        told=_told(region, getan, bus, today),
    )


def _told(region: Region, place: PlaceId, bus: VehicleId, today: date) -> str:
    """Say what was just saved, and from when on it holds if that is not at once."""
    if bus in region.fleet:
        return _told_of_bus(region.fleet[bus], today)
    if place not in region.places:
        return ""
    told = f"{region.places[place].name}: gespeichert."
    if region.place_change(place).since > today:
        told += " Die Öffnungszeiten gelten ab morgen, denn heute ist schon ein Bus unterwegs."
    return told


def _told_of_bus(bus: KnownVehicle, today: date) -> str:
    told = f"{bus.name}: gespeichert."
    if bus.changes and bus.changes[-1].since > today:
        told += f" Es gilt ab {full_date(bus.changes[-1].since)}."
    return told


def _by_kind(region: Region, today: date) -> Iterator[tuple[str, list[PlaceView]]]:
    others = [kind for kind in PlaceKind if kind not in KINDS]
    for title, kinds in [*((KINDS[kind], [kind]) for kind in KINDS), ("Andere Orte", others)]:
        places = (_place(region, place, today) for place in region.places_of(*kinds))
        yield title, sorted(places, key=lambda each: each.name)


def _place(region: Region, place: KnownPlace, today: date) -> PlaceView:
    days = [today + timedelta(days=number) for number in range(7)]
    known = bool(place.hours_on(today) or place.opening_hours)
    return PlaceView(
        id=place.id,
        name=place.name,
        address=place.address.label,
        phone=place.phone,
        today=_hours(region, place, today) if known else "",
        week=tuple((weekday(day)[:2], _hours(region, place, day)) for day in days) if known else (),
        decided=region.place_change(place.id).version > 0,
    )


def _hours(region: Region, place: KnownPlace, day: date) -> str:
    windows = open_windows(place.hours_on(day), day, country=region.country, land=region.land)
    if windows:
        return " und ".join(window(each).removesuffix(" Uhr") for each in windows)
    holiday = public_holiday(day, country=region.country, land=region.land)
    return f"geschlossen, {holiday}" if holiday else "geschlossen"


def _holidays(region: Region, today: date) -> list[tuple[str, str]]:
    """Holidays of the Land in the coming half year, and other days on which the bus differs."""
    found = []
    for number in range(_AHEAD.days):
        day = today + timedelta(days=number)
        exception = region.service.exceptions.get(day)
        holiday = public_holiday(day, country=region.country, land=region.land)
        if exception is not None:
            bus = "Der Bus fährt" if exception.runs else "Kein Bus"
            found.append((short_date(day), f"{bus}: {exception.reason}"))
        elif holiday is not None:
            found.append((short_date(day), f"{holiday}: kein Bus"))
    return found
