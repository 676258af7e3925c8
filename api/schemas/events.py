"""What happens on the day itself, and what is made of it. It names nobody."""

from typing import Annotated, Literal

from pydantic import Field

from api.operations.amending import Amended
from api.operations.changes import Changes
from api.operations.happenings import Happening, RoadClosed, Substitute
from api.schemas.changes import ChangesView, changes_view
from api.schemas.common import Schema, Time
from routing.closing import CLOSE
from routing.geo import Point
from routing.units import MINUTE
from scheduler.clock import clock, hh_mm
from scheduler.events import Cancelled, Delayed, NoShow, OutOfService, Ready
from scheduler.policy import Policy

RequestName = Annotated[str, Field(min_length=1, max_length=40, examples=["r17"])]
ShiftName = Annotated[str, Field(min_length=1, max_length=64, examples=["morning"])]
At = Annotated[
    Time | None,
    Field(description="When it happened; without it, now.", examples=["09:40"]),
]


class CancelledBody(Schema):
    """Somebody does not ride any more."""

    kind: Literal["cancelled"]
    at: At = None
    request: RequestName
    way_back_only: Annotated[
        bool, Field(description="Somebody else takes them home; the way there stays.")
    ] = False

    def event(self, _: Policy) -> Happening:
        """What it is to the scheduler."""
        return Cancelled(self.request, self.way_back_only)


class NoShowBody(Schema):
    """The bus was there, and nobody came."""

    kind: Literal["no_show"]
    at: At = None
    request: RequestName

    def event(self, _: Policy) -> Happening:
        """What it is to the scheduler."""
        return NoShow(self.request)


class DelayedBody(Schema):
    """A bus is behind its plan by so many minutes."""

    kind: Literal["delayed"]
    at: At = None
    shift: ShiftName
    minutes: Annotated[int, Field(ge=1, le=240, examples=[20])]

    def event(self, _: Policy) -> Happening:
        """What it is to the scheduler."""
        return Delayed(self.shift, self.minutes * MINUTE)


class ReadyBody(Schema):
    """Somebody can be fetched for the way home at another time than planned."""

    kind: Literal["ready"]
    at: At = None
    request: RequestName
    ready: Annotated[Time, Field(description="From when on.", examples=["11:15"])]
    wait_minutes: Annotated[
        int | None,
        Field(ge=0, le=240, description="Longest wait from then on; without it, as by policy."),
    ] = None

    def event(self, policy: Policy) -> Happening:
        """What it is to the scheduler."""
        wait = policy.way_back.longest_wait
        if self.wait_minutes is not None:
            wait = self.wait_minutes * MINUTE
        return Ready(self.request, clock(self.ready), wait)


class OutOfServiceBody(Schema):
    """A bus or its driver is out for the rest of the day."""

    kind: Literal["out_of_service"]
    at: At = None
    shift: ShiftName
    vehicle: Annotated[
        bool, Field(description="The bus is broken: later shifts with it fall out as well.")
    ] = False
    driver: Annotated[
        bool, Field(description="The driver is ill: their later shifts fall out as well.")
    ] = False

    def event(self, _: Policy) -> Happening:
        """What it is to the scheduler."""
        return OutOfService(self.shift, vehicle=self.vehicle, driver=self.driver)


class SubstituteBody(Schema):
    """Another driver takes a shift over, also one that came to an end because its driver is ill."""

    kind: Literal["substitute"]
    at: At = None
    shift: ShiftName
    driver: Annotated[str, Field(min_length=1, max_length=64, examples=["f13"])]

    def event(self, _: Policy) -> Happening:
        """What it is to the scheduler."""
        return Substitute(self.shift, self.driver)


class RoadClosedBody(Schema):
    """All roads near a point are closed from now on."""

    kind: Literal["road_closed"]
    at: At = None
    lat: Annotated[float, Field(ge=-90, le=90, examples=[52.123])]
    lon: Annotated[float, Field(ge=-180, le=180, examples=[9.045])]
    metres: Annotated[int, Field(ge=1, le=1000)] = CLOSE

    def event(self, _: Policy) -> Happening:
        """What it is to the scheduler."""
        return RoadClosed(Point(self.lat, self.lon), self.metres)


EventBody = Annotated[
    CancelledBody
    | NoShowBody
    | DelayedBody
    | ReadyBody
    | OutOfServiceBody
    | SubstituteBody
    | RoadClosedBody,
    Field(discriminator="kind"),
]


class TakeBackBody(Schema):
    """The last report was a mistake."""

    version: Annotated[
        int,
        Field(ge=1, le=2**31 - 1, description="The version made for it; the newest.", examples=[4]),
    ]


class BrokenView(Schema):
    """A promise that can no longer be kept; the passenger has to be told."""

    request: RequestName
    late_minutes: Annotated[
        int | None,
        Field(description="Up to so much later, or longer in the bus; null: not at all any more."),
    ]


class OvertimeView(Schema):
    """A shift that ends later than it should, so that whoever is in the bus gets out of it."""

    shift: ShiftName
    minutes: int


class AmendedView(Schema):
    """
    What a new version of a running day announces.

    *ring* are the passengers to whom something was promised that is no longer true, the others
    in *changes* are served within what they know. *sure* says that it is proven that no plan
    breaks less. *rung* are those who were to be rung because of a report that is taken back,
    *again* those who had been given up and ride all the same: they have to hear it.
    """

    version: int
    at: Annotated[Time, Field(description="When it happened.")]
    happened: Annotated[str, Field(examples=["cancelled"])]
    ring: list[BrokenView]
    overtime: list[OvertimeView]
    sure: bool
    rung: list[RequestName]
    again: list[RequestName]


class AmendmentView(AmendedView):
    """A new version of a running day, with all that it changes."""

    changes: ChangesView


def amended_view(amended: Amended) -> AmendedView:
    """Show what a version announces."""
    told = amended.announced
    return AmendedView(
        version=amended.version,
        at=hh_mm(amended.at),
        happened=amended.happened["kind"],
        ring=[
            *(BrokenView(request=name, late_minutes=None) for name in told.given_up),
            *(
                BrokenView(request=name, late_minutes=-(-by // MINUTE))
                for name, by in told.late.items()
            ),
        ],
        overtime=[
            OvertimeView(shift=name, minutes=-(-by // MINUTE)) for name, by in told.overtime.items()
        ],
        sure=told.sure,
        rung=amended.happened.get("rung", []),
        again=list(told.again),
    )


def amendment_view(amended: Amended, changes: Changes) -> AmendmentView:
    """Show what a version announces, and what it changes."""
    return AmendmentView(
        **dict(amended_view(amended)),
        changes=changes_view(
            changes.difference,
            region=changes.region.name,
            older=changes.older.number,
            newer=changes.newer.number,
        ),
    )
