"""
Requests, and what is promised to them.

They are understood by `data.request_rows`, the same way as rows of a file: this module only says
how fields are called in JSON.
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from api.operations.telling import ToldTrip, told_trips
from api.schemas.common import Fault, Line, Problem, Schema, Time
from data.errors import Rejected
from data.outcomes import Outcome
from data.promises import StoredPromise
from data.request_rows import ANY_PHARMACY, PRIORITY, RequestRow
from data.requests import StoredRequest
from routing.units import MINUTE
from scheduler.clock import hh_mm
from scheduler.model import Mobility, TripKind, WayBack

ANY = "any"
EXAMPLE_REQUEST: JsonDict = {
    "date": "2027-03-02",
    "name": "Beispiel, Erika",
    "born": "1941-05-06",
    "phone": "05264 000000",
    "origin": "Hohenhausen",
    "destination": "MVZ Kalletal",
    "appointment": "09:30",
    "stay_minutes": 45,
    "way_back": "after_stay",
    "pharmacy": "any",
    "mobility": "walker",
    "companions": 1,
    "priority": "normal",
    "note": "wartet an der Haustür",
}


class Priority(StrEnum):
    """How much a ride matters when not all find room."""

    NORMAL = "normal"
    IMPORTANT = "important"
    VITAL = "vital"


class RequestBody(Schema):
    """
    What somebody asks for.

    Either *appointment* (be there by then), or *arrive_from* and *arrive_until* (arrive some time
    between). *return_at* is given exactly with the way back "at_time".
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE_REQUEST]})

    date: dt.date
    name: Line
    born: dt.date | None = None
    phone: Line = ""
    origin: Annotated[Line, Field(description="An address, or the name of a known place.")]
    destination: Annotated[Line, Field(description="An address, or the name of a known place.")]
    appointment: Time | None = None
    arrive_from: Time | None = None
    arrive_until: Time | None = None
    stay_minutes: Annotated[int, Field(ge=1, le=720)] | None = None
    way_back: WayBack
    return_at: Time | None = None
    pharmacy: Annotated[Line, Field(description='"" for none, "any", or the name of one.')] = ""
    mobility: Mobility = Mobility.WALKS
    companions: Annotated[int, Field(ge=0, le=7)] = 0
    priority: Priority = Priority.NORMAL
    note: Line = ""

    def cells(self) -> dict[str, str]:
        """Write the request as a row of a file, so that both are understood the same way."""
        back = {
            WayBack.NONE: "nein",
            WayBack.AFTER_STAY: "ja",
            WayBack.WILL_CALL: "anruf",
            WayBack.AT_TIME: self.return_at or "",
        }
        given = self.arrive_from or self.arrive_until
        between = f"{self.arrive_from or ''}-{self.arrive_until or ''}" if given else ""
        # Both together make no sense, and are refused as one text that is no time.
        appointment = " und ".join(text for text in (self.appointment, between) if text)
        way_back = back[self.way_back]
        if self.return_at and self.way_back is not WayBack.AT_TIME:
            way_back = f"{way_back} und {self.return_at}"
        return {
            "datum": self.date.isoformat(),
            "name": self.name,
            "geburtsdatum": self.born.isoformat() if self.born else "",
            "telefon": self.phone,
            "abholort": self.origin,
            "ziel": self.destination,
            "termin": appointment,
            "dauer": str(self.stay_minutes or ""),
            "rueckfahrt": way_back,
            "apotheke": ANY_PHARMACY if self.pharmacy == ANY else self.pharmacy,
            "hilfen": _HELP[self.mobility],
            "begleitung": str(self.companions),
            "dringlichkeit": _URGENCY[self.priority],
            "hinweis": self.note,
        }


class PromisedTripView(Schema):
    """One trip as it was told: when the bus comes, and how late it arrives at the latest."""

    kind: TripKind
    origin: Annotated[str, Field(description="Id of a place.")]
    destination: str
    pickup_from: Time
    pickup_until: Time
    arrive_latest: Time


class PromiseView(Schema):
    """What a request is promised; *on_hold* ends at *until*."""

    state: Literal["promised", "on_hold"]
    given: dt.datetime
    until: dt.datetime | None
    trips: list[PromisedTripView]


