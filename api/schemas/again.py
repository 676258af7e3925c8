"""The same ride again: what is usual for somebody, a request once more, several in one call."""

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from api.operations.again import Batch, Usual, UsualFor
from api.schemas.common import Schema, Time
from api.schemas.people import PersonView, person_view
from api.schemas.requests import (
    EXAMPLE_REQUEST,
    ImportView,
    Priority,
    RequestBody,
    fault,
    row_fields,
)
from scheduler.model import Mobility, WayBack

MOST = 50  # requests in one call; a week has a dozen


class UsualRideView(Schema):
    """
    A request without a date, as somebody usually asks for it.

    *times* they did so as far as it is kept, *last* on that day.
    """

    origin: str
    destination: str
    appointment: Time | None
    arrive_from: Time | None
    arrive_until: Time | None
    stay_minutes: int | None
    way_back: WayBack
    return_at: Time | None
    pharmacy: str
    mobility: Mobility
    companions: int
    priority: Priority
    note: str
    times: int
    last: dt.date


class UsualView(Schema):
    """
    What is usual for somebody, to fill in the next request with.

    *choices* are rides, the most usual first; none for whoever never rode. *origin*, *mobility*
    and *companions* are there as far as anything is known.
    """

    person: PersonView
    origin: str
    mobility: Mobility
    companions: int
    choices: list[UsualRideView]


class CopyBody(Schema):
    """The day on which the same is asked for again, and the time if it is another one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"date": "2027-03-09", "appointment": "10:15"}]},
    )

    date: dt.date
    appointment: Time | None = None


class BatchBody(Schema):
    """Several requests, such as those of a week."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"requests": [EXAMPLE_REQUEST]}]}
    )

    requests: Annotated[list[RequestBody], Field(min_length=1, max_length=MOST)]


class BatchView(ImportView):
    """
    What became of several requests.

    *requests* has one entry for each, in their order: its id, null if it was refused. *added* are
    new, *known* those for which the same person asks on that day already. *row* of what is
    *rejected* counts the requests from 1.
    """

    requests: list[str | None]


def usual_view(usual: UsualFor) -> UsualView:
    """Show what is usual for somebody."""
    return UsualView(
        person=person_view(usual.profile),
        origin=usual.origin,
        mobility=usual.mobility,
        companions=usual.companions,
        choices=[_ride(each) for each in usual.choices],
    )


def batch_view(batch: Batch) -> BatchView:
    """Show what became of several requests."""
    return BatchView(
        requests=list(batch.requests),
        added=list(batch.new),
        known=list(batch.known),
        rejected=[fault(each, file=False) for each in batch.rejected],
    )


def _ride(usual: Usual) -> UsualRideView:
    fields = {
        name: value
        for name, value in row_fields(usual.row).items()
        if name in UsualRideView.model_fields
    }
    return UsualRideView(**fields, times=usual.times, last=usual.last)
