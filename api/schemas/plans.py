"""Plans of a day, and its sheets."""

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas.common import Moment, Schema
from api.schemas.versions import PublishedView
from scheduler.model import TripKind, VisitKind
from scheduler.plan import Reason


class PlanBody(Schema):
    """How hard to try; nothing needs to be given."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"seconds": 5}]})

    seconds: Annotated[float, Field(gt=0, le=300)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class WindowView(Schema):
    """From when to when."""

    begin: Moment
    end: Moment


class VisitView(Schema):
    """One boarding or alighting."""

    trip: Annotated[str, Field(examples=["r17/outbound-1"])]
    request: Annotated[str, Field(examples=["r17"])]
    kind: VisitKind
    begin: Moment
    end: Moment


class StopView(Schema):
    """One halt with those who get on and off, and the trips that are aboard afterwards."""

    place: Annotated[str, Field(examples=["mvz"])]
    lat: float
    lon: float
    arrival: Moment
    departure: Moment
    metres: int
    visits: list[VisitView]
    aboard: list[str]
    held_up: Annotated[
        int, Field(description="Seconds by which the bus is late here, as was reported.")
    ] = 0


class RouteView(Schema):
    """What one shift drives; without stops the bus stays."""

    shift: str
    vehicle: str
    driver: str
    metres: int
    rest: WindowView | None
    stops: list[StopView]


class DetailView(Schema):
    """The figures behind a reason, as far as they apply."""

    trip: TripKind | None = None
    place: str | None = None
    wanted: WindowView | None = None
    hours: list[WindowView] = Field(default_factory=list)
    needed: int | None = None
    limit: int | None = None
    text: str = ""
    also: list[Reason] = Field(default_factory=list)


class UnservedView(Schema):
    """A request that the plan could not take."""

    request: str
    reason: Reason
    detail: DetailView


class RejectedView(Schema):
    """What is wrong with a row that is not in the plan."""

    row: int
    field: str
    message: str


class PlanView(Schema):
    """A day's plan. Objective and bound are seconds, unserved weight counting 10,000,000 each."""

    format: int
    date: dt.date
    region: str
    status: Annotated[str, Field(pattern="^(optimal|feasible)$")]
    objective: int
    bound: int
    gap: float
    unserved_weight: int
    unserved_weight_bound: int
    driving_seconds: int
    changes_seconds: Annotated[
        int, Field(description="What the changes of the plan that was known before count.")
    ]
    driving_seconds_bound: Annotated[
        int, Field(description="No plan has less driving and changes together.")
    ]
    seed: int
    routes: list[RouteView]
    unserved: list[UnservedView]
    rejected: list[RejectedView]
    version: int
    created: dt.datetime
    published: PublishedView | None
    broken_promises: Annotated[
        list[str], Field(description="Requests that were promised what this plan cannot keep.")
    ]


class ShiftView(Schema):
    """A shift of a planned day, and where its sheet is."""

    shift: str
    label: Annotated[str, Field(examples=["Vormittag"])]
    vehicle: str
    stops: int
    metres: int
    manifest: Annotated[str, Field(examples=["/api/v1/days/2027-03-02/manifests/morning"])]