class RequestView(RequestBody):
    """A request as it was told, and what became of it since."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **EXAMPLE_REQUEST,
                    "id": "r17",
                    "created": "2027-02-26T09:12:00Z",
                    "changed": "2027-02-26T09:12:00Z",
                    "cancelled": None,
                    "version": 2,
                    "outcome": None,
                    "promise": {
                        "state": "promised",
                        "given": "2027-02-26T09:14:00Z",
                        "until": None,
                        "trips": [
                            {
                                "kind": "outbound",
                                "origin": "home-3",
                                "destination": "mvz",
                                "pickup_from": "08:30",
                                "pickup_until": "09:00",
                                "arrive_latest": "09:25",
                            }
                        ],
                    },
                    "released": None,
                }
            ]
        }
    )

    id: Annotated[str, Field(examples=["r17"])]
    created: dt.datetime
    changed: dt.datetime
    cancelled: dt.datetime | None
    version: Annotated[
        int, Field(description="Counts every change, of promises as well; also the ETag.")
    ]
    outcome: Annotated[Outcome | None, Field(description="How a cancelled one ended.")]
    promise: PromiseView | None
    released: Annotated[
        PromiseView | None, Field(description="What this very change or cancellation took back.")
    ]


class EditProblem(Problem):
    """
    A change that was refused.

    With *stored* and *sent* it was meant for another version: what stands there now, and what
    would have taken its place.
    """

    stored: RequestView | None = None
    sent: RequestBody | None = None


class ImportView(Schema):
    """What became of a file: new requests, those that it had brought before, and what is wrong."""

    added: list[str]
    known: list[str]
    rejected: list[Fault]


_HELP = {Mobility.WALKS: "", Mobility.WALKER: "rollator", Mobility.WHEELCHAIR: "rollstuhl"}
_URGENCY = {
    Priority.NORMAL: "normal",
    Priority.IMPORTANT: "wichtig",
    Priority.VITAL: "lebenswichtig",
}
_FIELDS = {
    "datum": "date",
    "geburtsdatum": "born",
    "telefon": "phone",
    "abholort": "origin",
    "ziel": "destination",
    "termin": "appointment",
    "dauer": "stay_minutes",
    "rueckfahrt": "way_back",
    "apotheke": "pharmacy",
    "hilfen": "mobility",
    "begleitung": "companions",
    "dringlichkeit": "priority",
    "hinweis": "note",
}


def request_view(stored: StoredRequest) -> RequestView:
    """Show a stored request."""
    row = stored.row
    return RequestView(
        **row_fields(row),
        id=stored.id,
        created=stored.created,
        changed=stored.changed,
        cancelled=stored.cancelled,
        version=stored.version,
        outcome=stored.outcome,
        promise=promise_view(stored.promise) if stored.promise else None,
        released=promise_view(stored.released) if stored.released else None,
    )


def row_view(row: RequestRow) -> RequestBody:
    """Show what was sent, as it was understood."""
    return RequestBody(**row_fields(row))


def told_trip(trip: ToldTrip) -> dict[str, Any]:
    """What is told of a trip, for `PromisedTripView`."""
    return {
        "kind": trip.kind,
        "origin": trip.origin,
        "destination": trip.destination,
        "pickup_from": hh_mm(trip.window.earliest),
        "pickup_until": hh_mm(trip.window.latest),
        "arrive_latest": hh_mm(trip.arrive_latest),
    }


def fault(rejected: Rejected, *, file: bool = True) -> Fault:
    """Show what is wrong, with the field as it is called in JSON unless it came from a *file*."""
    in_file = file and bool(rejected.row)
    field = rejected.field if in_file else _FIELDS.get(rejected.field, rejected.field)
    return Fault(row=rejected.row, field=field, value=rejected.value, message=rejected.message)


def promise_view(stored: StoredPromise) -> PromiseView:
    """Show what is promised or on hold."""
    return PromiseView(
        state="on_hold" if stored.until else "promised",
        given=stored.given,
        until=stored.until,
        trips=[PromisedTripView(**told_trip(trip)) for trip in told_trips(stored.promise)],
    )


def row_fields(row: RequestRow) -> dict[str, Any]:
    """Give the fields of `RequestBody` that a row fills."""
    priorities = dict(zip(sorted(set(PRIORITY.values())), Priority, strict=True))
    return {
        "date": row.date,
        "name": row.name,
        "born": row.born,
        "phone": row.phone,
        "origin": row.origin,
        "destination": row.destination,
        "appointment": None if row.appointment is None else hh_mm(row.appointment),
        "arrive_from": hh_mm(row.arrive.earliest) if row.arrive else None,
        "arrive_until": hh_mm(row.arrive.latest) if row.arrive else None,
        "stay_minutes": None if row.stay is None else row.stay // MINUTE,
        "way_back": row.way_back,
        "return_at": None if row.return_at is None else hh_mm(row.return_at),
        "pharmacy": ANY if row.pharmacy == ANY_PHARMACY else row.pharmacy,
        "mobility": row.mobility,
        "companions": row.companions,
        "priority": priorities[row.priority],
        "note": row.note,
    }
