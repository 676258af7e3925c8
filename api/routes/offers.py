"""Offers: ask for them, hold one, accept one, take a promise back; rank free appointments."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, File, Form, Path, UploadFile
from pydantic import StringConstraints

from api.doors.entrance import needs
from api.doors.roles import Role
from api.operations import appointments, offers
from api.problems import documented
from api.routes.dependencies import OfficeHere, RegionHere
from api.routes.once import OnceRoute
from api.schemas.offers import (
    AnswerView,
    AppointmentsBody,
    AskBody,
    CalendarsView,
    HoldBody,
    SlotView,
    answer_view,
    calendars_view,
    slot_views,
)
from api.schemas.requests import RequestView, request_view
from data.calendars import LARGEST_CALENDAR, LONGEST_PLACE
from data.errors import RefusedRowError, Rejected
from scheduler.clock import clock

router = APIRouter(tags=["offers"], route_class=OnceRoute, dependencies=[needs(Role.DISPATCHER)])

PlaceText = Annotated[str, StringConstraints(max_length=LONGEST_PLACE)]
OfferOfPath = Annotated[str, Path(examples=["o41"])]
RequestOfPath = Annotated[str, Path(examples=["r17"])]

_GONE = documented(HTTPStatus.CONFLICT, HTTPStatus.GONE, schema="OfferProblem")


@router.post(
    "/requests/{request}/offers",
    responses=documented(404, 409, 422),
    summary="Ask what can be promised now",
    description="Offers, best first: each is backed by a checked plan that keeps every promise "
    "given before. They can be accepted until they expire, if nobody is faster.",
)
def ask(
    office: OfficeHere,
    region: RegionHere,
    request: RequestOfPath,
    body: Annotated[AskBody | None, Body()] = None,
) -> AnswerView:
    """Ask what can be promised now."""
    prove = body.prove_seconds if body else None
    return answer_view(offers.find(office, region, request, prove=prove))


@router.post(
    "/offers/{offer}/hold",
    responses={**documented(404, 422), **_GONE},
    summary="Keep an offer for some minutes",
    description="Others are not offered its seats meanwhile. An offer that has expired (410) or "
    "was overtaken (409) is answered with fresh ones.",
)
def hold(
    office: OfficeHere,
    region: RegionHere,
    offer: OfferOfPath,
    body: Annotated[HoldBody | None, Body()] = None,
) -> RequestView:
    """Keep an offer for some minutes."""
    minutes = body.minutes if body else None
    return request_view(offers.hold(office, region, offer, minutes=minutes))


@router.post(
    "/offers/{offer}/accept",
    responses={**documented(404, 422), **_GONE},
    summary="Promise an offer",
    description="When the answer is there, the promise is on the disk, and every later plan keeps "
    "it. It takes the place of an earlier promise. An offer that has expired (410) or was "
    "overtaken (409) is answered with fresh ones.",
)
def accept(office: OfficeHere, region: RegionHere, offer: OfferOfPath) -> RequestView:
    """Promise an offer."""
    return request_view(offers.accept(office, region, offer))


@router.delete(
    "/requests/{request}/promise",
    responses=documented(404, 409, 422),
    summary="Take a promise or a hold back",
    description="The request itself stays, and can be offered anew.",
)
def release(office: OfficeHere, region: RegionHere, request: RequestOfPath) -> RequestView:
    """Take a promise or a hold back."""
    return request_view(offers.release(office, region, request))


@router.post(
    "/requests/{request}/appointments",
    responses=documented(404, 409, 422),
    summary="Rank free appointments by what they cost the bus",
    description="The request with each of the appointments instead of its own; the cheapest "
    "first. Nothing is promised.",
)
def rank(
    office: OfficeHere, region: RegionHere, request: RequestOfPath, body: AppointmentsBody
) -> list[SlotView]:
    """Rank free appointments by what they cost the bus."""
    slots = [
        appointments.Slot(slot.place, clock(slot.appointment), slot.date) for slot in body.slots
    ]
    return slot_views(appointments.rank(office, region, request, slots))


@router.post(
    "/requests/{request}/appointments/import",
    responses=documented(400, 404, 409, 422),
    summary="Rank the free appointments of calendar files",
    description="One iCalendar file (.ics) for each practice or site. *place* names the place of "
    "each file in turn; without it, LOCATION of an entry does, or else it is the destination of "
    "the request. Nothing is promised or kept.",
)
def rank_calendars(
    office: OfficeHere,
    region: RegionHere,
    request: RequestOfPath,
    file: Annotated[list[UploadFile], File(max_length=10, description=".ics files.")],
    place: Annotated[list[PlaceText] | None, Form(description="As many as files.")] = None,
) -> CalendarsView:
    """Rank the free appointments of calendar files."""
    found = appointments.read_calendars(office, region, request, _calendars(file, place or []))
    return calendars_view(found, appointments.rank(office, region, request, found.slots))


def _calendars(files: list[UploadFile], places: list[str]) -> list[appointments.CalendarFile]:
    if places and len(places) != len(files):
        message = f"Zu {len(files)} Kalendern gehören ebenso viele Orte, oder gar keiner."
        raise RefusedRowError((Rejected(0, "ziel", "", message),))
    return [
        appointments.CalendarFile(
            file.filename or "Kalender", file.file.read(LARGEST_CALENDAR + 1), place.strip()
        )
        for file, place in zip(files, places or [""] * len(files), strict=True)
    ]
