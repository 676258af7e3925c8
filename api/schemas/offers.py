"""What goes over the wire about offers and promises; times of day are told to the minute."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from api.operations.appointments import MOST_SLOTS, Found, Ranked
from api.operations.telling import Answer, ToldOffer
from api.schemas.common import Line, Problem, Schema, Time
from api.schemas.requests import PromisedTripView, told_trip
from routing.units import MINUTE, Seconds
from scheduler.clock import hh_mm

_TRIP: JsonDict = {
    "kind": "outbound",
    "origin": "home-3",
    "destination": "mvz",
    "pickup_from": "08:30",
    "pickup_until": "09:00",
    "arrive_latest": "09:25",
    "planned_pickup": "08:47",
    "planned_arrival": "09:05",
}
_OFFER: JsonDict = {
    "id": "o41",
    "request": "r17",
    "expires": "2027-02-26T09:22:00Z",
    "trips": [_TRIP],
    "minutes_aboard": 36,
    "extra_driving_minutes": 12,
    "moved": [{"request": "r9", "minutes": -4}],
    "call_back": False,
}


class OfferedTripView(PromisedTripView):
    """The same, and when it is planned by now; that may still move within what is told."""

    planned_pickup: Time
    planned_arrival: Time


class MoveView(Schema):
    """By how many minutes the pickup of somebody else moves, later or (negative) earlier."""

    request: Annotated[str, Field(examples=["r9"])]
    minutes: int


class OfferView(Schema):
    """A journey that can be promised now, and what it costs. Nobody's promise is broken by it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_OFFER]})

    id: Annotated[str, Field(examples=["o41"])]
    request: Annotated[str, Field(examples=["r17"])]
    expires: Annotated[dt.datetime, Field(description="Until then it can be accepted.")]
    trips: list[OfferedTripView]
    minutes_aboard: Annotated[int, Field(description="Time in the bus, all trips together.")]
    extra_driving_minutes: Annotated[
        int, Field(description="More driving than without; less than 0 if a better plan was found.")
    ]
    moved: list[MoveView]
    call_back: Annotated[
        bool,
        Field(
            description="It costs the bus more driving than the policy's `booking.call_back`, so "
            "that others lose their room: better promised when all have rung."
        ),
    ]


class AnswerView(Schema):
    """Offers, best first; without any, *message* says why in German."""

    request: Annotated[str, Field(examples=["r17"])]
    offers: list[OfferView]
    message: str = ""
    proven: Annotated[
        bool, Field(description="Proven that nothing fits beside all that is promised.")
    ] = False


class AskBody(Schema):
    """Nothing needs to be given."""

    prove_seconds: Annotated[
        float | None,
        Field(gt=0, le=300, description="So long to prove, if there is no offer, that none is."),
    ] = None


class HoldBody(Schema):
    """Nothing needs to be given."""

    minutes: Annotated[
        int | None, Field(ge=1, le=120, description="Without it, as the settings say.")
    ] = None


class SlotBody(Schema):
    """An appointment that a practice has free; without a *date*, on that of the request."""

    place: Annotated[Line, Field(description="Name or id of a place.", examples=["MVZ Kalletal"])]
    appointment: Time
    date: dt.date | None = None


class AppointmentsBody(Schema):
    """Free appointments to be ranked."""

    slots: Annotated[list[SlotBody], Field(min_length=1, max_length=MOST_SLOTS)]


class SlotView(Schema):
    """What a free appointment costs the bus; without trips, *message* says why in German."""

    place: str
    date: dt.date
    appointment: Time
    extra_driving_minutes: int | None = None
    minutes_aboard: int | None = None
    trips: Annotated[list[OfferedTripView], Field(default_factory=list)]
    moved: Annotated[list[MoveView], Field(default_factory=list)]
    message: str = ""


class UnusableView(Schema):
    """An entry of a calendar that is no free appointment; *message* says why in German."""

    file: str
    entry: Annotated[int, Field(description="Counted from 1 within the file.")]
    when: Annotated[str, Field(examples=["02.03.2027, 10:20"])]
    message: str


class CalendarsView(Schema):
    """
    What calendars have free, and what each of it costs the bus.

    Of more than can be priced (*free*), *slots* are those nearest to the day that was asked for.
    """

    free: int
    slots: list[SlotView]
    unusable: list[UnusableView]


class OfferProblem(Problem):
    """An offer that can no longer be accepted, with what can be offered now."""

    offers: list[OfferView]
    message: str = ""


def slot_views(ranked: Iterable[Ranked]) -> list[SlotView]:
    """Show what free appointments cost."""
    return [
        SlotView(
            place=each.place,
            date=each.date,
            appointment=hh_mm(each.appointment),
            extra_driving_minutes=rounded(each.offer.extra) if each.offer else None,
            minutes_aboard=rounded(each.offer.aboard) if each.offer else None,
            trips=trip_views(each.offer) if each.offer else [],
            moved=move_views(each.offer) if each.offer else [],
            message=each.none,
        )
        for each in ranked
    ]


def calendars_view(found: Found, ranked: Iterable[Ranked]) -> CalendarsView:
    """Show what calendars have free."""
    return CalendarsView(
        free=found.free,
        slots=slot_views(ranked),
        unusable=[
            UnusableView(file=each.file, entry=each.entry, when=each.when, message=each.message)
            for each in found.unusable
        ],
    )


def answer_view(answer: Answer) -> AnswerView:
    """Show what can be offered."""
    return AnswerView(
        request=answer.request,
        offers=offer_views(answer.offers),
        message=answer.none,
        proven=answer.proven,
    )


def offer_views(offers: Iterable[ToldOffer]) -> list[OfferView]:
    """Show offers."""
    return [
        OfferView(
            id=offer.id,
            request=offer.request,
            expires=offer.until,
            trips=trip_views(offer),
            minutes_aboard=rounded(offer.aboard),
            extra_driving_minutes=rounded(offer.extra),
            moved=move_views(offer),
            call_back=offer.call_back,
        )
        for offer in offers
    ]


def trip_views(offer: ToldOffer) -> list[OfferedTripView]:
    """Show the trips of an offer."""
    return [
        OfferedTripView(
            **told_trip(trip),
            planned_pickup=hh_mm(trip.pickup or 0),
            planned_arrival=hh_mm(trip.arrival or 0),
        )
        for trip in offer.trips
    ]


def move_views(offer: ToldOffer) -> list[MoveView]:
    """Show by how much others move; less than half a minute is nothing to speak of."""
    moves = ((request, round(seconds / MINUTE)) for request, seconds in offer.moved.items())
    return [MoveView(request=request, minutes=minutes) for request, minutes in moves if minutes]


def rounded(seconds: Seconds) -> int:
    """Whole minutes, rounded up."""
    return -(-seconds // MINUTE)
