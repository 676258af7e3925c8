"""What drivers mark of trips, and what has become of each trip of a day. It names nobody."""

import datetime as dt
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field

from api.operations.ticking import Received, Told
from api.schemas.common import Moment, Schema
from data.states import RequestState, State, TripState
from data.ticks import Mark, StoredTick
from scheduler.clock import hh_mm_ss
from scheduler.model import TripKind

MOST = 200  # marks in one call; a shift has some forty
_FIRST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # what a telephone shows that lost its clock
_LAST = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


class TickBody(Schema):
    """
    One mark.

    *key* is chosen by the sender, anew for each mark: sent again, it is not kept again. *at* is
    when it was made; of several of one trip the latest holds. `open` takes back what was marked of
    the passenger, or else that the bus was there; `aboard` takes back `done`. Without *shift*, it
    is the one that drives the trip by the newest plan.
    """

    key: Annotated[
        str,
        Field(
            min_length=16,
            max_length=100,
            pattern="^[!-~]+$",
            examples=["4a0f6c1e-90b2-4f0e-9d27-0c6f2f4b7a11"],
        ),
    ]
    request: Annotated[str, Field(max_length=20, examples=["r17"])]
    trip: TripKind
    mark: Mark
    at: Annotated[AwareDatetime, Field(ge=_FIRST, le=_LAST, examples=["2027-03-02T08:12:00Z"])]
    shift: Annotated[str | None, Field(max_length=100, examples=["vormittag"])] = None

    def told(self) -> Told:
        """What it is to the operation."""
        return Told(self.key, self.request, self.trip, self.mark, self.at, self.shift or "")


class TicksBody(Schema):
    """
    Marks, in any order.

    *sent* is the time by the sender's own clock. If that is wrong by more than two minutes, each
    *at* is taken to be wrong by as much, and put right; without it, they are taken as they are.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "ticks": [
                        {
                            "key": "4a0f6c1e-90b2-4f0e-9d27-0c6f2f4b7a11",
                            "request": "r17",
                            "trip": "outbound",
                            "mark": "aboard",
                            "at": "2027-03-02T08:12:00Z",
                        }
                    ]
                }
            ]
        },
    )

    ticks: Annotated[list[TickBody], Field(min_length=1, max_length=MOST)]
    sent: Annotated[
        AwareDatetime | None,
        Field(ge=_FIRST, le=_LAST, examples=["2027-03-02T08:20:00Z"]),
    ] = None


class TickView(Schema):
    """A mark that is kept. *at* is never later than *received*, when we learnt of it."""

    number: int
    request: str
    trip: TripKind
    shift: str
    mark: Mark
    at: dt.datetime
    received: dt.datetime
    by: Annotated[str, Field(examples=["link:2027-03-02/vormittag"])]


class ReceivedView(Schema):
    """
    What became of a mark that was sent.

    Without *kept* it was refused, and *message* says why in German; with it, *message* says that
    the clock of the sender is wrong, or nothing. *known* ones came before.
    """

    key: str
    kept: TickView | None
    known: bool
    message: str


class TripStateView(Schema):
    """
    One trip, and what has become of it.

    *pickup* and *arrival* are in the newest plan, null if it does not drive it. The moments are
    those that were marked.
    """

    trip: TripKind
    state: State
    shift: str | None
    pickup: Moment | None
    arrival: Moment | None
    arrived: dt.datetime | None
    aboard: dt.datetime | None
    done: dt.datetime | None
    no_show: dt.datetime | None


class RequestStateView(Schema):
    """
    One request, and what has become of it.

    *state* is that of the trip which is under way or comes next.
    """

    request: str
    state: State
    planned: bool
    promised: bool
    trips: list[TripStateView]


def tick_view(tick: StoredTick) -> TickView:
    """Show a mark."""
    return TickView(
        number=tick.number,
        request=tick.request,
        trip=tick.trip,
        shift=tick.shift,
        mark=tick.mark,
        at=tick.at,
        received=tick.received,
        by=tick.by,
    )


def received_view(received: Received) -> ReceivedView:
    """Show what became of a mark that was sent."""
    return ReceivedView(
        key=received.key,
        kept=tick_view(received.kept) if received.kept else None,
        known=received.known,
        message=received.message,
    )


def state_view(state: RequestState) -> RequestStateView:
    """Show what has become of a request."""
    return RequestStateView(
        request=state.request,
        state=state.state,
        planned=state.planned,
        promised=state.promised,
        trips=[_trip(trip) for trip in state.trips],
    )


def _trip(trip: TripState) -> TripStateView:
    return TripStateView(
        trip=trip.trip,
        state=trip.state,
        shift=trip.shift,
        pickup=None if trip.pickup is None else hh_mm_ss(trip.pickup),
        arrival=None if trip.arrival is None else hh_mm_ss(trip.arrival),
        arrived=trip.marked.when(Mark.ARRIVED),
        aboard=trip.marked.when(Mark.ABOARD),
        done=trip.marked.when(Mark.DONE),
        no_show=trip.marked.when(Mark.NO_SHOW),
    )
